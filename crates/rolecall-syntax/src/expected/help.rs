//! Help texts for an unexpected token.

mod condition;
mod duration;
mod flipped;
mod item;
mod member;
mod pattern;
mod refusal;
mod statement;

use super::{A_CLAIM, A_CONDITION, A_DURATION, A_NAME, A_STRING, A_VALUE, AN_ITEM, AN_OPERATOR, NEXT_ITEM};
use crate::ast::Operator;
use crate::scan::ITEM_KEYWORDS;
use crate::suggest::did_you_mean;

/// The place of an unexpected token.
pub(super) struct Context<'a> {
    /// The text of the item before the token.
    pub(super) before: &'a str,
    pub(super) found: &'a str,
    /// The text after the token.
    pub(super) after: &'a str,
    /// The same, as it stands in the source.
    pub(super) source_after: &'a str,
    pub(super) expected: &'a [String],
}

const A_PATH: &str = "write a claim path without spaces, as `name.name` or `claims[\"any name\"]`";

const EXTEND: &str = "write `extends` before the profile that this one extends";

/// Returns true for the sign or the word of an operator.
fn is_operator(found: &str) -> bool {
    Operator::ALL.iter().any(|operator| operator.text() == found)
}

impl Context<'_> {
    /// Returns what to do about the token.
    pub(super) fn help(&self) -> Option<String> {
        let found = self.found;
        self.of_pattern()
            .or_else(|| self.of_refusal())
            .or_else(|| self.of_flipped())
            .or_else(|| self.of_statement())
            .or_else(|| self.of_item())
            .or_else(|| self.of_member())
            .or_else(|| self.of_condition())
            .or_else(|| self.symbol(found).map(str::to_owned))
            .or_else(|| self.foreign_word(found).map(str::to_owned))
            .or_else(|| self.reserved_word(found))
            .or_else(|| self.misspelling(found))
            .or_else(|| self.value(found).map(str::to_owned))
            .or_else(|| self.another_condition())
    }

    fn wants(&self, description: &str) -> bool {
        self.expected.iter().any(|other| other == description)
    }

    /// Returns whether only this is allowed.
    fn wants_only(&self, description: &str) -> bool {
        self.expected.len() == 1 && self.wants(description)
    }

    /// Returns the text before the token without the spaces at its end.
    fn trimmed(&self) -> &str {
        self.before.trim_end()
    }

    /// Returns the last word of the text so far.
    fn last_word(&self) -> &str {
        self.trimmed().split_ascii_whitespace().next_back().unwrap_or("")
    }

    /// Returns whether the token is a word.
    fn is_word(&self) -> bool {
        self.found
            .starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
    }

    /// Returns whether a string goes on with `in`.
    fn is_in_list(&self) -> bool {
        let rest = self.after.split_once('"').map_or("", |(_, rest)| rest);
        rest.trim_start().starts_with("in ")
    }

    /// Returns whether an operator follows the token.
    fn is_compared(&self) -> bool {
        let next = self.after.trim_start();
        let word = next
            .split(|c: char| !c.is_ascii_alphabetic())
            .next()
            .unwrap_or("");
        next.starts_with(['=', '<', '>', '~']) || next.starts_with("!=") || is_operator(word)
    }

    /// Returns whether the token is in the parentheses of a `not ( … )`.
    fn is_negated(&self) -> bool {
        let outside = self.before.rsplit_once('(').map_or("", |(outside, _)| outside);
        let word = outside.split_ascii_whitespace().next_back();
        word.is_some_and(|word| word.eq_ignore_ascii_case("not"))
    }

    /// Returns the word before the last one of the text so far.
    fn word_before_last(&self) -> Option<&str> {
        self.before.split_ascii_whitespace().nth_back(1)
    }

    /// Returns the help for a symbol.
    fn symbol(&self, found: &str) -> Option<&'static str> {
        let compares = self.wants(AN_OPERATOR);
        Some(match found {
            "==" | ":" if self.wants("`=`") => "write `=` here",
            "=" if self.wants(A_DURATION) => "remove the `=`",
            "=" if (self.wants(A_STRING) || self.wants("`[`")) && !self.before.ends_with('=') => {
                "remove the `=`"
            }
            "&&" if self.wants("`,`") && !self.wants("`&&`") => "write `,`",
            "," if self.word_before_last() == Some("because") => {
                "name one claim, and write an `expect` for each"
            }
            _ if self.word_before_last() == Some("because") && is_operator(found) => {
                "name only the claim: every comparison of it is meant"
            }
            "=" if compares => "write `==` to compare",
            "\u{2260}" if compares => "write `!=`",
            ">" if self.before.ends_with('<') => "write `!=`",
            ":" if compares && self.after.starts_with('=') => "write `==` to compare",
            "\u{2264}" if compares => "write `<=`",
            "\u{2265}" if compares => "write `>=`",
            "=>" if compares => "write `>=`, or `implies` in an `assert`",
            "=<" if compares => "write `<=`",
            "!" if compares => "write `!` before the whole comparison, such as `!(ref in [\"main\"])`",
            "!" if self.before.ends_with('!') => "remove both `!`",
            "=" if self.wants(A_VALUE) && self.before.ends_with('=') => "write one `=` less",
            "&" => "write `&&`",
            "|" => "write `||`",
            "'" | "`" => "write strings in double quotes",
            "\u{2018}" | "\u{2019}" | "\u{201c}" | "\u{201d}" => "write straight quotes, `\"`",
            "#" => "write comments after `//`",
            ":" | "<" if self.wants("`extends`") => EXTEND,
            "," if self.wants("`{`") && self.word_before_last() == Some("extends") => {
                "a profile extends one profile, which may extend another"
            }
            "(" if self.before.trim_end().ends_with("for") => "write the parameters without parentheses",
            "," if self.wants("`for`") && self.wants("`{`") => "write `for` again for more values",
            "*" if self.wants("`{`") => "`*` is allowed only where roles are selected",
            "," | ";" if self.wants("`}`") && !self.wants("`,`") => "remove it: members are not separated",
            "]" if self.wants(A_VALUE) => "list at least one value",
            "." if self.before.ends_with(|c: char| c.is_ascii_digit()) => "write a whole number",
            "." => A_PATH,
            "[" if self.before.ends_with('.') => A_PATH,
            _ => return None,
        })
    }

    /// Returns the help for a keyword of another language.
    fn foreign_word(&self, found: &str) -> Option<&'static str> {
        Some(match found {
            "and" | "AND" if self.wants("`,`") => "write `,`",
            _ if is_operator(found) && self.wants("`)`") && self.is_negated() => "write `!( … )`",
            "and" | "AND" => "write `&&`",
            _ if self.before.trim_end().ends_with("because of") => "remove `of`",
            "or" | "OR" => "write `||`",
            "not" | "NOT" if self.wants(A_CONDITION) => "write `!( … )`",
            "not" | "NOT" => "write `!` before the whole comparison, such as `!(ref in [\"main\"])`",
            "from" | "inherits" | "is" | "like" if self.wants("`extends`") => EXTEND,
            "import" | "include" => "there are no imports: all files of a folder are one policy set",
            "if" | "where" if self.wants("`when`") => "write `when`",
            _ => return None,
        })
    }

    /// Returns the help for a keyword instead of a claim or a member.
    fn reserved_word(&self, found: &str) -> Option<String> {
        let begins_line = self.before.trim_end_matches([' ', '\t']).ends_with('\n');
        let is_item = ITEM_KEYWORDS.contains(&found);
        if found == "issuer" && self.is_compared() {
            return Some(self.of_issuer_claim());
        }
        let is_word = found.starts_with(|c: char| c.is_ascii_alphabetic());
        if (self.expected == [A_CLAIM] && is_word)
            || (self.wants(A_CONDITION) && !begins_line && (is_item || found == "for" || found == "from"))
        {
            Some(format!("`{found}` is a keyword: write `claims[\"{found}\"]`"))
        } else if is_item && begins_line && self.wants("`}`") {
            Some("items cannot be nested: close the previous one with `}`".to_owned())
        } else {
            None
        }
    }

    /// Returns the help for the issuer as a claim or a member of a role.
    fn of_issuer_claim(&self) -> String {
        if self.wants(A_CONDITION) {
            return "remove it: `allow from` names the issuer; the claim of a token is `iss`".to_owned();
        }
        let line = self.after.lines().next().unwrap_or("");
        let name = line.split('"').nth(1).unwrap_or("ISSUER");
        format!("name it in a clause: `allow from {name} when …`")
    }

    /// Returns the help for a misspelt keyword or operator.
    fn misspelling(&self, found: &str) -> Option<String> {
        if !found.starts_with(|c: char| c.is_ascii_alphabetic()) {
            return None;
        }
        let quoted = self
            .expected
            .iter()
            .filter_map(|description| description.strip_prefix('`')?.strip_suffix('`'));
        let mut candidates: Vec<&str> = quoted.collect();
        if self.wants(AN_ITEM) || self.wants(NEXT_ITEM) {
            candidates.extend(ITEM_KEYWORDS);
        }
        if self.wants(AN_OPERATOR) {
            candidates.extend(Operator::ALL.map(Operator::text));
        }
        did_you_mean(found, candidates).map(|word| format!("did you mean `{word}`?"))
    }

    /// Returns the help for a value of the wrong kind.
    fn value(&self, found: &str) -> Option<&'static str> {
        let starts_with = |set: fn(char) -> bool| found.starts_with(set);
        let is_number = starts_with(|c| c.is_ascii_digit() || c == '-');
        let is_word = starts_with(|c| c.is_ascii_alphabetic() || c == '_');
        let is_string = found == "\"";
        let only = |what: &str| self.expected.len() == 1 && self.wants(what);
        let gives = self.wants("`grant`") && self.wants("`ttl`") && !self.wants("`}`");
        Some(
            if gives || (is_string && self.before.trim_end().ends_with("grant")) {
                "write `grant NAME = \"…\"`"
            } else if self.wants(A_CONDITION) && is_string && self.is_in_list() {
                "a comparison begins with the claim: `CLAIM contains \"…\"`"
            } else if self.wants(A_CONDITION) && (is_string || is_number) {
                "a comparison begins with the claim: `ref == \"main\"`"
            } else if self.wants(A_DURATION) && is_string {
                "write durations without quotes"
            } else if self.wants(A_DURATION) && is_number {
                "the units are `s`, `m`, `h` and `d`"
            } else if is_string && self.wants("`[`") && self.wants("`{`") {
                "write a list, `[…]`"
            } else if is_string && self.wants(A_NAME) {
                "write names without quotes"
            } else if is_word && (self.wants(A_STRING) || self.wants(A_VALUE)) {
                "write strings in double quotes"
            } else if only("`[`") && (is_string || is_word) {
                "write a list, `[…]`"
            } else if only("`for`") {
                "name the roles that it narrows: `guard name for #tag { … }`"
            } else {
                return None;
            },
        )
    }
}
