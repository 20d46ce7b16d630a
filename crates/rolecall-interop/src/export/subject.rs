//! Subjects: the texts of `sub` that tokens of an alternative have, from the layouts of their issuer.
//!
//! A system that does not see a claim may see it in the subject.

use super::alternatives::Alternative;
use super::texts::{Texts, has, joined};
use rolecall_engine::ClaimId;
use rolecall_engine::pattern::WildcardPiece;
use rolecall_engine::{Filter, Part};

/// The most subjects of an alternative.
const MAX_SUBJECTS: usize = 64;

type Pieces = Vec<WildcardPiece>;

impl Alternative<'_> {
    /// Returns the claim `sub`.
    pub(super) fn subject(&self) -> Option<ClaimId> {
        self.profile().claim_by_path(&["sub".to_owned()])
    }

    /// Returns whether a layout of the subject has the value of a claim.
    pub(super) fn is_in_subject(&self, claim: ClaimId) -> bool {
        let subject = self.subject();
        let layouts = self.issuer.derivations.iter();
        let mut layouts = layouts.filter(|derivation| Some(derivation.claim) == subject);
        layouts.any(|layout| layout.template.claims().any(|(inner, _)| inner == claim))
    }

    /// Returns wildcards for the subjects, each of one layout. Those of a layout that lacks a claim can be too wide.
    pub(super) fn subjects(&self) -> Vec<Pieces> {
        let Some(subject) = self.subject() else {
            return Vec::new();
        };
        let derivations = self.issuer.derivations.iter();
        let layouts = derivations
            .filter(|derivation| derivation.claim == subject && self.truth(&derivation.when) != Some(false));
        let mut filled: Vec<Pieces> = layouts
            .flat_map(|layout| self.filled(&layout.template.parts))
            .collect();
        if let Some(asked) = self.texts(subject) {
            filled = asked.iter().flat_map(|asked| within(asked, &filled)).collect();
        } else if filled.is_empty() {
            filled.push(vec![WildcardPiece::Run]);
        }
        filled.sort_by_key(|pieces| format!("{pieces:?}"));
        filled.dedup();
        filled.truncate(MAX_SUBJECTS);
        filled
    }

    /// Returns the texts of a layout.
    pub(super) fn filled(&self, parts: &[Part]) -> Vec<Pieces> {
        let mut all: Vec<Pieces> = vec![Vec::new()];
        for part in parts {
            let next: Vec<Pieces> = match part {
                Part::Text(text) => vec![vec![WildcardPiece::Text(text.as_str().into())]],
                Part::Claim(claim, filter) => {
                    let texts = self.texts(*claim).unwrap_or_default();
                    let mut values: Vec<Pieces> =
                        texts.iter().map(|texts| filtered(texts, *filter)).collect();
                    values.dedup();
                    match values.is_empty() {
                        true => vec![vec![WildcardPiece::Run]],
                        false => values,
                    }
                }
                Part::Optional(inner) => {
                    let is_claim = |part: &Part| match part {
                        Part::Claim(claim, _) => Some(*claim),
                        Part::Optional(_) | Part::Text(_) => None,
                    };
                    let has: Vec<Option<bool>> = inner
                        .iter()
                        .filter_map(is_claim)
                        .map(|claim| self.has(claim))
                        .collect();
                    let mut ways = Vec::new();
                    if !has.contains(&Some(false)) {
                        ways.extend(self.filled(inner));
                    }
                    if has.iter().any(|has| *has != Some(true)) {
                        ways.push(Vec::new());
                    }
                    ways
                }
            };
            all = all
                .iter()
                .flat_map(|start| next.iter().map(|end| [start.as_slice(), end].concat()))
                .collect();
            all.truncate(MAX_SUBJECTS);
        }
        all.into_iter().map(joined).collect()
    }
}

/// Returns the subjects of layouts that are among those that are asked for.
fn within(asked: &Texts, layouts: &[Pieces]) -> Vec<Pieces> {
    let asked = asked.pieces();
    let narrower: Vec<Pieces> = layouts
        .iter()
        .filter(|layout| has(&asked, layout))
        .cloned()
        .collect();
    match narrower.is_empty() {
        // No layout is known to be narrower.
        true if layouts.is_empty() || layouts.iter().any(|layout| has(layout, &asked)) => vec![asked],
        true if asked.contains(&WildcardPiece::Run) => vec![asked],
        _ => narrower,
    }
}

/// Returns what a filter makes of texts, or of more texts.
fn filtered(texts: &Texts, filter: Option<Filter>) -> Pieces {
    let pieces = texts.pieces();
    let encoded = |piece: &WildcardPiece| match piece {
        WildcardPiece::Text(text) => WildcardPiece::Text(text.replace(':', "%3A").into()),
        other => other.clone(),
    };
    match filter {
        None => pieces,
        Some(Filter::ColonEncoded) => pieces.iter().map(encoded).collect(),
        Some(Filter::Parent) => split(&pieces).0,
        Some(Filter::Name) => split(&pieces).1,
    }
}

/// Splits texts at their last `/`, if it is seen.
fn split(pieces: &[WildcardPiece]) -> (Pieces, Pieces) {
    let text = |text: &str| match text.is_empty() {
        true => None,
        false => Some(WildcardPiece::Text(text.into())),
    };
    let last = pieces
        .iter()
        .rposition(|piece| matches!(piece, WildcardPiece::Text(text) if text.contains('/')));
    let parts = last.and_then(|last| match pieces.get(last) {
        Some(WildcardPiece::Text(middle)) => {
            let (before, after) = middle.rsplit_once('/')?;
            let (start, rest) = pieces.split_at(last);
            let parent = start.iter().cloned().chain(text(before)).collect();
            let name = text(after)
                .into_iter()
                .chain(rest.iter().skip(1).cloned())
                .collect();
            Some((parent, name))
        }
        _ => None,
    });
    parts.unwrap_or_else(|| (vec![WildcardPiece::Run], vec![WildcardPiece::Run]))
}
