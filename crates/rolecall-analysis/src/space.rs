//! Translation of conditions on the tokens of an issuer into formulas: when a comparison is TRUE, and when it
//! is FALSE.

mod comparison;
mod derived;
mod equality;
mod equation;
mod external;
mod open;
mod verified;

pub(crate) use equation::{EQUAL, Equation, NO_TEXT, UNEQUAL, equations};
pub(crate) use external::{FAILS, HOLDS};
pub(crate) use verified::Demand;

use crate::budget::Undecided;
use crate::formula::{Formulas, NodeId};
use crate::language::{ABSENT, LangId, Languages, NULL};
use crate::meter::{Collection, sum};
use crate::variable::{Atom, Variable};
use hashbrown::HashMap;
use open::OpenQuestion;
use rolecall_engine::ir::{External, TrustedIssuer};
use rolecall_engine::{ClaimId, RoleId, Scalar};
use std::sync::Arc;

/// The tokens of one issuer.
#[derive(Debug)]
pub(crate) struct Space<'a> {
    pub(crate) issuer: &'a TrustedIssuer,
    pub(crate) formulas: Formulas,
    /// The equations that are decided.
    pub(crate) equations: Vec<Equation>,
    /// The reason why each open question cannot be expressed in languages.
    pub(crate) open: Vec<Undecided>,
    /// The index of each open question.
    open_indices: HashMap<OpenQuestion, usize>,
    /// The bytes that the open questions allocate.
    open_size: usize,
    /// The external conditions that questions were about.
    pub(crate) externals: Vec<Arc<External>>,
    /// The formulas of `fits`.
    fitting: HashMap<(ClaimId, LangId), NodeId>,
    /// The formula of each role that was asked about: when a token of the issuer gets it.
    pub(crate) roles: HashMap<RoleId, NodeId>,
    /// The formula that is true of every verified token, for each variable that was asked about.
    demanded: HashMap<Variable, NodeId>,
    /// The formula of the tokens with the right issuer and audience, once it was built.
    universe: Option<NodeId>,
}

impl<'a> Space<'a> {
    pub(crate) fn new(issuer: &'a TrustedIssuer) -> Self {
        Self::with_equations(issuer, Vec::new())
    }

    /// Returns the space of questions with some equations. Its formulas are not those of other questions.
    pub(crate) fn with_equations(issuer: &'a TrustedIssuer, equations: Vec<Equation>) -> Self {
        Self {
            issuer,
            formulas: Formulas::new(),
            equations,
            open: Vec::new(),
            open_indices: HashMap::new(),
            open_size: 0,
            externals: Vec::new(),
            fitting: HashMap::new(),
            roles: HashMap::new(),
            demanded: HashMap::new(),
            universe: None,
        }
    }

    /// Returns the size in bytes.
    pub(crate) fn size(&self) -> usize {
        sum([
            self.formulas.size(),
            self.open.size(),
            self.open_indices.size(),
            self.open_size,
            self.externals.size(),
            self.fitting.size(),
            self.roles.size(),
            self.demanded.size(),
        ])
    }

    /// Returns the formula of the tokens with the right issuer and audience.
    pub(crate) fn universe(&mut self, languages: &mut Languages) -> Result<NodeId, Undecided> {
        if let Some(known) = self.universe {
            return Ok(known);
        }
        let issuer = self.issuer;
        let origin = self.origin(languages)?;
        let audience = self.audience(&issuer.issuer.audiences, languages)?;
        let universe = self.formulas.all([origin, audience], &mut languages.meter)?;
        self.universe = Some(universe);
        Ok(universe)
    }

    /// Returns the formula of the tokens with the right issuer.
    pub(crate) fn origin(&mut self, languages: &mut Languages) -> Result<NodeId, Undecided> {
        if let Some(iss) = self.claim("iss") {
            let url = languages.words([self.issuer.issuer.url.as_bytes()])?;
            if !self.is_derived(iss) {
                return self.word(Variable::Claim(iss), url, languages);
            }
        }
        Ok(NodeId::ALWAYS)
    }

    /// Returns the formula of the tokens whose only audience is one of these.
    pub(crate) fn audience(
        &mut self,
        audiences: &[String],
        languages: &mut Languages,
    ) -> Result<NodeId, Undecided> {
        let Some(aud) = self.claim("aud") else {
            return Ok(NodeId::ALWAYS);
        };
        let mut any = Vec::new();
        for audience in audiences {
            any.push(self.only(aud, audience.as_bytes(), languages)?);
        }
        let list = self.list(aud, languages)?;
        let any = self.formulas.any(any, &mut languages.meter)?;
        self.formulas.all([list, any], &mut languages.meter)
    }

    /// Returns the formula: the claim can be compared, and its text is in the language; or is not, if
    /// `wanted` is false.
    fn fits_or_not(
        &mut self,
        claim: ClaimId,
        language: LangId,
        wanted: bool,
        languages: &mut Languages,
    ) -> Result<NodeId, Undecided> {
        let language = if wanted {
            language
        } else {
            languages.not(language)?
        };
        self.fits(claim, language, languages)
    }

