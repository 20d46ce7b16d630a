//! Help for conditions: words, functions and values of other languages.

use super::super::{A_CONDITION, A_VALUE, AN_OPERATOR};
use super::Context;
use crate::function::operator_for;

impl Context<'_> {
    /// Returns the help for a token in a condition.
    pub(super) fn of_condition(&self) -> Option<String> {
        self.of_null()
            .or_else(|| self.of_presence())
            .or_else(|| self.of_function())
            .or_else(|| self.of_connective().map(str::to_owned))
            .or_else(|| self.of_list().map(str::to_owned))
    }

    /// Returns the help for `!= null`, `is not null`, `is "main"` and the like.
    fn of_null(&self) -> Option<String> {
        let (rest, operator) = self.trimmed().rsplit_once([' ', '\t'])?;
        let claim = last_claim(rest);
        Some(match (operator, self.found) {
            ("!=", "null" | "absent") if self.wants(A_VALUE) => format!("write `has {claim}`"),
            ("==", "absent") if self.wants(A_VALUE) => format!("write `!has {claim}`"),
            ("==", "null") if self.wants(A_VALUE) => {
                format!(
                    "write `!has {claim}`; for a claim that is `nullable`, `{claim} is null` means only null"
                )
            }
            ("is", "not") if self.wants_only("`null`") => match self.after.trim_start() {
                after if after.starts_with("null") => format!("write `has {claim}`"),
                _ => "write `!=` to compare".to_owned(),
            },
            ("is", "present" | "defined" | "set") if self.wants_only("`null`") => {
                format!("write `has {claim}`")
            }
            ("is", "absent" | "missing" | "undefined" | "empty") if self.wants_only("`null`") => {
                format!("write `!has {claim}`")
            }
            ("is", _) if self.wants_only("`null`") => "write `==` to compare".to_owned(),
            _ => return None,
        })
    }

    /// Returns the help for `has(ref)`, `exists ref`, `ref exists`.
    fn of_presence(&self) -> Option<String> {
        let last = self.last_word().rsplit(['(', '!']).next().unwrap_or("");
        if self.found == "(" && last == "has" {
            let claims = self.after.split([')', '\n']).next().unwrap_or("").trim();
            let each = claims.split(',').map(|claim| format!("has {}", claim.trim()));
            let each = each.collect::<Vec<_>>().join(" && ");
            return Some(format!("write `{each}`, without parentheses"));
        }
        if !self.wants(AN_OPERATOR) {
            return None;
        }
        let is_presence = |word: &str| matches!(word, "exists" | "exist" | "defined" | "present" | "isset");
        if is_presence(self.found) {
            return Some(format!("write `has {}`", last_claim(self.before)));
        }
        (is_presence(last) && self.is_word()).then(|| format!("write `has {}`", self.found))
    }

    /// Returns the help for a function or a word that compares in another language.
    fn of_function(&self) -> Option<String> {
        let method = last_claim(self.before).rsplit_once('.');
        let (claim, word) = match (self.found, method) {
            ("(", Some((claim, method))) => (claim, method),
            _ if self.wants(AN_OPERATOR) => (last_claim(self.before), self.found),
            _ => return None,
        };
        let is_space = |c: char| matches!(c, ' ' | '\t');
        let next = self.source_after.trim_start_matches(is_space);
        let (word, next) = match (word, next.strip_prefix("with ")) {
            ("starts" | "begins", Some(next)) => ("startsWith", next.trim_start_matches(is_space)),
            ("ends", Some(next)) => ("endsWith", next.trim_start_matches(is_space)),
            _ => (word, next),
        };
        let next = next.strip_prefix('"');
        let text = next.and_then(|next| next.split_once('"')).map(|(text, _)| text);
        let text = text.filter(|text| !text.contains('\n'));
        let is_method = self.found == "(" && method.is_some();
        let help = operator_for(word, Some(claim), text).map(|help| match self.is_negated_claim() {
            true => help + "; the `!` before it stays",
            false => help,
        });
        help.or_else(|| is_method.then(|| NO_FUNCTIONS.to_owned()))
    }

    /// Returns whether the claim at the end of the text so far stands after a `!`.
    fn is_negated_claim(&self) -> bool {
        let before = self.trimmed().strip_suffix(last_claim(self.before));
        before.is_some_and(|before| before.trim_end().ends_with('!'))
    }

    /// Returns the help for words and signs between conditions, and for conditions that are missing.
    fn of_connective(&self) -> Option<&'static str> {
        let joins = self.wants("`&&`");
        let next = self.after.trim_start();
        Some(match self.found {
            "unless" if joins => "write `&& !( … )`",
            "," | ";" if joins && self.continues(next) => "write `&&` between conditions",
            "?" if joins => "remove it and the rest: a condition is true or false already",
            "&&" | "||" if self.wants(A_CONDITION) => "write a condition before it, or remove it",
            "}" | ")" if self.wants(A_CONDITION) => match self.last_word() {
                "&&" | "||" => "write a condition after the sign, or remove the sign",
                "when" => "write a condition after `when`, or remove `when`",
                _ => "write a condition",
            },
            "$" if self.wants(A_CONDITION) => "write the bare name of a claim, such as `ref`",
            _ if self.wants(AN_OPERATOR) && self.last_word() == "if" => {
                "remove `if`: `when` begins the condition"
            }
            _ => return None,
        })
    }

    /// Returns whether a text goes on with a condition, and not with the next member or the end of the item.
    fn continues(&self, text: &str) -> bool {
        let word = text
            .split(|c: char| !c.is_ascii_alphanumeric() && c != '_')
            .next()
            .unwrap_or("");
        let is_member = self
            .expected
            .iter()
            .any(|expected| expected.trim_matches('`') == word);
        text.starts_with(['!', '(']) || (!word.is_empty() && !is_member)
    }

    /// Returns the help for a list in other brackets.
    fn of_list(&self) -> Option<&'static str> {
        let is_list = matches!(self.last_word(), "in" | "any" | "all") && self.wants(A_VALUE);
        let is_bracket = matches!(self.found, "(" | "{");
        (is_bracket && (is_list || self.wants_only("`[`"))).then_some("write a list, `[…]`")
    }

    /// Returns the help for a condition that follows another one.
    pub(super) fn another_condition(&self) -> Option<String> {
        let is_condition = self.is_word() || matches!(self.found, "!" | "(");
        (self.wants("`&&`") && is_condition).then(|| "write `&&` or `||` between conditions".to_owned())
    }
}

const NO_FUNCTIONS: &str = "there are no functions: compare the claim with an operator";

/// Returns the claim at the end of a text.
pub(super) fn last_claim(text: &str) -> &str {
    text.trim_end()
        .rsplit([' ', '\t', '\n', '(', '!'])
        .next()
        .unwrap_or("")
}
