//! The report of `graph` as a Mermaid diagram: tenants, roles and grants from left to right.
//!
//! Mermaid refuses a text of more than 50,000 characters and a diagram of more than 500 edges, and merge requests cannot
//! change these limits.

mod label;
mod unit;

use super::GraphReport;
use super::width::{Mark, mark};
use label::label;
use rolecall_report::location::count;
use rolecall_report::text::{minus, plus};
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use unit::{Bundle, Unit, units};

/// The most nodes for roles: more are not legible.
const MOST_UNITS: usize = 30;
/// The most characters of a diagram.
const MOST_CHARS: usize = 50_000;

/// The styles of the marks: borders, which are visible on light and dark ground.
const STYLES: [&str; 4] = [
    "classDef widest stroke:#d1242f,stroke-width:4px",
    "classDef wide stroke:#bf8700,stroke-width:3px",
    "classDef doubt stroke-dasharray:6 4",
    "classDef more stroke-dasharray:2 4",
];

impl GraphReport {
    pub(crate) fn mermaid(&self) -> String {
        let mut most = MOST_UNITS;
        loop {
            let text = self.diagram(most);
            let fewer = most.div_ceil(2);
            if text.chars().count() <= MOST_CHARS || fewer == most {
                return text;
            }
            most = fewer;
        }
    }

    /// Returns the diagram of the widest roles.
    fn diagram(&self, most: usize) -> String {
        let all = units(&self.ways, most);
        let shown: Vec<&Unit<'_>> = all.iter().take(most).collect();
        let drawn: usize = shown.iter().map(|unit| unit.roles).sum();
        let mut diagram = Diagram::default();
        for unit in shown {
            diagram.add(unit);
        }
        let mut text = format!(
            "flowchart LR\n  accTitle: Who can get what\n  accDescr: {}, the widest first\n",
            count(self.roles, "role")
        );
        let issuers = diagram.issuers.iter().enumerate();
        for (number, (issuer, tenants)) in issuers {
            text.push_str(&format!(
                "  subgraph i{number}[\"{}\"]\n{tenants}  end\n",
                label(issuer)
            ));
        }
        text.push_str(&diagram.rest);
        if self.ways.is_empty() {
            text.push_str("  none[\"no role\"]\n");
        }
        let left = minus(self.roles, drawn);
        if left > 0 {
            let more = count(left, "more role");
            let format = label("--format html");
            text.push_str(&format!("  more([\"{more}<br>all are in {format}\"]):::more\n"));
        }
        STYLES
            .iter()
            .for_each(|style| text.push_str(&format!("  {style}\n")));
        text
    }
}

/// The parts of a diagram.
#[derive(Default)]
struct Diagram {
    /// The issuers, each with the lines of its tenants.
    issuers: Vec<(String, String)>,
    /// The lines of roles, grants and edges.
    rest: String,
    /// The nodes of tenants by their issuers and texts, and those of grants, which have no issuer.
    nodes: HashMap<(String, Bundle), String>,
    roles: usize,
}

impl Diagram {
    fn add(&mut self, unit: &Unit<'_>) {
        let role = format!("r{}", self.roles);
        self.roles = plus(self.roles, 1);
        let classes = match (mark(unit.step), unit.is_proved) {
            (_, false) => ":::doubt",
            (Mark::Widest, true) => ":::widest",
            (Mark::Wide, true) => ":::wide",
            (Mark::Plain, true) => "",
        };
        self.rest
            .push_str(&format!("  {role}(\"{}\"){classes}\n", lines(&unit.lines)));
        for (issuer, tenant) in &unit.tenants {
            let node = self.tenant(issuer, tenant);
            self.rest.push_str(&format!("  {node} --> {role}\n"));
        }
        for grant in &unit.grants {
            let (node, is_new) = self.node("", grant);
            let shape = match is_new {
                true => format!("[/\"{}\"/]", lines(&grant.lines())),
                false => String::new(),
            };
            self.rest.push_str(&format!("  {role} --> {node}{shape}\n"));
        }
    }

    /// Returns the node of a tenant. A new one is drawn in the box of its issuer.
    fn tenant(&mut self, issuer: &str, tenant: &Bundle) -> String {
        let (node, is_new) = self.node(issuer, tenant);
        if is_new {
            let line = format!("    {node}[\"{}\"]\n", lines(&tenant.lines()));
            match self.issuers.iter_mut().find(|(known, _)| known == issuer) {
                Some((_, tenants)) => tenants.push_str(&line),
                None => self.issuers.push((issuer.to_owned(), line)),
            }
        }
        node
    }

    /// Returns the name of a node, and whether it is new.
    fn node(&mut self, issuer: &str, texts: &Bundle) -> (String, bool) {
        let name = format!("n{}", self.nodes.len());
        match self.nodes.entry((issuer.to_owned(), texts.clone())) {
            Entry::Occupied(known) => (known.get().clone(), false),
            Entry::Vacant(free) => (free.insert(name).clone(), true),
        }
    }
}

/// Returns the lines of a label.
fn lines(lines: &[String]) -> String {
    let lines: Vec<String> = lines.iter().map(|line| label(line)).collect();
    lines.join("<br>")
}
