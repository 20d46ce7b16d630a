//! Plausible values of claims: the values in the policies, similar ones, and common ones.

mod examples;

use crate::budget::Undecided;
use crate::formula::Choices;
use crate::language::{ABSENT, LangId, Languages};
use crate::meter::{row, sum};
use crate::variable::{Choice, Variable};
use hashbrown::HashMap;
use rolecall_engine::ir::{Formula, TrustedIssuer};
use rolecall_engine::{ClaimId, Scalar};

/// The most examples of one claim that are kept.
const MAX_EXAMPLES: usize = 24;

/// The claims of an issuer and their plausible values.
#[derive(Debug)]
pub(crate) struct Vocabulary<'a> {
    issuer: &'a TrustedIssuer,
    /// The values of each claim in the policies.
    written: HashMap<ClaimId, Vec<String>>,
    /// The choices of the token that others should be similar to.
    example: Option<Choices>,
    /// The claims that may differ from the example; any may if it is `None`.
    changeable: Option<Vec<ClaimId>>,
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
            changeable: None,
        }
    }

    /// Returns the size in bytes.
    pub(crate) fn size(&self) -> usize {
        let texts = self
            .written
            .values()
            .flatten()
            .map(|text| row::<u8>(text.capacity()));
        let rows = self.written.values().map(|texts| row::<String>(texts.capacity()));
        sum(texts.chain(rows).chain([self.written.allocation_size()]))
    }

    /// Sets the choices of the token that others should be similar to. It must be of the same issuer.
    pub(crate) fn prefer(&mut self, example: &Choices) {
        self.example = Some(example.clone());
    }

    /// Sets the choices of a token, and the claims that may differ from it.
    pub(crate) fn fix_but(&mut self, changeable: &[ClaimId], token: &Choices) {
        self.prefer(token);
        self.changeable = Some(changeable.to_vec());
    }

    /// Returns the choice of a variable that may not differ from the token's.
    pub(crate) fn fixed(&self, variable: Variable) -> Option<Choice> {
        let changeable = self.changeable.as_ref()?;
        let is_fixed = variable.claim().is_some_and(|claim| !changeable.contains(&claim));
        is_fixed.then(|| self.preferred(variable))?
    }

    /// Returns whether some variables must have the choices of the example.
    pub(crate) fn is_fixing(&self) -> bool {
        self.changeable.is_some()
    }

    /// Returns the choice that makes a token similar to the example. A claim that does not matter to the
    /// example is absent.
    pub(crate) fn preferred(&self, variable: Variable) -> Option<Choice> {
        let example = self.example.as_ref()?;
        let known = match variable {
            // The equations and the external conditions of the example may have been others.
            Variable::Equation(_) | Variable::External(_) => None,
            Variable::Claim(claim) | Variable::Left(claim) => {
                let left = example.get(&Variable::Left(claim));
                left.or_else(|| example.get(&Variable::Claim(claim)))
            }
            variable => example.get(&variable),
        };
        known.cloned().or(match variable {
            Variable::Claim(_) | Variable::Derivation(_) => Some(Choice::Word(ABSENT.to_vec())),
            Variable::Elements(_)
            | Variable::Equation(_)
            | Variable::External(_)
            | Variable::Left(_)
            | Variable::Open(_) => None,
        })
    }

    /// Adds the values in a condition.
    pub(crate) fn learn(&mut self, formula: &Formula) {
        formula.each_atom(&mut |atom, _| {
            let scalar = self.scalar(atom.claim);
            let written = self.written.entry(atom.claim).or_default();
            if written.len() < MAX_EXAMPLES {
                written.extend(examples::of(&atom.question, scalar));
            }
        });
    }

    /// Returns the language of the values of a claim's type.
    pub(crate) fn domain(&self, claim: ClaimId, languages: &mut Languages) -> Result<LangId, Undecided> {
        languages.domain(self.scalar(claim))
    }

    /// Returns the type of a claim's values.
    pub(crate) fn scalar(&self, claim: ClaimId) -> &'a Scalar {
        self.issuer.profile[claim].claim_type.scalar()
    }

    /// Returns the number of derivations of a claim.
    pub(crate) fn derivations(&self, claim: ClaimId) -> usize {
        let derivations = self.issuer.derivations.iter();
        derivations.filter(|derivation| derivation.claim == claim).count()
    }

    /// Returns whether a claim is a list. The word of a list only tells whether it is one.
    pub(crate) fn is_list(&self, claim: ClaimId) -> bool {
        self.issuer.profile[claim].claim_type.is_list()
    }

    /// Returns whether tokens may omit the claim.
    pub(crate) fn is_optional(&self, claim: ClaimId) -> bool {
        self.issuer.profile[claim].optional
    }

    /// Returns whether the claim may be null, which `is null` tells from absent.
    pub(crate) fn is_nullable(&self, claim: ClaimId) -> bool {
        self.issuer.profile[claim].nullable
    }

    /// Returns plausible values of a claim, or elements of a list, the best first.
    pub(crate) fn plausible(&self, claim: ClaimId) -> impl Iterator<Item = Vec<u8>> {
        let scalar = self.scalar(claim);
        let written = self.written.get(&claim).map_or(&[][..], Vec::as_slice);
        // The values of an enum come before invented ones.
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
