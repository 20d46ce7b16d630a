//! AWS: the reader and its tree against evaluators that are written from the documentation.

mod account;
mod cases;
pub(crate) mod dice;
mod hostile;
mod keys;
mod plain;
pub(crate) mod random;
pub(crate) mod reference;
mod scalars;
mod spans;
mod vectors;
