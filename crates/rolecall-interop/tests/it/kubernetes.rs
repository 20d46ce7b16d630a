//! Structured authentication of Kubernetes: cases, locations, and the reference evaluator of authenticators.

mod cases;
mod hostile;
pub(crate) mod reference;
