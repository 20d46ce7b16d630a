//! Load on a running exchange, beside the cryptography that each exchange needs.
//!
//! `cargo bench -p rolecall-exchange --bench load` measures; `… -- soak 600` keeps a server under load for 600 s, with a
//! reload, a rotation and an outage of the CI system in it, and looks at every answer; `… -- denials` compares the time of
//! denials.
//!
//! The server runs on one core and the client on another, where `taskset` is there and the machine has two.

#![allow(
    clippy::arithmetic_side_effects,
    clippy::as_conversions,
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    clippy::string_slice,
    clippy::unwrap_used,
    reason = "a benchmark may end early"
)]

mod bare;
mod client;
mod denials;
mod floor;
mod issuer;
mod measure;
mod site;
mod soak;

fn main() {
    // Cargo adds `--bench`.
    let arguments: Vec<String> = std::env::args().skip(1).filter(|one| one != "--bench").collect();
    match arguments
        .iter()
        .map(String::as_str)
        .collect::<Vec<_>>()
        .as_slice()
    {
        [] => measure::measure(),
        ["bare", algorithm] => bare::serve(algorithm),
        ["denials"] => denials::measure(),
        ["soak", seconds] => soak::soak(seconds.parse().expect("a number of seconds")),
        _ => panic!("either nothing, `soak SECONDS` or `denials`"),
    }
}
