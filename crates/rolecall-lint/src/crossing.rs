//! Wildcards that cross a delimiter: the narrower pattern, and the condition that a token shows the danger.

use crate::ask;
use crate::clause::ClauseView;
use crate::layouts::parts;
use rolecall_engine::ir::Formula;
use rolecall_engine::pattern::{Pattern, Regulars, Wildcard, WildcardPiece};
use rolecall_engine::{ClaimId, Part, Scalar};
use rolecall_syntax::Str;
use std::collections::BTreeSet;

/// Returns the condition that a wildcard matches more than it seems to. In a derived claim, a `*` between two `:` may stand
/// for several parts of the layout; the value of a claim in it must not have such parts of its own.
pub(crate) fn danger(view: &ClauseView<'_>, claim: ClaimId, wildcard: &Wildcard, narrow: Pattern) -> Formula {
    let beyond = ask::not(ask::fits(claim, narrow));
    if !view.is_derived(claim) {
        return beyond;
    }
    let Some((of_parts, _)) = regex(wildcard, Whole::Parts) else {
        return beyond;
    };
    let may_hold = parts(view.issuer, claim).filter_map(|part| match part {
        Part::Claim(inner, None) if *view.definition(*inner).claim_type.scalar() == Scalar::Text => {
            Some(*inner)
        }
        _ => None,
    });
    let texts: BTreeSet<ClaimId> = may_hold.collect();
    let colon = Str::new("*:*")
        .ok()
        .map(|text| Pattern::Like(Wildcard::new(&text)));
    let of_value = colon.map(|colon| {
        let values = texts.into_iter().map(|inner| ask::fits(inner, colon.clone()));
        ask::all([beyond, ask::any(values.collect::<Vec<Formula>>())])
    });
    ask::any([ask::not(ask::fits(claim, of_parts))].into_iter().chain(of_value))
}

/// The meaning of a `*` that is a whole part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Whole {
    /// One name.
    Name,
    /// Several segments of a path.
    Segments,
    /// Several parts of a layout.
    Parts,
}

/// Returns the pattern with each `*` before the end limited to its part, as a regex and as a glob.
pub(crate) fn narrow(wildcard: &Wildcard, is_made: bool) -> Option<(Pattern, String)> {
    let (_, inner) = wildcard.pieces().split_last()?;
    if !inner.contains(&WildcardPiece::Run) {
        return None;
    }
    regex(wildcard, if is_made { Whole::Segments } else { Whole::Name })
}

fn regex(wildcard: &Wildcard, whole: Whole) -> Option<(Pattern, String)> {
    let (mut regex, mut glob) = (String::new(), String::new());
    let mut rest = wildcard.pieces().iter().peekable();
    while let Some(piece) = rest.next() {
        match (piece, rest.peek()) {
            (WildcardPiece::One, _) => {
                regex.push_str("(.|\n)");
                glob.push('?');
            }
            (WildcardPiece::Run, None) => {
                regex.push_str("(.|\n)*");
                glob.push('*');
            }
            (WildcardPiece::Run, Some(next)) => {
                let begins = glob.is_empty() || glob.ends_with(['/', ':']);
                let ends = matches!(next, WildcardPiece::Text(text) if text.starts_with(['/', ':']));
                let is_between = |c: char| {
                    let is_next = matches!(next, WildcardPiece::Text(text) if text.starts_with(c));
                    glob.ends_with(c) && is_next
                };
                let is_whole = begins && ends && whole != Whole::Name;
                regex.push_str(match whole {
                    Whole::Parts if is_between(':') => "(.|\n)*",
                    _ if is_whole => "[^:]*",
                    _ => "[^:/]*",
                });
                // Between two `/`, `**` may also stand for no segment.
                let is_segment = is_whole
                    && (glob.ends_with('/')
                        || matches!(next, WildcardPiece::Text(text) if text.starts_with('/')));
                glob.push_str(match is_whole {
                    true if is_segment => "*/**",
                    true => "**",
                    false => "*",
                });
            }
            (WildcardPiece::Text(text), _) => {
                for c in text.chars() {
                    if !c.is_alphanumeric() && c.is_ascii_punctuation() && !matches!(c, '<' | '>') {
                        regex.push('\\');
                    }
                    regex.push(c);
                }
                glob.push_str(&Str::quote(text).raw().replace('*', "\\*").replace('?', "\\?"));
            }
        }
    }
    let regular = Regulars::default().compile(&regex).ok()?;
    Some((Pattern::Matches(regular), glob))
}
