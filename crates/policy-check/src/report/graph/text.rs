//! The report of `graph` as text for a terminal.

use super::GraphReport;
use super::way::WayReport;
use super::width::{Mark, mark, words};
use rolecall_lint::Step;
use rolecall_report::location::count;
use rolecall_report::printable::{printable, shortened};
use rolecall_report::style::{BAD, DOUBT, FAINT, STRONG, paint};

/// The most characters of a line about a way. The other formats have all of it.
const LONGEST: usize = 160;

impl GraphReport {
    pub(crate) fn text(&self) -> String {
        let mut text = String::new();
        for step in Step::ALL {
            let ways: Vec<&WayReport> = self.ways.iter().filter(|way| way.step == step).collect();
            if ways.is_empty() {
                continue;
            }
            let (label, meaning) = words(step);
            let style = match mark(step) {
                Mark::Widest => BAD,
                Mark::Wide => DOUBT,
                Mark::Plain => STRONG,
            };
            text.push_str(&format!("{}  {}\n", paint(style, label), paint(FAINT, meaning)));
            for way in ways {
                way.write(&mut text);
            }
            text.push('\n');
        }
        for line in self.coverage_lines() {
            text.push_str(&format!("{}\n", paint(FAINT, line)));
        }
        let ways = count(self.ways.len(), "way");
        text.push_str(&format!("{ways} to get {}\n", count(self.roles, "role")));
        text
    }
}

impl WayReport {
    fn write(&self, text: &mut String) {
        let tags = self.tags.iter().map(|tag| format!(" #{}", printable(tag)));
        let tags: String = tags.collect();
        let ttl = self.lifetime().map_or_else(String::new, |ttl| format!(" {ttl}"));
        let doubt = match self.proved {
            true => String::new(),
            false => format!(" {}", paint(DOUBT, "not decided")),
        };
        text.push_str(&format!(
            "  {}{doubt}{tags}{ttl}  {}\n",
            paint(STRONG, printable(&self.role)),
            paint(FAINT, &self.location),
        ));
        let tenants = self.tenants.join(", ");
        let from = format!("{tenants} ({})", self.issuer);
        let further: Vec<String> = self
            .further()
            .map(|(guard, part)| match guard {
                Some(guard) => format!("guard {guard}: {part}"),
                None => part.to_owned(),
            })
            .collect();
        let grants: Vec<String> = self
            .grants
            .iter()
            .map(|grant| format!("{} = \"{}\"", grant.name, grant.value))
            .collect();
        for (name, value) in [
            ("who", from),
            ("from", self.source.join(" && ")),
            ("if", further.join(" && ")),
            ("grants", grants.join(", ")),
        ] {
            if !value.is_empty() {
                let value = printable(&value);
                text.push_str(&format!("    {name:<6}  {}\n", shortened(&value, LONGEST)));
            }
        }
    }
}
