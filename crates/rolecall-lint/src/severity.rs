//! The scales on which rules and findings are rated.

use std::fmt;

/// The subject of a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Category {
    /// The identities that can get a role.
    Identity,
    /// The code that can get a role.
    Pipeline,
    /// The operators, literals and patterns of a condition.
    Operators,
    /// The result of a condition.
    Logic,
    /// Unused, untested and undocumented items.
    Hygiene,
    /// Constructs of documents in other languages, such as trust policies of AWS.
    Foreign,
}

/// The severity of a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Worth knowing.
    Info,
    /// Untidy, or hard to read.
    Low,
    /// The role may go to a token that should not get it, or not to one that should.
    Medium,
    /// The role is granted to strangers or to unreviewed code, or no token can get it.
    High,
}

/// The certainty that a finding is a real problem.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Confidence {
    /// The rule guesses what was meant.
    Low,
    /// The rule is right in most cases.
    Medium,
    /// The finding is proved, or visible in the text.
    High,
}

/// The reader that findings are selected for. Each persona includes the rules of those before it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Persona {
    /// Every reader: findings that need an action.
    #[default]
    Regular,
    /// Readers who like tidy policies.
    Pedantic,
    /// Reviewers of a policy set, who want to see all that may matter.
    Auditor,
}

/// The effect of a fix on the roles of tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Safety {
    /// The same tokens get the same roles.
    Safe,
    /// It changes which tokens get a role, to what was most likely meant.
    Unsafe,
}

/// The level that a user sets for a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Level {
    /// Findings are not reported.
    Off,
    /// Findings are reported with their own severity.
    On,
    /// Findings are reported with this severity.
    As(Severity),
}

macro_rules! names {
    ($type:ident: $($variant:ident $name:literal),+) => {
        impl $type {
            /// All values, in ascending order.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// Returns the name that files and the command line use.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name),+ }
            }

            /// Returns the value with a name.
            pub fn from_name(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|one| one.name() == name)
            }
        }

        impl fmt::Display for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.name())
            }
        }
    };
}

names!(
    Category: Identity "identity", Pipeline "pipeline", Operators "operators", Logic "logic",
    Hygiene "hygiene", Foreign "foreign"
);
names!(Severity: Info "info", Low "low", Medium "medium", High "high");
names!(Confidence: Low "low", Medium "medium", High "high");
names!(Persona: Regular "regular", Pedantic "pedantic", Auditor "auditor");
