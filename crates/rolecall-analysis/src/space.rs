//! The tokens of an issuer, as formulas: when a comparison is TRUE, and when it is FALSE.

mod derived;
mod equality;
mod verified;

pub(crate) use verified::Demand;

use crate::budget::Undecided;
use crate::formula::{Formulas, NodeId};
use crate::language::{ABSENT, LangId, Languages, size_of_pattern};
use crate::meter::Collection;
use crate::variable::{Atom, Variable};
use hashbrown::HashMap;
use rolecall_engine::ir::{self, Question, TrustedIssuer};
use rolecall_engine::pattern::Pattern;
use rolecall_engine::{ClaimId, RoleId, Scalar};

/// The tokens of one issuer.
#[derive(Debug)]
pub(crate) struct Space<'a> {
    pub(crate) issuer: &'a TrustedIssuer,
    pub(crate) formulas: Formulas,
    /// What could not be said in languages, and why.
    pub(crate) open: Vec<Undecided>,
    opened: HashMap<Unsaid, usize>,
    /// The bytes of what could not be said.
    unsaid: usize,
    fitting: HashMap<(ClaimId, LangId), NodeId>,
    /// When a token of the issuer gets a role of the program, for the roles that were asked about.
    pub(crate) roles: HashMap<RoleId, NodeId>,
    /// What must be true of a variable, for those that were asked about.
    demanded: HashMap<Variable, NodeId>,
    /// The tokens of the issuer that are meant for us, once that was asked.
    universe: Option<NodeId>,
}

/// What could not be said in languages.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Unsaid {
    /// A derived claim equals another one, which is a claim.
    Equal(ClaimId, usize, ClaimId),
    /// A claim fits a pattern.
    Fits(ClaimId, Pattern),
    /// A derivation makes a value of a claim.
    Made(ClaimId, usize),
    /// Anything else that a comparison asks.
    Other(ClaimId, Question),
}

impl Unsaid {
    /// The bytes that it takes elsewhere.
    fn size(&self) -> usize {
        match self {
            Self::Equal(..) | Self::Made(..) | Self::Other(..) => 0,
            Self::Fits(_, pattern) => size_of_pattern(pattern),
        }
    }
}

impl<'a> Space<'a> {
    pub(crate) fn new(issuer: &'a TrustedIssuer) -> Self {
        Self {
            issuer,
            formulas: Formulas::new(),
            open: Vec::new(),
            opened: HashMap::new(),
            unsaid: 0,
            fitting: HashMap::new(),
            roles: HashMap::new(),
            demanded: HashMap::new(),
            universe: None,
        }
    }

    /// The bytes that what is known of them takes.
    pub(crate) fn size(&self) -> usize {
        let collections = [
            self.open.size(),
            self.opened.size(),
            self.fitting.size(),
            self.roles.size(),
            self.demanded.size(),
            self.unsaid,
        ];
        collections
            .into_iter()
            .fold(self.formulas.size(), usize::saturating_add)
    }

    /// The tokens of the issuer that are meant for us.
    pub(crate) fn universe(&mut self, languages: &mut Languages) -> Result<NodeId, Undecided> {
        if let Some(known) = self.universe {
            return Ok(known);
        }
        let issuer = self.issuer;
        let from = self.origin(languages)?;
        let meant = self.audience(&issuer.issuer.audiences, languages)?;
        let universe = self.formulas.all([from, meant], &mut languages.meter)?;
        self.universe = Some(universe);
        Ok(universe)
    }

    /// The tokens of the issuer.
    pub(crate) fn origin(&mut self, languages: &mut Languages) -> Result<NodeId, Undecided> {
        if let Some(iss) = self.claim("iss") {
            let url = languages.words([self.issuer.issuer.url.as_bytes()])?;
            if !self.is_derived(iss) {
                return self.word(Variable::Claim(iss), url, languages);
            }
        }
        Ok(NodeId::ALWAYS)
    }

