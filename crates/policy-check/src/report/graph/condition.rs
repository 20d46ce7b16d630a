//! Conditions as text of a policy: with the values of a `for`, and with named conditions and sets written out.

use rolecall_engine::ir::{Atom, Formula, Order, Profile, Question};
use rolecall_engine::pattern::Pattern;
use rolecall_engine::{Literal, Str};

/// The binding of the outermost operator of a text, the loosest first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Binding {
    Or,
    And,
    Tight,
}

/// Returns a part of a conjunction as text: in parentheses if it is a disjunction.
pub(super) fn part(profile: &Profile, condition: &Formula) -> String {
    match write(profile, condition, false) {
        (text, Binding::Or) => format!("({text})"),
        (text, _) => text,
    }
}

fn write(profile: &Profile, condition: &Formula, negated: bool) -> (String, Binding) {
    match condition {
        Formula::All(parts) | Formula::Any(parts) if parts.is_empty() => {
            let holds = matches!(condition, Formula::All(_)) != negated;
            let always = if holds { "always" } else { "never" };
            (always.to_owned(), Binding::Tight)
        }
        Formula::All(parts) if !negated => joined(profile, parts, " && ", Binding::And),
        Formula::Any(parts) if !negated => joined(profile, parts, " || ", Binding::Or),
        Formula::Atom(atom, _) => comparison(profile, atom, negated),
        Formula::External(external, _) => {
            let not = if negated { "not " } else { "" };
            (format!("{not}{}", external.text), Binding::Tight)
        }
        Formula::Not(part) => write(profile, part, !negated),
        Formula::Unknown => ("unknown".to_owned(), Binding::Tight),
        Formula::All(_) | Formula::Any(_) => {
            let (text, _) = write(profile, condition, false);
            (format!("!({text})"), Binding::Tight)
        }
    }
}

fn joined(profile: &Profile, parts: &[Formula], operator: &str, binding: Binding) -> (String, Binding) {
    if let [part] = parts {
        return write(profile, part, false);
    }
    let parts = parts.iter().map(|part| {
        let (text, inner) = write(profile, part, false);
        match inner > binding {
            true => text,
            false => format!("({text})"),
        }
    });
    (parts.collect::<Vec<String>>().join(operator), binding)
}

fn comparison(profile: &Profile, atom: &Atom, negated: bool) -> (String, Binding) {
    let claim = profile[atom.claim].short_name();
    let tight = |text: String| (text, Binding::Tight);
    let not = |text: String| match negated {
        true => (format!("!({text})"), Binding::Tight),
        false => (text, Binding::Tight),
    };
    let equals = if negated { "!=" } else { "==" };
    match &atom.question {
        Question::Present => tight(format!("{}has {claim}", if negated { "!" } else { "" })),
        Question::OneOf(literals) => match &**literals {
            [Literal::Bool(value)] if *value != negated => tight(claim),
            [Literal::Bool(_)] => tight(format!("!{claim}")),
            [one] => tight(format!("{claim} {equals} {}", literal(one))),
            all => not(format!("{claim} in {}", list(all.iter().map(literal)))),
        },
        Question::Only(one) => tight(format!("{claim} {equals} {}", literal(one))),
        Question::SameAs(other) => tight(format!("{claim} {equals} {}", profile[*other].short_name())),
        Question::Filled(template) => tight(format!("{claim} {equals} \"{}\"", profile.written(template))),
        Question::Order(order, limit) => tight(format!("{claim} {} {limit}", sign(*order, negated))),
        Question::Pattern(patterns) => not(fits(&claim, patterns)),
        Question::ContainsPattern(patterns) => not(fits(&format!("{claim} contains"), patterns)),
        Question::ContainsAny(literals) => not(match &**literals {
            [one] => format!("{claim} contains {}", literal(one)),
            all => format!("{claim} contains any {}", list(all.iter().map(literal))),
        }),
        Question::ContainsAll(literals) => not(format!(
            "{claim} contains all {}",
            list(literals.iter().map(literal))
        )),
        Question::Null => not(format!("{claim} is null")),
        _ => not(format!("{claim} fits the grants")),
    }
}

/// Returns the comparison with some patterns, which may have different operators.
fn fits(claim: &str, patterns: &[Pattern]) -> String {
    let operators = patterns.iter().map(operator);
    let mut operators: Vec<&str> = operators.collect();
    operators.dedup();
    let with = |operator: &str, patterns: &[Pattern]| match patterns {
        [one] => format!("{claim} {operator} {one}"),
        all => format!("{claim} {operator} {}", list(all.iter().map(Pattern::to_string))),
    };
    match operators.as_slice() {
        [operator] => with(operator, patterns),
        _ => {
            let each = patterns
                .iter()
                .map(|one| with(operator(one), std::slice::from_ref(one)));
            format!("({})", each.collect::<Vec<String>>().join(" || "))
        }
    }
}

/// Returns the operator of a pattern.
pub(super) fn operator(pattern: &Pattern) -> &'static str {
    match pattern {
        Pattern::Glob(_) => "glob",
        Pattern::Like(_) => "like",
        Pattern::Matches(_) => "matches",
        _ => "under",
    }
}

fn literal(literal: &Literal) -> String {
    match literal {
        Literal::Text(text) => format!("\"{}\"", Str::quote(text).raw()),
        Literal::Bool(_) | Literal::Int(_) => literal.to_string(),
    }
}

fn list(elements: impl Iterator<Item = String>) -> String {
    format!("[{}]", elements.collect::<Vec<String>>().join(", "))
}

/// Returns the sign of an order, or that of its negation.
fn sign(order: Order, negated: bool) -> &'static str {
    match (order, negated) {
        (Order::Greater, false) | (Order::LessEqual, true) => ">",
        (Order::GreaterEqual, false) | (Order::Less, true) => ">=",
        (Order::Less, false) | (Order::GreaterEqual, true) => "<",
        (Order::LessEqual, false) | (Order::Greater, true) => "<=",
    }
}
