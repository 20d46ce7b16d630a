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
        if self.last_word() == "expect" && self.wants_only("`=`") {
            return Some("close the token with `}` before `expect`, which is not a claim".to_owned());
        }
        if matches!(self.last_word(), "allow" | "deny") && self.wants(A_ROLE) && self.found == "}" {
            return Some(format!(
                "name the role, or write `expect {} *` for all roles",
                self.last_word()
            ));
        }
        let is_value_of_token =
            self.wants(A_VALUE) && self.trimmed().ends_with('=') && !self.wants("`matches`");
        Some(
            match self.found {
                "\"" if self.wants(A_ROLE) => "write roles without quotes",
                "and" | "if" | "where" | "&&" if self.wants_only("`when`") => "write `when`",
                "}" if self.wants("`expect`") && !self.wants("`}`") => {
                    "write `expect allow ROLE` or `expect deny ROLE`"
                }
                "assert" | "assertion" | "then" if self.wants("`expect`") => "write `expect`",
                "allow" | "deny" | "only" if self.wants("`expect`") => {
                    return Some(format!("write `expect {}`", self.found));
                }
                "row" | "rows" | "cases" | "scenario" | "where" if self.wants("`case`") => {
                    "write `case { CHANGES } expect …`"
                }
                "expect" if self.is_head_of_case() => "write what is different: `case { CHANGES } expect …`",
                "like" | "token" if self.is_head_of_case() => {
                    "write only what is different: a case has the token of its test"
                }
                "case" if self.wants_only("`token`") => {
                    "write the token first: `token ISSUER { … }`, of which the cases are changes"
                }
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

    /// Returns whether the changes of a case are missing.
    fn is_head_of_case(&self) -> bool {
        let line = self.trimmed().rsplit('\n').next().unwrap_or("").trim_start();
        self.wants("`{`") && (line == "case" || line.starts_with("case \""))
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
            "=" | ":" => format!("remove the `{}`", self.found),
            "not" | "!" => self.of_negated_verdict(),
            found if verdict(found).is_some() => self.of_verdict(verdict(found)?),
            role if self.is_word() && self.verdict_after().is_some() => {
                format!("write `expect {} {role}`", self.verdict_after()?)
            }
            role if self.is_word() && self.after.trim_start().starts_with(['}', '\n', ',', 'e']) => {
                format!("write `expect allow {role}` or `expect deny {role}`")
            }
            _ => return None,
        })
    }

    /// Returns the help for a verdict in another word. A role may follow it.
    fn of_verdict(&self, verdict: &str) -> String {
        let next = self.after.trim_start_matches([' ', '\t']);
        match next.starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '#' | '*' | '_')) {
            true => format!("write `{verdict}`"),
            false => format!("write `expect {verdict} ROLE`, or `expect {verdict} *` for all roles"),
        }
    }

    /// Returns the help for `expect not ROLE` and `expect not allow ROLE`.
    fn of_negated_verdict(&self) -> String {
        let is_role = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '#' | '*');
        let mut words = self.after.lines().next().unwrap_or("").split(|c| !is_role(c));
        let mut next = || words.find(|word| !word.is_empty());
        let (negated, role) = match next() {
            Some(word) if verdict(word).is_some() => (verdict(word), next()),
            role => (None, role),
        };
        let verdict = if negated == Some("deny") { "allow" } else { "deny" };
        format!("write `expect {verdict} {}`", role.unwrap_or("ROLE"))
    }

    /// Returns the verdict in `expect ROLE == denied`.
    fn verdict_after(&self) -> Option<&'static str> {
        let words = self.after.lines().next()?.split_ascii_whitespace();
        let mut words = words.skip_while(|word| matches!(*word, "=" | "==" | ":" | "is" | "to" | "be"));
        verdict(words.next()?)
    }
}

/// Returns the verdict that a word of another language means.
fn verdict(word: &str) -> Option<&'static str> {
    Some(match word {
        "allow" | "allowed" | "allows" | "granted" | "grant" | "permit" | "permitted" | "pass" => "allow",
        "deny" | "denied" | "denies" | "refuse" | "refused" | "forbid" | "forbidden" => "deny",
        _ => return None,
    })
}
