//! Templates as text of a policy.

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
                let name = profile.name_in_template(*claim)?;
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
