//! Plausible values of claims: the values in the policies, similar ones, and common ones.

mod examples;

pub(crate) use examples::is_invented;

use crate::budget::Undecided;
use crate::formula::Choices;
use crate::language::{ABSENT, LangId, Languages};
use crate::meter::{row, sum};
use crate::times;
use crate::variable::{Choice, Variable};
use examples::Example;
use hashbrown::HashMap;
use rolecall_engine::ir::{Formula, TrustedIssuer};
use rolecall_engine::{ClaimId, Scalar};

/// The most examples of one claim that are kept.
const MAX_EXAMPLES: usize = 24;

/// The claims of an issuer and their plausible values.
#[derive(Debug)]
pub(crate) struct Vocabulary<'a> {
    issuer: &'a TrustedIssuer,
    /// The values of each claim in the policies, and values that fit their patterns.
    written: HashMap<ClaimId, Vec<Example>>,
    /// The choices of tokens in the policies' tests, whose values come before all others.
    tested: Vec<Choices>,
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
            written.insert(iss, vec![Example::written(&issuer.issuer.url)]);
            let audiences = issuer.issuer.audiences.iter().take(MAX_EXAMPLES);
            written.insert(aud, audiences.map(Example::written).collect());
        }
        Self {
            issuer,
            written,
            tested: Vec::new(),
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
            .flat_map(Example::texts)
            .map(|text| row::<u8>(text.capacity()));
        let rows = self
            .written
            .values()
            .map(|texts| row::<Example>(texts.capacity()));
        let tested = self.tested.iter().flat_map(Choices::values).map(Choice::size);
        let tested = tested.chain([row::<Choices>(self.tested.capacity())]);
        sum(texts
            .chain(rows)
            .chain(tested)
            .chain([self.written.allocation_size()]))
    }

    /// Sets the choices of the token that others should be similar to. It must be of the same issuer.
    pub(crate) fn prefer(&mut self, example: &Choices) {
        self.example = Some(example.clone());
    }

    /// Sets the choices of tokens whose values come before all others. They must be of the same issuer.
    pub(crate) fn prefer_tested(&mut self, tokens: impl Iterator<Item = Choices>) {
        self.tested = tokens.take(MAX_EXAMPLES).collect();
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
    ///
    /// Values in tests come first. Of the values in the policies, the usual ones of the type come first, in their order: an enum lists the
    /// commonest one first. A token that is repaired gets values that its owner could choose; any other token shows
    /// where a pattern accepts too much.
    pub(crate) fn plausible(&self, claim: ClaimId) -> impl Iterator<Item = Vec<u8>> {
        let scalar = self.scalar(claim);
        let is_repair = self.is_fixing();
        let usual = examples::usual(scalar);
        let mut written: Vec<&Example> = self.written.get(&claim).into_iter().flatten().collect();
        let rank = |example: &&Example| {
            // No path is more usual than another one.
            let place = usual
                .iter()
                .position(|usual| *usual == example.text && !scalar.is_path());
            place.unwrap_or(usual.len())
        };
        written.sort_by_key(rank);
        let near = written.clone().into_iter();
        let near = near.flat_map(|example| examples::near_misses(&example.text, scalar));
        let written = written.into_iter().flat_map(move |example| {
            let natural = example.natural.iter().filter(move |_| is_repair);
            natural.chain([&example.text]).cloned()
        });
        // The values of an enum come before invented ones.
        let is_listed = matches!(scalar, Scalar::Enum { .. });
        let (listed, others) = if is_listed {
            (usual, Vec::new())
        } else {
            (Vec::new(), usual)
        };
        let times = self.times(claim).into_iter().map(String::into_bytes);
        let all = written.chain(listed).chain(near).chain(others);
        times.chain(self.tested(claim)).chain(all.map(String::into_bytes))
    }

    /// Returns the values of a claim in tests.
    fn tested(&self, claim: ClaimId) -> impl Iterator<Item = Vec<u8>> {
        // The word of a list is not an element.
        let variable = match self.is_list(claim) {
            true => Variable::Elements(claim),
            false => Variable::Claim(claim),
        };
        let choices = self.tested.iter().filter_map(move |token| {
            let choice = token.get(&variable);
            choice.or_else(|| token.get(&Variable::Left(claim)))
        });
        choices.flat_map(|choice| match choice {
            Choice::Elements(elements) => elements.clone(),
            Choice::Word(word) => vec![word.clone()],
        })
    }

    /// Returns a time for `iat` or `exp` that fits the other one of the example.
    fn times(&self, claim: ClaimId) -> Option<String> {
        let is = |name: &str| self.issuer.profile.claim_by_path(&[name.to_owned()]);
        let (name, other) = times::PAIR
            .into_iter()
            .find(|(name, _)| is(name) == Some(claim))?;
        let other =
            is(other).and_then(
                |other| match self.example.as_ref()?.get(&Variable::Claim(other))? {
                    Choice::Word(word) => std::str::from_utf8(word).ok()?.parse().ok(),
                    Choice::Elements(_) => None,
                },
            );
        Some(times::fitting(name, other).to_string())
    }
}
