//! The same work, done by us and by others: a workload that anybody can make again, the ways to do it, a timer.

pub mod elliptic;
pub mod ours;
pub mod peers;
pub mod reference;
pub mod sample;
mod timer;

pub use timer::{Way, compare, measure, measured, way};