    /// The tokens whose only audience is one of these.
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

    /// When a condition is TRUE; or, if `wanted` is false, when it is FALSE.
    pub(crate) fn truth(
        &mut self,
        formula: &ir::Formula,
        wanted: bool,
        languages: &mut Languages,
    ) -> Result<NodeId, Undecided> {
        match formula {
            ir::Formula::All(parts) | ir::Formula::Any(parts) => {
                let parts: Vec<NodeId> = parts
                    .iter()
                    .map(|part| self.truth(part, wanted, languages))
                    .collect::<Result<_, _>>()?;
                let all = matches!(formula, ir::Formula::All(_));
                Ok(if all == wanted {
                    self.formulas.all(parts, &mut languages.meter)?
                } else {
                    self.formulas.any(parts, &mut languages.meter)?
                })
            }
            ir::Formula::Atom(atom, _) => self.comparison(atom, wanted, languages),
            ir::Formula::Not(part) => self.truth(part, !wanted, languages),
            ir::Formula::Unknown => Ok(NodeId::NEVER),
        }
    }

    fn comparison(
        &mut self,
        atom: &ir::Atom,
        wanted: bool,
        languages: &mut Languages,
    ) -> Result<NodeId, Undecided> {
        let claim = atom.claim;
        match &atom.question {
            Question::Present => {
                let present = self.present(claim, languages)?;
                Ok(if wanted {
                    present
                } else {
                    self.formulas.not(present, &mut languages.meter)?
                })
            }
            Question::OneOf(literals) => {
                let language = languages.words(literals.iter().map(ToString::to_string))?;
                self.fits_or_not(claim, language, wanted, languages)
            }
            Question::Order(order, number) => {
                let language = languages.order(*order, *number)?;
                self.fits_or_not(claim, language, wanted, languages)
            }
            Question::Pattern(patterns) => {
                let mut parts = Vec::new();
                for pattern in patterns.iter() {
                    parts.push(self.pattern(claim, pattern, wanted, languages)?);
                }
                Ok(if wanted {
                    self.formulas.any(parts, &mut languages.meter)?
                } else {
                    self.formulas.all(parts, &mut languages.meter)?
                })
            }
            Question::SameAs(other) => self.same(claim, *other, wanted, languages),
            Question::Only(literal) => {
                let only = self.only(claim, literal.to_string().as_bytes(), languages)?;
                self.of_list(claim, only, wanted, languages)
            }
            Question::ContainsAny(literals) => {
                let language = languages.words(literals.iter().map(ToString::to_string))?;
                let has = self.formulas.is(
                    Atom::Has(Variable::Elements(claim), language),
                    true,
                    &mut languages.meter,
                )?;
                self.of_list(claim, has, wanted, languages)
            }
            Question::ContainsAll(literals) => {
                let mut parts = Vec::new();
                for literal in literals.iter() {
                    let language = languages.words([literal.to_string()])?;
                    languages.meter.room(&mut parts)?;
                    parts.push(self.formulas.is(
                        Atom::Has(Variable::Elements(claim), language),
                        true,
                        &mut languages.meter,
                    )?);
                }
                let has = self.formulas.all(parts, &mut languages.meter)?;
                self.of_list(claim, has, wanted, languages)
            }
            question => {
                let readable = self.fits(claim, languages.typed()?, languages)?;
                let unsaid = Unsaid::Other(claim, question.clone());
                let open = self.open(unsaid, wanted, Undecided::Automaton { limit: 0 }, languages)?;
                self.formulas.all([readable, open], &mut languages.meter)
            }
        }
    }

