//! The report of `explain` as a page for a browser.

use super::{ExplainReport, UNVERIFIED, summary};
use crate::comparison::ComparisonReport;
use crate::condition::{ConditionReport, is_true};
use crate::explanation::{ClauseReport, RoleExplanation};
use crate::html::{badge, mark, page, words};
use crate::printable::printable;
use crate::repair::{ChangeReport, RepairReport};
use maud::{Markup, html};

/// Formats the report as a page.
pub(super) fn text(report: &ExplainReport) -> String {
    let explained = &report.explained;
    let is_open = explained.roles.len() <= 3;
    let body = html! {
        h1 {
            @if report.verified { "Token of " } @else { "Claims of " }
            (printable(&report.issuer))
        }
        @if let Some(subject) = &report.subject { p class="faint" { code { (printable(subject)) } } }
        @if !report.verified { p class="warning" { (UNVERIFIED) } }
        ul class="faint" { @for line in report.filled_in() { li { (words(&line)) } } }
        @if explained.is_empty() {
            p { (badge(false, "denied")) " no role has a clause for this issuer" }
        }
        h2 { "Roles" }
        @for role in &explained.roles { (role_section(role, is_open)) }
        @for line in explained.others() { p class="faint" { (line) } }
    };
    page(&format!("Roles of a token of {}", report.issuer), &body)
}

fn role_section(role: &RoleExplanation, is_open: bool) -> Markup {
    let clauses = role.clauses();
    html! {
        details open[is_open] {
            summary {
                (badge(role.is_allowed(), if role.is_allowed() { "allowed" } else { "denied" }))
                " " code { (printable(role.role())) } " "
                span class="faint" { (printable(&summary(role))) }
            }
            div {
                @if let Some(help) = role.help() { p { "the policies have no such role: " (words(help)) } }
                @for clause in clauses { (clause_section(clause, clauses.len())) }
                @if let Some(repair) = role.repair() { (repair_section(repair)) }
                @if let Some(left_out) = role.left_out() { p class="faint" { (left_out) } }
            }
        }
    }
}

fn clause_section(clause: &ClauseReport, clauses: usize) -> Markup {
    html! {
        p class="clause" {
            (clause.name(clauses)) " " (printable(&clause.outcome())) " "
            span class="place" { (clause.location()) }
        }
        @for failure in clause.failures() { (failed(&failure)) }
        @for (guard, condition) in clause.conditions() {
            @if let Some(guard) = guard {
                p class="clause" {
                    "guard " code { (printable(guard)) }
                    @if is_true(condition.truth()) { " holds" } @else { " is " (condition.truth()) }
                }
            }
            ul class="tree" { (tree(condition, true)) }
        }
        @for unfilled in clause.unfilled() { (failed(&unfilled)) }
    }
}

fn failed(words: &str) -> Markup {
    html! { p { (mark("false")) " " span class="value" { (words) } } }
}

/// Returns a condition as list items. The parts of the outermost conjunction are items of their own.
fn tree(condition: &ConditionReport, is_outermost: bool) -> Markup {
    match condition {
        ConditionReport::All { parts, .. } if is_outermost => {
            html! { @for part in parts { (tree(part, false)) } }
        }
        ConditionReport::All { truth, parts } => group(truth, "all of", parts),
        ConditionReport::Any { truth, parts } => group(truth, "one of", parts),
        ConditionReport::Comparison(comparison) => html! { li { (comparison_row(comparison)) } },
        ConditionReport::External { truth, text, .. } => html! {
            li { (mark(truth)) " " code { (printable(text)) } " no token decides this" }
        },
        ConditionReport::LeftOut { .. } => html! {},
        ConditionReport::Unknown { truth } => {
            html! { li { (mark(truth)) " a condition that no token decides" } }
        }
    }
}

fn group(truth: &str, words: &str, parts: &[ConditionReport]) -> Markup {
    html! {
        li {
            (mark(truth)) " " (words)
            ul class="tree" { @for part in parts { (tree(part, false)) } }
        }
    }
}

fn comparison_row(comparison: &ComparisonReport) -> Markup {
    html! {
        div class="row" {
            (mark(comparison.truth()))
            code { (printable(comparison.claim())) }
            span class="value" { (printable(&comparison.value())) }
            span class="faint" { "accepted: " span class="value" { (comparison.accepted()) } }
            span class="place" { (comparison.place()) }
        }
        @if let Some((reason, help)) = comparison.remark() {
            p { (reason) @if let Some(help) = help { ": " (printable(help)) } }
        }
    }
}

fn repair_section(repair: &RepairReport) -> Markup {
    let row = |change: &ChangeReport, by: &str| {
        html! {
            tr {
                td { code { (printable(&change.claim)) } }
                td { span class="value" { (printable(&change.values())) } }
                td class="faint" { (by) }
            }
        }
    };
    html! {
        div class="repair" {
            p { strong { (printable(&repair.heading())) } }
            @if !repair.changes().is_empty() || !repair.follows().is_empty() {
                table class="wide" {
                    thead { tr { th { "claim" } th { "value" } th { "changed" } } }
                    tbody {
                        @for change in repair.changes() { (row(change, change.actor())) }
                        @for change in repair.follows() { (row(change, "follows")) }
                    }
                }
            }
            @if let Some((message, help)) = repair.oddity() { p { (message) ": " (help) } }
        }
    }
}
