//! The report of `migrate`: the changes of files, what stays, and the proof about the roles.

use super::formatting::diff;
use super::side::Side;
use rolecall_engine::Value;
use rolecall_interop::{LeftSubject, Migration, Step};
use rolecall_report::exit::Exit;
use rolecall_report::json::Json;
use rolecall_report::json::SchemaVersion;
use rolecall_report::location::count;
use rolecall_report::printable::printable;
use rolecall_report::style::{BAD, DOUBT, GOOD, STRONG, paint};
use rolecall_report::token_text;
use serde::Serialize;

/// The migration of a policy set.
#[derive(Debug, Serialize)]
pub(crate) struct MigrateReport {
    schema_version: SchemaVersion,
    step: StepName,
    files: Vec<FileReport>,
    /// The number of subjects that are added or removed.
    subjects: usize,
    left: Vec<LeftReport>,
    /// The roles that more tokens would get. Nothing is written then.
    gains: Vec<GainReport>,
    written: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
enum StepName {
    AddNew,
    DropOld,
}

/// A file that changes.
#[derive(Debug, Serialize)]
struct FileReport {
    file: String,
    #[serde(skip)]
    old: String,
    text: String,
}

/// A subject that stays.
#[derive(Debug, Serialize)]
struct LeftReport {
    file: String,
    line: usize,
    column: usize,
    subject: String,
    reason: &'static str,
}

/// A role that more tokens would get.
#[derive(Debug, Serialize)]
struct GainReport {
    role: String,
    #[serde(flatten)]
    gained: Side,
}

impl MigrateReport {
    pub(crate) fn new(migration: &Migration, step: Step, written: bool) -> Self {
        let left = |left: &LeftSubject| LeftReport {
            file: left.file.clone(),
            line: left.place.0,
            column: left.place.1,
            subject: left.text.clone(),
            reason: left.reason,
        };
        Self {
            schema_version: SchemaVersion,
            step: match step {
                Step::AddNew => StepName::AddNew,
                Step::DropOld => StepName::DropOld,
            },
            files: migration
                .files
                .iter()
                .map(|(source, text)| FileReport {
                    file: source.name.to_string(),
                    old: source.text.to_string(),
                    text: text.clone(),
                })
                .collect(),
            subjects: migration.subjects,
            left: migration.left.iter().map(left).collect(),
            gains: migration
                .gains
                .iter()
                .map(|(role, gained)| GainReport {
                    role: role.clone(),
                    gained: Side::new(gained),
                })
                .collect(),
            written,
        }
    }

    pub(crate) fn exit(&self) -> Exit {
        if self.gains.iter().any(|gain| gain.gained.outcome == "yes") || !self.left.is_empty() {
            Exit::No
        } else if !self.gains.is_empty() {
            Exit::Undecided
        } else {
            Exit::Yes
        }
    }

    pub(crate) fn text(&self) -> String {
        let mut text = String::new();
        if !self.written {
            for file in &self.files {
                text.push_str(&diff(&file.file, &file.old, &file.text));
            }
        }
        for left in &self.left {
            text.push_str(&format!(
                "{} {}:{}:{}: `{}`: {}\n",
                paint(DOUBT, "left"),
                printable(&left.file),
                left.line,
                left.column,
                printable(&left.subject),
                left.reason
            ));
        }
        for gain in &self.gains {
            let (style, verdict) = match gain.gained.outcome {
                "yes" => (BAD, "would also be for".to_owned()),
                _ => {
                    let reason = gain.gained.reason.as_deref().unwrap_or("it is not decided");
                    (DOUBT, format!("not decided: {}", printable(reason)))
                }
            };
            text.push_str(&format!(
                "{} {}\n",
                paint(STRONG, printable(&gain.role)),
                paint(style, verdict)
            ));
            if let Some(Json(Value::Object(token))) = &gain.gained.token {
                token_text::write(token, &mut text);
            }
        }
        let done = match self.step {
            StepName::AddNew => "added",
            StepName::DropOld => "removed",
        };
        let subjects = count(self.subjects, "subject");
        let files = count(self.files.len(), "file");
        text.push_str(&match (self.subjects, self.gains.is_empty()) {
            (0, _) => "no subject to migrate\n".to_owned(),
            (_, false) => format!("{}: nothing is written\n", paint(BAD, "not proved")),
            (_, true) => {
                let whose = match self.step {
                    StepName::AddNew => {
                        "only tokens of the same repositories, with their ids, get a role in addition"
                    }
                    StepName::DropOld => "no other token gets a role",
                };
                let verb = if self.written {
                    done.to_owned()
                } else {
                    format!("would be {done}")
                };
                format!(
                    "{subjects} {verb} in {files}; {}: {whose}\n",
                    paint(GOOD, "proved")
                )
            }
        });
        text
    }
}
