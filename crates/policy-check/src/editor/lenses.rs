//! Results above tests, assertions and roles, and the commands behind them.

use super::text::Lines;
use super::workspace::OpenSet;
use lsp_types::{CodeLens, Command};
use rolecall_analysis::{Analysis, Answer, Outcome};
use rolecall_engine::{Fault, Location};
use serde_json::{Value, json};
use std::path::Path;

/// Shows a token that gets a role.
pub(crate) const WITNESS: &str = "policy-check.witness";
/// Proves an assertion.
pub(crate) const PROVE: &str = "policy-check.prove";
/// Shows the first reason for the failure of a test.
pub(crate) const TEST: &str = "policy-check.test";
/// All commands.
pub(crate) const COMMANDS: [&str; 3] = [WITNESS, PROVE, TEST];

impl OpenSet {
    /// Returns the lenses of a document.
    pub(crate) fn lenses(&self, path: &Path) -> Vec<CodeLens> {
        let (Some(set), Some(at), Some(document)) =
            (self.compiled(), self.position(path), self.text_of(path))
        else {
            return Vec::new();
        };
        let program = set.program();
        let lines = Lines::new(&document.source().text);
        let is_here = |location: Location| program.files().position(location.file()) == at;
        let lens = |location: Location, title: String, command: &str, name: &str| {
            let mut range = lines.range(location.span());
            range.end = range.start;
            CodeLens {
                range,
                command: Some(Command {
                    title,
                    command: command.to_owned(),
                    arguments: Some(vec![json!(path), json!(name)]),
                }),
                data: None,
            }
        };
        let mut lenses = Vec::new();
        for test in program.tests().iter().filter(|test| is_here(test.location)) {
            let title = if set.passes(test) {
                "✓ passes"
            } else {
                "✗ fails: show why"
            };
            lenses.push(lens(test.location, title.to_owned(), TEST, &test.name));
        }
        for assertion in program
            .assertions()
            .iter()
            .filter(|assertion| is_here(assertion.location))
        {
            lenses.push(lens(
                assertion.location,
                "prove".to_owned(),
                PROVE,
                &assertion.name,
            ));
        }
        let mut items = Vec::new();
        for role in program.roles().values().filter(|role| is_here(role.location)) {
            // The roles of a `for` have one place.
            if !items.contains(&role.location) {
                items.push(role.location);
                lenses.push(lens(
                    role.location,
                    "show a token".to_owned(),
                    WITNESS,
                    &role.name,
                ));
            }
        }
        lenses
    }

    /// Runs a command on a name, and returns its text; `None` if the name is not there any more.
    pub(crate) fn run(&self, command: &str, name: &str) -> Option<String> {
        let set = self.compiled()?;
        let program = set.program();
        match command {
            TEST => {
                let test = program.tests().iter().find(|test| test.name == name)?;
                let outcome = set.run_some([test]).next()?;
                Some(match outcome.failures.first() {
                    None => format!("`{name}` passes"),
                    Some(failure) => {
                        let role = &failure.role.name;
                        let reason = match &failure.fault {
                            Fault::Allowed => format!("`{role}` is allowed, and should be denied"),
                            Fault::Denied => format!("`{role}` is denied, and should be allowed"),
                            Fault::Grant {
                                name,
                                expected,
                                actual,
                            } => {
                                format!("`{role}` gives {name} = \"{actual}\", and not \"{expected}\"")
                            }
                            Fault::Ttl { .. } => format!("`{role}` has another ttl"),
                            Fault::Reason { claim, .. } => {
                                format!("`{claim}` is not the only reason for the denial of `{role}`")
                            }
                            _ => format!("`{role}` is not as expected"),
                        };
                        format!("`{name}` fails: {reason}")
                    }
                })
            }
            PROVE => {
                let assertion = program
                    .assertions()
                    .iter()
                    .find(|assertion| assertion.name == name)?;
                let proof = Analysis::new(set).prove(assertion);
                Some(match proof.outcome {
                    Outcome::Proved => format!("`{name}` is proved"),
                    Outcome::Refuted(witness) => {
                        let token = witness.and_then(|witness| witness.test(name)).unwrap_or_default();
                        format!("`{name}` is refuted by\n{token}")
                    }
                    _ => format!("`{name}` is not decided"),
                })
            }
            WITNESS => {
                let role = program.role(name)?;
                Some(match Analysis::new(set).satisfiable(role) {
                    Answer::Token(witness) => witness.test(&format!("{name} is granted"))?,
                    Answer::Nothing => format!("no token gets `{name}`"),
                    _ => format!("whether a token gets `{name}` is not decided"),
                })
            }
            _ => None,
        }
    }
}

/// Returns the arguments of a command: the path of the document, and a name.
pub(crate) fn arguments(arguments: &[Value]) -> Option<(&Path, &str)> {
    let [path, name] = arguments else { return None };
    Some((Path::new(path.as_str()?), name.as_str()?))
}
