//! Claims as policies write them.

use super::profile::{ClaimDefinition, Profile};
use crate::id::ClaimId;
use crate::template::{Part, Template};
use rolecall_syntax::is_free_name;
use std::fmt;

impl ClaimDefinition {
    /// Returns the name of the claim, as policies write it: its alias if its path is long.
    pub fn short_name(&self) -> String {
        let name = self.to_string();
        let mut aliases = self.aliases.iter().filter(|_| name.contains('['));
        aliases.find(|alias| is_free_name(alias)).cloned().unwrap_or(name)
    }
}

/// Writes the claim as conditions write it.
impl fmt::Display for ClaimDefinition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_path(&self.path, f)
    }
}

/// Writes a path of names as conditions write it: `a.b`, `claims["a/b"]["c"]`, `claims["role"]`.
pub(crate) fn write_path(path: &[String], f: &mut dyn fmt::Write) -> fmt::Result {
    let Some((root, steps)) = path.split_first() else {
        return Ok(());
    };
    // Before `.`, a keyword is a name like any other.
    let is_word = match steps.first() {
        Some(step) if is_word(step) => is_word(root),
        Some(_) => is_free_name(root) && root != "claims",
        None => is_free_name(root),
    };
    match is_word {
        true => f.write_str(root)?,
        false => write!(f, "claims[{root:?}]")?,
    }
    for step in steps {
        match self::is_word(step) {
            true => write!(f, ".{step}")?,
            false => write!(f, "[{step:?}]")?,
        }
    }
    Ok(())
}

/// Returns true if a name needs no quotes.
fn is_word(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'))
}

impl Profile {
    /// Returns a claim as conditions write it: inside an object by its alias, if it has one that is not a keyword.
    pub fn name_in_conditions(&self, claim: ClaimId) -> String {
        let definition = &self[claim];
        match definition.path.as_slice() {
            // Without quotes, it is the alias of another claim.
            [name] if self.claim_by_name(name) != Some(claim) => format!("claims[{name:?}]"),
            [_] => definition.to_string(),
            _ => {
                let is_this = |alias: &&String| self.claim_by_name(alias) == Some(claim);
                let mut aliases = definition.aliases.iter().filter(is_this);
                let alias = aliases.find(|alias| is_free_name(alias));
                alias.map_or_else(|| definition.to_string(), String::clone)
            }
        }
    }

    /// Returns a template as it is written in policies, without quotes and escapes.
    pub fn written(&self, template: &Template) -> String {
        let mut text = String::new();
        self.write_parts(&template.parts, &mut text);
        text
    }

    fn write_parts(&self, parts: &[Part], text: &mut String) {
        for part in parts {
            match part {
                Part::Text(literal) => text.push_str(literal),
                Part::Claim(claim, filter) => {
                    let name = self.name_in_template(*claim);
                    let name = name.unwrap_or_else(|| self[*claim].to_string());
                    let filter = filter.map_or(String::new(), |filter| format!("|{}", filter.name()));
                    text.push_str(&format!("{{{name}{filter}}}"));
                }
                Part::Optional(inner) => {
                    text.push('[');
                    self.write_parts(inner, text);
                    text.push(']');
                }
            }
        }
    }

    /// Returns the name of a claim in the braces of a template: its own if that is plain, or an alias. `None` if
    /// no name of it can be written there.
    pub(crate) fn name_in_template(&self, claim: ClaimId) -> Option<String> {
        let definition = &self[claim];
        let is_plain = |name: &String| {
            name.chars()
                .all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | '/'))
        };
        let means_claim = |name: &String| {
            let path: Vec<String> = name.split('.').map(str::to_owned).collect();
            let named = self.claim_by_name(name);
            named.or_else(|| self.claim_by_path(&path)) == Some(claim)
        };
        let path = definition.path.join(".");
        let simple = (definition.path.len() == 1 && !path.contains(['.', '/'])).then(|| path.clone());
        let mut names = simple.into_iter().chain(definition.aliases.clone()).chain([path]);
        names.find(|name| !name.is_empty() && is_plain(name) && means_claim(name))
    }
}
