//! cel-go and CEL in C++, the evaluators that Google publishes: the reference evaluator and translated roles agree with them.

use super::{ask, is_asked, program};
use crate::aws::dice::Dice;
use crate::google::cel::{Fault, Open, evaluate};
use crate::google::reference::attributes;
use crate::translation::google::{ISSUERS, POOL, ROLE, documents, token};
use crate::translation::{admits, translated};
use rolecall_engine::{PolicySet, Truth};
use rolecall_interop::Fidelity;
use rolecall_interop::cel::parse;
use serde_json::{Map, Value as Json, json};
use std::path::{Path, PathBuf};
use std::process::Command;

/// The number of questions to the program, of random providers in each, and of tokens for each.
const BATCHES: u64 = 10;
const PROVIDERS: u64 = 1_600;
const TOKENS: usize = 8;

/// The answers of these evaluators to the questions that the documentation of Google leaves open.
const OPEN: Open = Open {
    kinds_are_errors: false,
    attributes_are_required: false,
};

/// A provider with its tokens, each with the variables of the condition if the provider takes it.
struct Asked {
    provider: Json,
    tokens: Vec<(Json, Option<Map<String, Json>>)>,
}

impl Asked {
    fn new(seed: u64) -> Self {
        let mut dice = Dice(seed);
        let issuer = &ISSUERS[dice.below(ISSUERS.len())];
        let (mut provider, _) = documents(&mut dice, issuer, "ci");
        let members = provider.as_object_mut().unwrap();
        let condition = members.remove("attributeCondition").unwrap_or(json!("true"));
        let tokens = (0..TOKENS).map(|_| {
            let token = token(&mut dice, issuer);
            let variables = attributes(&provider, &token, OPEN);
            (token, variables)
        });
        let tokens = tokens.collect();
        provider["attributeCondition"] = condition;
        Self { provider, tokens }
    }

    /// Returns the expressions, each with its variables: those of the mapping have the claims alone.
    fn expressions(&self) -> Vec<(&str, Vec<Json>)> {
        let mapping = self.provider["attributeMapping"].as_object().unwrap();
        let claims: Vec<Json> = self
            .tokens
            .iter()
            .map(|(token, _)| json!({"assertion": token}))
            .collect();
        let mapped = mapping
            .values()
            .map(|expression| (expression.as_str().unwrap(), claims.clone()));
        let taken = self
            .tokens
            .iter()
            .filter_map(|(_, variables)| variables.clone().map(Json::Object));
        let condition = self.provider["attributeCondition"].as_str().unwrap();
        mapped.chain([(condition, taken.collect())]).collect()
    }

    /// Compares the translation of a role for the whole pool: it admits the tokens for which the condition is true.
    fn compare_translation(&self, conditions: &[Json], counts: &mut Counts) {
        let member = format!("principalSet://iam.googleapis.com/{POOL}/*");
        let policy = json!({"bindings": [{"role": ROLE, "members": [member]}], "etag": "x", "version": 3});
        let translation = translated(&[("provider.json", &self.provider), ("deployer.json", &policy)]);
        let role = &translation.coverage.roles[0];
        let (name, fidelity) = (role.name.clone(), role.fidelity.clone());
        if matches!(fidelity, Fidelity::Refused(_)) {
            counts.refused += 1;
            return;
        }
        let set = PolicySet::compile_files(translation.files).unwrap();
        let mut conditions = conditions.iter();
        for (token, variables) in &self.tokens {
            let expected = variables
                .as_ref()
                .is_some_and(|_| *conditions.next().unwrap() == json!([true]));
            let found = admits(&set, &name, token, &|_| Truth::True);
            match fidelity {
                Fidelity::Narrower(_) => {
                    assert!(expected || !found, "wider: {:#}\n{token:#}", self.provider);
                    counts.narrower += u64::from(expected != found);
                }
                _ => assert_eq!(found, expected, "{:#}\n{token:#}", self.provider),
            }
            counts.decided += 1;
            counts.admitted += u64::from(found);
        }
    }
}

#[derive(Default)]
struct Counts {
    values: u64,
    faults: u64,
    not_parsed: u64,
    decided: u64,
    admitted: u64,
    narrower: u64,
    refused: u64,
}

