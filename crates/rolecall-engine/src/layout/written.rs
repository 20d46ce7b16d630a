//! Templates as text of a policy.

use crate::id::ClaimId;
use crate::ir::Profile;
use crate::template::{Filter, Part, Template};
use rolecall_syntax::{MAX_LITERAL_BYTES, is_invisible};

/// Returns a template as it is written between quotes; `None` if it is too long, or if a claim in it has a
/// name that templates cannot take.
pub(super) fn template(template: &Template, profile: &Profile) -> Option<String> {
    let mut text = String::new();
    write(&template.parts, profile, &mut text)?;
    (text.len() <= MAX_LITERAL_BYTES).then_some(text)
}

fn write(parts: &[Part], profile: &Profile, text: &mut String) -> Option<()> {
    for part in parts {
        match part {
            Part::Claim(claim, filter) => {
                let name = claim_name(*claim, profile)?;
                let filter = filter.map(Filter::name);
                let filter = filter.map_or(String::new(), |filter| format!("|{filter}"));
                text.push_str(&format!("{{{name}{filter}}}"));
            }
            Part::Optional(inner) => {
                text.push('[');
                write(inner, profile, text)?;
                text.push(']');
            }
            Part::Text(literal) => literal.chars().for_each(|c| write_char(c, text)),
        }
    }
    Some(())
}

fn write_char(c: char, text: &mut String) {
    match c {
        '"' | '\\' | '{' | '}' | '[' | ']' => text.extend(['\\', c]),
        '\n' => text.push_str("\\n"),
        '\r' => text.push_str("\\r"),
        '\t' => text.push_str("\\t"),
        _ if is_invisible(c) => text.push_str(&format!("\\u{{{:x}}}", u32::from(c))),
        _ => text.push(c),
    }
}

/// Returns the name of a claim in the braces of a template: its own if that is plain, or an alias. `None` if
/// no name of it can be written there.
pub(super) fn claim_name(claim: ClaimId, profile: &Profile) -> Option<String> {
    let definition = &profile[claim];
    let is_plain = |name: &String| {
        name.chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | '/'))
    };
    let means_claim = |name: &String| {
        let path: Vec<String> = name.split('.').map(str::to_owned).collect();
        let named = profile.claim_by_name(name);
        named.or_else(|| profile.claim_by_path(&path)) == Some(claim)
    };
    let path = definition.path.join(".");
    let simple = (definition.path.len() == 1 && !path.contains(['.', '/'])).then(|| path.clone());
    let mut names = simple.into_iter().chain(definition.aliases.clone()).chain([path]);
    names.find(|name| !name.is_empty() && is_plain(name) && means_claim(name))
}
