//! Help for items: their names, and text that belongs into an item.

use super::super::{A_NAME, AN_ITEM, is_early_end};
use super::Context;

impl Context<'_> {
    /// Returns the help for a token instead of an item, or in its first line.
    pub(super) fn of_item(&self) -> Option<String> {
        if self.last_word() == "edition" {
            return Some("write `edition 2026`".to_owned());
        }
        if is_early_end(self.found, self.expected, self.before) {
            return Some("remove the `}` before it, which ends the role".to_owned());
        }
        if self.wants(AN_ITEM) {
            return self.outside().map(str::to_owned);
        }
        self.of_name().or_else(|| self.of_body().map(str::to_owned))
    }

    /// Returns the help for text outside of all items.
    fn outside(&self) -> Option<&'static str> {
        Some(match self.found {
            "allow" | "grant" | "tags" | "ttl" | "when" => {
                "write it inside of a role: `role NAME { allow from ISSUER when … }`"
            }
            "url" | "audience" | "jwks" | "max_age" => "write it inside of an `issuer`",
            "token" | "expect" | "case" => "write it inside of a test: `test \"…\" { token … expect … }`",
            "claim" | "derive" | "shared" => "write it inside of a `profile`",
            "never" | "possible" | "disjoint" | "equivalent" => "write it inside of an `assert`",
            "version" => "write `edition 2026`",
            "function" | "func" | "fn" | "def" | "let" | "macro" => "write `condition NAME(PARAMETER) = …`",
            "policy" | "rule" | "statement" => "write `role NAME { allow from ISSUER when … }`",
            "group" | "team" | "user" => "write a `role`, and conditions on the claims of its tokens",
            _ if self.is_word() && self.is_compared() => {
                "write conditions in a clause: `role NAME { allow from ISSUER when … }`"
            }
            _ => return None,
        })
    }

    /// Returns the help for a character that a name does not have.
    fn of_name(&self) -> Option<String> {
        let head = self.trimmed();
        let ends_line = self
            .after
            .lines()
            .next()
            .is_none_or(|rest| rest.trim().is_empty());
        let begins_line = self.before.trim_end_matches([' ', '\t']).ends_with('\n');
        let is_block = (self.found == ":" && ends_line) || (self.is_word() && begins_line);
        if self.wants("`{`") && is_block && !head.contains('\n') {
            return Some(format!("write `{head} {{ … }}`: a block stands in braces"));
        }
        let begins_body = self.after.trim_start().starts_with('{');
        if self.wants("`{`") && matches!(self.found, "=" | ":") && begins_body {
            return Some(format!("remove the `{}`", self.found));
        }
        if !(self.wants("`{`") && self.wants("`for`")) {
            return None;
        }
        let name = self.last_word();
        let next = match self.found {
            "." | ":" => self.after,
            _ if self.is_word() && self.after.trim_start().starts_with('{') => self.found,
            _ => return None,
        };
        let next = next
            .split(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '_' | '-'))
            .next()?;
        Some(format!(
            "write `{name}-{next}`: a name has letters, digits, `_` and `-`"
        ))
    }

    /// Returns the help for the way from an item's name to its content.
    fn of_body(&self) -> Option<&'static str> {
        Some(match self.found {
            "{" if self.wants("`(`") && self.wants("`=`") => "write `condition NAME = …`, without braces",
            "\"" | "[" | "{" if self.wants_only("`=`") => "write `=` before it",
            "when" | "if" if self.wants("`{`") && self.wants("`from`") => {
                "write the condition in braces: `guard NAME for #tag { … }`"
            }
            "{" if self.wants_only(A_NAME) && self.last_word() == "token" => {
                "name the issuer: `token ISSUER { … }`"
            }
            "{" if self.wants_only(A_NAME) => "write a name before it",
            found if self.wants(A_NAME) && found.starts_with(|c: char| c.is_ascii_digit()) => {
                "begin the name with a letter or `_`"
            }
            _ => return None,
        })
    }
}
