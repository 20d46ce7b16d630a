//! Evaluator over our tree.

use super::{DOMAIN, compile};
use regex::Regex;
use rolecall_interop::octo_sts::{Anchors, Matcher, Pattern, TrustPolicy, token};
use serde_json::Value as Json;
use std::sync::LazyLock;

static SUBJECT: LazyLock<Regex> = LazyLock::new(|| many(token::SUBJECT_CHARACTER));
static AUDIENCE: LazyLock<Regex> = LazyLock::new(|| many(token::AUDIENCE_CHARACTER));

fn many(class: &str) -> Regex {
    Regex::new(&format!(r"\A{class}+\z")).unwrap()
}

fn consists_of(characters: &Regex, text: &str) -> bool {
    characters.is_match(text) && text.chars().count() <= token::MAX_CHARACTERS
}

/// Decides a token.
pub(crate) fn allows(policy: &TrustPolicy, claims: &Json, anchors: Anchors) -> bool {
    let (Some(issuer), Some(subject)) = (claims["iss"].as_str(), claims["sub"].as_str()) else {
        return false;
    };
    let audiences: Vec<&str> = match &claims["aud"] {
        Json::String(audience) => vec![audience],
        Json::Array(audiences) if audiences.iter().all(Json::is_string) => {
            audiences.iter().filter_map(Json::as_str).collect()
        }
        _ => return false,
    };
    let is_taken = issuer.starts_with("https://")
        && consists_of(&SUBJECT, subject)
        && audiences.iter().all(|audience| consists_of(&AUDIENCE, audience));
    let has_audience = |audience: &&str| match &policy.audience {
        None => *audience == DOMAIN,
        Some(matcher) => matches(matcher, audience, anchors),
    };
    is_taken
        && matches(&policy.issuer, issuer, anchors)
        && matches(&policy.subject, subject, anchors)
        && audiences.iter().any(has_audience)
        && policy
            .claims
            .iter()
            .all(|claim| match claims.get(&*claim.claim.node) {
                Some(Json::String(text)) => pattern(&claim.pattern, text, anchors),
                Some(Json::Bool(value)) => pattern(&claim.pattern, &value.to_string(), anchors),
                _ => false,
            })
}

fn matches(matcher: &Matcher, text: &str, anchors: Anchors) -> bool {
    match matcher {
        Matcher::Exact(exact) => exact.node == text,
        Matcher::Pattern(regex) => pattern(regex, text, anchors),
    }
}

fn pattern(regex: &Pattern, text: &str, anchors: Anchors) -> bool {
    is_whole(regex.whole_value(anchors), text)
}

fn is_whole(regex: &str, text: &str) -> bool {
    let regex = compile(&format!(r"\A(?:{regex})\z")).unwrap_or_else(|| panic!("{regex}"));
    regex.is_match(text)
}
