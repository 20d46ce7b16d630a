//! Questions.

use crate::files::File;
use crate::{check, explain, format, import, prove, rules, test, witness};
use rolecall_report::failure::Failure;
use serde::Deserialize;

/// A question, with all that its answer depends on.
#[derive(Deserialize)]
#[serde(tag = "question", rename_all = "snake_case", deny_unknown_fields)]
pub(crate) enum Question {
    /// The errors and findings of policies or documents, and their roles.
    Check {
        files: Vec<File>,
        /// The current date, such as `2026-12-03`. Without it, no suppression expires.
        today: Option<String>,
        /// `regular`, `pedantic` or `auditor`.
        persona: Option<String>,
    },
    /// The reasons why a token gets roles, and what would give it others.
    Explain {
        files: Vec<File>,
        /// A signed token, whose signature is not verified.
        token: Option<String>,
        /// The claims of a token, as the text of a JSON object.
        claims: Option<String>,
        /// The name of the issuer in the policies.
        issuer: Option<String>,
        /// A selector of roles.
        role: Option<String>,
    },
    /// The policies in the standard format.
    Format { file: File },
    /// The policies that mean the same as documents in other languages.
    Import { files: Vec<File> },
    /// The results of the assertions, or of one statement.
    Prove {
        files: Vec<File>,
        statement: Option<String>,
    },
    /// A rule of the linter, with its page.
    Rule { name: String },
    /// The rules of the linter.
    Rules,
    /// The results of the tests and assertions.
    Test { files: Vec<File> },
    /// Tokens that get the selected roles.
    Witness {
        files: Vec<File>,
        role: String,
        #[serde(default)]
        near_miss: bool,
    },
}

impl Question {
    pub(crate) fn read(text: &str) -> Result<Self, Failure> {
        serde_json::from_str(text).map_err(|error| {
            Failure::new(format!("this is not a question: {error}")).help("see the package's types")
        })
    }

    pub(crate) fn answer(self) -> Result<String, Failure> {
        match self {
            Self::Check {
                files,
                today,
                persona,
            } => check::answer(files, today.as_deref(), persona.as_deref()),
            Self::Explain {
                files,
                token,
                claims,
                issuer,
                role,
            } => {
                let proof = explain::Proof::new(token, claims)?;
                explain::answer(files, &proof, issuer.as_deref(), role.as_deref())
            }
            Self::Format { file } => format::answer(&file),
            Self::Import { files } => import::answer(files),
            Self::Prove { files, statement } => prove::answer(files, statement.as_deref()),
            Self::Rule { name } => rules::page(&name),
            Self::Rules => rules::answer(),
            Self::Test { files } => test::answer(files),
            Self::Witness {
                files,
                role,
                near_miss,
            } => witness::answer(files, &role, near_miss),
        }
    }
}
