//! Text to tree. The only file that names the rules of the grammar.

use crate::ast::*;
use crate::error::{SyntaxError, SyntaxErrorKind as Kind};
use crate::expected;
use crate::limits::{MAX_ERRORS, MAX_FILE_BYTES};
use crate::scan::scan;
use crate::span::{Span, Spanned};
use crate::string::Str;
use pest::Parser;
use pest::iterators::{Pair, Pairs};

// The rules take their documentation from the grammar.
#[allow(
    missing_docs,
    reason = "the derive also makes things that the grammar has no words for"
)]
mod grammar {
    #[derive(pest_derive::Parser)]
    #[grammar = "grammar/policy.pest"]
    pub(super) struct Grammar;
}
pub(crate) use grammar::Rule;

/// The edition that this program knows.
pub const EDITION: i64 = 2026;

/// What a file says, as far as it could be read, and what is wrong with it.
#[derive(Clone, Debug, Default)]
pub struct Parse {
    /// The items that could be read.
    pub file: File,
    /// What is wrong, in the order of the text; empty if the tree is whole.
    pub errors: Vec<SyntaxError>,
}

/// Reads a file. It never fails: what can't be read is left out and reported, and reading goes on at the next item.
///
/// A byte order mark at the start is passed over; lines may end with `\r\n`.
pub fn parse(source: &str) -> Parse {
    if source.len() > MAX_FILE_BYTES {
        let error = SyntaxError::new(Kind::FileTooLarge { bytes: source.len() }, Span::default());
        return Parse {
            file: File::default(),
            errors: vec![error],
        };
    }
    let scan = scan(source);
    let start = if source.starts_with('\u{feff}') {
        '\u{feff}'.len_utf8()
    } else {
        0
    };
    let mut reader = Reader {
        source,
        base: start,
        errors: scan.errors,
        comments: &scan.comments,
    };
    let mut items = Vec::new();
    let broken: Vec<usize> = reader.errors.iter().map(|error| error.span.start).collect();
    let mut position = reader.skip_trivia(start);
    while position < source.len() {
        let restart = scan
            .restarts
            .get(scan.restarts.partition_point(|start| *start <= position))
            .copied();
        let restart = restart.unwrap_or(source.len());
        let first_broken = broken.get(broken.partition_point(|at| *at < position));
        let read = if first_broken.is_some_and(|at| *at < restart) {
            None
        } else {
            reader.item(position)
        };
        position = match read {
            Some(item) => {
                let end = item.span.end;
                reader.check_edition(&item, items.is_empty());
                items.push(item);
                reader.skip_trivia(end)
            }
            None => restart,
        };
        if reader.errors.len() > MAX_ERRORS {
            reader.errors.truncate(MAX_ERRORS);
            reader.errors.push(SyntaxError::new(
                Kind::TooManyErrors,
                Span::at(position.min(source.len())),
            ));
            break;
        }
    }
    let mut errors = reader.errors;
    errors.sort_by_key(|error| error.span.start);
    Parse {
        file: File {
            items,
            comments: scan.comments,
        },
        errors,
    }
}

/// Reads a file that may not be text.
pub fn parse_bytes(bytes: &[u8]) -> Parse {
    match std::str::from_utf8(bytes) {
        Ok(source) => parse(source),
        Err(error) => {
            let error = SyntaxError::new(Kind::InvalidUtf8, Span::at(error.valid_up_to()));
            Parse {
                file: File::default(),
                errors: vec![error],
            }
        }
    }
}

type P<'a> = Pair<'a, Rule>;

/// Builds trees. A method gives `None` where the grammar made something that the tree has no place for.
struct Reader<'a> {
    source: &'a str,
    /// Where the text begins that the grammar is reading.
    base: usize,
    errors: Vec<SyntaxError>,
    comments: &'a [Spanned<Comment>],
}

/// The first part of a rule.
fn first<'a>(pair: &P<'a>, rule: Rule) -> Option<P<'a>> {
    pair.clone().into_inner().find(|inner| inner.as_rule() == rule)
}

/// The parts of one kind.
fn all<'a>(pair: &P<'a>, rule: Rule) -> impl Iterator<Item = P<'a>> {
    pair.clone()
        .into_inner()
        .filter(move |inner| inner.as_rule() == rule)
}

