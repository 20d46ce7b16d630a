//! The claims that roles ask for, and what they ask.

/// A claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Claim {
    /// The issuer.
    Iss,
    /// The audience.
    Aud,
    /// The job, in one text.
    Sub,
    /// The project.
    ProjectPath,
    /// The project's namespace.
    NamespacePath,
    /// The branch or tag.
    Ref,
    /// The kind of the ref: branch or tag.
    RefType,
    /// The protection of the ref.
    RefProtected,
    /// The environment that the job deploys to.
    Environment,
    /// The kind of that environment.
    DeploymentTier,
}

impl Claim {
    /// All of them.
    pub const ALL: [Self; 10] = [
        Self::Iss,
        Self::Aud,
        Self::Sub,
        Self::ProjectPath,
        Self::NamespacePath,
        Self::Ref,
        Self::RefType,
        Self::RefProtected,
        Self::Environment,
        Self::DeploymentTier,
    ];

    /// Its name in a token.
    pub fn name(self) -> &'static str {
        match self {
            Self::Iss => "iss",
            Self::Aud => "aud",
            Self::Sub => "sub",
            Self::ProjectPath => "project_path",
            Self::NamespacePath => "namespace_path",
            Self::Ref => "ref",
            Self::RefType => "ref_type",
            Self::RefProtected => "ref_protected",
            Self::Environment => "environment",
            Self::DeploymentTier => "deployment_tier",
        }
    }
}

/// A test of one claim.
#[derive(Clone, Debug)]
pub enum Test {
    /// It is one of these.
    Equal(Claim, Vec<String>),
    /// It fits one of these.
    Like(Claim, Vec<Wildcard>),
    /// It is this text and then something that the regex means.
    Matches(Claim, String, String),
}

/// Text, anything, text.
#[derive(Clone, Debug)]
pub struct Wildcard {
    /// Before the star.
    pub head: String,
    /// After the star.
    pub tail: String,
}

impl Wildcard {
    pub(super) fn new(pattern: &str) -> Self {
        let (head, tail) = pattern.split_once('*').expect("a star");
        Self {
            head: head.to_owned(),
            tail: tail.to_owned(),
        }
    }

    /// The pattern as text.
    pub fn text(&self) -> String {
        format!("{}*{}", self.head, self.tail)
    }

    /// Returns whether a whole value fits.
    pub fn fits(&self, value: &str) -> bool {
        value.len() >= self.head.len() + self.tail.len()
            && value.starts_with(&self.head)
            && value.ends_with(&self.tail)
    }
}

impl Test {
    /// The claim.
    pub fn claim(&self) -> Claim {
        match self {
            Self::Equal(claim, _) | Self::Like(claim, _) | Self::Matches(claim, ..) => *claim,
        }
    }

    /// Tests for one value or pattern each: this one is that one of them holds.
    pub fn singles(&self) -> Vec<Self> {
        match self {
            Self::Equal(claim, values) => {
                let single = |value: &String| Self::Equal(*claim, vec![value.clone()]);
                values.iter().map(single).collect()
            }
            Self::Like(claim, patterns) => {
                let single = |pattern: &Wildcard| Self::Like(*claim, vec![pattern.clone()]);
                patterns.iter().map(single).collect()
            }
            Self::Matches(..) => vec![self.clone()],
        }
    }
}
