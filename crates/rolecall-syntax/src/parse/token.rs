//! Names, numbers and strings.

use super::part::Part;
use super::{Reader, Rule};
use crate::ast::{Duration, DurationUnit, Key, Name, OneOrList};
use crate::error::SyntaxErrorKind as Kind;
use crate::span::Spanned;
use crate::string::Str;

impl Part<'_> {
    pub(super) fn name(self) -> Name {
        self.at(self.text().to_owned())
    }

    pub(super) fn name_in(self) -> Option<Name> {
        self.first(Rule::name).map(Self::name)
    }

    pub(super) fn names(self) -> Vec<Name> {
        self.all(Rule::name).map(Part::name).collect()
    }

    /// Returns the string. Its escapes were checked before the grammar ran.
    pub(super) fn string(self) -> Option<Spanned<Str>> {
        let inner = self.text().strip_prefix('"')?.strip_suffix('"')?;
        Some(self.at(Str::new(inner).ok()?))
    }

    /// Returns the string or the name as a key.
    pub(super) fn key(self) -> Option<Spanned<Key>> {
        let node = match self.rule() {
            Rule::string => Key::Quoted(self.string()?.node),
            _ => Key::Word(self.text().to_owned()),
        };
        Some(self.at(node))
    }

    pub(super) fn string_in(self) -> Option<Spanned<Str>> {
        self.first(Rule::string)?.string()
    }

    pub(super) fn one_or_list(self) -> Option<OneOrList> {
        match self.first(Rule::strings) {
            Some(list) => {
                let strings = list.all(Rule::string).map(Part::string);
                Some(OneOrList::List(strings.collect::<Option<_>>()?))
            }
            None => self.string_in().map(OneOrList::One),
        }
    }
}

impl Reader<'_> {
    pub(super) fn integer(&mut self, part: Part<'_>) -> Spanned<i64> {
        let value = part.text().parse().unwrap_or_else(|_| {
            self.error(Kind::NumberTooLarge, part.span());
            0
        });
        part.at(value)
    }

    pub(super) fn duration_in(&mut self, part: Part<'_>) -> Option<Spanned<Duration>> {
        let part = part.first(Rule::duration)?;
        let text = part.text();
        let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
        let unit = match text.chars().last()? {
            's' => DurationUnit::Seconds,
            'm' => DurationUnit::Minutes,
            'h' => DurationUnit::Hours,
            _ => DurationUnit::Days,
        };
        let count = digits.parse().unwrap_or_else(|_| {
            self.error(Kind::NumberTooLarge, part.span());
            0
        });
        Some(part.at(Duration { count, unit }))
    }
}
