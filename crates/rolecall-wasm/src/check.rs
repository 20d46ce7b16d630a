//! The question `check`.

use crate::files::{File, compile};
use crate::written;
use rolecall_engine::PolicySet;
use rolecall_lint::{Date, LintReport, Persona, Settings};
use rolecall_report::coverage::CoverageReport;
use rolecall_report::failure::Failure;
use rolecall_report::finding::FindingView;
use rolecall_report::findings::{Findings, Suppressed};
use rolecall_report::json::SchemaVersion;
use rolecall_report::location::{LocationView, Locations};
use serde::Serialize;

/// The findings of a policy set, and its items that others ask about.
#[derive(Serialize)]
struct CheckAnswer {
    schema_version: SchemaVersion,
    /// True if the policies compile.
    compiles: bool,
    findings: Vec<FindingView>,
    suppressed: Vec<Suppressed>,
    issuers: Vec<IssuerAnswer>,
    roles: Vec<RoleAnswer>,
    tests: usize,
    assertions: usize,
    /// The part of documents in other languages that is covered, if there are any.
    #[serde(skip_serializing_if = "Option::is_none")]
    coverage: Option<CoverageReport>,
}

#[derive(Serialize)]
struct IssuerAnswer {
    name: String,
    url: String,
}

#[derive(Serialize)]
struct RoleAnswer {
    name: String,
    #[serde(flatten)]
    location: LocationView,
}

pub(crate) fn answer(
    files: Vec<File>,
    today: Option<&str>,
    persona: Option<&str>,
) -> Result<String, Failure> {
    let settings = settings(today, persona)?;
    let policies = compile(files, None)?;
    let linted = match &policies.outcome {
        Ok(set) => policies
            .foreign
            .lint(set, &policies.files, &settings, |linter, roles| {
                let mut parts = linter.roles(roles.iter().copied());
                parts.push(linter.whole());
                parts
            }),
        Err(_) => LintReport::default(),
    };
    let set = policies.outcome.as_ref().ok();
    let mut answer = CheckAnswer {
        schema_version: SchemaVersion,
        compiles: set.is_some(),
        findings: Vec::new(),
        suppressed: Vec::new(),
        issuers: set.map(issuers).unwrap_or_default(),
        roles: set.map(roles).unwrap_or_default(),
        tests: set.map_or(0, |set| set.program().tests().len()),
        assertions: set.map_or(0, |set| set.program().assertions().len()),
        coverage: CoverageReport::new(&policies.foreign),
    };
    let findings = Findings::new(
        &policies.outcome,
        policies.files,
        linted,
        None,
        |found, render| found.into_iter().map(render).collect(),
    );
    (answer.findings, answer.suppressed) = (findings.shown, findings.suppressed);
    written(&answer)
}

fn issuers(set: &PolicySet) -> Vec<IssuerAnswer> {
    let issuer = |issuer: &rolecall_engine::Issuer| IssuerAnswer {
        name: issuer.name.clone(),
        url: issuer.url.clone(),
    };
    set.issuers().map(issuer).collect()
}

fn roles(set: &PolicySet) -> Vec<RoleAnswer> {
    let locations = Locations::new(set.program().files());
    let roles = set.program().roles().values();
    let roles = roles.map(|role| RoleAnswer {
        name: role.name.to_string(),
        location: locations.location(role.location),
    });
    roles.collect()
}

fn settings(today: Option<&str>, persona: Option<&str>) -> Result<Settings, Failure> {
    let mut settings = Settings::default();
    if let Some(today) = today {
        let date = today.parse::<Date>();
        settings.today = Some(date.map_err(|error| Failure::new(format!("`today`: {error}")))?);
    }
    if let Some(persona) = persona {
        let names = || {
            Persona::ALL
                .iter()
                .map(|persona| persona.name())
                .collect::<Vec<_>>()
        };
        settings.persona = Persona::from_name(persona).ok_or_else(|| {
            Failure::new(format!("`{persona}` is not a persona"))
                .help(format!("use one of: {}", names().join(", ")))
        })?;
    }
    Ok(settings)
}
