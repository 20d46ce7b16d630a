//! What a rule is.

use crate::clause::ClauseView;
use crate::finding::Safety;
use crate::linting::Linting;
use std::fmt;

/// A rule of the linter.
#[derive(Debug)]
#[non_exhaustive]
pub struct Rule {
    /// Its name, kebab-case: what is wrong, in words that read well after `allow`.
    pub name: &'static str,
    /// What is wrong, on one line.
    pub summary: &'static str,
    /// What it is about.
    pub category: Category,
    /// How bad it is, unless the finding says otherwise.
    pub severity: Severity,
    /// How sure a finding is to be one.
    pub confidence: Confidence,
    /// Who wants to hear of it.
    pub persona: Persona,
    /// Whether it offers a fix, and of which kind.
    pub fix: Option<Safety>,
    /// Its page, in Markdown.
    pub page: &'static str,
    pub(crate) check: Check,
}

impl Rule {
    /// Returns whether the rule is about `policy-check.toml` instead of a policy.
    pub fn is_about_configuration(&self) -> bool {
        matches!(self.check, Check::Run)
    }
}

/// What a rule looks at.
#[derive(Debug)]
pub(crate) enum Check {
    /// Each `allow` of each role.
    Clause(fn(&ClauseView<'_>, &mut Linting<'_, '_>)),
    /// Each role, by its place in the program.
    Role(fn(usize, &mut Linting<'_, '_>)),
    /// The whole set.
    Set(fn(&mut Linting<'_, '_>)),
    /// The configuration and all policy sets of a run: the command finds what is wrong.
    Run,
    /// The comments that suppress findings: these rules are part of that.
    Suppression,
}

/// What a rule is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Category {
    /// Who can get a role.
    Identity,
    /// Which code can get a role.
    Pipeline,
    /// Which operator, literal or pattern is written.
    Operators,
    /// What a condition comes to.
    Logic,
    /// What is unused, untested or unsaid.
    Hygiene,
}

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Worth knowing.
    Info,
    /// Untidy, or hard to read.
    Low,
    /// It may let somebody in, or keep somebody out.
    Medium,
    /// It lets strangers or unreviewed code in, or the role is dead.
    High,
}

/// How sure a finding is to be one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Confidence {
    /// It is a guess at what was meant.
    Low,
    /// It is mostly right.
    Medium,
    /// It is proved, or plain to see.
    High,
}

/// Who wants to hear of a finding: each also hears what those before it do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Persona {
    /// Everybody: something to act on.
    #[default]
    Regular,
    /// Who likes policies tidy.
    Pedantic,
    /// Who reviews a policy set and wants to see all that may matter.
    Auditor,
}

macro_rules! names {
    ($type:ident: $($variant:ident $name:literal),+) => {
        impl $type {
            /// All of them, in their order.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// The name, as it is written in files and on the command line.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name),+ }
            }

            /// The one with a name.
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

names!(Category: Identity "identity", Pipeline "pipeline", Operators "operators", Logic "logic", Hygiene "hygiene");
names!(Severity: Info "info", Low "low", Medium "medium", High "high");
names!(Confidence: Low "low", Medium "medium", High "high");
names!(Persona: Regular "regular", Pedantic "pedantic", Auditor "auditor");
