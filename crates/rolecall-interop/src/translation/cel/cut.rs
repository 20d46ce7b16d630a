//! Texts of several parts that equal another text: all ways to cut it.

use super::outcome::{Outcome, joined};
use super::value::Piece;
use crate::notice::Notice;
use crate::translation::claim::{Wanted, WantedValue, fits};
use crate::translation::condition::{all, any, has, not};
use rolecall_engine::ir::ClaimDefinition;
use rolecall_syntax::Span;

/// The most ways to cut a text.
const MAX_CUTS: usize = 1_000;

/// The texts of the claims of some parts.
type Cut<'c> = Vec<(&'c ClaimDefinition, String)>;

/// Returns the outcome of `a + "x" + b == "…"`. If a claim is absent or null, it is an error.
pub(in crate::translation) fn cut(pieces: &[Piece<'_>], text: &str, span: Span) -> Outcome {
    let Some(cuts) = cuts(pieces, text) else {
        let message = format!("there are more than {MAX_CUTS} ways in which the claims can give this text");
        let help = "compare the claims one by one";
        return Outcome::refused(Notice::refused("condition-too-large", message, help, span));
    };
    let mut ways = Vec::new();
    for cut in cuts {
        let parts = cut.into_iter().map(|(claim, text)| {
            let value = WantedValue::Exactly(text);
            fits(claim, &[Wanted { value, span }], span)
        });
        match parts.collect::<Result<Vec<_>, _>>() {
            Ok(parts) => ways.push(all(parts, span)),
            Err(_) => {
                let message = "a part of the text is not compared with texts";
                let help = "compare the claims one by one";
                let notice = Notice::refused("expression-not-translated", message, help, span);
                return Outcome::refused(notice);
            }
        }
    }
    let holds = any(ways, span);
    let claims = pieces.iter().filter_map(|piece| match piece {
        Piece::Claim(claim) => Some(Ok(has(&claim.path, span))),
        Piece::Text(_) => None,
    });
    Outcome {
        fails: joined(claims.chain([Ok(not(holds.clone()))]).collect(), span, true),
        holds: Ok(holds),
    }
}

/// Returns all ways to cut a text into the parts, or nothing if they are too many.
fn cuts<'c>(pieces: &[Piece<'c>], text: &str) -> Option<Vec<Cut<'c>>> {
    // The texts that are left after the parts so far, each with the texts of the claims before.
    let mut states: Vec<(Cut<'c>, &str)> = vec![(Vec::new(), text)];
    for piece in pieces {
        let mut next = Vec::new();
        for (cut, rest) in &states {
            match piece {
                Piece::Text(part) => {
                    next.extend(rest.strip_prefix(part.as_str()).map(|rest| (cut.clone(), rest)));
                }
                Piece::Claim(claim) => {
                    let ends = rest.char_indices().map(|(at, _)| at).chain([rest.len()]);
                    for end in ends {
                        let (part, rest) = rest.split_at_checked(end)?;
                        let mut cut = cut.clone();
                        cut.push((*claim, part.to_owned()));
                        next.push((cut, rest));
                    }
                }
            }
            if next.len() > MAX_CUTS {
                return None;
            }
        }
        states = next;
    }
    let whole = states.into_iter().filter(|(_, rest)| rest.is_empty());
    Some(whole.map(|(cut, _)| cut).collect())
}
