//! Comparisons that decide: with the opposite of one in its place, the decision would be the other one.

use super::ProfileView;
use crate::diagnostic::Location;
use crate::document::Members;
use crate::id::{ClauseId, RoleId};
use crate::ir::{Formula, Program};
use std::collections::BTreeSet;

/// A decision by the reference semantics, and the comparisons that decide it.
///
/// The opposite of a comparison stands wherever the role has the comparison: in all its clauses, in its guards, and in
/// each use of a named condition. A comparison behind `!` is one with it: what keeps its role from being granted,
/// FALSE or UNKNOWN, is the opposite of what does not.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Decisive {
    /// True if the token gets the role.
    pub is_allowed: bool,
    /// The locations of the comparisons, sorted and each once.
    pub comparisons: Vec<Location>,
}

/// A condition with every `!` pushed down to the comparisons, and their truths for one token.
enum Tree {
    All(Vec<Self>),
    Any(Vec<Self>),
    Comparison(Location, bool),
    Fixed(bool),
}

impl Tree {
    fn new(formula: &Formula, negated: bool, token: &ProfileView<'_>) -> Self {
        match formula {
            Formula::All(parts) | Formula::Any(parts) => {
                let parts = parts.iter().map(|part| Self::new(part, negated, token)).collect();
                match matches!(formula, Formula::All(_)) != negated {
                    true => Self::All(parts),
                    false => Self::Any(parts),
                }
            }
            Formula::Atom(atom, location) => Self::Comparison(*location, token.compare(atom) == Ok(!negated)),
            Formula::Not(part) => Self::new(part, !negated, token),
            Formula::External(..) | Formula::Unknown => Self::Fixed(false),
        }
    }

    /// Returns true if the condition holds, with the opposite of one comparison in its place.
    fn holds(&self, opposite: Option<Location>) -> bool {
        match self {
            Self::All(parts) => parts.iter().all(|part| part.holds(opposite)),
            Self::Any(parts) => parts.iter().any(|part| part.holds(opposite)),
            Self::Comparison(location, holds) => *holds != (Some(*location) == opposite),
            Self::Fixed(holds) => *holds,
        }
    }

    fn each(&self, show: &mut dyn FnMut(Location)) {
        match self {
            Self::All(parts) | Self::Any(parts) => parts.iter().for_each(|part| part.each(show)),
            Self::Comparison(location, _) => show(*location),
            Self::Fixed(_) => {}
        }
    }

    /// Returns the comparisons of which one must change for the condition to change: in the first part that does not
    /// hold, or in all parts.
    fn candidates(&self) -> BTreeSet<Location> {
        let part = match self {
            Self::All(parts) => parts.iter().find(|part| !part.holds(None)),
            _ => None,
        };
        let mut found = BTreeSet::new();
        part.unwrap_or(self).each(&mut |location| {
            found.insert(location);
        });
        found
    }
}

/// Returns the decision on a role, and the comparisons that decide it.
pub(crate) fn decisive(program: &Program, role: RoleId, claims: Members<'_>) -> Decisive {
    let clauses = program.clause_ids(role);
    let trees: Vec<Tree> = clauses
        .filter_map(|clause| tree(program, clause, claims))
        .collect();
    let is_allowed = trees.iter().any(|tree| tree.holds(None));
    let candidates = trees.iter().flat_map(Tree::candidates);
    let candidates: BTreeSet<Location> = candidates.collect();
    let decides = |one: &Location| trees.iter().any(|tree| tree.holds(Some(*one))) != is_allowed;
    Decisive {
        is_allowed,
        comparisons: candidates.into_iter().filter(decides).collect(),
    }
}

/// Returns the conditions of a clause and of its guards; `None` if something else denies: the issuer, the audience, a
/// claim of every verified token, or a grant.
fn tree(program: &Program, id: ClauseId, claims: Members<'_>) -> Option<Tree> {
    let clause = &program[id];
    let issuer = &program[clause.issuer];
    let token = ProfileView::new(issuer, claims);
    let is_verified = token.is_from(&issuer.issuer.url)
        && token.is_for(&issuer.issuer.audiences)
        && token.unverified().next().is_none()
        && clause.unfilled(id, |hole| token.fit(hole).is_ok()).is_none();
    let guards = clause.guards().iter().map(|guard| &guard.condition);
    let conditions = std::iter::once(&clause.condition).chain(guards);
    is_verified.then(|| {
        let mut parts = Vec::new();
        for condition in conditions {
            match Tree::new(condition, false, &token) {
                // A conjunction among others is part of theirs.
                Tree::All(inner) => parts.extend(inner),
                other => parts.push(other),
            }
        }
        Tree::All(parts)
    })
}

#[cfg(test)]
mod tests {
    use crate::{PolicySet, Source};

    /// Returns the texts of the comparisons that decide the role `r` in the only test of a policy.
    fn decisive(condition: &str, claims: &str) -> (bool, Vec<String>) {
        let text = format!(
            "issuer i {{ url \"https://i.example\" audience \"a\" profile p }}
             profile p {{ claim a : text claim b : text claim c : bool optional }}
             condition is-x = a == \"x\"
             role r {{ allow from i when {condition} }}
             test \"t\" {{ token i {{ {claims} }} expect deny r }}"
        );
        let set = PolicySet::compile([Source::new("p.policy", text.as_str())]).unwrap();
        let program = set.program();
        let role = program.role("r").unwrap();
        let found = set.decisive(&program.tests()[0].claims, role);
        let texts = found
            .comparisons
            .iter()
            .map(|one| one.span().text(&text).to_owned());
        (found.is_allowed, texts.collect())
    }

    #[test]
    fn a_conjunction_that_holds_depends_on_each_part() {
        let (is_allowed, found) = decisive("a == \"x\" && b == \"y\"", "a = \"x\", b = \"y\"");
        assert!(is_allowed);
        assert_eq!(found, ["a == \"x\"", "b == \"y\""]);
    }

    #[test]
    fn a_conjunction_with_two_reasons_depends_on_neither() {
        assert_eq!(
            decisive("a == \"x\" && b == \"y\"", "a = \"0\", b = \"0\""),
            (false, vec![])
        );
        let (_, found) = decisive("a == \"x\" && b == \"y\"", "a = \"0\", b = \"y\"");
        assert_eq!(found, ["a == \"x\""]);
    }

    #[test]
    fn what_is_unknown_would_hold() {
        assert_eq!(decisive("c", "a = \"x\"").1, ["c"]);
        assert_eq!(decisive("!c", "a = \"x\"").1, ["c"]);
        assert_eq!(decisive("c || !c", "a = \"x\"").1, ["c", "c"]);
        assert_eq!(
            decisive("c || !c", "c = true").1,
            ["c"],
            "the other one does not hold"
        );
    }

    #[test]
    fn a_named_condition_changes_in_all_its_uses() {
        let twice = "(is-x && b == \"y\") || (!is-x && b == \"z\")";
        let (is_allowed, found) = decisive(twice, "a = \"x\", b = \"y\"");
        assert!(is_allowed);
        assert_eq!(found, ["a == \"x\"", "b == \"y\""]);
        let (is_allowed, found) = decisive("is-x || !is-x", "a = \"x\"");
        assert!(is_allowed);
        assert_eq!(found, [""; 0]);
    }
}
