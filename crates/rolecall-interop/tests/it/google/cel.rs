//! Reference evaluator of CEL over plain JSON (google/cel-spec `doc/langdef.md`), with a parser of its own.

use serde_json::{Map, Value as Json, json};
use std::iter::Peekable;
use std::str::Chars;

/// The answers to questions that the documentation of Google leaves open.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Open {
    /// True if values of different kinds are an error when they are compared, and not just different.
    pub(crate) kinds_are_errors: bool,
    /// True if a token is refused when an attribute other than the subject has no value.
    pub(crate) attributes_are_required: bool,
}

impl Open {
    pub(crate) fn all() -> impl Iterator<Item = Self> {
        [(false, false), (false, true), (true, false), (true, true)]
            .into_iter()
            .map(|(kinds_are_errors, attributes_are_required)| Self {
                kinds_are_errors,
                attributes_are_required,
            })
    }
}

/// An error of an evaluation. There is no reason in it: none makes a difference.
#[derive(Debug, PartialEq)]
pub(crate) struct Fault;

#[derive(Clone, Debug)]
enum Expr {
    Literal(Json),
    Name(String),
    Select(Box<Self>, String),
    Index(Box<Self>, Box<Self>),
    Call(Option<Box<Self>>, String, Vec<Self>),
    Not(Box<Self>),
    Binary(String, Box<Self>, Box<Self>),
    Choice(Box<Self>, Box<Self>, Box<Self>),
    List(Vec<Self>),
}

/// Evaluates an expression. Panics if it is not one that this evaluator knows.
pub(crate) fn evaluate(text: &str, names: &Map<String, Json>, open: Open) -> Result<Json, Fault> {
    let tokens = tokens(text);
    let mut parser = Parser { tokens, at: 0 };
    let expr = parser.choice();
    assert_eq!(parser.at, parser.tokens.len(), "{text}");
    value(&expr, names, open)
}

#[derive(Clone, Debug, PartialEq)]
enum Token {
    Literal(Json),
    Word(String),
    Sign(String),
}

fn tokens(text: &str) -> Vec<Token> {
    let mut rest = text.chars().peekable();
    let mut tokens = Vec::new();
    while let Some(first) = rest.next() {
        tokens.push(match first {
            ' ' | '\n' => continue,
            '\'' | '"' => Token::Literal(json!(quoted(&mut rest, first, false))),
            'r' if matches!(rest.peek(), Some('\'' | '"')) => {
                let quote = rest.next().unwrap();
                Token::Literal(json!(quoted(&mut rest, quote, true)))
            }
            digit if digit.is_ascii_digit() => {
                let mut number = String::from(digit);
                while let Some(next) = rest.next_if(|next| next.is_ascii_digit() || *next == '.') {
                    number.push(next);
                }
                rest.next_if_eq(&'u');
                Token::Literal(json!(number.parse::<f64>().unwrap()))
            }
            letter if letter.is_ascii_alphabetic() || letter == '_' => {
                let mut word = String::from(letter);
                while let Some(next) = rest.next_if(|next| next.is_ascii_alphanumeric() || *next == '_') {
                    word.push(next);
                }
                match word.as_str() {
                    "true" => Token::Literal(json!(true)),
                    "false" => Token::Literal(json!(false)),
                    "null" => Token::Literal(Json::Null),
                    "in" => Token::Sign(word),
                    _ => Token::Word(word),
                }
            }
            sign => {
                let mut signs = String::from(sign);
                if "=!<>&|".contains(sign) {
                    signs.extend(rest.next_if(|next| "=&|".contains(*next)));
                }
                Token::Sign(signs)
            }
        });
    }
    tokens
}

/// Reads a text after its first quote.
fn quoted(rest: &mut Peekable<Chars<'_>>, quote: char, is_raw: bool) -> String {
    let is_pair = rest.next_if_eq(&quote).is_some();
    if is_pair && rest.next_if_eq(&quote).is_none() {
        return String::new();
    }
    let end = String::from(quote).repeat(if is_pair { 3 } else { 1 });
    let mut text = String::new();
    while !text.ends_with(&end) {
        match rest.next().expect("a closing quote") {
            '\\' if !is_raw => {
                let code = |rest: &mut Peekable<Chars<'_>>, digits: usize| {
                    let digits: String = rest.by_ref().take(digits).collect();
                    char::from_u32(u32::from_str_radix(&digits, 16).unwrap()).unwrap()
                };
                // An escaped quote is not at the end.
                text.push(match rest.next().unwrap() {
                    'n' => '\n',
                    'x' => code(rest, 2),
                    'u' => code(rest, 4),
                    same if same == quote => '\0',
                    same => same,
                });
            }
            other => text.push(other),
        }
    }
    text.truncate(text.len() - end.len());
    text.replace('\0', &String::from(quote))
}

