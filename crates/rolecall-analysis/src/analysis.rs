//! Analysis of one policy set: the state that is kept between questions, and the steps of one question.

use crate::analogy::{Analogies, Shape};
use crate::answer::{Answer, Outcome};
use crate::budget::{Budget, Undecided};
use crate::formula::{Formulas, NodeId};
use crate::index::certain;
use crate::language::Languages;
use crate::meter::{Meter, sum};
use crate::query::Query;
use crate::sample::{Requirement, Sample, sample};
use crate::space::{Space, equations};
use crate::vocabulary::Vocabulary;
use crate::witness::Witness;
use hashbrown::HashMap;
use rolecall_engine::ir::{Clause, External};
use rolecall_engine::{IssuerId, PolicySet, RoleId};

/// The analysis of a policy set. It keeps the automata that it builds, so that later questions are faster.
#[derive(Debug)]
pub struct Analysis<'p> {
    pub(crate) set: &'p PolicySet,
    pub(crate) languages: Languages,
    spaces: HashMap<IssuerId, Space<'p>>,
    /// The size of the spaces in bytes.
    spaces_kept: usize,
    analogies: Analogies,
    /// The roles with external conditions, once they were needed.
    external_roles: Option<Vec<RoleId>>,
}

impl<'p> Analysis<'p> {
    /// Returns the analysis of a policy set, with the default budget for each question.
    pub fn new(set: &'p PolicySet) -> Self {
        Self::with_budget(set, Budget::default())
    }

    /// Returns the analysis of a policy set, with a budget for each question.
    pub fn with_budget(set: &'p PolicySet, budget: Budget) -> Self {
        Self {
            set,
            languages: Languages::new(Meter::new(budget)),
            spaces: HashMap::new(),
            spaces_kept: 0,
            analogies: Analogies::default(),
            external_roles: None,
        }
    }

