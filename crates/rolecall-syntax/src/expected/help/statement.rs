//! Help for tests and assertions.

use super::super::A_VALUE;
use super::Context;

const A_ROLE: &str = "a role, a pattern or `#tag`";

impl Context<'_> {
    /// Returns the help for a token in a test or an assertion.
    pub(super) fn of_statement(&self) -> Option<String> {
        if self.wants("`implies`") {
            return self.of_assertion().map(str::to_owned);
        }
        if self.last_word() == "expect" && self.wants("`deny`") {
            return self.of_expectation();
        }
        let is_value_of_token =
            self.wants(A_VALUE) && self.trimmed().ends_with('=') && !self.wants("`matches`");
        Some(
            match self.found {
                "\"" if self.wants(A_ROLE) => "write roles without quotes",
                "and" | "if" | "where" | "&&" if self.wants_only("`when`") => "write `when`",
                "}" if self.wants_only("`expect`") => "write `expect allow ROLE` or `expect deny ROLE`",
                "assert" | "assertion" | "then" if self.wants("`expect`") => "write `expect`",
                "{" if self.wants_only("`token`") => "write `token ISSUER { … }`",
                "True" | "TRUE" if is_value_of_token => "write `true`",
                "False" | "FALSE" if is_value_of_token => "write `false`",
                "undefined" | "None" | "nil" | "none" if is_value_of_token => {
                    "write `absent` for a claim that the token does not have, or `null`"
                }
                ";" if self.wants("`,`") => "write `,`",
                _ => return None,
            }
            .to_owned(),
        )
    }

    /// Returns the help for a word after the roles of an assertion.
    fn of_assertion(&self) -> Option<&'static str> {
        let is_always = matches!(self.last_word(), "always" | "all" | "every" | "only");
        Some(match self.found {
            "=>" | "==>" | "-" | "requires" | "require" | "needs" | "must" | "means" | "only" => {
                "write `implies`"
            }
            "when" | "if" | "where" => {
                "write `implies` for what must hold, or `never ROLE when …` for what must not"
            }
            "\"" => "write roles without quotes",
            _ if is_always && self.is_word() => "write `ROLE implies …`",
            _ if super::is_operator(self.found) || self.found == "=" => {
                "a statement begins with roles: `#prod implies ref == \"main\"`"
            }
            _ => return None,
        })
    }

    /// Returns the help for a word after `expect`.
    fn of_expectation(&self) -> Option<String> {
        Some(match self.found {
            "none" | "nothing" | "no" | "empty" => "write `expect deny *`: no role".to_owned(),
            "denied" | "denies" | "refuse" | "refused" | "forbid" | "forbidden" | "not" | "!" => {
                "write `deny`".to_owned()
            }
            "granted" | "grant" | "permit" | "permitted" | "pass" => "write `allow`".to_owned(),
            "=" | ":" => format!("remove the `{}`", self.found),
            "allowed" | "allows" => "write `allow`".to_owned(),
            role if self.is_word() && self.after.trim_start().starts_with(['}', '\n', ',', 'e']) => {
                format!("write `expect allow {role}` or `expect deny {role}`")
            }
            _ => return None,
        })
    }
}
