//! Members by name, as Go's package `encoding/json` finds the fields of a struct.

use crate::document::{Member, Value};
use crate::notice::{Notice, printable};
use rolecall_syntax::Spanned;

/// The members of a trust policy.
pub(super) const POLICY: &[&str] = &[
    "issuer",
    "issuer_pattern",
    "subject",
    "subject_pattern",
    "audience",
    "audience_pattern",
    "claim_pattern",
    "permissions",
    "repositories",
    "app",
    "app_pattern",
];

/// The members of a map that octo-sts knows.
pub(super) struct Fields<'a> {
    members: Vec<(&'static str, &'a Member)>,
}

impl<'a> Fields<'a> {
    /// Finds the members, and reports those that are unknown, given twice or written in another case.
    pub(super) fn new(members: &'a [Member], known: &[&'static str], notices: &mut Vec<Notice>) -> Self {
        let mut found: Vec<(&'static str, &Member)> = Vec::new();
        for member in members {
            let name = &member.name;
            let Some(field) = known.iter().find(|known| is_same(name, known)) else {
                let message = format!("octo-sts refuses a policy with the member `{}`", printable(name));
                let help = format!("remove it, or use one of {}", known.join(", "));
                notices.push(Notice::refused("unknown-member", message, help, name.span));
                continue;
            };
            if found.iter().any(|(known, _)| known == field) {
                notices.push(given_twice(name));
                continue;
            }
            if *field != **name {
                let message = format!("octo-sts reads `{}` as `{field}`", printable(name));
                let help = format!("write `{field}`");
                notices.push(Notice::odd("read-otherwise", message, help, name.span));
            }
            found.push((field, member));
        }
        Self { members: found }
    }

    pub(super) fn get(&self, name: &str) -> Option<&'a Member> {
        self.members
            .iter()
            .find(|(known, _)| *known == name)
            .map(|(_, member)| *member)
    }

    /// Returns whether a member is absent, or as good as absent.
    pub(super) fn is_empty(&self, name: &str) -> bool {
        self.get(name).is_none_or(|member| match &member.value.node {
            Value::Null => true,
            Value::Text(text) => text.is_empty(),
            _ => false,
        })
    }
}

/// Returns whether Go takes a name as that of a field: its letters fold, and with them `ſ` to `s` and the
/// sign of kelvin to `k`.
pub(super) fn is_same(name: &str, field: &str) -> bool {
    let folded = name.chars().map(|c| match c {
        'ſ' => 's',
        '\u{212a}' => 'k',
        c => c.to_ascii_lowercase(),
    });
    folded.eq(field.chars())
}

/// Returns the notice about a name that is written twice.
pub(super) fn given_twice(name: &Spanned<String>) -> Notice {
    let message = format!("`{}` is given twice", printable(name));
    Notice::refused("member-given-twice", message, "remove one of them", name.span)
}