    /// A pattern whose automaton is too large is left open.
    fn pattern(
        &mut self,
        claim: ClaimId,
        pattern: &Pattern,
        wanted: bool,
        languages: &mut Languages,
    ) -> Result<NodeId, Undecided> {
        let fits = languages
            .pattern(pattern)
            .and_then(|language| self.fits_or_not(claim, language, wanted, languages));
        match fits {
            Err(reason @ (Undecided::Automaton { .. } | Undecided::Template { .. })) => {
                let readable = self.fits(claim, languages.typed()?, languages)?;
                let open = self.open(Unsaid::Fits(claim, pattern.clone()), wanted, reason, languages)?;
                self.formulas.all([readable, open], &mut languages.meter)
            }
            other => other,
        }
    }

    /// The claim can be compared, and its text is in the language; or, if `wanted` is false, is not.
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

    /// The claim can be compared, and its text is in the language.
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
        } else {
            self.word(Variable::Claim(claim), language, languages)?
        };
        languages.meter.room(&mut self.fitting)?;
        self.fitting.insert((claim, language), node);
        Ok(node)
    }

    /// The token has the claim, and it is not null.
    pub(crate) fn present(&mut self, claim: ClaimId, languages: &mut Languages) -> Result<NodeId, Undecided> {
        if self.is_derived(claim) && Some(claim) == self.claim("iss") {
            return Ok(NodeId::ALWAYS);
        }
        let absent = languages.words([ABSENT])?;
        self.formulas
            .is(Atom::Fits(self.state(claim), absent), false, &mut languages.meter)
    }

    /// The variable that says whether a claim is there.
    fn state(&self, claim: ClaimId) -> Variable {
        if self.is_derived(claim) {
            Variable::Layout(claim)
        } else {
            Variable::Claim(claim)
        }
    }

    fn word(
        &mut self,
        variable: Variable,
        language: LangId,
        languages: &mut Languages,
    ) -> Result<NodeId, Undecided> {
        let atom = Atom::Fits(variable, language);
        self.formulas.is(atom, true, &mut languages.meter)
    }

    /// The claim is a list whose elements are all of their type.
    fn list(&mut self, claim: ClaimId, languages: &mut Languages) -> Result<NodeId, Undecided> {
        let list = languages.words([&b""[..]])?;
        self.word(Variable::Claim(claim), list, languages)
    }

    /// This holds of a list, or does not.
    fn of_list(
        &mut self,
        claim: ClaimId,
        holds: NodeId,
        wanted: bool,
        languages: &mut Languages,
    ) -> Result<NodeId, Undecided> {
        let list = self.list(claim, languages)?;
        let holds = if wanted {
            holds
        } else {
            self.formulas.not(holds, &mut languages.meter)?
        };
        self.formulas.all([list, holds], &mut languages.meter)
    }

    /// The only element of a list is this word.
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

    /// Something that could not be said, and why.
    fn open(
        &mut self,
        unsaid: Unsaid,
        wanted: bool,
        reason: Undecided,
        languages: &mut Languages,
    ) -> Result<NodeId, Undecided> {
        let number = match self.opened.get(&unsaid) {
            Some(known) => *known,
            None => {
                let size = unsaid.size();
                languages.meter.hold(size)?;
                self.unsaid = self.unsaid.saturating_add(size);
                languages.meter.room(&mut self.open)?;
                languages.meter.room(&mut self.opened)?;
                let number = self.open.len();
                self.open.push(reason);
                self.opened.insert(unsaid, number);
                number
            }
        };
        self.formulas.is(Atom::Open(number), wanted, &mut languages.meter)
    }

    fn claim(&self, name: &str) -> Option<ClaimId> {
        self.issuer.profile.claim_by_path(&[name.to_owned()])
    }

    pub(crate) fn is_derived(&self, claim: ClaimId) -> bool {
        let mut derivations = self.issuer.derivations.iter();
        derivations.any(|derivation| derivation.claim == claim)
    }

    /// The type of the values of a claim.
    pub(crate) fn scalar(&self, claim: ClaimId) -> &'a Scalar {
        self.issuer.profile[claim].claim_type.scalar()
    }
}
