//! Hostile texts: cut off, changed, deep and long ones.

use super::role;
use crate::aws::dice::Dice;
use crate::case_file::cases;
use crate::terraform::translated;
use rolecall_engine::Source;
use rolecall_interop::{Fidelity, ForeignError, ForeignFile, Profiles, translate};

/// Reads and translates a text. Returns the number of its roles, or the error.
fn outcome(text: &str) -> Result<usize, String> {
    match ForeignFile::read(Source::new("main.tf", text.to_owned())) {
        Ok(file) => {
            let translation = translate(&[file], &Profiles::default());
            for notice in translation.notices.iter().flatten() {
                assert!(text.get(notice.span.range()).is_some(), "{notice:?}: {text}");
            }
            Ok(translation.coverage.roles.len())
        }
        Err(ForeignError::Document(error)) => {
            assert!(text.get(error.span.range()).is_some(), "{error:?}: {text}");
            Err(error.message)
        }
        Err(_) => Err(String::new()),
    }
}

#[test]
fn texts_that_are_cut_off_never_panic() {
    let mut read = 0;
    for case in cases("hcl") {
        let text = &case.document;
        let ends = (0..text.len()).filter(|end| text.is_char_boundary(*end));
        read += ends.filter(|end| outcome(&text[..*end]).is_ok()).count();
    }
    assert!(read > 100, "{read}");
}

#[test]
fn changed_texts_never_panic() {
    let documents: Vec<String> = cases("hcl").into_iter().map(|case| case.document).collect();
    let mut read = 0;
    for seed in 0..5_000 {
        let mut dice = Dice(seed);
        let mut bytes = documents[dice.below(documents.len())].clone().into_bytes();
        for _ in 0..=dice.below(3) {
            let (at, other) = (dice.below(bytes.len()), dice.below(bytes.len()));
            match dice.below(3) {
                0 => bytes[at] = bytes[other],
                1 => drop(bytes.remove(at)),
                _ => bytes.insert(at, bytes[other]),
            }
        }
        read += usize::from(outcome(&String::from_utf8_lossy(&bytes)).is_ok());
    }
    assert!(read > 1_000, "{read}");
}

#[test]
fn deep_texts_are_refused() {
    let many = 50_000;
    for (open, inner, close) in [
        ("(", "1", ")"),
        ("[", "", "]"),
        ("{ a = ", "1", "}"),
        ("\"${", "1", "}\""),
        ("f(", "", ")"),
        ("!", "a", ""),
        ("- ", "a", ""),
        ("a ? b : ", "c", ""),
        ("1 + ", "1", ""),
        ("a == ", "1", ""),
        ("[for x in y : ", "x", "]"),
        ("\"%{ if a }", "", "%{ endif }\""),
    ] {
        let value = format!("{}{inner}{}", open.repeat(many), close.repeat(many));
        let text = format!("locals {{\n  a = {}\n}}\n", &value[..value.len().min(200_000)]);
        assert!(outcome(&text).is_err(), "{open}");
    }
    let directives = format!("locals {{\n  a = \"{}\"\n}}\n", "%{ if a }".repeat(20_000));
    assert!(outcome(&directives).is_err());
    let blocks = format!("locals {{\n{}", "a {\n".repeat(many));
    assert!(outcome(&blocks).unwrap_err().contains("levels"));
    let deepest = format!("locals {{\n  a = {}1{}\n}}\n", "(".repeat(31), ")".repeat(31));
    assert_eq!(outcome(&deepest), Ok(0));
}

#[test]
fn long_texts_take_little_time() {
    let members: String = (0..15_000).map(|number| format!("    a{number} = 1\n")).collect();
    let text = format!("locals {{\n  a = {{\n{members}  }}\n}}\n");
    assert_eq!(outcome(&text), Ok(0));
    let operators = format!("locals {{\n  a = 1{}\n}}\n", " + 1".repeat(120));
    assert_eq!(outcome(&operators), Ok(0));
    // Each local value has the one before it twice.
    let locals: String = (1..60)
        .map(|number| format!("  a{number} = [local.a{0}, local.a{0}]\n", number - 1))
        .collect();
    let role = "resource \"aws_iam_role\" \"a\" {\n  assume_role_policy = jsonencode(local.a59)\n}\n";
    assert_eq!(
        outcome(&format!("locals {{\n  a0 = 1\n{locals}}}\n{role}")),
        Ok(1)
    );
    let itself = "locals {\n  a = \"${local.b}\"\n  b = \"${local.a}\"\n}\n";
    let role = "resource \"aws_iam_role\" \"a\" {\n  assume_role_policy = local.a\n}\n";
    assert_eq!(outcome(&format!("{itself}{role}")), Ok(1));
    assert!(
        outcome(&format!("locals {{}}\n#{}", "a".repeat(300_000)))
            .unwrap_err()
            .contains("limit")
    );
}

#[test]
fn values_of_many_uses_have_a_bound() {
    let long = "a".repeat(50_000);
    let uses = "local.a, ".repeat(5_000);
    // Each would take a quarter of a gigabyte.
    for value in [
        format!("[{uses}]"),
        format!("[for a in [local.a] : [{}]]", "a, ".repeat(5_000)),
        format!("join(\"-\", [{uses}])"),
        format!("replace(local.a, \"a\", \"{}\")", "b".repeat(5_000)),
        format!("\"{}\"", "${local.a}".repeat(5_000)),
    ] {
        let role = role(&value);
        let text = format!("{role}locals {{\n  a = \"{long}\"\n}}\n");
        let translation = translated(&text);
        let [role] = translation.coverage.roles.as_slice() else {
            panic!("{:?}", translation.coverage.roles);
        };
        assert_eq!(role.fidelity, Fidelity::Refused("needs-value"));
    }
}
