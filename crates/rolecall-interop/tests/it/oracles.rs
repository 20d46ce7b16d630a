//! The systems themselves: programs with their code (`tests/oracles`) decide the same documents and tokens.
//!
//! They run with `ROLECALL_FULL=1` alone, and if Go or Node is installed.

mod aws_cli;
mod cel;
mod forms;
mod hcl;
mod iam_simulate;

use crate::octo_sts::{random as octo_sts_random, tree as octo_sts_tree};
use crate::vault::{random as vault_random, tree as vault_tree};
use crate::{case_file, yaml as yaml_tests};
use proptest::prelude::prop;
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;
use rolecall_interop::document::{Node, Value, json as read_json, yaml as read_yaml};
use rolecall_interop::{octo_sts, vault};
use serde_json::{Value as Json, json};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

/// The number of random documents of each kind.
const DOCUMENTS: usize = 40_000;

/// Returns true if these tests are asked for.
fn is_asked() -> bool {
    std::env::var_os("ROLECALL_FULL").is_some_and(|value| value == "1")
}

/// Returns the program, or nothing if the test is not asked for or Go is not there.
fn program() -> Option<&'static Path> {
    // The tests run at the same time, and build it once.
    static PROGRAM: OnceLock<Option<PathBuf>> = OnceLock::new();
    PROGRAM.get_or_init(build).as_deref()
}

fn build() -> Option<PathBuf> {
    if !is_asked() || Command::new("go").arg("version").output().is_err() {
        println!("skipped: the oracles need `ROLECALL_FULL=1` and Go");
        return None;
    }
    let program = Path::new(env!("CARGO_TARGET_TMPDIR")).join("oracles");
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/oracles");
    let mut build = Command::new("go");
    let build = build
        .args(["build", "-o"])
        .arg(&program)
        .arg(".")
        .current_dir(source);
    assert!(build.status().unwrap().success(), "the oracles do not build");
    Some(program)
}

/// Asks the program all questions, and returns its answers.
fn ask(mut command: Command, questions: &[Json]) -> Vec<Json> {
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    let lines: String = questions.iter().map(|question| format!("{question}\n")).collect();
    let writer = std::thread::spawn(move || input.write_all(lines.as_bytes()).unwrap());
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let answers: Vec<Json> = text
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(answers.len(), questions.len(), "the program gave up");
    answers
}

/// A function that decides a token by the tree of a document.
type Decide = Box<dyn Fn(&Json) -> bool>;

/// A document with its tokens.
type Asked = (String, Vec<Json>);

/// Returns the documents of the cases of a folder, and random ones.
fn asked(folder: &str, random: impl Strategy<Value = (Json, [Json; 4])>) -> Vec<Asked> {
    let cases = case_file::cases(folder).into_iter();
    let cases = cases.map(|case| {
        (
            case.document,
            case.tokens.into_iter().map(|(_, token)| token).collect(),
        )
    });
    let mut runner = TestRunner::deterministic();
    let random = (0..DOCUMENTS).map(|_| {
        let (document, tokens) = random.new_tree(&mut runner).unwrap().current();
        (document.to_string(), tokens.to_vec())
    });
    cases.chain(random).collect()
}

/// Compares verdicts: `ours` decides by the tree of a document, unless that is refused.
fn compare(kind: &str, asked: &[Asked], ours: impl Fn(&str) -> Option<Decide>) {
    let Some(program) = program() else {
        return;
    };
    let question = |(document, tokens): &Asked| json!({"kind": kind, "document": document, "tokens": tokens});
    let questions: Vec<Json> = asked.iter().map(question).collect();
    let [
        mut agreed,
        mut allowed,
        mut refused,
        mut only_ours,
        mut only_theirs,
    ] = [0; 5];
    for ((document, tokens), answer) in asked.iter().zip(ask(Command::new(program), &questions)) {
        match (ours(document), answer.get("refused")) {
            (None, Some(_)) => refused += 1,
            (None, None) => only_ours += 1,
            (Some(_), Some(reason)) => {
                only_theirs += 1;
                assert!(
                    is_expected(kind, reason.as_str().unwrap()),
                    "{document}: {reason}"
                );
            }
            (Some(ours), None) => {
                for (index, token) in tokens.iter().enumerate() {
                    assert_eq!(answer["verdicts"][index], ours(token), "{document}: {token}");
                    agreed += 1;
                    allowed += usize::from(ours(token));
                }
            }
        }
    }
    println!(
        "{kind}: {agreed} verdicts agree, {allowed} of them allow; documents refused by both: {refused},"
    );
    println!("by us alone: {only_ours}, by the system alone: {only_theirs}");
}

/// Returns whether a system refuses documents for a reason that we do not check.
fn is_expected(kind: &str, reason: &str) -> bool {
    // Vault checks these when a role is written, so that it never prints such a role.
    let of_vault = [
        "multiple keys are mapped to metadata key",
        "must have at least one bound constraint",
    ];
    kind == "vault" && of_vault.iter().any(|known| reason.contains(known))
}

#[test]
fn octo_sts_decides_the_same() {
    let random = (octo_sts_random::policy(), octo_sts_random::tokens());
    let random = random.prop_map(|(policy, tokens)| (octo_sts_random::fitting(policy, &tokens[2]), tokens));
    compare("octo-sts", &asked("octo_sts", random), |document| {
        octo_sts_reading(document, octo_sts::Anchors::WithoutGroup)
    });
}

/// Decides by the tree. The version of `go.mod` has no group.
fn octo_sts_reading(document: &str, anchors: octo_sts::Anchors) -> Option<Decide> {
    let policy = octo_sts::read(&read_yaml(document).unwrap()).tree?;
    Some(Box::new(move |token| {
        octo_sts_tree::allows(&policy, token, anchors)
    }))
}

