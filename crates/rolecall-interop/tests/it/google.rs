//! Google Cloud: cases, locations, and the reference evaluator of providers, bindings and CEL.

mod cases;
pub(crate) mod cel;
mod locations;
pub(crate) mod reference;
