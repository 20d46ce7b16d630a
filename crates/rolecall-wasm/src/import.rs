//! The question `import`.

use crate::files::{File, compile};
use crate::written;
use rolecall_interop::{Clauses, ImportedRole};
use rolecall_report::failure::Failure;
use serde::Serialize;

/// The policy files that mean the same as documents.
#[derive(Serialize)]
struct ImportAnswer {
    files: Vec<FileAnswer>,
    roles: Vec<ImportedAnswer>,
}

#[derive(Serialize)]
struct FileAnswer {
    name: String,
    text: String,
}

#[derive(Serialize)]
struct ImportedAnswer {
    /// The name in the source.
    source: String,
    /// The name in the policies.
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    /// The reason why the role is not written.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    /// True if exactly the same tokens get the role.
    exact: bool,
}

impl From<ImportedRole> for ImportedAnswer {
    fn from(role: ImportedRole) -> Self {
        let (name, reason) = match role.name {
            Ok(name) => (Some(name), None),
            Err(reason) => (None, Some(reason)),
        };
        Self {
            source: role.source,
            name,
            reason,
            exact: role.is_exact,
        }
    }
}

pub(crate) fn answer(files: Vec<File>) -> Result<String, Failure> {
    let policies = compile(files, None)?;
    policies.set()?;
    if policies.foreign.is_empty() {
        return Err(
            Failure::new("no file is a document to import").help("add a trust policy, such as one of AWS")
        );
    }
    let import = policies.foreign.import(Clauses::Each);
    let import =
        import.map_err(|_| Failure::new("the roles do not fit into a policy file").help("import fewer"))?;
    let files = import.files.into_iter().map(|source| FileAnswer {
        name: source.name.to_string(),
        text: source.text.to_string(),
    });
    written(&ImportAnswer {
        files: files.collect(),
        roles: import.roles.into_iter().map(ImportedAnswer::from).collect(),
    })
}
