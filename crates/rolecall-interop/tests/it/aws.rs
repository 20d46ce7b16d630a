//! AWS: the reader and its tree against evaluators that are written from the documentation.

mod account;
mod cases;
mod dice;
mod hostile;
mod keys;
mod plain;
mod random;
mod reference;
mod scalars;
mod spans;
mod vectors;