    /// Returns the formula: the claim can be compared, and its text is in the language.
    pub(crate) fn fits(
        &mut self,
        claim: ClaimId,
        language: LangId,
        languages: &mut Languages,
    ) -> Result<NodeId, Undecided> {
        if let Some(known) = self.fitting.get(&(claim, language)) {
            return Ok(*known);
        }
        let node = if languages.dfa(language).is_empty() {
            NodeId::NEVER
        } else if self.is_derived(claim) {
            self.derived(claim, language, languages)?
        } else if let Some(equation) = self.equation_of(claim) {
            self.fits_with_equation(equation, claim, language, languages)?
        } else {
            self.word(Variable::Claim(claim), language, languages)?
        };
        languages.meter.room(&mut self.fitting)?;
        self.fitting.insert((claim, language), node);
        Ok(node)
    }

    /// Returns the formula: the token has the claim, and it is not null.
    pub(crate) fn present(&mut self, claim: ClaimId, languages: &mut Languages) -> Result<NodeId, Undecided> {
        if self.is_derived(claim) && Some(claim) == self.claim("iss") {
            return Ok(NodeId::ALWAYS);
        }
        let absent = if self.issuer.profile[claim].nullable {
            languages.words([ABSENT, NULL])?
        } else {
            languages.words([ABSENT])?
        };
        let present = Atom::Fits(self.state(claim), absent);
        let present = self.formulas.is(present, false, &mut languages.meter)?;
        match self.equation_of(claim) {
            Some(equation) => {
                let equal = self.equation_is(equation, EQUAL, true, languages)?;
                self.formulas.any([equal, present], &mut languages.meter)
            }
            None => Ok(present),
        }
    }

    /// Returns the formula: the token has the claim, and it is null; or not, if `wanted` is false.
    fn null(&mut self, claim: ClaimId, wanted: bool, languages: &mut Languages) -> Result<NodeId, Undecided> {
        let null = Atom::Fits(self.state(claim), languages.words([NULL])?);
        let mut null = self.formulas.is(null, true, &mut languages.meter)?;
        if let Some(equation) = self.equation_of(claim) {
            let other = self.equation_is(equation, EQUAL, false, languages)?;
            null = self.formulas.all([other, null], &mut languages.meter)?;
        }
        if wanted {
            Ok(null)
        } else {
            self.formulas.not(null, &mut languages.meter)
        }
    }

    /// Returns the variable that determines whether a claim is present.
    pub(super) fn state(&self, claim: ClaimId) -> Variable {
        if self.is_derived(claim) {
            Variable::Derivation(claim)
        } else if self.equation_of(claim).is_some() {
            Variable::Left(claim)
        } else {
            Variable::Claim(claim)
        }
    }

    /// Returns the formula: the word of the variable is in the language.
    fn word(
        &mut self,
        variable: Variable,
        language: LangId,
        languages: &mut Languages,
    ) -> Result<NodeId, Undecided> {
        let atom = Atom::Fits(variable, language);
        self.formulas.is(atom, true, &mut languages.meter)
    }

    /// Returns the formula: the claim is a list whose elements all have the right type.
    fn list(&mut self, claim: ClaimId, languages: &mut Languages) -> Result<NodeId, Undecided> {
        let list = languages.words([&b""[..]])?;
        self.word(Variable::Claim(claim), list, languages)
    }

    /// Returns the formula: this word is the only element of a list.
    fn only(&mut self, claim: ClaimId, word: &[u8], languages: &mut Languages) -> Result<NodeId, Undecided> {
        let one = languages.words([word])?;
        let others = languages.not(one)?;
        let elements = Variable::Elements(claim);
        let one = self
            .formulas
            .is(Atom::Has(elements, one), true, &mut languages.meter)?;
        let others = self
            .formulas
            .is(Atom::Has(elements, others), false, &mut languages.meter)?;
        self.formulas.all([one, others], &mut languages.meter)
    }

    /// Returns the formula of an open question.
    fn open(
        &mut self,
        question: OpenQuestion,
        wanted: bool,
        reason: Undecided,
        languages: &mut Languages,
    ) -> Result<NodeId, Undecided> {
        let index = match self.open_indices.get(&question) {
            Some(known) => *known,
            None => {
                let size = question.size();
                languages.meter.hold(size)?;
                self.open_size = sum([self.open_size, size]);
                languages.meter.room(&mut self.open)?;
                languages.meter.room(&mut self.open_indices)?;
                let index = self.open.len();
                self.open.push(reason);
                self.open_indices.insert(question, index);
                index
            }
        };
        self.formulas.is(Atom::Open(index), wanted, &mut languages.meter)
    }

    /// Returns the claim at the top of the token with this name.
    fn claim(&self, name: &str) -> Option<ClaimId> {
        self.issuer.profile.claim_by_path(&[name.to_owned()])
    }

    /// Returns the name of a claim.
    fn name(&self, claim: ClaimId) -> String {
        self.issuer.profile[claim].to_string()
    }

    /// Returns whether the issuer derives a claim.
    pub(crate) fn is_derived(&self, claim: ClaimId) -> bool {
        let mut derivations = self.issuer.derivations.iter();
        derivations.any(|derivation| derivation.claim == claim)
    }

    /// Returns the type of a claim's values.
    pub(crate) fn scalar(&self, claim: ClaimId) -> &'a Scalar {
        self.issuer.profile[claim].claim_type.scalar()
    }
}
