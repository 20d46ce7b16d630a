//! Why a role is allowed or denied: each comparison, what the token says, and what would have been accepted.

use crate::claims::UnverifiedClaims;
use crate::diagnostic::Location;
use crate::document::Members;
use crate::evaluate::{ProfileView, Truth, Unknown, decide};
use crate::id::{ClauseId, RoleId};
use crate::ir::{Atom, Clause, Formula, Guard, Order, Program, Question, Role, TrustedIssuer};
use crate::pattern::Pattern;
use crate::value::Value;

/// The most comparisons that are explained at once; fewer if the token is large, for each shows a part of it.
pub(crate) const MAX_EXPLAINED: usize = 100_000;
/// The bytes of a token that are shown for the price of a comparison.
const BYTES_SHOWN: usize = 256;
/// The most values or patterns of a comparison that are shown.
const MAX_SHOWN: usize = 100;

/// Why a role is allowed or denied.
#[derive(Clone, Debug)]
pub struct Explanation<'a> {
    /// The role.
    pub role: &'a Role,
    /// The clause that allows it, if one does.
    pub allowed_by: Option<ClauseId>,
    /// Each clause.
    pub clauses: Vec<ClauseExplanation<'a>>,
    /// The number of comparisons that are left out because there are too many.
    pub left_out: usize,
}

/// Explains roles to one token, so many comparisons in all.
#[derive(Debug)]
pub struct Explainer<'a, 'c> {
    program: &'a Program,
    claims: &'c UnverifiedClaims,
    left: usize,
}

impl<'a, 'c> Explainer<'a, 'c> {
    pub(crate) fn new(program: &'a Program, claims: &'c UnverifiedClaims) -> Self {
        Self {
            program,
            claims,
            left: MAX_EXPLAINED,
        }
    }

    /// Why a role is allowed or denied; `None` if there is no such role.
    pub fn explain(&mut self, role: &str) -> Option<Explanation<'a>> {
        let role = self.program.role(role)?;
        Some(Explanation::new(self.program, role, self.claims, &mut self.left))
    }
}

/// The comparisons that may still be explained, the price of one, and the number that was left out.
struct Room<'r> {
    left: &'r mut usize,
    price: usize,
    left_out: usize,
}

/// How a clause came out.
#[derive(Clone, Debug)]
pub struct ClauseExplanation<'a> {
    /// The id of the clause.
    pub id: ClauseId,
    /// The clause.
    pub clause: &'a Clause,
    /// Its issuer.
    pub issuer: &'a TrustedIssuer,
    /// What the token says in `iss`, if that is not the issuer's URL. Nothing else is then looked at.
    pub other_issuer: Option<Option<Value>>,
    /// What the token says in `aud`, if that is not one of the issuer's audiences.
    pub other_audience: Option<Option<Value>>,
    /// The value of the clause's condition.
    pub condition: Truth,
    /// The comparisons of the condition, in the order of the text.
    pub comparisons: Vec<Comparison>,
    /// The guards of the clause, in the order of the text.
    pub guards: Vec<GuardExplanation<'a>>,
}

/// The outcome of a guard of a clause.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct GuardExplanation<'a> {
    /// The guard.
    pub guard: &'a Guard,
    /// The value of its condition.
    pub truth: Truth,
    /// The comparisons of its condition, in the order of the text.
    pub comparisons: Vec<Comparison>,
}

/// How a comparison came out.
#[derive(Clone, Debug, PartialEq)]
pub struct Comparison {
    /// Where it is written.
    pub location: Location,
    /// The claim, as policies write it.
    pub claim: String,
    /// Its value; a comparison under a `!` is turned round already.
    pub truth: Truth,
    /// Why it is UNKNOWN, if it is.
    pub unknown: Option<Unknown>,
    /// What the token says; `None` if it has no such claim.
    pub actual: Option<Value>,
    /// What would have been accepted.
    pub accepted: String,
    /// What the claim would have to be by the claims that it is made of, if it contradicts them.
    pub derived: Vec<String>,
}

impl<'a> Explanation<'a> {
    /// The explanation of a role; `left` is how many comparisons may be explained.
    pub(crate) fn new(
        program: &'a Program,
        role: RoleId,
        claims: &UnverifiedClaims,
        left: &mut usize,
    ) -> Self {
        let mut room = Room {
            left,
            price: (claims.bytes() / BYTES_SHOWN).saturating_add(1),
            left_out: 0,
        };
        let claims = claims.members();
        let clauses = program
            .clause_ids(role)
            .map(|clause| explain_clause(program, clause, claims, &mut room))
            .collect();
        Self {
            role: &program[role],
            allowed_by: decide(program, role, claims).ok(),
            clauses,
            left_out: room.left_out,
        }
    }
}

