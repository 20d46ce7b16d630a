//! Words about an unknown layout: the problem and the next step.

use super::{Difference, UnknownLayout};
use crate::value::Value;

impl UnknownLayout {
    /// Returns the problem in words, for a text that the reader already knows.
    pub fn message(&self) -> String {
        format!(
            "none of the layouts of the issuer `{}` gives such a `{}`",
            self.issuer, self.claim
        )
    }

    /// Returns the next step in words.
    pub fn help(&self) -> String {
        let Self { issuer, claim, .. } = self;
        if let (Some(foreign), []) = (&self.foreign, self.proposals.as_slice()) {
            let name = &foreign.name;
            let next = match (&foreign.similar, foreign.is_claim) {
                (_, true) => format!("compare the claim `{name}`"),
                (Some(similar), false) => format!("did you mean `{similar}`?"),
                (None, false) => "fix the value, or compare the claims".to_owned(),
            };
            return format!("`{name}` is never a part of `{claim}` for this issuer: {next}");
        }
        if !self.differences.is_empty() {
            return "check where the token comes from: no layout is proposed for a token that contradicts itself"
                .to_owned();
        }
        let mut help = match self.lines().as_slice() {
            [] => {
                let declare = format!(
                    "if the tokens have another layout, declare it in the issuer `{issuer}` with \
                     `derive {claim} = \"…\"`"
                );
                match self.is_of_question {
                    true => format!("{declare}; `policy-check explain` proposes the line for a token"),
                    false => declare,
                }
            }
            lines => format!(
                "if the tokens have this layout, add to the issuer `{issuer}`: `{}`",
                lines.join("` and `")
            ),
        };
        if let Some(profile) = &self.replaces {
            help.push_str(&format!(
                "; an issuer's lines replace those of the profile `{profile}`: repeat the ones that are still in use"
            ));
        }
        if let Some(url) = &self.strangers {
            let tenants: Vec<String> = self.tenants.iter().map(|name| format!("`{name}`")).collect();
            help.push_str(&format!(
                "; a tenant is not in it, and strangers get tokens of `{url}`, too: also compare {}",
                tenants.join(" or ")
            ));
        }
        help
    }

    /// Returns the statements that the issuer could have.
    pub fn lines(&self) -> Vec<&str> {
        self.proposals.iter().map(|layout| layout.line.as_str()).collect()
    }
}

impl Difference {
    /// Returns the value in the text as it is written in a policy.
    pub fn value(&self) -> String {
        Value::from(self.said.as_str()).to_string()
    }
}

/// Writes the value in the text and the value in the token.
impl std::fmt::Display for Difference {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let said = Value::from(self.said.as_str());
        write!(f, "it says {said} for `{}`, ", self.claim)?;
        match &self.actual {
            Some(actual) if *actual == said => f.write_str("which is not a value of its type"),
            Some(actual) => write!(f, "and the token has {actual}"),
            None => f.write_str("and the token does not have it"),
        }
    }
}