/// Compares the values of the expressions of some providers.
fn compare(program: Command, asked: &[Asked], counts: &mut Counts) {
    let question = |(document, tokens): (&str, Vec<Json>)| json!({"kind": "cel", "document": document, "tokens": tokens});
    let questions: Vec<Json> = asked
        .iter()
        .flat_map(|asked| asked.expressions().into_iter().map(question))
        .collect();
    let mut answers = ask(program, &questions).into_iter();
    for asked in asked {
        let mut conditions = Some(vec![]);
        for (expression, variables) in asked.expressions() {
            let answer = answers.next().unwrap();
            if let Some(reason) = answer.get("refused") {
                // The reference evaluator takes a line break in a text with one quote. Neither cel-go nor our parser does.
                let is_refused = expression.contains('\n') && parse(expression).is_err();
                assert!(is_refused, "{expression}: {reason}");
                counts.not_parsed += 1;
                conditions = None;
                continue;
            }
            let values = answer.get("values").and_then(Json::as_array);
            let values = values.cloned().unwrap_or_default();
            assert_eq!(values.len(), variables.len(), "{expression}");
            for (variables, theirs) in variables.iter().zip(&values) {
                let ours = evaluate(expression, variables.as_object().unwrap(), OPEN);
                counts.values += 1;
                counts.faults += u64::from(ours.is_err());
                assert!(
                    is_same(&ours, theirs),
                    "{expression}: ours {ours:?}, theirs {theirs}\n{variables:#}"
                );
            }
            // The condition is the last expression.
            conditions = conditions.map(|_| values);
        }
        if let Some(conditions) = conditions {
            asked.compare_translation(&conditions, counts);
        }
    }
}

fn is_same(ours: &Result<Json, Fault>, theirs: &Json) -> bool {
    match (ours, theirs.as_array().unwrap().as_slice()) {
        (Err(_), []) => true,
        (Ok(Json::Number(ours)), [Json::Number(theirs)]) => ours.as_f64() == theirs.as_f64(),
        (Ok(ours), [theirs]) => ours == theirs,
        _ => false,
    }
}

/// Compares random providers, in several questions of a program.
fn compare_all(name: &str, program: impl Fn() -> Command) {
    let mut counts = Counts::default();
    for batch in 0..BATCHES {
        let asked: Vec<Asked> = (1..=PROVIDERS)
            .map(|seed| Asked::new(batch * PROVIDERS + seed))
            .collect();
        compare(program(), &asked, &mut counts);
    }
    println!(
        "{name}: {} values agree, {} of them are errors; {} expressions that neither parses;",
        counts.values, counts.faults, counts.not_parsed
    );
    println!(
        "{} decisions of translated roles agree, {} admit, {} are narrower; {} roles are refused",
        counts.decided, counts.admitted, counts.narrower, counts.refused
    );
    assert!(counts.decided > 100_000 && counts.faults * 30 > counts.values);
}

#[test]
fn cel_go_evaluates_the_same() {
    if let Some(program) = program() {
        compare_all("cel-go", || Command::new(program));
    }
}

/// Returns Python with Google's CEL, which pip installs into a folder below the target folder.
fn python() -> Option<PathBuf> {
    if !is_asked()
        || Command::new("python3")
            .args(["-m", "venv", "--help"])
            .output()
            .is_err()
    {
        println!("skipped: CEL in C++ needs `ROLECALL_FULL=1` and Python");
        return None;
    }
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("cel-python");
    let made = Command::new("python3").args(["-m", "venv"]).arg(&folder).status();
    assert!(made.unwrap().success(), "Python does not make an environment");
    let mut install = Command::new(folder.join("bin/pip"));
    let install = install.args(["install", "--quiet", "cel-expr-python==0.1.3", "protobuf==7.36.2"]);
    assert!(install.status().unwrap().success(), "pip does not install CEL");
    Some(folder.join("bin/python"))
}

#[test]
fn cel_in_cpp_evaluates_the_same() {
    if let Some(python) = python() {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/oracles/cel.py");
        compare_all("CEL in C++", || {
            let mut command = Command::new(&python);
            command.arg(&script);
            command
        });
    }
}