/// The only part of a rule.
fn only<'a>(pair: P<'a>) -> Option<P<'a>> {
    pair.into_inner().next()
}

fn is_statement(rule: Rule) -> bool {
    matches!(
        rule,
        Rule::never | Rule::possible | Rule::disjoint | Rule::equivalent | Rule::implies | Rule::covers
    )
}

impl Reader<'_> {
    fn skip_trivia(&self, mut position: usize) -> usize {
        loop {
            let rest = self.source.get(position..).unwrap_or_default();
            let text = rest.trim_start_matches([' ', '\t', '\r', '\n']);
            position = position.saturating_add(rest.len().saturating_sub(text.len()));
            match self
                .comments
                .binary_search_by_key(&position, |comment| comment.span.start)
            {
                Ok(index) => {
                    position = self
                        .comments
                        .get(index)
                        .map_or(position, |comment| comment.span.end)
                }
                Err(_) => return position,
            }
        }
    }

    fn item(&mut self, position: usize) -> Option<Spanned<Item>> {
        self.base = position;
        let rest = self.source.get(position..).unwrap_or_default();
        match grammar::Grammar::parse(Rule::item, rest) {
            Ok(mut pairs) => {
                let pair = pairs.next()?;
                let span = self.span(&pair);
                only(pair)
                    .and_then(|item| self.build(item))
                    .map(|item| Spanned::new(item, span))
            }
            Err(error) => {
                self.errors.push(expected::explain(self.source, position, &error));
                None
            }
        }
    }

    fn check_edition(&mut self, item: &Spanned<Item>, is_first: bool) {
        let Item::Edition(edition) = &item.node else {
            return;
        };
        if !is_first {
            self.errors
                .push(SyntaxError::new(Kind::EditionNotFirst, item.span));
        } else if edition.node != EDITION {
            self.errors
                .push(SyntaxError::new(Kind::UnknownEdition(edition.node), edition.span));
        }
    }

    /// Where a part stands: to the end of its last token, without space and comments that a rule took after it.
    fn span(&self, pair: &P<'_>) -> Span {
        let mut last = pair.clone();
        while let Some(inner) = last.clone().into_inner().next_back() {
            last = inner;
        }
        let (start, end) = (pair.as_span().start(), last.as_span().end());
        Span::new(self.base.saturating_add(start), self.base.saturating_add(end))
    }

    fn at<T>(&self, pair: &P<'_>, node: T) -> Spanned<T> {
        Spanned::new(node, self.span(pair))
    }

    fn build(&mut self, pair: P<'_>) -> Option<Item> {
        Some(match pair.as_rule() {
            Rule::edition => Item::Edition(self.integer(&first(&pair, Rule::integer)?)),
            Rule::profile => Item::Profile(self.profile(&pair)?),
            Rule::issuer => Item::Issuer(self.issuer(&pair)?),
            Rule::set => Item::Set(Set {
                name: self.name_in(&pair)?,
                elements: self.list(&first(&pair, Rule::list)?)?,
            }),
            Rule::condition => Item::Condition(Condition {
                name: self.name_in(&pair)?,
                parameters: first(&pair, Rule::parameters).map_or_else(Vec::new, |list| self.names(&list)),
                expr: self.expr_in(&pair)?,
            }),
            Rule::role => Item::Role(self.role(&pair)?),
            Rule::guard => Item::Guard(Guard {
                name: self.name_in(&pair)?,
                selectors: self.selectors(&pair),
                from: first(&pair, Rule::guard_from).and_then(|from| self.name_in(&from)),
                expr: self.expr_in(&pair)?,
            }),
            Rule::test => Item::Test(self.test(&pair)?),
            Rule::assertion => Item::Assertion(self.assertion(&pair)?),
            _ => return None,
        })
    }

    fn name(&self, pair: &P<'_>) -> Name {
        self.at(pair, pair.as_str().to_owned())
    }

    fn name_in(&self, pair: &P<'_>) -> Option<Name> {
        first(pair, Rule::name).map(|name| self.name(&name))
    }

    fn names(&self, pair: &P<'_>) -> Vec<Name> {
        all(pair, Rule::name).map(|name| self.name(&name)).collect()
    }

    fn integer(&mut self, pair: &P<'_>) -> Spanned<i64> {
        let value = pair.as_str().parse().unwrap_or_else(|_| {
            self.errors
                .push(SyntaxError::new(Kind::NumberTooLarge, self.span(pair)));
            0
        });
        self.at(pair, value)
    }

    /// A string. Its escapes were checked before the grammar ran.
    fn string(&self, pair: &P<'_>) -> Option<Spanned<Str>> {
        let inner = pair.as_str().strip_prefix('"')?.strip_suffix('"')?;
        Some(self.at(pair, Str::new(inner).ok()?))
    }

    fn string_in(&self, pair: &P<'_>) -> Option<Spanned<Str>> {
        self.string(&first(pair, Rule::string)?)
    }

    fn one_or_list(&self, pair: &P<'_>) -> Option<OneOrList> {
        match first(pair, Rule::strings) {
            Some(list) => Some(OneOrList::List(
                all(&list, Rule::string)
                    .map(|s| self.string(&s))
                    .collect::<Option<_>>()?,
            )),
            None => self.string_in(pair).map(OneOrList::One),
        }
    }

    fn profile(&mut self, pair: &P<'_>) -> Option<Profile> {
        let mut members = Vec::new();
        for member in pair.clone().into_inner() {
            let node = match member.as_rule() {
                Rule::shared => ProfileMember::Shared(self.one_or_list(&member)?),
                Rule::claim => ProfileMember::Claim(self.claim(&member)?),
                Rule::derive => ProfileMember::Derive(self.derive(&member)?),
                _ => continue,
            };
            members.push(self.at(&member, node));
        }
        Some(Profile {
            name: self.name_in(pair)?,
            members,
        })
    }

    fn claim(&mut self, pair: &P<'_>) -> Option<Claim> {
        let mut words = Vec::new();
        for word in pair.clone().into_inner() {
            let node = match word.as_rule() {
                Rule::alias => ClaimWord::Alias(self.name_in(&word)?),
                Rule::claim_word => ClaimWord::Word(self.name_in(&word)?.node),
                _ => continue,
            };
            words.push(self.at(&word, node));
        }
        Some(Claim {
            path: self.claim_path_in(pair)?,
            claim_type: self.claim_type(first(pair, Rule::claim_type)?)?,
            words,
        })
    }

    fn claim_type(&mut self, pair: P<'_>) -> Option<Spanned<ClaimType>> {
        let span = self.span(&pair);
        let inner = only(pair)?;
        let node = match inner.as_rule() {
            Rule::name => ClaimType::Named(inner.as_str().to_owned()),
            Rule::list_type => ClaimType::List(Box::new(self.claim_type(first(&inner, Rule::claim_type)?)?)),
            _ => ClaimType::Enum {
                values: all(&inner, Rule::enum_value)
                    .map(|value| {
                        let word = only(value)?;
                        Some(match word.as_rule() {
                            Rule::string => {
                                let string = self.string(&word)?;
                                Spanned::new(EnumValue::Quoted(string.node), string.span)
                            }
                            _ => self.at(&word, EnumValue::Word(word.as_str().to_owned())),
                        })
                    })
                    .collect::<Option<_>>()?,
                open: first(&inner, Rule::open_end).is_some(),
            },
        };
        Some(Spanned::new(node, span))
    }

    fn derive(&mut self, pair: &P<'_>) -> Option<Derive> {
        Some(Derive {
            claim: self.claim_path_in(pair)?,
            template: self.string_in(pair)?,
            when: self.when_in(pair)?,
        })
    }

    fn issuer(&mut self, pair: &P<'_>) -> Option<Issuer> {
        let mut members = Vec::new();
        for member in pair.clone().into_inner() {
            let node = match member.as_rule() {
                Rule::url => IssuerMember::Url(self.string_in(&member)?),
                Rule::issuer_profile => IssuerMember::Profile(self.name_in(&member)?),
                Rule::audience => IssuerMember::Audience(self.one_or_list(&member)?),
                Rule::jwks => IssuerMember::Jwks(self.string_in(&member)?),
                Rule::algorithms => IssuerMember::Algorithms(self.names(&first(&member, Rule::names)?)),
                Rule::max_age => IssuerMember::MaxAge(self.duration_in(&member)?),
                Rule::leeway => IssuerMember::Leeway(self.duration_in(&member)?),
                Rule::derive => IssuerMember::Derive(self.derive(&member)?),
                _ => continue,
            };
            members.push(self.at(&member, node));
        }
        Some(Issuer {
            name: self.name_in(pair)?,
            members,
        })
    }

    fn duration_in(&mut self, pair: &P<'_>) -> Option<Spanned<Duration>> {
        let pair = first(pair, Rule::duration)?;
        let text = pair.as_str();
        let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
        let unit = match text.chars().last()? {
            's' => DurationUnit::Seconds,
            'm' => DurationUnit::Minutes,
            'h' => DurationUnit::Hours,
            _ => DurationUnit::Days,
        };
        let count = digits.parse().unwrap_or_else(|_| {
            self.errors
                .push(SyntaxError::new(Kind::NumberTooLarge, self.span(&pair)));
            0
        });
        Some(self.at(&pair, Duration { count, unit }))
    }

    fn role(&mut self, pair: &P<'_>) -> Option<Role> {
        let mut members = Vec::new();
        for member in pair.clone().into_inner() {
            let node = match member.as_rule() {
                Rule::tags => RoleMember::Tags(self.names(&first(&member, Rule::names)?)),
                Rule::ttl => RoleMember::Ttl(self.duration_in(&member)?),
                Rule::allow => RoleMember::Allow(Allow {
                    issuer: self.name_in(&member)?,
                    when: self.when_in(&member)?,
                }),
                Rule::grant => RoleMember::Grant(Grant {
                    name: self.name_in(&member)?,
                    template: self.string_in(&member)?,
                }),
                _ => continue,
            };
            members.push(self.at(&member, node));
        }
        let expansion = match first(pair, Rule::expansion) {
            Some(expansion) => Some(self.expansion(&expansion)?),
            None => None,
        };
        Some(Role {
            name: self.name(&first(pair, Rule::role_name)?),
            expansion,
            members,
        })
    }

    fn expansion(&mut self, pair: &P<'_>) -> Option<Expansion> {
        let mut names = all(pair, Rule::name);
        let parameter = self.name(&names.next()?);
        let values = match (first(pair, Rule::list), names.next()) {
            (Some(list), _) => {
                let elements = self.list(&list)?;
                Spanned::new(Operand::List(elements.node), elements.span)
            }
            (None, Some(name)) => {
                let segment = self.at(&name, Segment::Word(name.as_str().to_owned()));
                self.at(
                    &name,
                    Operand::Reference(ClaimPath {
                        segments: vec![segment],
                    }),
                )
            }
            (None, None) => return None,
        };
        Some(Expansion { parameter, values })
    }

    fn selectors(&self, pair: &P<'_>) -> Vec<Spanned<Selector>> {
        all(pair, Rule::selector)
            .map(|selector| {
                let text = selector.as_str();
                let node = match text.strip_prefix('#') {
                    Some(tag) => Selector::Tag(tag.to_owned()),
                    None => Selector::Name(text.to_owned()),
                };
                self.at(&selector, node)
            })
            .collect()
    }

    fn test(&mut self, pair: &P<'_>) -> Option<Test> {
        let token = first(pair, Rule::token)?;
        let base = match first(&token, Rule::token_base) {
            Some(base) => Some(self.string_in(&base)?),
            None => None,
        };
        let claims = self.object(&first(&token, Rule::object)?)?;
        let node = Token {
            issuer: self.name_in(&token)?,
            base,
            claims,
        };
        let mut expectations = Vec::new();
        for expectation in all(pair, Rule::expectation) {
            let verdict = expectation
                .clone()
                .into_inner()
                .find_map(|word| match word.as_rule() {
                    Rule::kw_allow => Some(Verdict::Allow),
                    Rule::kw_deny => Some(Verdict::Deny),
                    Rule::kw_only => Some(Verdict::Only),
                    _ => None,
                })?;
            let node = Expectation {
                verdict,
                selectors: self.selectors(&expectation),
            };
            expectations.push(self.at(&expectation, node));
        }
        Some(Test {
            name: self.string_in(pair)?,
            token: self.at(&token, node),
            expectations,
        })
    }

    fn object(&mut self, pair: &P<'_>) -> Option<Vec<Spanned<Entry>>> {
        let mut entries = Vec::new();
        for entry in all(pair, Rule::entry) {
            let key = only(entry.clone())?;
            let key_node = match key.as_rule() {
                Rule::string => Key::Quoted(self.string(&key)?.node),
                _ => Key::Word(key.as_str().to_owned()),
            };
            let node = Entry {
                key: self.at(&key, key_node),
                value: self.value(first(&entry, Rule::value)?)?,
            };
            entries.push(self.at(&entry, node));
        }
        Some(entries)
    }

    fn value(&mut self, pair: P<'_>) -> Option<Spanned<Value>> {
        let span = self.span(&pair);
        let inner = only(pair)?;
        let node = match inner.as_rule() {
            Rule::string => Value::Text(self.string(&inner)?.node),
            Rule::integer => Value::Int(self.integer(&inner).node),
            Rule::boolean => Value::Bool(inner.as_str() == "true"),
            Rule::kw_null => Value::Null,
            Rule::kw_absent => Value::Absent,
            Rule::array => Value::List(
                all(&inner, Rule::value)
                    .map(|item| self.value(item))
                    .collect::<Option<_>>()?,
            ),
            Rule::object => Value::Object(self.object(&inner)?),
            _ => return None,
        };
        Some(Spanned::new(node, span))
    }

    fn assertion(&mut self, pair: &P<'_>) -> Option<Assertion> {
        let statement = pair
            .clone()
            .into_inner()
            .find(|part| is_statement(part.as_rule()))?;
        let mut selectors = self.selectors(&statement).into_iter();
        let node = match statement.as_rule() {
            Rule::disjoint => Statement::Disjoint(selectors.collect()),
            rule => {
                let selector = selectors.next()?;
                match rule {
                    Rule::never => Statement::Never(selector, self.when_in(&statement)??),
                    Rule::possible => Statement::Possible(selector, self.when_in(&statement)?),
                    Rule::equivalent => Statement::Equivalent(selector, selectors.next()?),
                    Rule::covers => Statement::Covers(selector, selectors.next()?),
                    Rule::implies => Statement::Implies(selector, self.expr_in(&statement)?),
                    _ => return None,
                }
            }
        };
        Some(Assertion {
            name: self.string_in(pair)?,
            statement: self.at(&statement, node),
        })
    }

    /// The condition after `when`, if there is one.
    fn when_in(&mut self, pair: &P<'_>) -> Option<Option<ExprAt>> {
        match first(pair, Rule::when) {
            Some(when) => Some(Some(self.expr_in(&when)?)),
            None => Some(None),
        }
    }

    fn expr_in(&mut self, pair: &P<'_>) -> Option<ExprAt> {
        self.expr(&first(pair, Rule::expr)?)
    }

    fn expr(&mut self, pair: &P<'_>) -> Option<ExprAt> {
        let mut terms: Vec<ExprAt> = Vec::new();
        let mut connectives = Vec::new();
        for part in pair.clone().into_inner() {
            match part.as_rule() {
                Rule::connective => connectives.push(part.as_str()),
                _ => terms.push(self.term(part)?),
            }
        }
        let span = self.span(pair);
        let and = connectives.contains(&"&&");
        if and && connectives.contains(&"||") {
            self.mixed(&terms, &connectives, span);
        }
        let node = match (terms.len(), and) {
            (0 | 1, _) => return terms.pop(),
            (_, true) => Expr::All(terms),
            (_, false) => Expr::Any(terms),
        };
        Some(Spanned::new(node, span))
    }

    /// Reports `a && b || c` with both readings.
    fn mixed(&mut self, terms: &[ExprAt], connectives: &[&str], span: Span) {
        let reading = |tight: &str| {
            let mut text = String::new();
            let mut group: Vec<String> = Vec::new();
            let close = |text: &mut String, group: &mut Vec<String>| {
                let joined = group.join(&format!(" {tight} "));
                text.push_str(&if group.len() > 1 {
                    format!("({joined})")
                } else {
                    joined
                });
                group.clear();
            };
            for (index, term) in terms.iter().enumerate() {
                let words: Vec<&str> = term.span.text(self.source).split_whitespace().collect();
                group.push(words.join(" "));
                match connectives.get(index) {
                    Some(connective) if *connective == tight => {}
                    Some(connective) => {
                        close(&mut text, &mut group);
                        text.push_str(&format!(" {connective} "));
                    }
                    None => close(&mut text, &mut group),
                }
            }
            text
        };
        let kind = Kind::MixedConnectives {
            and_first: reading("&&"),
            or_first: reading("||"),
        };
        self.errors.push(SyntaxError::new(kind, span));
    }

    fn term(&mut self, pair: P<'_>) -> Option<ExprAt> {
        let span = self.span(&pair);
        let mut parts = pair.into_inner();
        let mut part = parts.next()?;
        let negated = part.as_rule() == Rule::negation;
        if negated {
            part = parts.next()?;
        }
        let expr = match part.as_rule() {
            Rule::group => {
                let inner = self.expr_in(&part)?;
                Spanned::new(inner.node, self.span(&part))
            }
            Rule::has => self.at(&part, Expr::Has(self.claim_path_in(&part)?)),
            Rule::call => {
                let operands = self.operands(part.clone().into_inner())?;
                self.at(&part, Expr::Call(self.name_in(&part)?, operands))
            }
            _ => self.comparison(&part)?,
        };
        Some(if negated {
            Spanned::new(Expr::Not(Box::new(expr)), span)
        } else {
            expr
        })
    }

    fn comparison(&mut self, pair: &P<'_>) -> Option<ExprAt> {
        let claim = self.claim_path_in(pair)?;
        let node = match first(pair, Rule::operator) {
            None => Expr::Bare(claim),
            Some(operator) => {
                let words: Vec<&str> = operator.clone().into_inner().map(|word| word.as_str()).collect();
                let text = if words.is_empty() {
                    operator.as_str().to_owned()
                } else {
                    words.join(" ")
                };
                let node = Operator::ALL.into_iter().find(|known| known.text() == text)?;
                let operator = self.at(&operator, node);
                let operand = self.operand(first(pair, Rule::operand)?)?;
                Expr::Compare(Box::new(Comparison {
                    claim,
                    operator,
                    operand,
                }))
            }
        };
        Some(self.at(pair, node))
    }

    fn list(&mut self, pair: &P<'_>) -> Option<Spanned<Vec<Spanned<Operand>>>> {
        let operands = self.operands(pair.clone().into_inner())?;
        Some(self.at(pair, operands))
    }

    fn operands(&mut self, pairs: Pairs<'_, Rule>) -> Option<Vec<Spanned<Operand>>> {
        pairs
            .filter(|pair| pair.as_rule() == Rule::operand)
            .map(|pair| self.operand(pair))
            .collect()
    }

    fn operand(&mut self, pair: P<'_>) -> Option<Spanned<Operand>> {
        let span = self.span(&pair);
        let inner = only(pair)?;
        let node = match inner.as_rule() {
            Rule::string => Operand::Text(self.string(&inner)?.node),
            Rule::regex => Operand::Regex(inner.as_str().strip_prefix('/')?.strip_suffix('/')?.to_owned()),
            Rule::boolean => Operand::Bool(inner.as_str() == "true"),
            Rule::integer => Operand::Int(self.integer(&inner).node),
            Rule::list => Operand::List(self.list(&inner)?.node),
            _ => Operand::Reference(self.claim_path(inner)?),
        };
        Some(Spanned::new(node, span))
    }

    fn claim_path_in(&self, pair: &P<'_>) -> Option<ClaimPath> {
        self.claim_path(first(pair, Rule::claim_path)?)
    }

    fn claim_path(&self, pair: P<'_>) -> Option<ClaimPath> {
        let segments = pair
            .into_inner()
            .map(|step| self.segment(&step))
            .collect::<Option<_>>()?;
        Some(ClaimPath { segments })
    }

    fn segment(&self, pair: &P<'_>) -> Option<Spanned<Segment>> {
        let inner = only(pair.clone())?;
        let node = match inner.as_rule() {
            Rule::index => Segment::Quoted(self.string_in(&inner)?.node),
            Rule::string => Segment::Quoted(self.string(&inner)?.node),
            _ => Segment::Word(inner.as_str().to_owned()),
        };
        Some(self.at(pair, node))
    }
}
