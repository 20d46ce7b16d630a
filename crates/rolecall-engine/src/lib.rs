//! Compilation of policy sets, and decisions on tokens.
//!
//! [`PolicySet::compile`] parses the files of a policy set, resolves the names over all of them, checks the
//! types against the profiles of the issuers, and reports every error at once. [`PolicySet::decide`] decides
//! whether a token may take a role, [`PolicySet::roles`] finds the roles that it may take, and
//! [`PolicySet::explain`] explains a decision, in a view for operators and one for requesters.
//!
//! A decision is made on [`Claims`], which a verifier creates: the crate `rolecall`, or a service that verifies
//! tokens by itself and vouches for them with [`assume_verified`]. Other claims are [`UnverifiedClaims`], which
//! can be explained and tested. The crate reads no file, clock or key.
//!
//! The feature `serde` adds `Serialize` for [`Decision`], [`DenialReason`] and [`RequesterView`], and the
//! feature `serde_json` claims from a `serde_json::Value`, see [`UnverifiedClaims`].
//!
//! Types that callers only read are `#[non_exhaustive]`. Types that callers construct, such as [`Source`],
//! [`CompileError`], [`ir::Formula`], [`ir::Atom`], [`ir::IssuerCondition`] and [`ir::Goal`], are not, and
//! neither are enums of a closed set, such as [`Truth`], [`Algorithm`] and [`ir::Order`].
//!
//! ```
//! use rolecall_engine::{Document, JsonLimits, PolicySet, Source, UnverifiedClaims, assume_verified};
//!
//! let policy = r#"
//!     issuer gitlab { url "https://gitlab.com" profile gitlab-ci audience "https://sts.acme.example" }
//!     role deploy { allow from gitlab when project == "acme/shop" && ref_protected }
//! "#;
//! let set = PolicySet::compile([Source::new("acme.policy", policy)])?;
//!
//! // A service gets its claims from a verified token instead.
//! let payload = br#"{"iss": "https://gitlab.com", "aud": "https://sts.acme.example",
//!     "sub": "project_path:acme/shop:ref_type:branch:ref:main", "iat": 1800000000, "exp": 1800003600,
//!     "project_path": "acme/shop", "ref_protected": "true"}"#;
//! let payload = Document::parse(payload.to_vec(), &JsonLimits::CLAIMS)?;
//! let claims = assume_verified(UnverifiedClaims::new(payload));
//!
//! assert!(set.decide(&claims, "deploy").is_allowed());
//! assert_eq!(set.roles(&claims, &mut Vec::new()).count(), 1);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

#![cfg_attr(docsrs, feature(doc_cfg))]

mod arena;
mod audience;
mod built_in;
mod cached_decision;
mod certain;
mod claim_type;
mod claims;
mod compiler;
mod decimal;
mod decision;
mod diagnostic;
mod document;
mod error_kind;
mod evaluate;
mod explain;
mod grant;
mod hashed_str;
mod hole;
mod id;
pub mod ir;
mod issuer;
mod issuer_url;
mod json;
mod layout;
mod lower;
mod matcher;
mod narrow;
mod parsed_file;
pub mod pattern;
mod policy_set;
mod printable;
mod probing;
mod reason;
#[cfg(feature = "serde_json")]
mod serde_json_claims;
#[cfg(feature = "serde")]
mod serialize;
mod source;
mod static_map;
mod swar;
mod template;
mod testing;
mod token_files;
mod value;
mod written_type;

pub use arena::{Arena, Id};
pub use audience::only_audience;
pub use built_in::built_in_profiles;
pub use cached_decision::CachedDecision;
pub use claim_type::{ClaimType, EnumValues, JsonForm, Literal, PathKind, Scalar, Typed};
pub use claims::{Claims, UnverifiedClaims, assume_verified};
pub use compiler::Compiler;
pub use decimal::Decimal;
pub use decision::Decision;
pub use diagnostic::{Diagnostic, Location, Note};
pub use document::{Document, Items, Json, Members};
pub use error_kind::ErrorKind;
pub use evaluate::{Decisive, Dependence, Nearness, Truth, Unknown};
pub use explain::{
    ClaimCheck, ClauseExplanation, Comparison, ConditionTree, Contradiction, Explainer, Explanation,
    FailedClaim, GuardExplanation, Obstacles, OperatorView, RequesterView, Slight, readable_time,
    without_ids,
};
pub use grant::GrantFault;
pub use id::{ClaimId, ClauseId, FileId, GuardId, IssuerId, RoleId};
pub use issuer::{Algorithm, Issuer, TokenKind};
pub use issuer_url::{IssuerUrlFault, check_issuer_url};
pub use json::{JsonError, JsonFault, JsonLimits};
pub use layout::{Difference, ForeignComponent, Layout, UnknownLayout};
pub use matcher::{Anchor, AnchorPart, IndexStats};
pub use parsed_file::ParsedFile;
pub use policy_set::{CompileError, PolicySet};
pub use reason::{DenialReason, UnfilledGrant};
pub use rolecall_syntax::{MAX_FILE_BYTES, Span, Str, SyntaxError, ast::Selector};
pub use source::Source;
pub use template::{Filter, Part, Template};
pub use testing::{Failure, Fault, TestOutcome};
pub use token_files::{TokenFile, TokenFileFault, TokenFileKind, TokenFiles};
pub use value::{DuplicateMember, Object, Value};
