//! Names, numbers, strings.

use super::{P, Reader, Rule, all, first};
use crate::ast::{Duration, DurationUnit, Name, OneOrList};
use crate::error::SyntaxErrorKind as Kind;
use crate::span::Spanned;
use crate::string::Str;

impl Reader<'_> {
    pub(super) fn name(&self, pair: &P<'_>) -> Name {
        self.at(pair, pair.as_str().to_owned())
    }

    pub(super) fn name_in(&self, pair: &P<'_>) -> Option<Name> {
        first(pair, Rule::name).map(|name| self.name(&name))
    }

    pub(super) fn names(&self, pair: &P<'_>) -> Vec<Name> {
        all(pair, Rule::name).map(|name| self.name(&name)).collect()
    }

    pub(super) fn integer(&mut self, pair: &P<'_>) -> Spanned<i64> {
        let value = pair.as_str().parse().unwrap_or_else(|_| {
            self.error(Kind::NumberTooLarge, self.span(pair));
            0
        });
        self.at(pair, value)
    }

    pub(super) fn duration_in(&mut self, pair: &P<'_>) -> Option<Spanned<Duration>> {
        let pair = first(pair, Rule::duration)?;
        let text = pair.as_str();
        let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
        let unit = match text.chars().last()? {
            's' => DurationUnit::Seconds,
            'm' => DurationUnit::Minutes,
            'h' => DurationUnit::Hours,
            _ => DurationUnit::Days,
        };
        let count = digits.parse().unwrap_or_else(|_| {
            self.error(Kind::NumberTooLarge, self.span(&pair));
            0
        });
        Some(self.at(&pair, Duration { count, unit }))
    }

    /// A string. Its escapes were checked before the grammar ran.
    pub(super) fn string(&self, pair: &P<'_>) -> Option<Spanned<Str>> {
        let inner = pair.as_str().strip_prefix('"')?.strip_suffix('"')?;
        Some(self.at(pair, Str::new(inner).ok()?))
    }

    pub(super) fn string_in(&self, pair: &P<'_>) -> Option<Spanned<Str>> {
        self.string(&first(pair, Rule::string)?)
    }

    pub(super) fn one_or_list(&self, pair: &P<'_>) -> Option<OneOrList> {
        match first(pair, Rule::strings) {
            Some(list) => Some(OneOrList::List(
                all(&list, Rule::string)
                    .map(|s| self.string(&s))
                    .collect::<Option<_>>()?,
            )),
            None => self.string_in(pair).map(OneOrList::One),
        }
    }
}
