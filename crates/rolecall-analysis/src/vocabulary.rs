//! Values that people find plausible: what the policies write, what nearly is that, and what is usual.

mod examples;

use crate::budget::Undecided;
use crate::formula::Choices;
use crate::language::{ABSENT, LangId, Languages};
use crate::meter::row;
use crate::variable::{Choice, Variable};
use hashbrown::HashMap;
use rolecall_engine::ir::{Formula, TrustedIssuer};
use rolecall_engine::{ClaimId, Scalar};

/// How many examples of one claim are kept.
const MAX_EXAMPLES: usize = 24;

/// The claims of an issuer, and what values they may have.
#[derive(Debug)]
pub(crate) struct Vocabulary<'a> {
    issuer: &'a TrustedIssuer,
    /// What policies write of each claim.
    written: HashMap<ClaimId, Vec<String>>,
    /// What was chosen for the token that others are to be like.
    example: Option<Choices>,
}

impl<'a> Vocabulary<'a> {
    pub(crate) fn new(issuer: &'a TrustedIssuer) -> Self {
        let mut written = HashMap::new();
        let claim = |name: &str| issuer.profile.claim_by_path(&[name.to_owned()]);
        if let (Some(iss), Some(aud)) = (claim("iss"), claim("aud")) {
            written.insert(iss, vec![issuer.issuer.url.clone()]);
            let audiences = issuer.issuer.audiences.iter().take(MAX_EXAMPLES);
            written.insert(aud, audiences.cloned().collect());
        }
        Self {
            issuer,
            written,
            example: None,
        }
    }

    /// The bytes that it takes.
    pub(crate) fn size(&self) -> usize {
        let texts = self
            .written
            .values()
            .flatten()
            .map(|text| row::<u8>(text.capacity()));
        let rows = self.written.values().map(|texts| row::<String>(texts.capacity()));
        texts
            .chain(rows)
            .fold(self.written.allocation_size(), usize::saturating_add)
    }

    /// From now on tokens are to be like one of the same issuer, of which this was chosen.
    pub(crate) fn prefer(&mut self, example: &Choices) {
        self.example = Some(example.clone());
    }

    /// What to choose for a token to be like the example. A claim that does not matter to the example is absent from it.
    pub(crate) fn preferred(&self, variable: Variable) -> Option<Choice> {
        let example = self.example.as_ref()?;
        example.get(&variable).cloned().or(match variable {
            Variable::Claim(_) | Variable::Layout(_) => Some(Choice::Word(ABSENT.to_vec())),
            Variable::Elements(_) | Variable::Open(_) => None,
        })
    }

    /// Notes what a condition writes.
    pub(crate) fn learn(&mut self, formula: &Formula) {
        formula.each_atom(&mut |atom, _| {
            let scalar = self.scalar(atom.claim);
            let written = self.written.entry(atom.claim).or_default();
            if written.len() < MAX_EXAMPLES {
                written.extend(examples::of(&atom.question, scalar));
            }
        });
    }

    /// The values of a claim's type.
    pub(crate) fn domain(&self, claim: ClaimId, languages: &mut Languages) -> Result<LangId, Undecided> {
        languages.domain(self.scalar(claim))
    }

    /// The type of a claim's values.
    pub(crate) fn scalar(&self, claim: ClaimId) -> &'a Scalar {
        self.issuer.profile[claim].claim_type.scalar()
    }

    /// How many derivations a claim has.
    pub(crate) fn layouts(&self, claim: ClaimId) -> usize {
        let derivations = self.issuer.derivations.iter();
        derivations.filter(|derivation| derivation.claim == claim).count()
    }

    /// Whether the words of a claim say only whether it is a list.
    pub(crate) fn is_list(&self, claim: ClaimId) -> bool {
        self.issuer.profile[claim].claim_type.is_list()
    }

    /// Whether tokens may lack the claim.
    pub(crate) fn is_optional(&self, claim: ClaimId) -> bool {
        self.issuer.profile[claim].optional
    }

    /// Values of a claim, or elements of a list, that people find plausible, the best first.
    pub(crate) fn plausible(&self, claim: ClaimId) -> impl Iterator<Item = Vec<u8>> {
        let scalar = self.scalar(claim);
        let written = self.written.get(&claim).map(Vec::as_slice).unwrap_or_default();
        // The values of an enum are usual before all that is made up.
        let is_listed = matches!(scalar, Scalar::Enum { .. });
        let usual = move |wanted: bool| {
            let usual = (is_listed == wanted).then(|| examples::usual(scalar));
            usual.into_iter().flatten()
        };
        let near = written
            .iter()
            .flat_map(|text| examples::near_misses(text, scalar));
        let listed = std::iter::once(true).flat_map(usual);
        let others = std::iter::once(false).flat_map(usual);
        let all = written.iter().cloned().chain(listed).chain(near).chain(others);
        all.map(String::into_bytes)
    }
}
