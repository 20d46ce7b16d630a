//! HCL itself: random expressions have the values that the tests expect.

use super::{ask, program};
use crate::hcl::expressions::Writer;
use serde_json::{Value as Json, json};
use std::process::Command;

/// The number of random expressions.
const EXPRESSIONS: u64 = 20_000;

#[test]
fn hcl_gives_the_same_values() {
    let Some(program) = program() else {
        return;
    };
    let mut expected = Vec::new();
    let questions = (0..EXPRESSIONS).map(|seed| {
        let mut writer = Writer::new(seed);
        let written = writer.any();
        expected.push(written.value);
        json!({"kind": "hcl", "document": format!("value = {}\n{}", written.text, writer.block())})
    });
    let questions: Vec<Json> = questions.collect();
    let answers = ask(Command::new(program), &questions);
    for ((question, answer), expected) in questions.iter().zip(answers).zip(&expected) {
        assert_eq!(answer["values"], json!([[expected]]), "{question}: {answer}");
    }
    println!("hcl: {} values agree", questions.len());
}
