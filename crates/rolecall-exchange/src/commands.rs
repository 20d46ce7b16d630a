//! The subcommands: the arguments of each, and one function that runs it.

pub(crate) mod audit;
pub(crate) mod check;
pub(crate) mod demo;
pub(crate) mod keys;
pub(crate) mod serve;
pub(crate) mod token;
