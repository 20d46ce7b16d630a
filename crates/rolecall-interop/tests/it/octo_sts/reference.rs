//! Reference evaluator: octo-sts as its source says, over plain JSON (`trust_policy.go`, `validate.go` at
//! v0.8.0; with a group, commit 0a61135).
//!
//! It takes the regexes of the library `regex` for those of Go, so the classes `\d`, `\s` and `\w` are
//! written as Go's beforehand.

use super::{DOMAIN, compile};
use regex::Regex;
use serde_json::Value as Json;

/// Decides a token, or returns nothing for a policy that octo-sts refuses to load.
pub(crate) fn allows(policy: &Json, token: &Json, has_group: bool) -> Option<bool> {
    let field = |name: &str| policy[name].as_str().unwrap_or("").to_owned();
    let compile = |pattern: &str| -> Option<Regex> {
        let pattern = in_go(pattern);
        compile(&pattern)?;
        match has_group {
            true => compile(&format!("^(?:{pattern})$")),
            false => compile(&format!("^{pattern}$")),
        }
    };
    let compiled = |name: &str| -> Option<Option<Regex>> {
        match field(name).as_str() {
            "" => Some(None),
            pattern => Some(Some(compile(pattern)?)),
        }
    };
    for name in ["issuer", "subject", "audience"] {
        let (exact, pattern) = (field(name), field(&format!("{name}_pattern")));
        if !exact.is_empty() && !pattern.is_empty() {
            return None;
        }
        if exact.is_empty() && pattern.is_empty() && name != "audience" {
            return None;
        }
    }
    let (issuer_pattern, subject_pattern) = (compiled("issuer_pattern")?, compiled("subject_pattern")?);
    let audience_pattern = compiled("audience_pattern")?;
    let mut claims = Vec::new();
    if let Some(patterns) = policy["claim_pattern"].as_object() {
        for (claim, pattern) in patterns {
            claims.push((claim, compile(pattern.as_str().unwrap_or(""))?));
        }
    }

    let (Some(iss), Some(sub)) = (token["iss"].as_str(), token["sub"].as_str()) else {
        return Some(false);
    };
    let mut audiences = Vec::new();
    match &token["aud"] {
        Json::String(audience) => audiences.push(audience.clone()),
        Json::Array(elements) => {
            for element in elements {
                let Some(audience) = element.as_str() else {
                    return Some(false);
                };
                audiences.push(audience.to_owned());
            }
        }
        _ => return Some(false),
    }
    if !is_valid_issuer(iss) || !is_valid(sub, "\"'`\\<>;&$(){}[]") {
        return Some(false);
    }
    for audience in &audiences {
        if !is_valid(audience, "\"'`\\<>;|&$(){}[]@") {
            return Some(false);
        }
    }
    let is_issuer = issuer_pattern.map_or_else(|| iss == field("issuer"), |pattern| pattern.is_match(iss));
    let is_subject = subject_pattern.map_or_else(|| sub == field("subject"), |pattern| pattern.is_match(sub));
    let is_audience = match (audience_pattern, field("audience").as_str()) {
        (Some(pattern), _) => audiences.iter().any(|audience| pattern.is_match(audience)),
        (None, "") => audiences.contains(&DOMAIN.to_owned()),
        (None, audience) => audiences.contains(&audience.to_owned()),
    };
    if !is_issuer || !is_subject || !is_audience {
        return Some(false);
    }
    for (name, pattern) in claims {
        let value = match token.get(name) {
            Some(Json::String(text)) => text.clone(),
            Some(Json::Bool(true)) => "true".to_owned(),
            Some(Json::Bool(false)) => "false".to_owned(),
            _ => return Some(false),
        };
        if !pattern.is_match(&value) {
            return Some(false);
        }
    }
    Some(true)
}

/// Writes classes as Go has them.
fn in_go(pattern: &str) -> String {
    let classes = [
        (r"\d", "[0-9]"),
        (r"\w", "[0-9A-Za-z_]"),
        (r"\W", "[^0-9A-Za-z_]"),
        (r"\s", r"[\t\n\f\r ]"),
    ];
    classes.iter().fold(pattern.to_owned(), |pattern, (perl, class)| {
        pattern.replace(perl, class)
    })
}

/// Checks the part of `IsValidIssuer` that the issuers of these tests need.
fn is_valid_issuer(issuer: &str) -> bool {
    issuer.strip_prefix("https://").is_some_and(|rest| {
        let is_of_host = |c: char| c.is_ascii_alphanumeric() || "-.:/_".contains(c);
        !rest.is_empty() && rest.chars().all(is_of_host) && !rest.contains("//") && !rest.contains("..")
    })
}

fn is_valid(text: &str, refused: &str) -> bool {
    let is_bad = |c: char| c.is_control() || c.is_whitespace() || refused.contains(c);
    !text.is_empty() && text.chars().count() <= 255 && !text.chars().any(is_bad)
}
