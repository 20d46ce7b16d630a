//! Logs of claims: one JSON object on each line.

use super::{issuer_of, selected};
use crate::failure::Failure;
use crate::input::log;
use crate::report::claims_log::LogReport;
use crate::report::repair::RepairReport;
use crate::selectors::select;
use rolecall_analysis::Analysis;
use rolecall_engine::{Document, JsonLimits, Object, PolicySet, RoleId, UnverifiedClaims};
use std::path::Path;

/// Returns true for the name of a log.
pub(super) fn is_log(path: &Path) -> bool {
    let ends = |end: &str| path.extension().is_some_and(|own| own.eq_ignore_ascii_case(end));
    ends("jsonl") || ends("ndjson")
}

/// Sums up the roles of the tokens in a log, and what would give the nearest role to those that get none.
pub(super) fn sum_up(
    path: &Path,
    issuer: Option<&str>,
    selector: Option<&str>,
    set: &PolicySet,
) -> Result<LogReport, Failure> {
    let chosen = selector.map(|selector| select(set, selector)).transpose()?;
    let program = set.program();
    let mut analysis = Analysis::new(set);
    let mut report = LogReport::default();
    let bytes = log(path)?;
    for (index, line) in bytes.split(|byte| *byte == b'\n').enumerate() {
        let number = index.saturating_add(1);
        if line.iter().all(u8::is_ascii_whitespace) {
            continue;
        }
        let written = match Document::parse(line.to_vec(), &JsonLimits::CLAIMS) {
            Ok(document) => Object::from(document.members()),
            Err(error) => {
                report.add_problem(number, error.to_string());
                continue;
            }
        };
        let issuer = match issuer_of(&written, issuer, set) {
            Ok(issuer) => issuer,
            Err(failure) => {
                report.add_problem(number, failure.message);
                continue;
            }
        };
        let claims = UnverifiedClaims::new(set.complete(&issuer.name, &written));
        let of_issuer;
        let roles: &[RoleId] = match &chosen {
            Some(chosen) => chosen,
            None => {
                of_issuer = selected::of_issuer(set, &issuer.name);
                &of_issuer
            }
        };
        let got = set.rehearse_all(&claims);
        let got = got.into_iter().filter(|role| roles.binary_search(role).is_ok());
        let names: Vec<&str> = got.map(|role| &*program[role].name).collect();
        let near = names.is_empty().then(|| analysis.nearest(&claims, roles, 1));
        let nearest = near.as_ref().and_then(|near| near.roles.first());
        let nearest = nearest.and_then(|(role, repair)| Some((*role, RepairReport::new(repair)?)));
        let nearest = nearest.as_ref();
        report.add(
            &names,
            nearest.map(|(role, repair)| (&*program[*role].name, repair)),
        );
    }
    Ok(report.finish())
}
