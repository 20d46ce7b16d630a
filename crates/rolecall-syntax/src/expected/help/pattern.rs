//! Help for regexes: operators of other languages, and flags.

use super::super::AN_OPERATOR;
use super::Context;
use super::condition::last_claim;
use crate::regex::{in_both_cases, regex_of, regex_of_string};
use crate::scan::is_flags;

/// The longest regex that a help repeats.
const MAX_REGEX: usize = 60;

impl Context<'_> {
    /// Returns the help for an operator of another language that takes a regex, and for what follows a regex.
    pub(super) fn of_pattern(&self) -> Option<String> {
        if self.before.ends_with('/') && is_flags(self.found) {
            return Some(self.of_flags());
        }
        if !self.wants(AN_OPERATOR) {
            return None;
        }
        // Other languages look for the regex anywhere. A negation of less would admit more.
        let is_negated =
            self.found == "!~" || self.before.ends_with(&format!("!({} ", last_claim(self.before)));
        let regex = self.regex_after().map(|regex| match is_negated {
            true if !regex.starts_with(".*") && !regex.ends_with(".*") => format!(".*{regex}.*"),
            _ => regex,
        });
        let regex = regex.unwrap_or_else(|| "…".to_owned());
        Some(match self.found {
            "=~" | "~" => match self.pattern_after() {
                Some(pattern) => {
                    format!("write `like \"{pattern}\"`, or `matches /{regex}/` if it means a regex")
                }
                None => format!("write `matches /{regex}/`"),
            },
            "~=" => format!("write `matches /{regex}/` if it means a regex, `!=` if it means a difference"),
            "!~" => format!("write `!({} matches /{regex}/)`", last_claim(self.before)),
            _ => return None,
        })
    }

    fn of_flags(&self) -> String {
        let regex = self
            .before
            .strip_suffix('/')
            .and_then(|before| before.rsplit_once(" /"));
        let both = regex.filter(|_| self.found.contains('i')).and_then(|(_, regex)| {
            let regex = in_both_cases(&regex_of(regex)?)?;
            (regex.len() <= MAX_REGEX).then_some(regex)
        });
        match both {
            Some(regex) => format!("a regex has no flags: write both cases, `/{regex}/`"),
            None if self.found.contains('i') => {
                "a regex has no flags: write both cases as in `[Aa]`".to_owned()
            }
            None => format!("a regex has no flags: remove `{}`", self.found),
        }
    }

    /// Returns the string after the token if `*` means any text in it: no regex repeats a slash.
    fn pattern_after(&self) -> Option<&str> {
        let text = self
            .source_after
            .trim_start_matches([' ', '\t'])
            .strip_prefix('"')?;
        let (text, _) = text.split_once('"')?;
        let is_pattern = text.starts_with('*') || text.contains("/*");
        (is_pattern && !text.contains(['\n', '\\']) && text.len() <= MAX_REGEX).then_some(text)
    }

    /// Returns the string or the regex after the token as a regex, if there is one.
    fn regex_after(&self) -> Option<String> {
        let line = self.source_after.lines().next()?.trim_start_matches([' ', '\t']);
        let regex = if let Some(regex) = line.strip_prefix('/') {
            let end = line.find([' ', '\t']).unwrap_or(line.len());
            let word = line.split_at(end).0.trim_end_matches([')', ',', '}']);
            match word.strip_prefix('/').and_then(|word| word.strip_suffix('/')) {
                Some(regex) => regex_of(regex)?,
                None => {
                    let (regex, rest) = regex.split_once('/')?;
                    let flags = rest.split(|c: char| !c.is_ascii_alphabetic()).next()?;
                    let regex = regex_of(regex)?;
                    if flags.contains('i') {
                        in_both_cases(&regex)?
                    } else {
                        regex
                    }
                }
            }
        } else {
            let quote = line.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
            let text = line.strip_prefix(quote)?.split_once(quote)?.0;
            regex_of_string(text).filter(|_| !text.ends_with('\\'))?
        };
        (regex.len() <= MAX_REGEX).then_some(regex)
    }
}
