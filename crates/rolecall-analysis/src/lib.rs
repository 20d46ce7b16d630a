//! Decides statements about all tokens, with a proof or a counterexample token.
//!
//! A condition compares claims with values and patterns in the policy. Therefore finitely many regular
//! languages, each of one claim, determine which tokens fulfil it, and every question about conditions can be
//! decided, without sampling, without a solver, and without measuring time. A question that needs more than a
//! [`Budget`] of states and bytes is [not decided](Undecided), which is never reported as a yes or a no.
//!
//! ```
//! use rolecall_analysis::{Analysis, Answer};
//! use rolecall_engine::{PolicySet, Source};
//!
//! let policy = r#"
//!     issuer gitlab { url "https://gitlab.com" profile gitlab-ci audience "https://sts.acme.example" }
//!     role plan { allow from gitlab when project like "acme*" }
//!     role deploy { allow from gitlab when project == "acme/shop" && ref_protected }
//!     assert "only acme" { * implies project under "acme" }
//! "#;
//! let set = PolicySet::compile([Source::new("acme.policy", policy)])?;
//! let mut analysis = Analysis::new(&set);
//!
//! let role = |name| set.program().role(name).unwrap();
//! let (plan, deploy) = (role("plan"), role("deploy"));
//! assert!(analysis.implies(deploy, plan).is_proved());
//! let proof = analysis.prove(&set.program().assertions()[0]);
//! assert!(proof.outcome.is_refuted(), "`acme*` is also `acme-evil/shop`");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Ids
//!
//! Roles are [`RoleId`](rolecall_engine::RoleId)s, which only the policy set hands out, so there is no proof
//! about a role that does not exist. A number is not an id:
//!
//! ```compile_fail,E0308
//! # use rolecall_analysis::Analysis;
//! # use rolecall_engine::{PolicySet, Source};
//! # let set = PolicySet::compile([Source::new("empty.policy", "")]).unwrap();
//! Analysis::new(&set).implies(99, 1);
//! ```
//!
//! The id of another set is a mistake in the calling program: debug builds panic.
//!
//! # Method
//!
//! **Languages.** The values of a pattern, of a type, or below a number are a language. Each language is kept
//! once, as its minimal automaton over bytes. `matches` uses the engine's own automata; the types are those
//! that the engine enforces.
//!
//! **Formulas.** TRUE and FALSE of a condition are two formulas, as [the
//! language](https://docs.rs/rolecall-engine) defines them: a comparison is neither if its claim is absent or
//! ill-typed. A derived claim, such as `sub`, is not a variable: one of its derivations builds it, and a
//! comparison with it is rewritten into comparisons with its parts.
//!
//! **Tokens.** Every token is from its issuer and for one of its audiences, and has the claims that
//! verification guarantees: a subject that is not empty, `exp` and `iat`. A derivation builds a claim only if
//! the derivation applies.
//!
//! **External conditions.** A condition that no token decides, such as a source address, is a boolean of the
//! request: a proof holds for both of its values, and [`Witness::externals`] has those that a token needs. A
//! `possible` that depends on one is not decided.
//!
//! **Search.** Claim by claim, the automata of all questions about it run in parallel. One word represents
//! all words with the same answers; its answers are put into the formula, and the rest is decided for the
//! next claim.
//!
//! **Witnesses.** The choices of a search become a token, which is returned only after the reference
//! evaluation and the matcher have both confirmed it. So do the choices for an earlier question that differs only
//! in names, before the search.

mod analogy;
mod analysis;
mod answer;
mod assertion;
mod budget;
mod conjunct;
mod dfa;
mod difference;
mod formula;
mod index;
mod language;
mod layouts;
mod meter;
mod near_miss;
mod nearer;
mod obligation;
mod origin;
mod query;
mod questions;
mod removal;
mod repair;
mod rivals;
mod sample;
mod search;
mod space;
mod test_token;
mod times;
mod token;
mod variable;
mod vocabulary;
mod within;
mod witness;

pub use analysis::Analysis;
pub use answer::{Answer, Conflict, ConflictPart, Coverage, Outcome};
pub use assertion::Proof;
pub use budget::{Budget, Undecided};
pub use conjunct::conjuncts;
pub use difference::{
    AssertionChange, GivenChange, IssuerChange, IssuerSetting, RoleChange, assertion_changes, difference,
    issuer_changes,
};
pub use near_miss::{Miss, NearMiss};
pub use obligation::{WrittenRole, decided, written_roles};
pub use removal::Removal;
pub use repair::{Actor, Change, Changes, Nearest, Oddity, Repair};
pub use witness::Witness;
