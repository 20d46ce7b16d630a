//! The controls of the table, which are hidden until the script runs.

use crate::report::graph::way::WayReport;
use crate::report::graph::width::words;
use maud::{Markup, html};
use rolecall_lint::Step;
use rolecall_report::printable::printable;
use std::collections::BTreeSet;

/// Returns keys of a row, between line breaks, which no printable text has.
pub(super) fn keys<'r>(keys: impl IntoIterator<Item = &'r String>) -> String {
    let keys = keys.into_iter().map(|key| printable(key));
    keys.collect::<Vec<_>>().join("\n")
}

/// Returns a box for text, and a list for each property by which the rows differ.
pub(super) fn controls(ways: &[WayReport]) -> Markup {
    let widths: Vec<&str> = Step::ALL.iter().map(|step| words(*step).0).collect();
    let is_used = |width: &&&str| ways.iter().any(|way| words(way.step).0 == **width);
    let all = |values: BTreeSet<&str>| values.into_iter().map(str::to_owned).collect::<Vec<String>>();
    let lists: [(&str, &str, Vec<String>); 5] = [
        (
            "width",
            "Width",
            widths
                .iter()
                .filter(is_used)
                .map(|width| (*width).to_owned())
                .collect(),
        ),
        (
            "tags",
            "Tag",
            all(ways
                .iter()
                .flat_map(|way| &way.tags)
                .map(String::as_str)
                .collect()),
        ),
        (
            "issuer",
            "Issuer",
            all(ways.iter().map(|way| way.issuer.as_str()).collect()),
        ),
        (
            "grants",
            "Grant",
            all(ways
                .iter()
                .flat_map(|way| &way.grants)
                .map(|grant| grant.name.as_str())
                .collect()),
        ),
        (
            "family",
            "Family",
            all(ways.iter().filter_map(|way| way.family.as_deref()).collect()),
        ),
    ];
    html! {
        form id="controls" role="search" hidden {
            label { "Filter " input id="text" type="search" placeholder="words in any column" autocomplete="off"; }
            @for (property, name, values) in &lists {
                // One value selects all rows that have it, which may not be all rows.
                @if values.len() > 1 || *property == "family" && !values.is_empty() {
                    label {
                        (name) " "
                        select name=(property) {
                            option value="" { "all" }
                            @for value in values {
                                option value=(printable(value)) { (printable(value)) }
                            }
                        }
                    }
                }
            }
            button type="reset" { "Clear" }
            output id="shown" {}
        }
    }
}
