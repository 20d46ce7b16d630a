//! Trust policies of clouds and other systems, read where they stand.
//!
//! The crate turns the text of a foreign document into a tree of its source, with a location for each part.
//! [`export`] turns a role of a policy set into documents, which are read back and proved not to admit another token. It reads
//! no file and uses no network.

pub mod aws;
pub mod azure;
mod beside;
pub mod cel;
mod cloudformation;
mod content;
pub mod document;
mod drift;
mod export;
mod fields;
mod go_regex;
pub mod google;
mod grants;
mod hcl;
mod import;
pub mod kubernetes;
mod migration;
mod notice;
pub mod octo_sts;
mod ownership;
mod projects;
mod target;
mod terraform;
mod translation;
pub mod vault;
mod via;

pub use drift::{Drift, DriftComparison, DriftState, RoleDrift, drift};
pub use export::{Document, Export, Form, Names, NotExported, Refusal, export};
pub use grants::{Grants, constant_grants};
pub use hcl::is_header;
pub use import::{Clauses, Import, ImportedRole, import};
pub use migration::{LeftSubject, Migration, Step, migrate};
pub use notice::{Notice, NoticeKind, Reading};
pub use ownership::{ComparedName, Standing, ownership};
pub use projects::Projects;
pub use target::{Registry, Target};
pub use translation::{
    Coverage, Fact, Fidelity, ForeignError, ForeignFile, Profiles, Resource, TranslatedRole, Translation,
    advice, blanked, translate, translate_versions,
};
pub use via::role_tokens;
