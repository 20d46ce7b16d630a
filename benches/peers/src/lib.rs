//! The same work, done by us and by others: a workload that anybody can make again, the ways to do it, a timer, a chart.

pub mod chart;
pub mod ours;
pub mod peers;
pub mod reference;
pub mod sample;
mod timer;

pub use timer::{Way, compare, cpu_time, measure, measured, thousands, three_digits, time, way};