    /// Returns the clauses of a role.
    pub(crate) fn clauses(&self, role: RoleId) -> &'p [Clause] {
        self.set.program().clauses(role)
    }

    /// Returns the roles that a token gets, in the order of the files, with its values of external conditions.
    pub(crate) fn roles_of(&mut self, witness: &Witness) -> Vec<RoleId> {
        let program = self.set.program();
        let external = self.external_roles.get_or_insert_with(|| {
            let roles = program.roles().ids();
            roles
                .filter(|role| !program.externals(*role).is_empty())
                .collect()
        });
        let claims = witness.claims();
        let mut roles = self.set.rehearse_all(&claims);
        let value = |external: &External| witness.value(external);
        for role in external.iter().copied() {
            if self.set.evaluate_if(&claims, &program[role].name, &value).is_ok() {
                roles.push(role);
            }
        }
        roles.sort_unstable();
        roles.dedup();
        roles
    }

    /// Searches for a token for which the query holds.
    pub(crate) fn find(&mut self, query: &Query<'_>) -> Answer {
        let issuers = self.set.program().issuers().ids();
        self.find_from(issuers, query)
    }

    /// Searches for a token of one of some issuers for which the query holds.
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

    /// Searches for a token of an issuer for which the query holds. If there is an example of the same
    /// issuer, the token has the claims of the example where possible.
    pub(crate) fn find_like(
        &mut self,
        issuer: IssuerId,
        example: Option<&Witness>,
        query: &Query<'_>,
    ) -> Answer {
        let set = self.set;
        let shape = example
            .is_none()
            .then(|| self.analogies.shape(set, issuer, query));
        if let Some(witness) = shape
            .as_ref()
            .and_then(|shape| self.by_analogy(issuer, query, shape))
        {
            return Answer::Token(Box::new(witness));
        }
        let found = self.with_space(issuer, |analysis| {
            analysis.of_issuer(issuer, example, query, shape.as_ref())
        });
        match found {
            Ok(Some(witness)) => Answer::Token(Box::new(witness)),
            Ok(None) => Answer::Nothing,
            Err(reason) => Answer::NotDecided(reason),
        }
    }

    /// Inspects the formula of a query about tokens of an issuer.
    pub(crate) fn with_formula<T>(
        &mut self,
        issuer: IssuerId,
        query: &Query<'_>,
        look: impl FnOnce(NodeId, &Formulas, &Languages) -> T,
    ) -> Result<T, Undecided> {
        self.with_space(issuer, |analysis| {
            analysis.in_space(issuer, query, |node, space, languages, _| {
                Ok(look(node, &space.formulas, languages))
            })
        })
    }

    /// Works with the formula of a query about tokens of an issuer, and with the vocabulary of its conditions.
    pub(crate) fn in_space<T>(
        &mut self,
        issuer: IssuerId,
        query: &Query<'_>,
        work: impl FnOnce(NodeId, &mut Space<'p>, &mut Languages, Vocabulary<'p>) -> Result<T, Undecided>,
    ) -> Result<T, Undecided> {
        let set = self.set;
        let trusted = &set.program()[issuer];
        let mut conditions = Vec::new();
        query.conditions(set, issuer, &mut conditions);
        // The formulas of other questions do not know the equations of this one.
        let mut own = Space::with_equations(trusted, equations(trusted, conditions.iter().copied()));
        let space = if own.equations.is_empty() {
            self.spaces.entry(issuer).or_insert_with(|| Space::new(trusted))
        } else {
            &mut own
        };
        let node = query.formula(set, issuer, space, &mut self.languages)?;
        let mut vocabulary = Vocabulary::new(trusted);
        conditions
            .into_iter()
            .for_each(|condition| vocabulary.learn(condition));
        work(node, space, &mut self.languages, vocabulary)
    }

    /// Begins a question, with a full budget. The results of earlier questions are dropped if they take too much of it.
    pub(crate) fn begin(&mut self) {
        if self.languages.meter.is_too_much(self.kept()) {
            self.languages.clear();
            self.spaces = HashMap::new();
            self.spaces_kept = 0;
            self.analogies = Analogies::default();
        }
        let kept = self.kept();
        self.languages.meter.reset(kept);
    }

    /// Answers a question about tokens of an issuer.
    pub(crate) fn with_space<T>(&mut self, issuer: IssuerId, ask: impl FnOnce(&mut Self) -> T) -> T {
        self.begin();
        let before = self.spaces.get(&issuer).map_or(0, Space::size);
        let answer = ask(self);
        let after = self.spaces.get(&issuer).map_or(0, Space::size);
        let others = certain(
            self.spaces_kept.checked_sub(before),
            "the size of each space counts",
        );
        self.spaces_kept = sum([others, after]);
        answer
    }

    /// Returns the size of the results of earlier questions, in bytes.
    fn kept(&self) -> usize {
        sum([self.languages.size(), self.spaces_kept, self.analogies.size()])
    }

    /// Returns `Proved` if there is no token for which the query holds.
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
        shape: Option<&Shape<'_>>,
    ) -> Result<Option<Witness>, Undecided> {
        let found = self.in_space(issuer, query, |asked, space, languages, mut vocabulary| {
            if asked == NodeId::NEVER {
                return Ok(None);
            }
            let universe = space.universe(languages)?;
            let formula = space.formulas.all([asked, universe], &mut languages.meter)?;
            if let Some(example) = example.filter(|example| example.issuer == issuer) {
                vocabulary.prefer(&example.choices);
            }
            languages.meter.hold(vocabulary.size())?;
            let requirement = Requirement::new(formula, space, languages)?;
            sample(issuer, space, &requirement, languages, &vocabulary)
        })?;
        let Some(found) = found else {
            return Ok(None);
        };
        if let Some(shape) = shape.filter(|_| found.is_of_claims()) {
            self.analogies.learn(shape, &found.witness.choices);
        }
        self.confirmed(issuer, query, found).map(Some)
    }

    /// Returns the token of an earlier question with the names of this one, if it answers this one.
    fn by_analogy(&mut self, issuer: IssuerId, query: &Query<'_>, shape: &Shape<'_>) -> Option<Witness> {
        let choices = self.analogies.choices(shape)?;
        self.begin();
        let trusted = &self.set.program()[issuer];
        let vocabulary = Vocabulary::new(trusted);
        let found = Sample::of_choices((issuer, trusted), choices, &vocabulary, &mut self.languages).ok()?;
        self.confirmed(issuer, query, found).ok()
    }

    /// Returns a token that was found, if it answers the query.
    fn confirmed(&self, issuer: IssuerId, query: &Query<'_>, found: Sample) -> Result<Witness, Undecided> {
        let set = self.set;
        let claims = found.witness.claims();
        let externals = |external: &External| found.witness.value(external);
        let holds = matches!(query.holds(set, issuer, &claims, &externals), Ok(true));
        let mut witness = found.confirmed(holds)?;
        let mut roles = Vec::new();
        query.roles(&mut roles);
        roles.sort_unstable();
        roles.dedup();
        for role in roles.into_iter().map(|role| &set.program()[role]) {
            let externals = |external: &External| witness.value(external);
            let outcome = match set.evaluate_if(&claims, &role.name, &externals) {
                Ok(_) => &mut witness.allowed,
                Err(_) => &mut witness.denied,
            };
            outcome.push(role.name.to_string());
        }
        Ok(witness)
    }
}
