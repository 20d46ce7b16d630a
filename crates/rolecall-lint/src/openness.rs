//! Results of the question for strangers: the token of one, and the reason why it gets in.

use rolecall_analysis::Witness;
use rolecall_engine::Location;

/// The way in for a tenant that a clause does not name.
#[derive(Clone, Debug)]
pub(crate) struct Openness {
    /// The token of such a tenant; none if the analysis cannot decide.
    pub(crate) witness: Option<Box<Witness>>,
    pub(crate) reason: Reason,
}

/// The reason why a tenant that a clause does not name gets in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reason {
    /// No comparison restricts the tenant.
    Unrestricted,
    /// One alternative does not restrict the tenant.
    Alternative,
    /// The pattern here also matches other tenants.
    Pattern(Location),
    /// The pattern here matches other texts. Nothing tells which part of the text is the tenant.
    Unclear(Location),
    /// A comparison restricts the tenant, and the analysis cannot decide how far.
    Undecided,
}
