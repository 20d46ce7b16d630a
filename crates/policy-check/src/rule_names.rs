//! The names of rules, as users write them.

use rolecall_lint::{Category, RULES, RuleInfo, find};
use rolecall_syntax::did_you_mean;

use crate::failure::Failure;
use crate::printable::printable;

/// The rule with a name.
pub(crate) fn known(name: &str) -> Result<&'static RuleInfo, Failure> {
    find(name).ok_or_else(|| {
        let failure = Failure::new(format!("there is no rule `{}`", printable(name)));
        match did_you_mean(name, RULES.iter().map(|rule| rule.name)) {
            Some(known) => failure.help(format!("did you mean `{known}`?")),
            None => failure.help("`policy-check rules` lists them"),
        }
    })
}

/// The rules of some names of rules and categories.
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