struct Parser {
    tokens: Vec<Token>,
    at: usize,
}

impl Parser {
    fn next_is(&mut self, sign: &str) -> bool {
        let is_next = self.tokens.get(self.at) == Some(&Token::Sign(sign.to_owned()));
        self.at += usize::from(is_next);
        is_next
    }

    fn choice(&mut self) -> Expr {
        let condition = self.binary(0);
        if !self.next_is("?") {
            return condition;
        }
        let then = self.binary(0);
        assert!(self.next_is(":"));
        Expr::Choice(Box::new(condition), Box::new(then), Box::new(self.choice()))
    }

    fn binary(&mut self, level: usize) -> Expr {
        const LEVELS: [&[&str]; 4] = [
            &["||"],
            &["&&"],
            &["==", "!=", "in", "<", ">", "<=", ">="],
            &["+"],
        ];
        let Some(signs) = LEVELS.get(level) else {
            return self.unary();
        };
        let mut left = self.binary(level + 1);
        while let Some(sign) = signs.iter().find(|sign| self.next_is(sign)) {
            let right = self.binary(level + 1);
            left = Expr::Binary((*sign).to_owned(), Box::new(left), Box::new(right));
        }
        left
    }

    fn unary(&mut self) -> Expr {
        match self.next_is("!") {
            true => Expr::Not(Box::new(self.unary())),
            false => self.member(),
        }
    }

    fn arguments(&mut self, end: &str) -> Vec<Expr> {
        let mut arguments = Vec::new();
        while !self.next_is(end) {
            arguments.push(self.choice());
            self.next_is(",");
        }
        arguments
    }

    fn member(&mut self) -> Expr {
        let first = self.tokens[self.at].clone();
        self.at += 1;
        let mut expr = match first {
            Token::Literal(value) => Expr::Literal(value),
            Token::Word(name) if self.next_is("(") => Expr::Call(None, name, self.arguments(")")),
            Token::Word(name) => Expr::Name(name),
            Token::Sign(sign) if sign == "(" => {
                let inner = self.choice();
                assert!(self.next_is(")"));
                inner
            }
            Token::Sign(sign) if sign == "[" => Expr::List(self.arguments("]")),
            Token::Sign(sign) => panic!("unexpected `{sign}`"),
        };
        loop {
            if self.next_is(".") {
                let Token::Word(name) = self.tokens[self.at].clone() else {
                    panic!("a name after the dot")
                };
                self.at += 1;
                expr = match self.next_is("(") {
                    true => Expr::Call(Some(Box::new(expr)), name, self.arguments(")")),
                    false => Expr::Select(Box::new(expr), name),
                };
            } else if self.next_is("[") {
                let index = self.choice();
                assert!(self.next_is("]"));
                expr = Expr::Index(Box::new(expr), Box::new(index));
            } else {
                return expr;
            }
        }
    }
}

fn value(expr: &Expr, names: &Map<String, Json>, open: Open) -> Result<Json, Fault> {
    let of = |expr: &Expr| value(expr, names, open);
    let truth = |expr: &Expr| of(expr).and_then(|value| value.as_bool().ok_or(Fault));
    match expr {
        Expr::Literal(value) => Ok(value.clone()),
        Expr::Name(name) => names.get(name).cloned().ok_or(Fault),
        Expr::Select(target, name) => member(&of(target)?, name),
        Expr::Index(target, index) => {
            let index = of(index)?;
            member(&of(target)?, index.as_str().ok_or(Fault)?)
        }
        Expr::Not(part) => Ok(json!(!truth(part)?)),
        Expr::Choice(condition, then, other) => of(if truth(condition)? { then } else { other }),
        Expr::List(parts) => {
            let parts = parts.iter().map(of).collect::<Result<Vec<_>, _>>()?;
            Ok(json!(parts))
        }
        Expr::Binary(sign, left, right) => match sign.as_str() {
            "&&" => match (truth(left), truth(right)) {
                (Ok(false), _) | (_, Ok(false)) => Ok(json!(false)),
                (Ok(true), Ok(true)) => Ok(json!(true)),
                _ => Err(Fault),
            },
            "||" => match (truth(left), truth(right)) {
                (Ok(true), _) | (_, Ok(true)) => Ok(json!(true)),
                (Ok(false), Ok(false)) => Ok(json!(false)),
                _ => Err(Fault),
            },
            "==" => Ok(json!(equal(&of(left)?, &of(right)?, open)?)),
            "!=" => Ok(json!(!equal(&of(left)?, &of(right)?, open)?)),
            "in" => within(&of(left)?, &of(right)?, open),
            "+" => match (of(left)?, of(right)?) {
                (Json::String(left), Json::String(right)) => Ok(json!(left + &right)),
                _ => Err(Fault),
            },
            other => panic!("the operator `{other}`"),
        },
        Expr::Call(target, name, arguments) => call(target.as_deref(), name, arguments, names, open),
    }
}

