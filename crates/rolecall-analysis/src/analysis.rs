//! The analysis of one policy set: what is kept between questions, and how a question is answered.

use crate::answer::{Answer, Verdict};
use crate::budget::{Budget, Meter, Reason};
use crate::formula::{Choices, NodeId};
use crate::language::Languages;
use crate::query::Query;
use crate::search::{Search, shortest};
use crate::space::Space;
use crate::token::TokenBuilder;
use crate::variable::{Atom, Choice, Variable};
use crate::vocabulary::Vocabulary;
use crate::witness::Witness;
use rolecall_engine::{Document, PolicySet, UnverifiedClaims, Value};
use std::collections::HashMap;

/// How many languages of a question give examples.
const MAX_EXAMPLES: usize = 64;

/// The analysis of a policy set. It remembers the automata that it made, so that further questions are faster.
#[derive(Debug)]
pub struct Analysis<'p> {
    pub(crate) set: &'p PolicySet,
    languages: Languages,
    spaces: HashMap<usize, Space<'p>>,
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
        }
    }

    /// Looks for a token of which the query holds.
    pub(crate) fn find(&mut self, query: &Query<'_>) -> Answer {
        let issuers = 0..self.set.program().issuers.len();
        self.find_from(issuers, query)
    }

    /// Looks for a token of one of some issuers of which the query holds.
    pub(crate) fn find_from(
        &mut self,
        issuers: impl IntoIterator<Item = usize>,
        query: &Query<'_>,
    ) -> Answer {
        let mut undecided = None;
        for issuer in issuers {
            self.languages.meter.reset();
            match self.of_issuer(issuer, query) {
                Ok(Some(witness)) => return Answer::Token(Box::new(witness)),
                Ok(None) => {}
                Err(reason) => undecided = undecided.or(Some(reason)),
            }
        }
        undecided.map_or(Answer::Nothing, Answer::NotDecided)
    }

    /// Proved if there is no token of which the query holds.
    pub(crate) fn refute(&mut self, query: &Query<'_>) -> Verdict {
        match self.find(query) {
            Answer::Token(witness) => Verdict::Refuted(Some(witness)),
            Answer::Nothing => Verdict::Proved,
            Answer::NotDecided(reason) => Verdict::NotDecided(reason),
        }
    }

    fn of_issuer(&mut self, issuer: usize, query: &Query<'_>) -> Result<Option<Witness>, Reason> {
        let set = self.set;
        let Some(trusted) = set.program().issuers.get(issuer) else {
            return Ok(None);
        };
        let languages = &mut self.languages;
        let space = self.spaces.entry(issuer).or_insert_with(|| Space::new(trusted));
        let asked = query.formula(set, issuer, space, languages)?;
        if asked == NodeId::NEVER {
            return Ok(None);
        }
        let universe = space.universe(languages)?;
        let around = space.nesting(asked, languages)?;
        let formula = space.formulas.all([asked, universe, around]);
        let mut vocabulary = Vocabulary::new(trusted);
        query.teach(set, issuer, &mut vocabulary);
        learn_languages(space, formula, languages, &mut vocabulary);
        let search = Search::new(&mut space.formulas, languages, &vocabulary);
        let Some(choices) = search.run(formula)? else {
            return Ok(None);
        };
        let choices = relevant(space, formula, languages, choices);
        let builder = TokenBuilder {
            issuer: trusted,
            vocabulary: &vocabulary,
            languages,
            choices,
        };
        let (mut token, absent) = builder.build();
        // What every token of the issuer says, even if nothing depends on it.
        token.set("iss", Value::from(trusted.issuer.url.as_str()));
        if let (None, Some(audience)) = (token.get("aud"), trusted.issuer.audiences.first()) {
            token.set("aud", Value::from(audience.as_str()));
        }
        let witness = Witness::new(issuer, trusted, token, &absent);
        let open = space
            .formulas
            .atoms(formula)
            .into_iter()
            .find_map(|atom| match atom {
                Atom::Open(number) => space.open.get(number).cloned(),
                Atom::Fits(..) | Atom::Has(..) | Atom::Same(..) => None,
            });
        confirmed(set, query, witness, open).map(Some)
    }
}

/// Shortest words of the languages that a formula is about are examples, too.
fn learn_languages(
    space: &Space<'_>,
    formula: NodeId,
    languages: &mut Languages,
    vocabulary: &mut Vocabulary<'_>,
) {
    for atom in space.formulas.atoms(formula).into_iter().take(MAX_EXAMPLES) {
        if let Atom::Fits(Variable::Claim(claim), language) = atom
            && let Ok(domain) = vocabulary.domain(claim, languages)
            && let Ok(language) = languages.both(language, domain)
            && let Some(word) = shortest(&languages.dfa(language))
        {
            vocabulary.learn_word(claim, &word);
        }
    }
}

/// The choices without those that do not matter: whatever is chosen there, the formula holds.
fn relevant(space: &Space<'_>, formula: NodeId, languages: &Languages, mut choices: Choices) -> Choices {
    for variable in choices.keys().rev().copied().collect::<Vec<Variable>>() {
        let Some(choice) = choices.remove(&variable) else {
            continue;
        };
        let holds = |atom: Atom| holds(atom, &choices, languages);
        if space.formulas.truth(formula, &holds, &mut HashMap::new()) != Some(true) {
            choices.insert(variable, choice);
        }
    }
    choices
}

/// Whether an atom holds, if enough is chosen to say so.
fn holds(atom: Atom, choices: &Choices, languages: &Languages) -> Option<bool> {
    let word = |variable| match choices.get(&variable)? {
        Choice::Word(word) => Some(word),
        Choice::Elements(_) => None,
    };
    match atom {
        Atom::Fits(variable, language) => Some(languages.dfa(language).accepts(word(variable)?)),
        Atom::Has(variable, language) => match choices.get(&variable)? {
            Choice::Elements(elements) => {
                let dfa = languages.dfa(language);
                Some(elements.iter().any(|element| dfa.accepts(element)))
            }
            Choice::Word(_) => None,
        },
        Atom::Open(number) => Some(word(Variable::Open(number))? == b"yes"),
        Atom::Same(left, right) => Some(word(left)? == word(right)?),
    }
}

/// The witness, if the evaluation of the language and the matcher both say that the query holds of it.
fn confirmed(
    set: &PolicySet,
    query: &Query<'_>,
    mut witness: Witness,
    open: Option<Reason>,
) -> Result<Witness, Reason> {
    let claims = UnverifiedClaims::new(Document::from(&witness.token));
    if !matches!(query.holds(set, witness.issuer, &claims), Ok(true)) {
        let token = Value::Object(witness.token.clone()).to_string();
        return Err(open.unwrap_or(Reason::Disagreement { token }));
    }
    let mut roles = Vec::new();
    query.roles(&mut roles);
    roles.sort_unstable();
    roles.dedup();
    for role in roles.into_iter().filter_map(|role| set.program().roles.get(role)) {
        let outcome = match set.evaluate(&claims, &role.name) {
            Ok(_) => &mut witness.allowed,
            Err(_) => &mut witness.denied,
        };
        outcome.push(role.name.clone());
    }
    Ok(witness)
}
