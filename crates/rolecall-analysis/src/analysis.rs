//! The analysis of one policy set: what is kept between questions, and how a question is answered.

use crate::answer::{Answer, Outcome};
use crate::budget::{Budget, Undecided};
use crate::formula::{Formulas, NodeId};
use crate::language::Languages;
use crate::meter::Meter;
use crate::query::Query;
use crate::sample::{Wanted, sample};
use crate::space::Space;
use crate::vocabulary::Vocabulary;
use crate::witness::Witness;
use hashbrown::HashMap;
use rolecall_engine::ir::Clause;
use rolecall_engine::{IssuerId, PolicySet, RoleId};

/// The analysis of a policy set. It remembers the automata that it made, so that further questions are faster.
#[derive(Debug)]
pub struct Analysis<'p> {
    pub(crate) set: &'p PolicySet,
    languages: Languages,
    spaces: HashMap<IssuerId, Space<'p>>,
    /// The bytes that the spaces take.
    kept: usize,
}

impl<'p> Analysis<'p> {
    /// The analysis of a policy set, with the usual budget for each question.
    pub fn new(set: &'p PolicySet) -> Self {
        Self::with_budget(set, Budget::default())
    }

    /// The analysis of a policy set, with a budget for each question.
    pub fn with_budget(set: &'p PolicySet, budget: Budget) -> Self {
        Self {
            set,
            languages: Languages::new(Meter::new(budget)),
            spaces: HashMap::new(),
            kept: 0,
        }
    }

    /// The ways to get a role.
    pub(crate) fn clauses(&self, role: RoleId) -> &'p [Clause] {
        self.set.program().clauses(role)
    }

    /// Looks for a token of which the query holds.
    pub(crate) fn find(&mut self, query: &Query<'_>) -> Answer {
        let issuers = self.set.program().issuers().ids();
        self.find_from(issuers, query)
    }

    /// Looks for a token of one of some issuers of which the query holds.
    pub(crate) fn find_from(
        &mut self,
        issuers: impl IntoIterator<Item = IssuerId>,
        query: &Query<'_>,
    ) -> Answer {
        let mut undecided = None;
        for issuer in issuers {
            match self.find_like(issuer, None, query) {
                Answer::Nothing => {}
                Answer::NotDecided(reason) => undecided = undecided.or(Some(reason)),
                token @ Answer::Token(_) => return token,
            }
        }
        undecided.map_or(Answer::Nothing, Answer::NotDecided)
    }

    /// Looks for a token of an issuer of which the query holds. If there is an example of the same issuer, then for one that
    /// has the claims of the example, where that can be.
    pub(crate) fn find_like(
        &mut self,
        issuer: IssuerId,
        example: Option<&Witness>,
        query: &Query<'_>,
    ) -> Answer {
        let found = self.with_space(issuer, |analysis| analysis.of_issuer(issuer, example, query));
        match found {
            Ok(Some(witness)) => Answer::Token(Box::new(witness)),
            Ok(None) => Answer::Nothing,
            Err(reason) => Answer::NotDecided(reason),
        }
    }

    /// Looks at the query as a formula about tokens of an issuer.
    pub(crate) fn with_formula<T>(
        &mut self,
        issuer: IssuerId,
        query: &Query<'_>,
        look: impl FnOnce(NodeId, &Formulas, &Languages) -> T,
    ) -> Result<T, Undecided> {
        self.with_space(issuer, |analysis| {
            let trusted = &analysis.set.program()[issuer];
            let space = analysis
                .spaces
                .entry(issuer)
                .or_insert_with(|| Space::new(trusted));
            let node = query.formula(analysis.set, issuer, space, &mut analysis.languages)?;
            Ok(look(node, &space.formulas, &analysis.languages))
        })
    }

    /// Asks something about tokens of an issuer, with a budget that is filled up. What is kept of the questions before is let
    /// go if it is too much.
    fn with_space<T>(&mut self, issuer: IssuerId, ask: impl FnOnce(&mut Self) -> T) -> T {
        let kept = self.languages.size().saturating_add(self.kept);
        if self.languages.meter.is_too_much(kept) {
            self.languages.clear();
            self.spaces = HashMap::new();
            self.kept = 0;
        }
        let kept = self.languages.size().saturating_add(self.kept);
        self.languages.meter.reset(kept);
        let before = self.spaces.get(&issuer).map_or(0, Space::size);
        let answer = ask(self);
        let after = self.spaces.get(&issuer).map_or(0, Space::size);
        self.kept = self.kept.saturating_sub(before).saturating_add(after);
        answer
    }

    /// Proved if there is no token of which the query holds.
    pub(crate) fn refute(&mut self, query: &Query<'_>) -> Outcome {
        match self.find(query) {
            Answer::Token(witness) => Outcome::Refuted(Some(witness)),
            Answer::Nothing => Outcome::Proved,
            Answer::NotDecided(reason) => Outcome::NotDecided(reason),
        }
    }

    fn of_issuer(
        &mut self,
        issuer: IssuerId,
        example: Option<&Witness>,
        query: &Query<'_>,
    ) -> Result<Option<Witness>, Undecided> {
        let set = self.set;
        let trusted = &set.program()[issuer];
        let languages = &mut self.languages;
        let space = self.spaces.entry(issuer).or_insert_with(|| Space::new(trusted));
        let asked = query.formula(set, issuer, space, languages)?;
        if asked == NodeId::NEVER {
            return Ok(None);
        }
        let universe = space.universe(languages)?;
        let formula = space.formulas.all([asked, universe], &mut languages.meter)?;
        let mut vocabulary = Vocabulary::new(trusted);
        query.teach(set, issuer, &mut vocabulary);
        if let Some(example) = example.filter(|example| example.issuer == issuer) {
            vocabulary.prefer(&example.choices);
        }
        languages.meter.hold(vocabulary.size())?;
        let wanted = Wanted::new(formula, space, languages)?;
        let Some(found) = sample(issuer, space, &wanted, languages, &vocabulary)? else {
            return Ok(None);
        };
        let claims = found.witness.claims();
        let holds = matches!(query.holds(set, issuer, &claims), Ok(true));
        let mut witness = found.confirmed(holds)?;
        let mut roles = Vec::new();
        query.roles(&mut roles);
        roles.sort_unstable();
        roles.dedup();
        for role in roles.into_iter().map(|role| &set.program()[role]) {
            let outcome = match set.evaluate(&claims, &role.name) {
                Ok(_) => &mut witness.allowed,
                Err(_) => &mut witness.denied,
            };
            outcome.push(role.name.to_string());
        }
        Ok(Some(witness))
    }
}
