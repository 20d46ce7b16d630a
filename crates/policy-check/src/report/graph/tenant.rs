//! Tenants, in words: the projects, groups and owners that a way names.

use super::condition::operator;
use rolecall_engine::Literal;
use rolecall_engine::ir::{Atom, Profile, Question, Trust};
use rolecall_engine::pattern::Pattern;
use rolecall_lint::{Step, Way};
use rolecall_report::tenants::noun;

/// Returns the tenants of a way: their names, or their ids if it has no names.
pub(super) fn named(profile: &Profile, way: &Way) -> Vec<String> {
    let (ids, names): (Vec<&Atom>, Vec<&Atom>) = way
        .tenants
        .iter()
        .partition(|atom| profile[atom.claim].trust == Trust::Immutable);
    let mut words: Vec<String> = Vec::new();
    let mut add = |word: String| {
        if !words.contains(&word) {
            words.push(word);
        }
    };
    names.iter().for_each(|atom| texts(&atom.question, &mut add));
    if names.is_empty() {
        for atom in ids {
            let claim = profile[atom.claim].short_name();
            texts(&atom.question, &mut |text| add(format!("{claim} {text}")));
        }
    }
    let is_open = way.width.step <= Step::Strangers && way.width.is_proved;
    match (words.is_empty(), is_open) {
        (true, _) => words.push(format!("all {}", noun(profile))),
        (false, true) => words.push("strangers".to_owned()),
        (false, false) => {}
    }
    words
}

/// Calls a function with the tenants of a comparison.
fn texts(question: &Question, add: &mut dyn FnMut(String)) {
    match question {
        Question::OneOf(all) | Question::ContainsAny(all) | Question::ContainsAll(all) => {
            all.iter().map(Literal::to_string).for_each(add);
        }
        Question::Pattern(all) | Question::ContainsPattern(all) => all.iter().map(pattern).for_each(add),
        _ => {}
    }
}

fn pattern(pattern: &Pattern) -> String {
    match pattern {
        Pattern::Under(path) => format!("all in {path}"),
        _ => format!("{} {pattern}", operator(pattern)),
    }
}
