//! The typed form of a policy set: names are resolved, and types fit. Decisions, explanations, proofs and findings are made
//! from it.
//!
//! Roles, clauses, issuers, guards, files and claims are kept in [`Arena`](crate::Arena)s and named by their ids. A
//! [`Program`] hands out the ids, and its arenas look them up without fail. A name that a user gives becomes an id by
//! [`Program::role`], which is where a wrong one is refused.

mod formula;
mod profile;
mod program;
mod role;
mod statement;

pub use formula::{Atom, Formula, Literals, Order, Question};
pub(crate) use profile::write_path;
pub use profile::{ClaimDefinition, Derivation, Profile, Trust, TrustedIssuer};
pub use program::Program;
pub use role::{Clause, Guard, GuardCondition, Role};
pub use statement::{Assertion, Expectation, Goal, IssuerCondition, Statement, Test};
