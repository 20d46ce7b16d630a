//! A program without a runtime: a line on standard input is a token, a line on standard output what it may do.
//!
//! `cargo run -p rolecall --example sync`

#![allow(clippy::print_stdout, reason = "an example shows what it does")]

#[path = "support/demo.rs"]
mod demo;

use std::io::{BufRead, Write};

use demo::{Demo, demo};
use rolecall::Gate;

fn main() -> std::io::Result<()> {
    let Demo { gate, main, feature } = demo();
    println!("paste a token, like one of these\n\n{main}\n\n{feature}\n");
    answer(&gate, std::io::stdin().lock(), std::io::stdout().lock())
}

/// Says for each token which roles it may take, or why it is refused.
fn answer(gate: &Gate, tokens: impl BufRead, mut answers: impl Write) -> std::io::Result<()> {
    for token in tokens.lines() {
        match gate.roles(&token?) {
            Ok(roles) => {
                let names = roles.iter().filter_map(|decision| Some(&*decision.role()?.name));
                let names: Vec<&str> = names.collect();
                writeln!(
                    answers,
                    "{} may take: {}",
                    roles.token().subject(),
                    names.join(", ")
                )?;
            }
            Err(error) => writeln!(answers, "refused: {error}")?,
        }
    }
    Ok(())
}

#[test]
fn tokens_are_answered_line_by_line() {
    let Demo { gate, main, feature } = demo();
    let mut answers = Vec::new();
    let tokens = format!("{main}\n{feature}\n{main}x\n");
    assert!(answer(&gate, tokens.as_bytes(), &mut answers).is_ok());
    let answers = String::from_utf8_lossy(&answers);
    let lines: Vec<&str> = answers.lines().collect();
    assert_eq!(lines.len(), 3);
    assert!(
        lines
            .iter()
            .zip(["deploy, read", ": read", "refused"])
            .all(|(line, end)| line.contains(end))
    );
}
