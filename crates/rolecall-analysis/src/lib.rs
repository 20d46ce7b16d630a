//! Answers about ALL tokens: what is proved of them, and a token where something is refuted.
//!
//! A condition of the language compares claims with what is written in the policy. So the tokens that fulfil it are told
//! apart by finitely many regular languages, each of one claim, and every question about conditions can be decided: nothing
//! is sampled, no solver is asked, and no time is measured. What would take more than a [`Budget`] of states and bytes is
//! [not decided](Reason), which is never passed off as a yes or a no.
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
//! # How it works
//!
//! **Languages.** What a pattern accepts, what belongs to a type, which numbers are less than another: each is the smallest
//! automaton over bytes, kept once. `matches` comes from the automata that decide; the types are those that the engine
//! enforces.
//!
//! **Formulas.** TRUE and FALSE of a condition are two formulas, as [the language](https://docs.rs/rolecall-engine) defines
//! them: a comparison is neither if its claim is absent or odd. A derived claim, `sub` above all, is no variable: it is put
//! together by one of its derivations, and a comparison with it is rewritten into comparisons with its parts.
//!
//! **The tokens.** Every token is from its issuer and for one of its audiences, and has what verification guarantees: a
//! subject that is not empty, `exp` and `iat`. A derived claim counts as made by a derivation only if that derivation applies.
//!
//! **The search.** Claim by claim, the automata of all questions about it run side by side. Of each set of answers that comes
//! out one word stands for all; the answers are put into the formula, and what is left is decided for the next claim.
//!
//! **Witnesses.** What was found is put together to a token, and given only after the evaluation of the language and the
//! matcher have both confirmed it.

mod analysis;
mod answer;
mod assertion;
mod budget;
mod conjunct;
mod dfa;
mod difference;
mod formula;
mod language;
mod meter;
mod near_miss;
mod query;
mod questions;
mod rivals;
mod sample;
mod search;
mod space;
mod token;
mod variable;
mod vocabulary;
mod witness;

pub use analysis::Analysis;
pub use answer::{Answer, Conflict, ConflictPart, Coverage, Outcome};
pub use assertion::Proof;
pub use budget::{Budget, Undecided};
pub use difference::{
    AssertionChange, GivenChange, IssuerChange, IssuerSetting, RoleChange, assertion_changes, difference,
    issuer_changes,
};
pub use near_miss::{Miss, NearMiss};
pub use witness::Witness;
