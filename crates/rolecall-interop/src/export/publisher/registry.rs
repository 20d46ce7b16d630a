//! Registries and the CI systems whose tokens they take.
//!
//! Facts are from pypi/warehouse `warehouse/oidc/models/github.py` and `gitlab.py`, rust-lang/crates.io
//! `src/controllers/trustpub/tokens/exchange/mod.rs` and `crates/crates_io_trustpub`, and the pages "Trusted publishing for npm
//! packages" and "npm-trust" of the npm documentation.

use crate::export::texts::Texts;
use rolecall_engine::pattern::WildcardPiece;

/// A CI system.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::export) enum Ci {
    GitHub,
    GitLab,
}

impl Ci {
    /// Returns the CI system of an issuer. Registries take tokens of the public servers alone.
    pub(super) fn of(url: &str) -> Option<Self> {
        match url {
            "https://token.actions.githubusercontent.com" => Some(Self::GitHub),
            "https://gitlab.com" => Some(Self::GitLab),
            _ => None,
        }
    }

    pub(super) fn url(self) -> &'static str {
        match self {
            Self::GitHub => "https://token.actions.githubusercontent.com",
            Self::GitLab => "https://gitlab.com",
        }
    }

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::GitHub => "GitHub",
            Self::GitLab => "GitLab",
        }
    }

    /// Returns the claim with the path of the project.
    pub(super) fn project_claim(self) -> &'static str {
        match self {
            Self::GitHub => "repository",
            Self::GitLab => "project_path",
        }
    }

    /// Returns the workflow file in the texts of a claim: `acme/shop/.github/workflows/FILE@REF`, or `gitlab.com/acme/shop//FILE@REF`.
    pub(super) fn workflow(self, texts: &Texts) -> Option<String> {
        let piece = |piece: &WildcardPiece| match piece {
            WildcardPiece::Text(text) => text.to_string(),
            WildcardPiece::One | WildcardPiece::Run => WILD.to_string(),
        };
        let text: String = texts.pieces().iter().map(piece).collect();
        let (file, _) = text.rsplit_once('@')?;
        let start = if self == Self::GitHub { "/" } else { "//" };
        let (_, file) = file.rsplit_once(start)?;
        (!file.is_empty() && !file.contains(WILD)).then(|| file.to_owned())
    }
}

/// A character that stands for any text. No claim has it.
const WILD: char = '\u{0}';

/// A registry.
pub(in crate::export) trait Publisher {
    /// The name for people.
    const NAME: &'static str;
    /// The name of a file.
    const FILE: &'static str;
    /// The audience that it takes.
    const AUDIENCE: &'static str;
    /// The labels of the form for GitHub: the owner, the repository, the workflow file and the environment.
    const OF_GITHUB: [&'static str; 4];
    /// The labels of the form for GitLab: the namespace, the project, the pipeline file and the environment.
    const OF_GITLAB: [&'static str; 4];
    /// True if the environments of GitLab are compared without case. GitLab tells them apart.
    const FOLDS_ENVIRONMENTS: bool = false;
    /// True if `npm trust` adds publishers.
    const HAS_COMMAND: bool = false;
    /// True if the whole claim with the workflow is compared, with the ref or commit of the token.
    const COMPARES_WORKFLOW: bool = false;

    /// Returns the claim with the workflow file.
    fn workflow_claim(ci: Ci) -> &'static str {
        match ci {
            Ci::GitHub if Self::COMPARES_WORKFLOW => "job_workflow_ref",
            Ci::GitHub => "workflow_ref",
            Ci::GitLab => "ci_config_ref_uri",
        }
    }

    /// Returns the labels of a form.
    fn labels(ci: Ci) -> [&'static str; 4] {
        match ci {
            Ci::GitHub => Self::OF_GITHUB,
            Ci::GitLab => Self::OF_GITLAB,
        }
    }
}

/// crates.io
pub(in crate::export) struct CratesIo;

impl Publisher for CratesIo {
    const NAME: &'static str = "crates.io";
    const FILE: &'static str = "crates-io";
    const AUDIENCE: &'static str = "crates.io";
    const OF_GITHUB: [&'static str; 4] = [
        "Repository owner",
        "Repository name",
        "Workflow filename",
        "Environment",
    ];
    const OF_GITLAB: [&'static str; 4] = ["Namespace", "Project", "Workflow filepath", "Environment"];
    const FOLDS_ENVIRONMENTS: bool = true;
}

/// npm
pub(in crate::export) struct Npm;

impl Publisher for Npm {
    const NAME: &'static str = "npm";
    const FILE: &'static str = "npm";
    const AUDIENCE: &'static str = "npm:registry.npmjs.org";
    const OF_GITHUB: [&'static str; 4] = [
        "Organization or user",
        "Repository",
        "Workflow filename",
        "Environment name",
    ];
    const OF_GITLAB: [&'static str; 4] = [
        "Namespace",
        "Project name",
        "Top-level CI file path",
        "Environment name",
    ];
    const HAS_COMMAND: bool = true;
}

/// PyPI
pub(in crate::export) struct PyPi;

impl Publisher for PyPi {
    const NAME: &'static str = "PyPI";
    const FILE: &'static str = "pypi";
    const AUDIENCE: &'static str = "pypi";
    const OF_GITHUB: [&'static str; 4] = ["Owner", "Repository name", "Workflow name", "Environment name"];
    const OF_GITLAB: [&'static str; 4] = [
        "Namespace",
        "Project name",
        "Top-level pipeline file path",
        "Environment name",
    ];
    const COMPARES_WORKFLOW: bool = true;
}