fn member(object: &Json, name: &str) -> Result<Json, Fault> {
    object
        .as_object()
        .and_then(|object| object.get(name))
        .cloned()
        .ok_or(Fault)
}

fn equal(left: &Json, right: &Json, open: Open) -> Result<bool, Fault> {
    match (left, right) {
        (Json::Number(left), Json::Number(right)) => Ok(left.as_f64() == right.as_f64()),
        (Json::Null, _) | (_, Json::Null) => Ok(left == right),
        _ if std::mem::discriminant(left) == std::mem::discriminant(right) => Ok(left == right),
        _ if open.kinds_are_errors => Err(Fault),
        _ => Ok(false),
    }
}

fn within(left: &Json, right: &Json, open: Open) -> Result<Json, Fault> {
    match right {
        Json::Array(elements) => {
            let found: Vec<_> = elements
                .iter()
                .map(|element| equal(left, element, open))
                .collect();
            match found.contains(&Ok(true)) {
                true => Ok(json!(true)),
                false => found
                    .into_iter()
                    .collect::<Result<Vec<_>, _>>()
                    .map(|_| json!(false)),
            }
        }
        Json::Object(members) => Ok(json!(members.contains_key(left.as_str().ok_or(Fault)?))),
        _ => Err(Fault),
    }
}

fn call(
    target: Option<&Expr>,
    name: &str,
    arguments: &[Expr],
    names: &Map<String, Json>,
    open: Open,
) -> Result<Json, Fault> {
    match (target, name, arguments) {
        (None, "has", [Expr::Select(object, name)]) => {
            let object = value(object, names, open)?;
            Ok(json!(object.as_object().ok_or(Fault)?.contains_key(name)))
        }
        (Some(list), "all", [variable, predicate]) => {
            let negated = Expr::Not(Box::new(predicate.clone()));
            let some = call(Some(list), "exists", &[variable.clone(), negated], names, open)?;
            Ok(json!(some != json!(true)))
        }
        (Some(list), "exists", [Expr::Name(variable), predicate]) => {
            let list = value(list, names, open)?;
            let mut has_fault = false;
            for element in list.as_array().ok_or(Fault)? {
                let mut names = names.clone();
                names.insert(variable.clone(), element.clone());
                match value(predicate, &names, open) {
                    Ok(Json::Bool(true)) => return Ok(json!(true)),
                    Ok(Json::Bool(false)) => {}
                    _ => has_fault = true,
                }
            }
            if has_fault { Err(Fault) } else { Ok(json!(false)) }
        }
        (Some(target), _, _) => {
            let target = value(target, names, open)?;
            let arguments = arguments.iter().map(|argument| value(argument, names, open));
            let arguments = arguments.collect::<Result<Vec<_>, _>>()?;
            let target = target.as_str().ok_or(Fault)?;
            let texts: Option<Vec<&str>> = arguments.iter().map(Json::as_str).collect();
            match (name, texts.ok_or(Fault)?.as_slice()) {
                ("startsWith", [part]) => Ok(json!(target.starts_with(part))),
                ("endsWith", [part]) => Ok(json!(target.ends_with(part))),
                ("contains", [part]) => Ok(json!(target.contains(part))),
                ("lowerAscii", []) => Ok(json!(target.to_ascii_lowercase())),
                ("upperAscii", []) => Ok(json!(target.to_ascii_uppercase())),
                ("matches", [regex]) => Ok(json!(matches(target, regex))),
                ("extract", [template]) => Ok(json!(extract(target, template))),
                _ => panic!("the function `{name}`"),
            }
        }
        (None, "matches", [target, regex]) => {
            let (target, regex) = (value(target, names, open)?, value(regex, names, open)?);
            Ok(json!(matches(
                target.as_str().ok_or(Fault)?,
                regex.as_str().ok_or(Fault)?
            )))
        }
        _ => panic!("the function `{name}`"),
    }
}

fn matches(text: &str, regex: &str) -> bool {
    let regex = regex::Regex::new(&regex.replace("\\d", "[0-9]")).unwrap();
    regex.is_match(text)
}

/// Returns the part of a text after the first text before `{…}`, up to the next text after it.
fn extract(text: &str, template: &str) -> String {
    let (before, rest) = template.split_once('{').unwrap();
    let (_, after) = rest.split_once('}').unwrap();
    let part = text.split_once(before).map_or("", |(_, rest)| rest);
    match after {
        "" => part.to_owned(),
        _ => part.split_once(after).map_or("", |(part, _)| part).to_owned(),
    }
}
