//! Values that people find plausible: what the policies write, what nearly is that, and what is usual.

mod examples;

use crate::budget::Reason;
use crate::language::{LangId, Languages};
use rolecall_engine::ir::{Formula, TrustedIssuer};
use rolecall_engine::{ClaimId, Scalar};
use std::collections::HashMap;

/// How many examples of one claim are kept.
const MAX_EXAMPLES: usize = 24;

/// The claims of an issuer, and what values they may have.
#[derive(Debug)]
pub(crate) struct Vocabulary<'a> {
    issuer: &'a TrustedIssuer,
    /// What policies write of each claim.
    written: HashMap<ClaimId, Vec<String>>,
    /// What the languages of a question have of each claim.
    fitting: HashMap<ClaimId, Vec<String>>,
}

impl<'a> Vocabulary<'a> {
    pub(crate) fn new(issuer: &'a TrustedIssuer) -> Self {
        Self {
            issuer,
            written: HashMap::new(),
            fitting: HashMap::new(),
        }
    }

    /// Notes what a condition writes.
    pub(crate) fn learn(&mut self, formula: &Formula) {
        formula.each_atom(&mut |atom| {
            let scalar = self.scalar(atom.claim);
            let written = self.written.entry(atom.claim).or_default();
            if written.len() < MAX_EXAMPLES {
                written.extend(examples::of(&atom.question, scalar));
            }
        });
    }

    /// Notes a value of a claim that a language has.
    pub(crate) fn learn_word(&mut self, claim: ClaimId, word: &[u8]) {
        let fitting = self.fitting.entry(claim).or_default();
        if fitting.len() < MAX_EXAMPLES
            && let Ok(word) = std::str::from_utf8(word)
        {
            fitting.push(word.to_owned());
        }
    }

    /// The values of a claim's type.
    pub(crate) fn domain(&self, claim: ClaimId, languages: &mut Languages) -> Result<LangId, Reason> {
        languages.domain(self.scalar(claim))
    }

    /// The type of a claim's values.
    pub(crate) fn scalar(&self, claim: ClaimId) -> &'a Scalar {
        let definition = self.issuer.profile.claim(claim);
        definition.map_or(&Scalar::Text, |definition| definition.claim_type.scalar())
    }

    /// How many derivations a claim has.
    pub(crate) fn layouts(&self, claim: ClaimId) -> usize {
        let derivations = self.issuer.derivations.iter();
        derivations.filter(|derivation| derivation.claim == claim).count()
    }

    /// Whether the words of a claim say only whether it is a list.
    pub(crate) fn is_list(&self, claim: ClaimId) -> bool {
        let definition = self.issuer.profile.claim(claim);
        definition.is_some_and(|definition| definition.claim_type.is_list())
    }

    /// Whether tokens may lack the claim.
    pub(crate) fn is_optional(&self, claim: ClaimId) -> bool {
        let definition = self.issuer.profile.claim(claim);
        definition.is_some_and(|definition| definition.optional)
    }

    /// Values of a claim, or elements of a list, that people find plausible, the best first.
    pub(crate) fn plausible(&self, claim: ClaimId) -> Vec<Vec<u8>> {
        let scalar = self.scalar(claim);
        let written = self.written.get(&claim).map(Vec::as_slice).unwrap_or_default();
        let fitting = self.fitting.get(&claim).map(Vec::as_slice).unwrap_or_default();
        let usual = examples::usual(scalar);
        // The values of an enum are usual before all that is made up.
        let (listed, usual) = match scalar {
            Scalar::Enum { .. } => (usual, Vec::new()),
            _ => (Vec::new(), usual),
        };
        let near = written
            .iter()
            .flat_map(|text| examples::near_misses(text, scalar));
        let mut values: Vec<Vec<u8>> = Vec::new();
        let known = written.iter().cloned().chain(listed);
        let made_up = near.chain(usual).chain(fitting.iter().cloned());
        for text in known.chain(made_up) {
            let word = text.into_bytes();
            if !values.contains(&word) {
                values.push(word);
            }
        }
        values
    }
}