fn explain_clause<'a>(
    program: &'a Program,
    id: ClauseId,
    claims: Members<'_>,
    room: &mut Room<'_>,
) -> ClauseExplanation<'a> {
    let clause = &program[id];
    let issuer = &program[clause.issuer];
    let token = ProfileView::new(issuer, claims);
    let wrong = |right: bool, claim: &str| (!right).then(|| claims.get(claim).map(Value::from));
    let other_issuer = wrong(token.is_from(&issuer.issuer.url), "iss");
    let condition = if other_issuer.is_some() {
        Vec::new()
    } else {
        comparisons(&clause.condition, &token, room)
    };
    let guards = clause.guards.iter().map(|guard| GuardExplanation {
        guard: &program[guard.guard],
        truth: token.truth(&guard.condition),
        comparisons: comparisons(&guard.condition, &token, room),
    });
    ClauseExplanation {
        id,
        clause,
        issuer,
        other_audience: wrong(token.is_for(&issuer.issuer.audiences), "aud"),
        condition: token.truth(&clause.condition),
        comparisons: condition,
        guards: if other_issuer.is_some() {
            Vec::new()
        } else {
            guards.collect()
        },
        other_issuer,
    }
}

fn comparisons(formula: &Formula, token: &ProfileView<'_>, room: &mut Room<'_>) -> Vec<Comparison> {
    let mut found = Vec::new();
    collect(formula, false, token, &mut found, room);
    found
}

fn collect(
    formula: &Formula,
    negated: bool,
    token: &ProfileView<'_>,
    found: &mut Vec<Comparison>,
    room: &mut Room<'_>,
) {
    match formula {
        Formula::All(parts) | Formula::Any(parts) => {
            for part in parts.iter() {
                collect(part, negated, token, found, room);
            }
        }
        Formula::Atom(..) if *room.left == 0 => room.left_out = room.left_out.saturating_add(1),
        Formula::Atom(atom, location) => {
            *room.left = room.left.saturating_sub(room.price);
            found.push(compare(atom, *location, negated, token));
        }
        Formula::Not(part) => collect(part, !negated, token, found, room),
        Formula::Unknown => {}
    }
}

fn compare(atom: &Atom, location: Location, negated: bool, token: &ProfileView<'_>) -> Comparison {
    let outcome = token.compare(atom);
    let truth = outcome.map_or(Truth::Unknown, Truth::from);
    let definition = &token.profile[atom.claim];
    let unknown = outcome.err();
    let derived = if unknown == Some(Unknown::Contradiction) {
        let own = token
            .derivations
            .iter()
            .filter(|derivation| derivation.claim == atom.claim);
        own.filter_map(|derivation| token.derive(derivation)).collect()
    } else {
        Vec::new()
    };
    Comparison {
        location,
        claim: definition.to_string(),
        truth: if negated { !truth } else { truth },
        unknown,
        actual: crate::evaluate::lookup(token.claims, &definition.path).map(Value::from),
        accepted: accepted(&atom.question, negated, token),
        derived,
    }
}

/// What a comparison accepts, in words.
fn accepted(question: &Question, negated: bool, token: &ProfileView<'_>) -> String {
    let values = |literals: &[crate::Literal]| {
        let shown = literals.iter().map(|literal| literal.to_value().to_string());
        few(shown, ", ")
    };
    let one_of = |literals: &[crate::Literal]| match literals.len() {
        1 => values(literals),
        _ => format!("one of {}", values(literals)),
    };
    let positive = match question {
        Question::Present => return if negated { "absent or null" } else { "present" }.to_owned(),
        Question::ContainsAll(literals) => format!("a list with {}", values(literals)),
        Question::ContainsAny(literals) => format!("a list with {}", one_of(literals)),
        Question::OneOf(literals) => one_of(literals),
        Question::Only(literal) => format!("only {}", literal.to_value()),
        Question::Order(order, number) => {
            let sign = match order {
                Order::Greater => ">",
                Order::GreaterEqual => ">=",
                Order::Less => "<",
                Order::LessEqual => "<=",
            };
            format!("{sign} {number}")
        }
        Question::Pattern(patterns) => {
            let shown = patterns
                .iter()
                .map(|pattern| format!("{} {pattern}", operator(pattern)));
            few(shown, " or ")
        }
        Question::SameAs(other) => {
            let name = &token.profile[*other];
            match token.value(*other) {
                Ok(value) => format!("the same as `{name}`, {value}"),
                Err(_) => format!("the same as `{name}`, which is absent"),
            }
        }
    };
    if negated {
        format!("anything but {positive}")
    } else {
        positive
    }
}

/// Joins what is accepted; of many values, the first and the number of the others.
fn few(shown: impl ExactSizeIterator<Item = String>, between: &str) -> String {
    let more = shown.len().saturating_sub(MAX_SHOWN);
    let first: Vec<String> = shown.take(MAX_SHOWN).collect();
    let first = first.join(between);
    match more {
        0 => first,
        more => format!("{first}{between}{more} more"),
    }
}

fn operator(pattern: &Pattern) -> &'static str {
    match pattern {
        Pattern::Glob(_) => "glob",
        Pattern::Like(_) => "like",
        Pattern::Matches(_) => "matches",
        Pattern::Under(_) => "under",
    }
}
