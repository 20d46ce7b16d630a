//! Cuts of a text by a template: the value that the text has for each claim of the template.

use super::MAX_PARTS;
use crate::certain::{next, plus};
use crate::id::ClaimId;
use crate::template::{Filter, Part};

/// The values that a claim may have in a cut.
pub(crate) struct CutRules<'r> {
    /// Returns the value that a token has for a claim, if there is a token and it has one.
    pub(crate) own: &'r dyn Fn(ClaimId, Option<Filter>) -> Option<String>,
    /// Returns true if a text may be the value of a claim.
    pub(crate) accepts: &'r dyn Fn(ClaimId, Option<Filter>, &str) -> bool,
    /// Returns true if an optional part may be omitted.
    pub(crate) may_omit: &'r dyn Fn(&[Part]) -> bool,
}

/// A value in a cut text.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct CutValue<'t> {
    pub(crate) claim: ClaimId,
    pub(crate) filter: Option<Filter>,
    pub(crate) text: &'t str,
    /// True if it is the token's own value.
    pub(crate) is_own: bool,
}

/// Cuts a text by the parts of a template: the first cut, in which claims have the token's own values where
/// possible. A value that is not the token's own has no `:`.
///
/// `left` is the number of steps that may be taken; the result is `None` if they are not enough.
pub(crate) fn cut<'t>(
    parts: &[Part],
    text: &'t str,
    rules: &CutRules<'_>,
    left: &mut usize,
) -> Option<Vec<CutValue<'t>>> {
    let mut steps = Vec::new();
    add(parts, rules, &mut steps);
    if steps.len() > MAX_PARTS {
        return None;
    }
    let mut walk = Walk {
        steps: &steps,
        rules,
        left,
        values: Vec::new(),
    };
    walk.from(0, text).then_some(walk.values)
}

/// A part of a template. Optional parts are flattened.
enum Step<'p> {
    Claim {
        claim: ClaimId,
        filter: Option<Filter>,
        own: Option<String>,
    },
    /// The steps from the next one to this index may be omitted, if the second is true.
    Optional(usize, bool),
    Text(&'p str),
}

fn add<'p>(parts: &'p [Part], rules: &CutRules<'_>, steps: &mut Vec<Step<'p>>) {
    for part in parts {
        match part {
            Part::Claim(claim, filter) => steps.push(Step::Claim {
                claim: *claim,
                filter: *filter,
                own: (rules.own)(*claim, *filter),
            }),
            Part::Text(text) => steps.push(Step::Text(text)),
            Part::Optional(inner) => {
                let at = steps.len();
                steps.push(Step::Optional(at, (rules.may_omit)(inner)));
                add(inner, rules, steps);
                let end = steps.len();
                if let Some(Step::Optional(after, _)) = steps.get_mut(at) {
                    *after = end;
                }
            }
        }
    }
}

/// A walk over the steps of a template and the characters of a text.
struct Walk<'w, 'p, 'r, 't> {
    steps: &'w [Step<'p>],
    rules: &'w CutRules<'r>,
    left: &'w mut usize,
    values: Vec<CutValue<'t>>,
}

impl<'t> Walk<'_, '_, '_, 't> {
    /// Returns true if the steps from one on give this text. Their values are added.
    fn from(&mut self, at: usize, text: &'t str) -> bool {
        let Some(left) = self.left.checked_sub(1) else {
            return false;
        };
        *self.left = left;
        let after = next(at);
        match self.steps.get(at) {
            None => text.is_empty(),
            Some(Step::Text(start)) => text
                .strip_prefix(start)
                .is_some_and(|rest| self.from(after, rest)),
            Some(Step::Optional(end, may_omit)) => {
                let end = *end;
                (*may_omit && self.from(end, text)) || self.from(after, text)
            }
            Some(Step::Claim { claim, filter, own }) => {
                let own = own.as_deref().filter(|own| text.starts_with(own));
                own.is_some_and(|own| self.through(at, (*claim, *filter), text, own.len(), true))
                    || self.through_others((*claim, *filter), at, text)
            }
        }
    }

    /// Tries values that are not the token's own: up to each place where the text after the claim begins, at
    /// most to the next `:`.
    fn through_others(&mut self, claim: (ClaimId, Option<Filter>), at: usize, text: &'t str) -> bool {
        let window = text.find(':').unwrap_or(text.len());
        match self.steps.get(next(at)) {
            Some(Step::Text(start)) => {
                let ends = text.match_indices(*start).map(|(end, _)| end);
                let ends = ends.take_while(|end| *end <= window);
                ends.into_iter()
                    .any(|end| self.through(at, claim, text, end, false))
            }
            _ => self.through(at, claim, text, window, false),
        }
    }

    fn through(
        &mut self,
        at: usize,
        (claim, filter): (ClaimId, Option<Filter>),
        text: &'t str,
        end: usize,
        is_own: bool,
    ) -> bool {
        let Some((value, rest)) = text.split_at_checked(end) else {
            return false;
        };
        let accepts = self.rules.accepts;
        if !is_own && !accepts(claim, filter, value) {
            return false;
        }
        let before = self.values.len();
        self.values.push(CutValue {
            claim,
            filter,
            text: value,
            is_own,
        });
        let is_cut = self.from(plus(at, 1), rest);
        if !is_cut {
            self.values.truncate(before);
        }
        is_cut
    }
}
