//! Inclusion of patterns.

use crate::analysis::Analysis;
use crate::budget::Undecided;
use rolecall_engine::pattern::Pattern;

impl Analysis<'_> {
    /// Returns whether each text that a pattern accepts is accepted by one of some others.
    ///
    /// # Errors
    /// [`Undecided`] if the budget of a question does not suffice.
    pub fn is_within(&mut self, pattern: &Pattern, others: &[Pattern]) -> Result<bool, Undecided> {
        self.begin();
        let languages = &mut self.languages;
        let mut outside = languages.pattern(pattern)?;
        for other in others {
            let other = languages.pattern(other)?;
            let other = languages.not(other)?;
            outside = languages.both(outside, other)?;
        }
        Ok(languages.dfa(outside).is_empty())
    }
}