/// Returns a policy with a pattern that is any text, and tokens with values for it.
fn patterns() -> impl Strategy<Value = (Json, [Json; 4])> {
    let piece = prop::sample::select(vec![
        "a",
        "b",
        "k",
        "K",
        "s",
        "é",
        "ſ",
        ".",
        r"\.",
        "[",
        "[^",
        "]",
        "^",
        "$",
        "(",
        "(?:",
        "(?i)",
        "(?s)",
        "(?m)",
        "(?U)",
        "(?P<n>",
        ")",
        "|",
        "*",
        "+",
        "?",
        "{2}",
        "{,2}",
        "{1,",
        "{",
        "}",
        "-",
        "&&",
        "--",
        "~~",
        r"\d",
        r"\D",
        r"\s",
        r"\S",
        r"\w",
        r"\W",
        r"\b",
        r"\<",
        r"\x61",
        r"\x{e9}",
        r"\t",
        r"\v",
        r"\Q",
        r"\E",
        "[[:alpha:]]",
        "[:^digit:]",
        r"\_",
        r"\-",
        r"\/",
        r"\A",
        r"\z",
        "#",
        " ",
        ",",
        "1",
        "[a-k]",
        "[\\dé]",
        "[^\\s]",
        "(a|b)",
        "(|a)*",
    ]);
    let pattern = prop::collection::vec(piece, 0..7).prop_map(|pieces| pieces.concat());
    let value = prop::sample::select(vec![
        "", "a", "b", "ab", "aa", "aab", "k", "K", "\u{212a}", "s", "ſ", "é", "É", ".", "1", "-", "&", "~",
        "{", " ", "\t", "\n", "\u{b}", "a\n", "a{,2}", "a{1,", "_", "/", "#", "<", "[", "]", "a,", "٣",
        "\u{a0}", "aé", "ba", "a-b",
    ]);
    (pattern, [value.clone(), value.clone(), value.clone(), value]).prop_map(|(pattern, values)| {
        let policy = json!({"issuer": "https://a", "subject": "s", "claim_pattern": {"c": pattern}});
        let token = |value| json!({"iss": "https://a", "sub": "s", "aud": "octo-sts.dev", "c": value});
        (policy, values.map(token))
    })
}

#[test]
fn patterns_mean_the_same() {
    compare("octo-sts", &asked("octo_sts", patterns()), |document| {
        octo_sts_reading(document, octo_sts::Anchors::WithoutGroup)
    });
}

#[test]
fn patterns_in_a_group_mean_the_same() {
    // The version of `go.mod` has no group, so that the question has one.
    let grouped = patterns().prop_map(|(mut policy, tokens)| {
        let pattern = policy["claim_pattern"]["c"].as_str().unwrap();
        policy["claim_pattern"]["c"] = Json::from(format!("(?:{pattern})"));
        (policy, tokens)
    });
    let mut asked = asked("octo_sts", grouped);
    asked.retain(|(document, _)| document.contains("\"(?:"));
    compare("octo-sts", &asked, |document| {
        let ungrouped = document.replace("\"(?:", "\"").replace(")\"", "\"");
        octo_sts_reading(&ungrouped, octo_sts::Anchors::Group)
    });
}

#[test]
fn vault_decides_the_same() {
    let random = (vault_random::role(), vault_random::tokens());
    let random = random.prop_map(|(role, tokens)| (vault_random::fitting(role, &tokens[2]), tokens));
    compare("vault", &asked("vault", random), |document| {
        let role = vault::role(&read_json(document).unwrap()).tree?;
        Some(Box::new(move |token| vault_tree::allows(&role, token)))
    });
}

#[test]
fn yaml_has_the_same_values() {
    let Some(program) = program() else {
        return;
    };
    let mut runner = TestRunner::deterministic();
    let pieces = yaml_tests::pieces();
    let texts: Vec<String> = (0..DOCUMENTS * 20)
        .map(|_| pieces.new_tree(&mut runner).unwrap().current())
        .collect();
    let read = texts
        .iter()
        .filter_map(|text| Some((text, json_of(&read_yaml(text).ok()?)?)));
    let read: Vec<(&String, Json)> = read.collect();
    let question = |(text, _): &(&String, Json)| json!({"kind": "yaml", "document": text});
    let questions: Vec<Json> = read.iter().map(question).collect();
    let [mut equal, mut refused] = [0; 2];
    for ((text, ours), answer) in read.iter().zip(ask(Command::new(program), &questions)) {
        match answer.get("json") {
            None => refused += 1,
            Some(theirs) => {
                let theirs: Json = serde_json::from_str(theirs.as_str().unwrap()).unwrap();
                assert_eq!(*ours, theirs, "{text:?}");
                equal += 1;
            }
        }
    }
    println!("yaml: {equal} equal documents, {refused} that Go refuses and we read");
}

/// Returns a document without locations, or nothing if a scalar in it is not settled.
fn json_of(node: &Node) -> Option<Json> {
    Some(match &node.node {
        Value::Null => Json::Null,
        Value::Bool(value) => Json::from(*value),
        Value::Number(number) => serde_json::from_str(number).unwrap(),
        Value::Text(text) => Json::from(text.as_str()),
        Value::Unsettled(_) | Value::Unknown(_) => return None,
        Value::List(elements) => elements.iter().map(json_of).collect::<Option<Json>>()?,
        Value::Map(members) => {
            let member = |member: &rolecall_interop::document::Member| {
                Some((member.name.node.clone(), json_of(&member.value)?))
            };
            Json::Object(members.iter().map(member).collect::<Option<_>>()?)
        }
    })
}
