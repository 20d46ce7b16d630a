//! What SARIF says of the rules: all of them, whether they found something or not.

use rolecall_lint::{Confidence, RULES, RuleInfo, Severity};

use super::super::finding::{INVALID, page};
use super::super::severity::ReportSeverity;
use super::level;
use super::log::{Configuration, Descriptor, Help, Message, RuleProperties};

/// What is said of policies that do not compile, where rules have their page.
const INVALID_PAGE: &str = "The policies do not compile: there is an error in their syntax, names or types. \
     The policy set cannot be used until it is fixed.\n";

/// The descriptors of all rules, that of policies that do not compile first.
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

/// The place of the descriptor of a rule among them.
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

/// What the page of a rule says first below its title, on one line.
fn first_paragraph(rule: &RuleInfo) -> String {
    let mut paragraphs = rule.page.split("\n\n").map(str::trim);
    let first = paragraphs.find(|paragraph| !paragraph.is_empty() && !paragraph.starts_with(['#', '`']));
    let words = first.unwrap_or(rule.summary).split_whitespace();
    words.collect::<Vec<&str>>().join(" ")
}

/// A score in the ranges of GitHub: high from 7.0 on, medium from 4.0 on, low below (GitHub Docs, "SARIF support for code
/// scanning", `security-severity`).
fn security_severity(severity: Severity) -> &'static str {
    match severity {
        Severity::High => "8.0",
        Severity::Medium => "5.5",
        Severity::Low => "3.0",
        Severity::Info => "1.0",
    }
}
