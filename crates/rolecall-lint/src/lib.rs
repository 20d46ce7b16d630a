//! The linter for trust policies: what is dangerous, what is dead, and what is untidy.
//!
//! A rule is a smell with a name that reads well after `allow`. Most rules ask about all tokens, and show the one that gets
//! in; none samples or guesses where the analysis can decide.
//!
//! ```
//! use rolecall_engine::{PolicySet, Source};
//! use rolecall_lint::{Linter, Settings};
//!
//! let policy = r#"
//!     issuer gitlab { url "https://gitlab.com" profile gitlab-ci audience "https://sts.acme.example" }
//!     role deploy { allow from gitlab when ref == "main" && ref_type == "branch" && ref_protected }
//! "#;
//! let set = PolicySet::compile([Source::new("acme.policy", policy)])?;
//! let linted = Linter::new(&set, &Settings::default()).run();
//!
//! let finding = linted.findings.iter().find(|finding| finding.rule.name == "shared-issuer-without-tenant");
//! assert!(finding.is_some_and(|finding| finding.witness.is_some()), "everybody on gitlab.com has a branch called main");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # To add a rule
//!
//! Write `src/rules/NAME.rs` and `docs/NAME.md`, and add one line to `rules.rs`. The blocks of the page are its tests.

mod alternatives;
mod ask;
mod audiences;
mod clause;
mod code;
mod demands;
mod edits;
mod finding;
mod fingerprint;
mod fix;
mod jwt;
mod linter;
mod linting;
mod narrowing;
mod proof;
mod refs;
mod regexes;
mod remark;
mod removal;
mod rule;
mod rules;
mod settings;
mod stranger;
mod suppression;
mod surroundings;
mod trees;
mod uses;
mod vocabulary;
mod written;

pub use finding::{Edit, Finding, Fix, Safety};
pub use fingerprint::{Identity, fingerprints_of, identities};
pub use fix::apply;
pub use linter::{Linted, Linter};
pub use rule::{Category, Confidence, Persona, Rule, Severity};
pub use rules::unknown_privileged_tag::unknown_privileged_tag;
pub use rules::{RULES, find};
pub use settings::{Level, Override, Settings};
pub use suppression::Suppression;
