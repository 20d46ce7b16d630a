//! Rule descriptors in SARIF, for all rules, with or without findings.

use super::level;
use super::log::{Configuration, Descriptor, Help, Message, RuleProperties};
use rolecall_lint::{Confidence, RULES, RuleInfo, Severity};
use rolecall_report::finding::{INVALID, page};
use rolecall_report::severity::ReportSeverity;

/// The page for compile errors, instead of a rule page.
const INVALID_PAGE: &str = "The policies do not compile: there is an error in their syntax, names or types. \
     The policy set cannot be used until it is fixed.\n";

/// Returns the descriptors: first that of compile errors, then those of all rules.
pub(super) fn descriptors(pages: Option<&str>) -> Vec<Descriptor> {
    let invalid = Descriptor {
        id: INVALID,
        short_description: Message::new("the policies do not compile"),
        full_description: Message::new(INVALID_PAGE.trim_end()),
        help: Help {
            text: INVALID_PAGE,
            markdown: INVALID_PAGE,
        },
        help_uri: None,
        default_configuration: Configuration { level: "error" },
        properties: RuleProperties {
            tags: vec!["security", "syntax"],
            precision: "high",
            security_severity: security_severity(Severity::High),
        },
    };
    let rules = RULES.iter().map(|rule| descriptor(rule, pages));
    std::iter::once(invalid).chain(rules).collect()
}

/// Returns the index of a rule's descriptor.
pub(super) fn index(rule: &str) -> Option<usize> {
    let mut names = std::iter::once(INVALID).chain(RULES.iter().map(|rule| rule.name));
    names.position(|name| name == rule)
}

fn descriptor(rule: &'static RuleInfo, pages: Option<&str>) -> Descriptor {
    Descriptor {
        id: rule.name,
        short_description: Message::new(rule.summary),
        full_description: Message::new(first_paragraph(rule)),
        help: Help {
            text: rule.page,
            markdown: rule.page,
        },
        help_uri: pages.map(|pages| page(pages, rule.name)),
        default_configuration: Configuration {
            level: level(ReportSeverity::Rule(rule.severity)),
        },
        properties: RuleProperties {
            tags: vec!["security", rule.category.name()],
            precision: match rule.confidence {
                Confidence::Low => "low",
                Confidence::Medium => "medium",
                Confidence::High => "high",
            },
            security_severity: security_severity(rule.severity),
        },
    }
}

/// Returns the first paragraph of a rule page, on one line.
fn first_paragraph(rule: &RuleInfo) -> String {
    let mut paragraphs = rule.page.split("\n\n").map(str::trim);
    let first = paragraphs.find(|paragraph| !paragraph.is_empty() && !paragraph.starts_with(['#', '`']));
    let words = first.unwrap_or(rule.summary).split_whitespace();
    words.collect::<Vec<&str>>().join(" ")
}

/// Returns a score in GitHub's ranges: at least 7.0 is high, at least 4.0 is medium, below is low (GitHub
/// Docs, "SARIF support for code scanning", `security-severity`).
fn security_severity(severity: Severity) -> &'static str {
    match severity {
        Severity::High => "8.0",
        Severity::Medium => "5.5",
        Severity::Low => "3.0",
        Severity::Info => "1.0",
    }
}
