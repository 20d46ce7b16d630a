//! Help for words that refuse: policies only allow.

use super::super::A_CONDITION;
use super::Context;

/// The longest condition that a help repeats.
const MAX_CONDITION: usize = 80;

impl Context<'_> {
    /// Returns the help for `deny`, `unless` and the like.
    pub(super) fn of_refusal(&self) -> Option<String> {
        let is_guard = self.wants("`{`") && self.wants("`from`");
        Some(match self.found {
            // `expect` has it.
            _ if self.wants("`only`") => return None,
            "deny" | "forbid" | "reject" | "refuse" | "block" if self.wants("`allow`") || self.is_outside() => {
                format!(
                    "there is no `{}`: a role is denied unless a clause allows it; \
                     to refuse more, add `&& !({})` to each `allow`",
                    self.found,
                    self.refused().unwrap_or(" … ")
                )
            }
            "unless" | "except" if is_guard => {
                format!("write `{} {{ !({}) }}`", self.trimmed(), self.rest_of_line().unwrap_or(" … "))
            }
            "except" if self.wants("`when`") => "write `when !( … )`".to_owned(),
            "{" if self.wants(A_CONDITION) && self.last_word() == "when" => {
                match self.after.trim_start().starts_with('"') {
                    true => "write the conditions after `when` without braces, each as `CLAIM == \"…\"`, with `&&` between them",
                    false => "remove `{` and its `}`: a condition stands without braces",
                }
                .to_owned()
            }
            _ => return None,
        })
    }

    fn is_outside(&self) -> bool {
        self.wants(super::AN_ITEM) || self.wants(super::NEXT_ITEM)
    }

    /// Returns the condition of the clause that refuses, if it stands on one line.
    fn refused(&self) -> Option<&str> {
        let (_, condition) = self.rest_of_line()?.split_once("when ")?;
        let condition = condition.trim();
        let is_whole = !condition.is_empty() && !condition.ends_with(['&', '|', '(', ',']);
        (is_whole && !self.goes_on()).then_some(condition)
    }

    /// Returns whether the condition goes on in the next line.
    fn goes_on(&self) -> bool {
        let next = self
            .after
            .split_once('\n')
            .map_or("", |(_, next)| next)
            .trim_start();
        next.starts_with("&&") || next.starts_with("||")
    }

    /// Returns the rest of the line without a comment and braces, if it is short.
    fn rest_of_line(&self) -> Option<&str> {
        let line = self.after.lines().next()?;
        let line = line.split_once(" //").map_or(line, |(line, _)| line);
        let line = line.trim().trim_end_matches('}').trim();
        let is_plain = !line.contains(['{', '}']);
        (is_plain && !line.is_empty() && line.len() <= MAX_CONDITION).then_some(line)
    }
}
