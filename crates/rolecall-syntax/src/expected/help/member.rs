//! Help for the members of roles and issuers.

use super::super::{A_DURATION, A_NAME, A_STRING};
use super::Context;
use super::duration::duration;
use crate::suggest::did_you_mean;

/// Returns whether a word is a time, in whatever form.
fn is_time(found: &str) -> bool {
    found
        .strip_prefix("PT")
        .unwrap_or(found)
        .starts_with(|c: char| c.is_ascii_digit())
}

impl Context<'_> {
    /// Returns the help for a token in a member.
    pub(super) fn of_member(&self) -> Option<String> {
        let begins_value = [A_DURATION, A_NAME, A_STRING, "`[`"]
            .iter()
            .any(|value| self.wants(value));
        let is_value = begins_value && !self.trimmed().ends_with([',', '[', '=', ':', '/']);
        Some(match self.found {
            "=" | "[" if self.wants(A_NAME) && self.last_word() == "grant" => {
                "write a name: `grant NAME = …`".to_owned()
            }
            "=" | ":" if is_value && !self.wants("`=`") => format!("remove the `{}`", self.found),
            found if self.wants(A_DURATION) && is_time(found) => duration(found, self.after),
            "unless" if self.wants("`when`") && self.word_before_last() == Some("never") => {
                "write `ROLE implies …` instead of `never ROLE unless …`".to_owned()
            }
            "unless" if self.wants("`when`") => "write `when !( … )`".to_owned(),
            found if self.wants_only("`from`") => self.of_from(found)?,
            "," if self.wants("`when`")
                && self.wants("`allow`")
                && !self.after.trim_start().starts_with('}') =>
            {
                "write an `allow` for each issuer".to_owned()
            }
            _ if self.wants("`when`") && self.wants("`allow`") && self.is_word() && self.is_compared() => {
                "write `when` before the condition".to_owned()
            }
            _ => return None,
        })
    }

    /// Returns the help for an `allow` without `from`.
    fn of_from(&self, found: &str) -> Option<String> {
        if matches!(found, "when" | "}" | ":" | "allow" | "grant" | "tags" | "ttl") {
            return Some("name the issuer: `allow from ISSUER when …`".to_owned());
        }
        if self.is_word() && self.is_compared() {
            return Some(format!("write `allow from ISSUER when {found} …`"));
        }
        let is_misspelt = did_you_mean(found, ["from"]).is_some();
        (self.is_word() && !is_misspelt).then(|| format!("write `from {found}`"))
    }
}
