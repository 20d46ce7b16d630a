//! `policy-check rules`

use crate::config::Config;
use crate::console::Console;
use crate::help::check::{RULES_EXAMPLES, RULES_JSON};
use crate::help::paragraphs;
use crate::report::{self, Format};
use crate::rule_names;
use clap::Args;
use rolecall_lint::{Category, RULES, RuleInfo, Safety};
use rolecall_report::exit::Exit;
use rolecall_report::failure::Failure;
use rolecall_report::json::SchemaVersion;
use rolecall_report::style::{STRONG, paint};
use serde::Serialize;

/// List the linter's rules, or show rule pages
#[derive(Args, Clone, Debug)]
#[command(after_help = RULES_EXAMPLES)]
#[command(after_long_help = paragraphs(&[RULES_JSON, RULES_EXAMPLES]))]
pub(crate) struct Arguments {
    /// Rules or categories
    #[arg(value_name = "NAME")]
    names: Vec<String>,
    /// Print the JSON schema of `policy-check.toml`
    #[arg(long, conflicts_with = "names")]
    config_schema: bool,
    /// Output format
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    format: Format,
}

#[derive(Serialize)]
struct RulesReport {
    schema_version: SchemaVersion,
    rules: Vec<RuleReport>,
}

#[derive(Serialize)]
struct RuleReport {
    name: &'static str,
    summary: &'static str,
    category: &'static str,
    severity: &'static str,
    confidence: &'static str,
    persona: &'static str,
    fix: Option<&'static str>,
    page: &'static str,
}

pub(crate) fn run(arguments: &Arguments, console: &mut Console) -> Result<Exit, Failure> {
    if arguments.config_schema {
        let schema = serde_json::to_string_pretty(&schemars::schema_for!(Config));
        let schema =
            schema.map_err(|error| Failure::new(format!("cannot write the schema as JSON: {error}")))?;
        console.give((schema + "\n").as_bytes())?;
        return Ok(Exit::Yes);
    }
    let rules = match arguments.names.as_slice() {
        [] => RULES.to_vec(),
        names => rule_names::all(names)?,
    };
    let report = RulesReport {
        schema_version: SchemaVersion,
        rules: rules.iter().map(|rule| RuleReport::new(rule)).collect(),
    };
    let text = || match arguments.names.as_slice() {
        [] => list(),
        _ => rules
            .iter()
            .map(|rule| page(rule))
            .collect::<Vec<String>>()
            .join("\n"),
    };
    report::print(&report, text, arguments.format, console)?;
    Ok(Exit::Yes)
}

impl RuleReport {
    fn new(rule: &'static RuleInfo) -> Self {
        Self {
            name: rule.name,
            summary: rule.summary,
            category: rule.category.name(),
            severity: rule.severity.name(),
            confidence: rule.confidence.name(),
            persona: rule.persona.name(),
            fix: rule.fix.map(|safety| match safety {
                Safety::Safe => "safe",
                Safety::Unsafe => "unsafe",
            }),
            page: rule.page,
        }
    }
}

/// Formats all rules by category.
fn list() -> String {
    let width = RULES.iter().map(|rule| rule.name.len()).max().unwrap_or(0);
    let mut text = String::new();
    for category in Category::ALL {
        text += &format!("{}\n", paint(STRONG, category));
        for rule in RULES.iter().filter(|rule| rule.category == *category) {
            text += &format!(
                "  {:<width$}  {:<6}  {}\n",
                rule.name,
                rule.severity.name(),
                rule.summary
            );
        }
    }
    text + &format!(
        "{} rules; `policy-check rules NAME` shows a rule's page\n",
        RULES.len()
    )
}

/// Formats a rule page, with its headings in bold.
fn page(rule: &RuleInfo) -> String {
    let (severity, confidence, persona) = (rule.severity, rule.confidence, rule.persona);
    let facts = format!(
        "{} · {severity} severity · {confidence} confidence · {persona}\n",
        rule.category
    );
    let line = |line: &str| match line.trim_start_matches('#') {
        title if title.len() < line.len() && title.starts_with(' ') => {
            paint(STRONG, title.trim_start()) + "\n"
        }
        _ => format!("{line}\n"),
    };
    let (title, body) = rule.page.split_once('\n').unwrap_or((rule.page, ""));
    line(title) + &facts + &body.lines().map(line).collect::<String>()
}
