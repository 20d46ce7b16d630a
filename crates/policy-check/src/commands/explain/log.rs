//! Logs: one JSON object on each line.

use super::audit;
use crate::input::{lines, log};
use crate::loaded::Policies;
use crate::report::claims_log::LogReport;
use crate::report::unused::{LogKind, Period, UnusedReport};
use crate::usage::Usage;
use rolecall_analysis::Analysis;
use rolecall_engine::{Document, JsonLimits, Object, PolicySet, RoleId, UnverifiedClaims, Value};
use rolecall_report::claims::issuer_of;
use rolecall_report::coverage::CoverageReport;
use rolecall_report::failure::Failure;
use rolecall_report::foreign::Foreign;
use rolecall_report::repair::RepairReport;
use rolecall_report::selected;
use rolecall_report::selectors::select;
use std::path::Path;

/// The question about a log.
#[derive(Clone, Copy, Debug)]
pub(super) struct Question<'a> {
    pub(super) path: &'a Path,
    /// The name of the issuer of the claims.
    pub(super) issuer: Option<&'a str>,
    pub(super) selector: Option<&'a str>,
    /// True if the `allow`s are listed that no token took.
    pub(super) unused: bool,
}

/// Returns true for the name of a log.
pub(super) fn is_log(path: &Path) -> bool {
    let ends = |end: &str| path.extension().is_some_and(|own| own.eq_ignore_ascii_case(end));
    ends("jsonl") || ends("ndjson")
}

/// Sums up a log.
pub(super) fn sum_up(question: Question<'_>, policies: &Policies) -> Result<LogReport, Failure> {
    let set = &policies.set;
    let chosen = question.selector.map(|selector| select(set, selector));
    let chosen = chosen.transpose()?;
    let bytes = log(question.path)?;
    if !question.unused {
        return Ok(of_claims(&bytes, question.issuer, chosen.as_deref(), set, None).finish());
    }
    let mut asked = chosen
        .clone()
        .unwrap_or_else(|| set.program().roles().ids().collect());
    let is_audit = audit::is_audit(&bytes);
    if is_audit {
        if question.issuer.is_some() {
            return Err(
                Failure::new("an audit log has the issuer of each grant").help("leave out `--issuer`")
            );
        }
        // An exchange grants no roles of documents.
        let program = set.program();
        asked.retain(|role| !program.is_foreign(program[*role].location.file()));
    }
    let foreign = if is_audit {
        &Foreign::default()
    } else {
        &policies.foreign
    };
    let inexact = foreign.inexact();
    let mut usage = Usage::new(set, &asked, |role| inexact.contains(&*set.program()[role].name));
    let mut period = Period::default();
    let (mut report, about) = if is_audit {
        let mut report = LogReport::default();
        let unknown_roles = audit::sum_up(&bytes, set, &mut usage, &mut period, &mut report);
        (report, (LogKind::Audit, period, unknown_roles))
    } else {
        let used = Some((&mut usage, &mut period));
        let report = of_claims(&bytes, question.issuer, chosen.as_deref(), set, used);
        (report, (LogKind::Claims, period, 0))
    };
    let coverage = CoverageReport::new(foreign);
    report.unused = Some(UnusedReport::new(set, &usage.proved(), about, coverage));
    Ok(report.finish())
}

/// Sums up the roles of the tokens in a log, and what would give the nearest role to those that get none. The `allow`s
/// that they take and the time are added to what is given for them.
fn of_claims(
    bytes: &[u8],
    issuer: Option<&str>,
    chosen: Option<&[RoleId]>,
    set: &PolicySet,
    mut used: Option<(&mut Usage<'_>, &mut Period)>,
) -> LogReport {
    let program = set.program();
    let mut analysis = Analysis::new(set);
    let mut report = LogReport::default();
    for (number, line) in lines(bytes) {
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
        let roles: &[RoleId] = match chosen {
            Some(chosen) => chosen,
            None => {
                of_issuer = selected::of_issuer(set, &issuer.name);
                &of_issuer
            }
        };
        let mut got = set.rehearse_all(&claims);
        got.retain(|role| roles.binary_search(role).is_ok());
        if let Some((usage, period)) = &mut used {
            usage.add_token(&claims, &got);
            period.add(issued_at(&written));
        }
        let names: Vec<&str> = got.iter().map(|role| &*program[*role].name).collect();
        let near = names.is_empty().then(|| analysis.nearest(&claims, roles, 1));
        let nearest = near.as_ref().and_then(|near| near.roles.first());
        let nearest = nearest.and_then(|(role, repair)| Some((*role, RepairReport::new(repair)?)));
        let nearest = nearest.as_ref();
        report.add(
            &names,
            nearest.map(|(role, repair)| (&*program[*role].name, repair)),
        );
    }
    report
}

/// Returns the time of a token in seconds since 1970, if it says it.
fn issued_at(claims: &Object) -> Option<i64> {
    match claims.get("iat")? {
        Value::Decimal(decimal) => decimal.floor(),
        Value::Int(seconds) => Some(*seconds),
        _ => None,
    }
}
