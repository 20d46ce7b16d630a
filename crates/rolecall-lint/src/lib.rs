//! Linter for trust policies. It reports dangerous, dead and untidy policies.
//!
//! The name of a rule reads well after `allow`. Most rules decide for all tokens, and show a token that gets
//! the role. Rules do not sample or guess if the analysis can
//! decide.
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
//! let report = Linter::new(&set, &Settings::default()).run();
//!
//! let finding = report.findings.iter().find(|finding| finding.rule.name == "shared-issuer-without-tenant");
//! // Every project on gitlab.com can have a branch called main.
//! assert!(finding.is_some_and(|finding| finding.witness.is_some()));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # To add a rule
//!
//! Write `src/rules/NAME.rs` and `docs/NAME.md`, and add one line to `rules.rs`. The policies on the page are
//! its tests.

mod alternatives;
mod ask;
mod audiences;
mod author;
mod boundary;
mod clause;
mod code;
mod collision;
mod context;
mod crossing;
mod date;
mod demands;
mod edits;
mod finding;
mod fingerprint;
mod fix;
mod foreign;
mod grants;
mod ground;
mod harm;
mod jwt;
mod layouts;
mod linter;
mod memory;
mod named;
mod narrowing;
mod openness;
mod outline;
mod places;
mod prefix;
mod projects;
mod refs;
mod refutation;
mod remark;
mod removal;
mod report;
mod role_spans;
mod rule;
mod rule_info;
mod rules;
mod session;
mod settings;
mod severity;
mod stranger;
mod subject;
mod suppress;
mod suppression;
mod surroundings;
mod tells;
mod tenants;
mod text;
mod trees;
mod uses;
mod vocabulary;
mod way;
mod width;
mod words;
mod written;

pub use boundary::{Boundary, BoundaryError};
pub use date::{Date, InvalidDate};
pub use finding::{Finding, Proposal, Wanting};
pub use fingerprint::{Identity, fingerprints_of, identities};
pub use fix::{Edit, Fix, apply};
pub use foreign::foreign;
pub use harm::Harm;
pub use linter::{Linter, Part};
pub use report::{LintReport, Suppressed};
pub use rule_info::RuleInfo;
pub use rules::unknown_privileged_tag::unknown_privileged_tag;
pub use rules::{RULES, find};
pub use session::Session;
pub use settings::{Override, Scope, Settings};
pub use severity::{Category, Confidence, Level, Persona, Safety, Severity};
pub use suppression::Suppression;
pub use way::{Aspect, Way};
pub use width::{Step, Width};
