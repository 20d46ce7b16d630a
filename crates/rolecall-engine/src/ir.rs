//! The typed form of a policy set: names are resolved, and types fit. Decisions, explanations, proofs and
//! findings are based on it.
//!
//! Roles, clauses, issuers, guards, files and claims are kept in [`Arena`](crate::Arena)s and named by their
//! ids. A [`Program`] hands out the ids, and its arenas look them up without fail. [`Program::role`] turns
//! the name of a role into its id, and returns `None` for an unknown name.

mod formula;
mod profile;
mod program;
mod role;
mod statement;
mod written;

pub use formula::{Atom, External, Formula, Literals, Order, Question};
pub use profile::{ClaimDefinition, Derivation, Profile, Trust, TrustedIssuer};
pub use program::Program;
pub(crate) use role::Attached;
pub use role::{Clause, Guard, GuardCondition, Role};
pub use rolecall_syntax::ast::ExpectationKind;
pub use statement::{Assertion, Expectation, Fact, Goal, IssuerCondition, Statement, Test};
pub(crate) use written::write_path;
