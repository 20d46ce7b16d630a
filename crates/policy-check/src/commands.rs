//! The subcommands.

pub(crate) mod check;
pub(crate) mod completions;
pub(crate) mod decide;
pub(crate) mod diff;
pub(crate) mod drift;
pub(crate) mod explain;
pub(crate) mod export;
pub(crate) mod fmt;
pub(crate) mod import;
pub(crate) mod keys;
pub(crate) mod man;
pub(crate) mod profiles;
pub(crate) mod prove;
pub(crate) mod rules;
pub(crate) mod test;
pub(crate) mod witness;
