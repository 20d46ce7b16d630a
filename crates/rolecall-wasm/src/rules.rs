//! The questions `rules` and `rule`.

use crate::written;
use rolecall_lint::{RULES, RuleInfo, find};
use rolecall_report::failure::Failure;
use rolecall_report::printable::printable;
use rolecall_syntax::did_you_mean;
use serde::Serialize;

#[derive(Serialize)]
struct RulesAnswer {
    rules: Vec<RuleAnswer>,
}

#[derive(Serialize)]
struct RuleAnswer {
    name: &'static str,
    summary: &'static str,
    category: &'static str,
    severity: &'static str,
}

/// A rule with its page.
#[derive(Serialize)]
struct PageAnswer {
    #[serde(flatten)]
    rule: RuleAnswer,
    /// The page, in Markdown.
    page: &'static str,
}

impl From<&RuleInfo> for RuleAnswer {
    fn from(rule: &RuleInfo) -> Self {
        Self {
            name: rule.name,
            summary: rule.summary,
            category: rule.category.name(),
            severity: rule.severity.name(),
        }
    }
}

pub(crate) fn page(name: &str) -> Result<String, Failure> {
    let Some(rule) = find(name) else {
        let names = RULES.iter().map(|rule| rule.name);
        let help = did_you_mean(name, names).map(|near| format!("did you mean `{near}`?"));
        let failure = Failure::new(format!("`{}` is not a rule", printable(name)));
        return Err(failure.help(help.unwrap_or_else(|| "see the answer to `rules`".to_owned())));
    };
    written(&PageAnswer {
        rule: rule.into(),
        page: rule.page,
    })
}

pub(crate) fn answer() -> Result<String, Failure> {
    let rules = RULES.iter().map(|rule| RuleAnswer::from(*rule));
    written(&RulesAnswer {
        rules: rules.collect(),
    })
}
