//! Help for comparisons that begin with the literal.

use super::super::A_CONDITION;
use super::Context;

impl Context<'_> {
    /// Returns the help for `"main" == ref` and `true == ref_protected`.
    pub(super) fn of_flipped(&self) -> Option<String> {
        let is_number = self.found.bytes().all(|byte| byte.is_ascii_digit());
        if !self.wants(A_CONDITION) {
            return None;
        }
        let (literal, rest) = match self.found {
            "\"" => {
                let (text, rest) = self.source_after.split_once('"')?;
                (format!("\"{text}\""), rest)
            }
            "true" | "false" => (self.found.to_owned(), self.source_after),
            number if is_number => (number.to_owned(), self.source_after),
            _ => return None,
        };
        let rest = rest.trim_start();
        let operator = ["==", "!="]
            .into_iter()
            .find(|operator| rest.starts_with(operator))?;
        let rest = rest.strip_prefix(operator)?.trim_start();
        let is_path = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
        let claim = rest.split(|c| !is_path(c)).next()?;
        if !claim.starts_with(|c: char| c.is_ascii_alphabetic()) || literal.contains(['\\', '\n']) {
            return None;
        }
        Some(match literal.as_str() {
            "true" | "false" if (literal == "true") == (operator == "==") => {
                format!("a comparison begins with the claim: write `{claim}`")
            }
            "true" | "false" => format!("a comparison begins with the claim: write `!{claim}`"),
            _ => format!("a comparison begins with the claim: write `{claim} {operator} {literal}`"),
        })
    }
}
