//! An evaluator over the tree of the reader: the meaning that the documentation of the tree promises.

use super::reference::Context;
use super::scalars;
use rolecall_interop::aws::{Condition, Effect, Key, Operator, Part, Set, Test, Text, Trust};

/// Returns whether a policy lets a token of an issuer in.
pub(crate) fn admits(trust: &Trust, issuer: &str, context: &Context) -> bool {
    let applies = |effect| {
        let mut statements = trust
            .statements
            .iter()
            .filter(|statement| statement.effect == effect);
        statements.any(|statement| {
            statement
                .providers
                .iter()
                .any(|provider| provider.issuer == issuer)
                && statement
                    .conditions
                    .iter()
                    .all(|condition| holds(condition, context))
        })
    };
    applies(Effect::Allow) && !applies(Effect::Deny)
}

fn holds(condition: &Condition, context: &Context) -> bool {
    let key = match &condition.key {
        Key::Claim { issuer, claim } => format!("{issuer}:{claim}"),
        Key::External(_) => condition.written_key.to_lowercase(),
    };
    let Operator {
        set,
        test,
        negated,
        if_exists,
    } = condition.operator.node;
    let values = context.get(&key).map_or(&[][..], Vec::as_slice);
    if test == Test::Null {
        return condition.values[0].written == values.is_empty().to_string();
    }
    let fits = |value: &String| {
        let mut wanted = condition.values.iter();
        wanted.any(|wanted| matches(test, wanted, value)) != negated
    };
    match (set, values) {
        (None, []) => negated || if_exists,
        (None, [value]) => fits(value),
        (None, _) => false,
        (Some(Set::All), []) => true,
        (Some(Set::Any), []) => false,
        (Some(set), [only]) if only.is_empty() => set == Set::All,
        (Some(Set::All), values) => values.iter().all(fits),
        (Some(Set::Any), values) => values.iter().any(fits),
    }
}

fn matches(test: Test, wanted: &Text, actual: &str) -> bool {
    let literal = || match wanted.parts.as_slice() {
        [] => "",
        [Part::Literal(literal)] => literal,
        parts => panic!("{parts:?}"),
    };
    match test {
        Test::StringEquals => literal() == actual,
        Test::StringEqualsIgnoreCase => literal().eq_ignore_ascii_case(actual),
        Test::StringLike => like(&wanted.parts, actual),
        Test::Arn => {
            let wanted = components(&wanted.parts);
            let actual: Vec<&str> = actual.splitn(6, ':').collect();
            let mut pairs = wanted.iter().zip(&actual);
            wanted.len() == 6 && actual.len() == 6 && pairs.all(|(wanted, actual)| like(wanted, actual))
        }
        test => scalars::holds(&name(test), literal(), actual),
    }
}

/// Cuts a value at the first five colons.
fn components(parts: &[Part]) -> Vec<Vec<Part>> {
    let mut components = vec![vec![]];
    for part in parts {
        let Part::Literal(literal) = part else {
            components.last_mut().unwrap().push(part.clone());
            continue;
        };
        for (number, piece) in literal.splitn(7 - components.len(), ':').enumerate() {
            if number > 0 {
                components.push(vec![]);
            }
            components
                .last_mut()
                .unwrap()
                .push(Part::Literal(piece.to_owned()));
        }
    }
    components
}

fn name(test: Test) -> String {
    match test {
        Test::Binary => "BinaryEquals".to_owned(),
        test => format!("{test:?}"),
    }
}

fn like(parts: &[Part], text: &str) -> bool {
    let Some((first, rest)) = parts.split_first() else {
        return text.is_empty();
    };
    match first {
        Part::Literal(literal) => text
            .strip_prefix(literal.as_str())
            .is_some_and(|text| like(rest, text)),
        Part::AnyCharacter => {
            let mut characters = text.chars();
            characters.next().is_some() && like(rest, characters.as_str())
        }
        Part::AnyRun => {
            let ends = text.char_indices().map(|(at, _)| at).chain([text.len()]);
            ends.into_iter().any(|at| like(rest, &text[at..]))
        }
    }
}
