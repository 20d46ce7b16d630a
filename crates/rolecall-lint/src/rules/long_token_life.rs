//! Issuers whose tokens are accepted for very long.

use crate::context::RuleContext;
use crate::finding::Finding;
use crate::fix::{Edit, Fix};
use crate::rule::{Check, Rule};
use crate::rule_info::RuleInfo;
use crate::severity::{Category, Confidence, Persona, Safety, Severity};
use rolecall_engine::{FileId, Location};
use rolecall_syntax::Spanned;
use rolecall_syntax::ast::{Duration, IssuerMember, Item};

pub(crate) static RULE: Rule = Rule {
    info: RuleInfo {
        name: "long-token-life",
        summary: "an issuer's tokens are accepted for very long",
        category: Category::Hygiene,
        severity: Severity::Low,
        confidence: Confidence::High,
        persona: Persona::Pedantic,
        fix: Some(Safety::Unsafe),
        page: include_str!("../../docs/long-token-life.md"),
    },
    check: Check::Set(check),
};

/// A token lives as long as its job, and jobs end within a day.
const LONGEST_LIFE: (u64, &str) = (24 * 60 * 60, "24h");
/// Synchronised clocks differ by less.
const LONGEST_LEEWAY: (u64, &str) = (60, "60s");

fn check(context: &mut RuleContext<'_, '_>) -> Vec<Finding> {
    let issuers = context.trees.items().filter_map(|(file, item)| match &item.node {
        Item::Issuer(issuer) => Some((file, issuer)),
        _ => None,
    });
    let found = issuers.flat_map(|(file, issuer)| {
        let members = issuer.members.iter();
        members.filter_map(move |member| Some((file, &issuer.name.node, limited(&member.node)?)))
    });
    found
        .filter_map(|(file, name, limited)| finding(file, name, &limited, context))
        .collect()
}

/// A duration of an issuer, and the most that is usual.
struct Limited<'t> {
    duration: &'t Spanned<Duration>,
    most: u64,
    written: &'static str,
    is_leeway: bool,
}

fn limited(member: &IssuerMember) -> Option<Limited<'_>> {
    let (duration, (most, written), is_leeway) = match member {
        IssuerMember::MaxAge(duration) => (duration, LONGEST_LIFE, false),
        IssuerMember::Leeway(duration) => (duration, LONGEST_LEEWAY, true),
        _ => return None,
    };
    Some(Limited {
        duration,
        most,
        written,
        is_leeway,
    })
}

fn finding(
    file: FileId,
    name: &str,
    limited: &Limited<'_>,
    context: &RuleContext<'_, '_>,
) -> Option<Finding> {
    if limited.duration.node.seconds() <= limited.most {
        return None;
    }
    let location = Location::new(file, limited.duration.span);
    let long = context.text(location);
    let message = match limited.is_leeway {
        true => format!("tokens of `{name}` are accepted for {long} after they expire"),
        false => format!("tokens of `{name}` may be valid for {long}"),
    };
    let written = limited.written;
    let edit = Edit::new(location, written);
    let finding = Finding::new(&RULE.info, location, message)
        .help("an old token found in a log can be used for as long: shorten the duration, or remove it")
        .fix(Fix::new(Safety::Unsafe, format!("write `{written}`"), vec![edit]));
    Some(finding)
}
