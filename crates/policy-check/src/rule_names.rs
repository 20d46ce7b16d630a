//! Rule names in arguments and the configuration.

use rolecall_lint::{Category, RULES, RuleInfo, find};
use rolecall_report::failure::Failure;
use rolecall_report::printable::printable;
use rolecall_syntax::did_you_mean;

/// Returns the rule with a name.
pub(crate) fn known(name: &str) -> Result<&'static RuleInfo, Failure> {
    find(name).ok_or_else(|| {
        let failure = Failure::new(format!("there is no rule `{}`", printable(name)));
        let categories = Category::ALL.iter().map(|category| category.name());
        match did_you_mean(name, RULES.iter().map(|rule| rule.name).chain(categories)) {
            Some(known) => failure.help(format!("did you mean `{known}`?")),
            None => failure.help("`policy-check rules` lists them"),
        }
    })
}

/// Returns the rules with these names or in these categories.
pub(crate) fn all(names: &[String]) -> Result<Vec<&'static RuleInfo>, Failure> {
    let mut rules = Vec::new();
    for name in names {
        match Category::from_name(name) {
            Some(category) => rules.extend(RULES.iter().copied().filter(|rule| rule.category == category)),
            None => rules.push(known(name)?),
        }
    }
    Ok(rules)
}
