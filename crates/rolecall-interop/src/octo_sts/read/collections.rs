//! Collections: the claims, the permissions and the repositories of a policy.

use super::{Reader, fields};
use crate::document::{Member, Value, repeated};
use crate::notice::{Notice, printable};
use crate::octo_sts::permission;
use crate::octo_sts::policy::{ClaimPattern, Permission};
use rolecall_syntax::Spanned;

impl Reader {
    pub(super) fn claims(&mut self, member: Option<&Member>) -> Vec<ClaimPattern> {
        let members = self.map(member);
        self.notices
            .extend(repeated(members, false).map(fields::given_twice));
        let mut claims = Vec::new();
        for Member { name, value } in members {
            let claim = name.clone();
            let pattern = self.text(value).and_then(|text| self.pattern(text));
            claims.extend(pattern.map(|pattern| ClaimPattern { claim, pattern }));
        }
        claims
    }

    pub(super) fn permissions(&mut self, member: Option<&Member>) -> Vec<Permission> {
        let members = self.map(member);
        self.notices
            .extend(repeated(members, true).map(fields::given_twice));
        let mut permissions = Vec::new();
        for Member { name, value } in members {
            if !permission::is_known(&name.to_ascii_lowercase()) {
                let message = format!(
                    "octo-sts v0.8.0 does not know the permission `{}`, and refuses the policy",
                    printable(name)
                );
                let help = "fix the spelling: the names are those of GitHub Apps, with `_`";
                self.notices
                    .push(Notice::odd("refused-by-source", message, help, name.span));
            }
            let name = name.clone();
            permissions.extend(self.text(value).map(|level| Permission { name, level }));
        }
        permissions
    }

    pub(super) fn repositories(&mut self, member: &Member) -> Option<Vec<Spanned<String>>> {
        match &member.value.node {
            Value::Null => None,
            Value::List(elements) => Some(elements.iter().filter_map(|element| self.text(element)).collect()),
            _ => {
                let message = "octo-sts refuses `repositories` that are not a list";
                self.refuse(
                    "value-of-wrong-kind",
                    &member.value,
                    message,
                    "write `repositories: [NAME]`",
                );
                None
            }
        }
    }

    /// Returns the members of a member that is a map.
    fn map<'a>(&mut self, member: Option<&'a Member>) -> &'a [Member] {
        match member.map(|member| (member, &member.value.node)) {
            None | Some((_, Value::Null)) => &[],
            Some((_, Value::Map(members))) => members,
            Some((member, _)) => {
                let name = &member.name.node;
                let message = format!("octo-sts refuses a `{name}` that is not a map");
                self.refuse(
                    "value-of-wrong-kind",
                    &member.value,
                    message,
                    format!("write `{name}: {{NAME: …}}`"),
                );
                &[]
            }
        }
    }
}
