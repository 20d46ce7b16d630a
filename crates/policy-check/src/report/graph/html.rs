//! The report of `graph` as a page: a table that a script of ours sorts and filters, and that is complete without it.

mod controls;

use super::GraphReport;
use super::way::WayReport;
use super::width::{BASIS, Mark, mark, words};
use controls::{controls, keys};
use maud::{Markup, html};
use rolecall_lint::Step;
use rolecall_report::html::{Script, page_with};
use rolecall_report::location::count;
use rolecall_report::printable::printable;

/// The script, with its hash, which a test compares.
const SCRIPT: Script = Script {
    text: include_str!("html/table.js"),
    hash: "UmNtGSfkbZkTE2lnbppMy2i9ne9m8pLcNIbyaFgO7jE=",
};

/// The style of the table.
const STYLE: &str = include_str!("html/table.css");

/// The number of characters from which a condition is folded.
const FOLDED: usize = 140;
/// The number of tenants from which they are folded.
const MANY: usize = 6;

/// The columns.
const COLUMNS: [&str; 7] = [
    "Width",
    "Role",
    "Issuer",
    "Tenants",
    "From",
    "Further conditions",
    "Grants",
];

impl GraphReport {
    pub(crate) fn html(&self) -> String {
        let ways = count(self.ways.len(), "way");
        let roles = count(self.roles, "role");
        let body = html! {
            h1 { "Who can get what" }
            p class="faint" { (ways) " to get " (roles) ", the widest first." }
            (legend(&self.ways))
            @for line in self.coverage_lines() { p class="warning" { (printable(&line)) } }
            (controls(&self.ways))
            table class="wide ways" {
                caption class="hidden" { "The ways to get roles" }
                thead { tr { @for column in COLUMNS { th scope="col" { (column) } } } }
                tbody { @for way in &self.ways { (row(way)) } }
            }
            @if self.ways.is_empty() { p { "The policies have no roles." } }
        };
        page_with("Who can get what", &body, STYLE, SCRIPT)
    }
}

/// Returns the widths with their numbers of ways and their meaning.
fn legend(ways: &[WayReport]) -> Markup {
    let number = |step: Step| ways.iter().filter(|way| way.step == step).count();
    html! {
        ul class="widths" {
            @for step in Step::ALL.into_iter().filter(|step| number(*step) > 0) {
                li { (badge(step, words(step).0)) " " (number(step)) }
            }
        }
        details {
            summary { "The widths" }
            div {
                dl {
                    @for step in Step::ALL {
                        dt { (badge(step, words(step).0)) }
                        dd { (words(step).1) }
                    }
                }
                p { (BASIS) }
            }
        }
    }
}

fn badge(step: Step, text: &str) -> Markup {
    let class = match mark(step) {
        Mark::Widest => "badge no",
        Mark::Wide => "badge doubt",
        Mark::Plain => "badge plain",
    };
    html! { span class=(class) { (text) } }
}

fn row(way: &WayReport) -> Markup {
    let order = Step::ALL
        .iter()
        .position(|step| *step == way.step)
        .unwrap_or_default();
    let cells = [
        width(way),
        role(way),
        html! { (printable(&way.issuer)) },
        html! { (tenants(way)) (conditions(&mut who(way))) },
        conditions(&mut way.source.iter().map(|part| (None, part.as_str()))),
        conditions(&mut way.further()),
        grants(way),
    ];
    html! {
        tr data-width=(words(way.step).0) data-issuer=(printable(&way.issuer))
            data-family=[way.family.as_deref().map(printable)] data-tags=(keys(&way.tags))
            data-grants=(keys(way.grants.iter().map(|grant| &grant.name))) data-order=(order) {
            @for (column, cell) in COLUMNS.into_iter().zip(cells) {
                @if column == "Role" {
                    th scope="row" data-label=(column) { (cell) }
                } @else {
                    td data-label=(column) { (cell) }
                }
            }
        }
    }
}

fn width(way: &WayReport) -> Markup {
    html! {
        @if way.proved { (badge(way.step, words(way.step).0)) } @else {
            span class="badge doubt" { "not decided" }
            span class="note" { "at most " (words(way.step).0) }
        }
        @if let Some(token) = &way.token {
            details class="proof" {
                summary { "Token" }
                div { pre { (printable(&token.0.to_string()).replace(",\"", ",\n \"")) } }
            }
        }
    }
}

fn role(way: &WayReport) -> Markup {
    html! {
        code { (printable(&way.role)) }
        span class="tags" {
            @for tag in &way.tags { " " span class="tag" { "#" (printable(tag)) } }
            @if let Some(ttl) = way.lifetime() { " " span class="note" { "for " (ttl) } }
        }
        @if let Some(written) = &way.written {
            details class="proof" {
                summary { span class="place" { (way.location) } }
                div { pre { @for line in written.lines() { (printable(line)) "\n" } } }
            }
        } @else {
            span class="place" { (way.location) }
        }
    }
}

fn tenants(way: &WayReport) -> Markup {
    let few = way.tenants.len() < MANY;
    let list = html! {
        ul class="names" { @for tenant in &way.tenants { li { (printable(tenant)) } } }
    };
    html! {
        @if few { (list) } @else {
            details { summary { (count(way.tenants.len(), "tenant")) } div { (list) } }
        }
    }
}

/// Returns the conditions on tenants that say more than the list of tenants.
fn who(way: &WayReport) -> impl Iterator<Item = (Option<&str>, &str)> {
    let is_listed = |part: &str| {
        way.tenants
            .iter()
            .any(|tenant| part.ends_with(&format!(" == \"{tenant}\"")))
    };
    let parts = way.who.iter().filter(move |part| !is_listed(part));
    parts.map(|part| (None, part.as_str()))
}

/// Returns conditions, each with the guard that adds it, if one does. Long ones are folded.
fn conditions<'r>(conditions: &mut dyn Iterator<Item = (Option<&'r str>, &'r str)>) -> Markup {
    html! {
        @for (guard, condition) in conditions {
            div class="condition" {
                @if let Some(guard) = guard { span class="note" { "guard " (printable(guard)) } }
                (folded(&printable(condition)))
            }
        }
    }
}

fn folded(text: &str) -> Markup {
    match text
        .char_indices()
        .nth(FOLDED)
        .and_then(|(end, _)| text.split_at_checked(end))
    {
        None => html! { code { (text) } },
        Some((before, after)) => html! {
            details { summary { code { (before) "…" } } div { code { "…" (after) } } }
        },
    }
}

fn grants(way: &WayReport) -> Markup {
    html! {
        @for grant in &way.grants {
            div class="grant" {
                span class="note" { (printable(&grant.name)) }
                (folded(&printable(&grant.value)))
            }
        }
    }
}
