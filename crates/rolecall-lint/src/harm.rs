//! Severity by harm: the one table of what a finding costs, for ordinary and for privileged roles.

use crate::severity::Severity;

/// The harm that a finding describes. A rule chooses the harm, and the table below the severity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Harm {
    /// Anyone with an account at the issuer gets the role.
    Strangers,
    /// Other owners, or other projects of a server of your own, get the role.
    OtherTenants,
    /// The next owner of a name gets the role, on a shared issuer.
    NextOwner,
    /// The next owner of a name gets the role, on a server of your own.
    NextColleague,
    /// Every project of the owner gets the role.
    WholeOwner,
    /// Unreviewed code gets the role.
    UnreviewedCode,
    /// A ref gets the role that need not be protected.
    Unprotected,
    /// As before, but another gate holds the job back.
    SecondGate,
    /// A protection or a pinned configuration holds the job back.
    HeldBack,
    /// No token gets the role.
    Dead,
    /// No test covers the role.
    Untested,
}

impl Harm {
    /// All harms, in the order of the table.
    pub const ALL: &[Self] = &[
        Self::Strangers,
        Self::OtherTenants,
        Self::NextOwner,
        Self::NextColleague,
        Self::WholeOwner,
        Self::UnreviewedCode,
        Self::Unprotected,
        Self::SecondGate,
        Self::HeldBack,
        Self::Dead,
        Self::Untested,
    ];

    /// Returns the severities for an ordinary role and for a privileged one.
    pub const fn levels(self) -> [Severity; 2] {
        use Severity::{High, Low, Medium};
        match self {
            Self::Strangers | Self::Dead => [High, High],
            Self::OtherTenants | Self::UnreviewedCode => [Medium, High],
            Self::NextOwner | Self::Unprotected => [Low, High],
            Self::NextColleague | Self::WholeOwner | Self::SecondGate | Self::Untested => [Low, Medium],
            Self::HeldBack => [Low, Low],
        }
    }

    /// Returns the severity of a finding about a role.
    pub const fn level(self, is_privileged: bool) -> Severity {
        let [ordinary, privileged] = self.levels();
        if is_privileged { privileged } else { ordinary }
    }

    /// Returns a description for the table of the page.
    pub const fn description(self) -> &'static str {
        match self {
            Self::Strangers => "anyone with an account at the issuer gets the role",
            Self::OtherTenants => "other owners, or other projects of your own server, get the role",
            Self::NextOwner => "the next owner of a name gets the role, on a shared issuer",
            Self::NextColleague => "the next owner of a name gets the role, on your own server",
            Self::WholeOwner => "every project of the owner gets the role",
            Self::UnreviewedCode => "unreviewed code gets the role",
            Self::Unprotected => "a branch gets the role that need not be protected",
            Self::SecondGate => "the same, but another gate (an environment) is in the way",
            Self::HeldBack => "a protected ref or a pinned configuration holds the job back",
            Self::Dead => "no token gets the role: its users will widen the condition in haste",
            Self::Untested => "no test covers the role, so that a change of it goes unnoticed",
        }
    }
}
