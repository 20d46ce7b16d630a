//! Changes of a text that lose no comment.

use crate::finding::Edit;
use crate::linting::Linting;
use rolecall_engine::Location;
use rolecall_syntax::ast::Comparison;
use rolecall_syntax::{Span, Spanned};

impl Linting<'_, '_> {
    /// A text in the place of another, unless a comment stands there.
    pub(crate) fn replace(&self, location: Location, text: impl Into<String>) -> Option<Edit> {
        let file = self.trees.files.get(location.file)?;
        let is_inside =
            |comment: Span| comment.start < location.span.end && location.span.start < comment.end;
        let is_free = !file.comments.iter().any(|comment| is_inside(comment.span));
        is_free.then(|| Edit::new(location, text))
    }

    /// What stands before the brace of an item, as the place of what is said of the whole.
    pub(crate) fn head(&self, item: Location) -> Location {
        let start = item.span.start;
        let brace = self.text(item).find('{');
        // The name of a role that is many has braces, too.
        let brace = self.text(item).find(" {").or(brace);
        let end = brace.map_or(item.span.end, |brace| start.saturating_add(brace));
        Location::new(item.file, Span::new(start, end))
    }

    /// The claim of a comparison, as it is written there.
    pub(crate) fn name_at(&self, location: Location) -> Option<&str> {
        let claim = self.trees.comparison(location)?.claim.span();
        Some(self.text(Location::new(location.file, claim)))
    }

    /// Writes another operator and operand in a comparison.
    pub(crate) fn compare_with(
        &self,
        file: usize,
        comparison: &Comparison,
        text: impl Into<String>,
    ) -> Option<Edit> {
        let span = comparison.operator.span.to(comparison.operand.span);
        self.replace(Location::new(file, span), text)
    }

    /// Writes another operator in a comparison.
    pub(crate) fn operator(&self, file: usize, comparison: &Comparison, operator: &str) -> Option<Edit> {
        self.replace(Location::new(file, comparison.operator.span), operator)
    }

    /// Takes one of several parts out, with what joins it to its neighbour: a comma, `&&`, `||`. There is nothing else between
    /// the parts, as a parenthesis would be.
    pub(crate) fn without<T>(
        &self,
        file: usize,
        parts: &[Spanned<T>],
        number: usize,
        joint: &str,
    ) -> Option<Edit> {
        let part = parts.get(number)?;
        let before = number.checked_sub(1).and_then(|before| parts.get(before));
        let after = number.checked_add(1).and_then(|after| parts.get(after));
        let is_joint =
            |start: usize, end: usize| self.text(Location::new(file, Span::new(start, end))).trim() == joint;
        let span = match (before, after) {
            (Some(before), after) => {
                let after = after.is_none_or(|after| is_joint(part.span.end, after.span.start));
                (after && is_joint(before.span.end, part.span.start))
                    .then(|| Span::new(before.span.end, part.span.end))?
            }
            (None, Some(after)) => is_joint(part.span.end, after.span.start)
                .then(|| Span::new(part.span.start, after.span.start))?,
            (None, None) => return None,
        };
        self.replace(Location::new(file, span), "")
    }
}
