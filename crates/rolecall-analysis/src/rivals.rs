//! Rivals: roles that one token may get together. Most roles require different values of one claim, and a
//! token has only one value of each claim. So of thousands of roles, few are rivals of each.

use crate::analysis::Analysis;
use crate::formula::{Formulas, Node, NodeId};
use crate::language::Languages;
use crate::query::{Query, clauses_for};
use crate::variable::{Atom, Variable};
use hashbrown::{HashMap, HashSet};
use rolecall_engine::{IssuerId, RoleId};
use std::collections::BTreeMap;

/// The most values of a claim that roles are indexed by.
const MAX_WORDS: usize = 8;

/// The few values that each of some variables has in every token that gets a role.
type Pins = BTreeMap<Variable, Vec<Vec<u8>>>;

/// An index of roles by the values that they require.
pub(crate) struct Rivals {
    issuers: Vec<Index>,
}

/// An index of roles by the values that they require in tokens of one issuer.
#[derive(Default)]
struct Index {
    /// The roles that require some values of the indexed variable, by these values.
    by_word: HashMap<Vec<u8>, Vec<RoleId>>,
    /// The required values of each of these roles.
    words: HashMap<RoleId, Vec<Vec<u8>>>,
    /// The other roles, without those that no token of the issuer gets.
    others: Vec<RoleId>,
}

impl Rivals {
    /// Returns the roles that a token may get together with this one, sorted. The role itself may be one of
    /// them.
    pub(crate) fn of(&self, role: RoleId) -> Vec<RoleId> {
        let mut rivals = Vec::new();
        for index in &self.issuers {
            if let Some(words) = index.words.get(&role) {
                let same = words.iter().filter_map(|word| index.by_word.get(word));
                rivals.extend(same.flatten());
                rivals.extend(&index.others);
            } else if index.others.binary_search(&role).is_ok() {
                rivals.extend(index.words.keys());
                rivals.extend(&index.others);
            }
        }
        rivals.sort_unstable();
        rivals.dedup();
        rivals
    }
}

impl Analysis<'_> {
    /// Indexes roles by the values that they require.
    pub(crate) fn rivals(&mut self, mut roles: Vec<RoleId>) -> Rivals {
        roles.sort_unstable();
        roles.dedup();
        let issuers = self.set.program().issuers().ids();
        let issuers = issuers.map(|issuer| self.rivals_of(issuer, &roles)).collect();
        Rivals { issuers }
    }

    /// Indexes roles by the values that they require in tokens of one issuer.
    fn rivals_of(&mut self, issuer: IssuerId, roles: &[RoleId]) -> Index {
        let mut index = Index::default();
        let mut pinned: Vec<(RoleId, Pins)> = Vec::new();
        for role in roles {
            if clauses_for(self.set, *role, issuer).next().is_none() {
                continue;
            }
            let pins = self.with_formula(issuer, &Query::Gets(*role), |node, formulas, languages| {
                (node != NodeId::NEVER).then(|| pins(node, formulas, languages, &mut HashMap::new()))
            });
            match pins {
                Ok(Some(pins)) => pinned.push((*role, pins)),
                Ok(None) => {}
                // The question about the role will report that it is not decided.
                Err(_) => pinned.push((*role, Pins::new())),
            }
        }
        let pivot = most_distinctive(&pinned);
        for (role, mut pins) in pinned {
            let Some(words) = pivot.and_then(|pivot| pins.remove(&pivot)) else {
                index.others.push(role);
                continue;
            };
            for word in &words {
                index.by_word.entry_ref(word.as_slice()).or_default().push(role);
            }
            index.words.insert(role, words);
        }
        index
    }
}

/// Returns the variable for which the roles require the most different values.
fn most_distinctive(pinned: &[(RoleId, Pins)]) -> Option<Variable> {
    let mut words: BTreeMap<Variable, HashSet<&[u8]>> = BTreeMap::new();
    for (variable, few) in pinned.iter().flat_map(|(_, pins)| pins) {
        let known = words.entry(*variable).or_default();
        known.extend(few.iter().map(Vec::as_slice));
    }
    let most = words.into_iter().max_by_key(|(_, words)| words.len());
    most.map(|(variable, _)| variable)
}

/// Returns the few values that some variables have in every token that fulfils a formula.
fn pins(node: NodeId, formulas: &Formulas, languages: &Languages, done: &mut HashMap<NodeId, Pins>) -> Pins {
    if let Some(known) = done.get(&node) {
        return known.clone();
    }
    let mut found = Pins::new();
    match formulas.node(node) {
        Node::All(parts) => {
            for part in parts {
                for (variable, words) in pins(*part, formulas, languages, done) {
                    let known = found.entry(variable).or_insert_with(|| words.clone());
                    if words.len() < known.len() {
                        *known = words;
                    }
                }
            }
        }
        Node::Any(parts) => {
            let mut parts = parts.iter();
            if let Some(first) = parts.next() {
                found = pins(*first, formulas, languages, done);
            }
            for part in parts {
                if found.is_empty() {
                    break;
                }
                let mut other = pins(*part, formulas, languages, done);
                found.retain(|variable, words| {
                    let Some(more) = other.remove(variable) else {
                        return false;
                    };
                    words.extend(more);
                    words.sort_unstable();
                    words.dedup();
                    words.len() <= MAX_WORDS
                });
            }
        }
        // The equations and external conditions of one question are not those of another.
        Node::Is(Atom::Fits(Variable::Equation(_) | Variable::External(_), _), true) => {}
        Node::Is(Atom::Fits(variable, language), true) => {
            if let Some(words) = languages.dfa(*language).few_words(MAX_WORDS) {
                found.insert(*variable, words);
            }
        }
        Node::Constant(_) | Node::Is(..) => {}
    }
    done.insert(node, found.clone());
    found
}
