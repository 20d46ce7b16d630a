//! A credential stands in a policy.

use crate::finding::Finding;
use crate::jwt::{private_keys, tokens};
use crate::linting::Linting;
use crate::rule::{Category, Check, Confidence, Persona, Rule, Severity};
use rolecall_engine::Location;
use rolecall_syntax::Span;

pub(crate) static RULE: Rule = Rule {
    name: "inline-token",
    summary: "a signed token or a private key stands in a policy",
    category: Category::Hygiene,
    severity: Severity::High,
    confidence: Confidence::High,
    persona: Persona::Regular,
    fix: None,
    page: include_str!("../../docs/inline-token.md"),
    check: Check::Set(check),
};

fn check(linting: &mut Linting<'_, '_>) {
    let program = linting.program();
    for (file, source) in program.own_sources().iter().enumerate() {
        // What is found is not repeated: messages end up in logs.
        let tokens = tokens(&source.text).into_iter().map(|range| {
            let help = "write the claims into a test instead: it needs no signature";
            (range, "a signed token is written here", help)
        });
        let keys = private_keys(&source.text).map(|range| {
            let help = "take it out and make a new one: whoever has it can sign tokens";
            (range, "a private key is written here", help)
        });
        for (range, message, help) in tokens.chain(keys) {
            let location = Location::new(file, Span::new(range.start, range.end));
            linting.report(Finding::new(&RULE, location, message).help(help));
        }
    }
}
