//! Credentials in policies.

use crate::context::RuleContext;
use crate::finding::Finding;
use crate::jwt::{private_keys, tokens};
use crate::rule::{Check, Rule};
use crate::rule_info::RuleInfo;
use crate::severity::{Category, Confidence, Persona, Severity};
use rolecall_engine::Location;
use rolecall_syntax::Span;

pub(crate) static RULE: Rule = Rule {
    info: RuleInfo {
        name: "inline-token",
        summary: "a policy contains a signed token or a private key",
        category: Category::Hygiene,
        severity: Severity::High,
        confidence: Confidence::High,
        persona: Persona::Regular,
        fix: None,
        page: include_str!("../../docs/inline-token.md"),
    },
    check: Check::Set(check),
};

fn check(context: &mut RuleContext<'_, '_>) -> Vec<Finding> {
    let sources = context.program().own_files();
    let found = sources.flat_map(|(file, source)| {
        // The credential is not repeated: messages end up in logs.
        let tokens = tokens(&source.text).into_iter().map(|range| {
            let help = "write the claims in a test instead: a test needs no signature";
            (range, "this is a signed token", help)
        });
        let keys = private_keys(&source.text).map(|range| {
            let help = "remove it and create a new key: anyone who has it can sign tokens";
            (range, "this is a private key", help)
        });
        tokens.chain(keys).map(move |(range, message, help)| {
            let location = Location::new(file, Span::new(range.start, range.end));
            Finding::new(&RULE.info, location, message).help(help)
        })
    });
    found.collect()
}
