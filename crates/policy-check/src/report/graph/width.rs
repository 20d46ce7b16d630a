//! Widths, in words.

use rolecall_lint::Step;

/// The width of the labels in the help.
const LABELS: usize = 17;

/// The weight of a mark.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mark {
    /// The widest ways.
    Widest,
    /// Wide ways.
    Wide,
    /// All others.
    Plain,
}

/// Returns the label of a step, and its meaning.
pub(super) fn words(step: Step) -> (&'static str, &'static str) {
    match step {
        Step::AnyToken => (
            "any token",
            "every token of the issuer that is for the right audience",
        ),
        Step::Strangers => (
            "strangers",
            "tokens of projects, groups or owners that the role does not name",
        ),
        Step::Group => (
            "whole group",
            "tokens of projects that the role does not name, of owners that it names",
        ),
        Step::AnyRef => (
            "any ref",
            "tokens of branches that the role does not name and that are not protected",
        ),
        Step::UnprotectedRef => (
            "unprotected refs",
            "tokens of refs that it names, although they need not be protected",
        ),
        Step::ProtectedRef => (
            "protected refs",
            "tokens of all branches that are protected, and of no others",
        ),
        Step::NamedRef => (
            "named refs",
            "tokens of refs that it names, and only while they are protected",
        ),
        Step::NoToken => ("no token", "no token can get the role this way"),
    }
}

/// Returns the name of a step in JSON.
pub(super) fn name(step: Step) -> String {
    words(step).0.replace(' ', "_")
}

/// Returns the mark of a step.
pub(super) fn mark(step: Step) -> Mark {
    match step {
        Step::AnyToken | Step::Strangers => Mark::Widest,
        Step::Group | Step::AnyRef => Mark::Wide,
        Step::UnprotectedRef | Step::ProtectedRef | Step::NamedRef | Step::NoToken => Mark::Plain,
    }
}

/// Returns the label of a way's width.
pub(super) fn label(step: Step, is_proved: bool) -> String {
    let (label, _) = words(step);
    match is_proved {
        true => label.to_owned(),
        false => format!("not decided, at most {label}"),
    }
}

/// The basis of the widths.
pub(super) const BASIS: &str = "\
The width of a way is proved over all tokens: each step is a question, and the first that some
token answers is the width. That token is shown. `not decided` says that the steps above are
refuted and that this one is not decided, for example because nothing tells which part of `sub`
is the owner. A way with no ref in the tokens of its issuer is `any ref`; if they do not say which
refs are protected, it is at least `unprotected refs`. An environment or a reviewed workflow may
still stand before a wide way: its conditions are in the row.";

/// Returns the explanation of the widths for the help.
pub(crate) fn widths() -> String {
    let lines = Step::ALL.into_iter().map(|step| {
        let (label, meaning) = words(step);
        format!("  {label:<LABELS$} {meaning}\n")
    });
    let lines: String = lines.collect();
    format!("The widths, the widest first:\n{lines}\n{BASIS}")
}
