//! The part of foreign documents that a result covers.

use crate::foreign::Foreign;
use crate::location::count;
use crate::printable::printable;
use rolecall_interop::{Coverage, Fact, Fidelity};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// The most roles with other principals that are listed in text. The JSON has all of them.
const MOST_LISTED: usize = 10;

/// The roles of documents in other languages, by how well they are translated.
#[derive(Debug, Serialize)]
pub struct CoverageReport {
    /// The roles that exactly the same tokens get.
    exact: usize,
    /// The roles that fewer tokens get here.
    narrower: usize,
    /// The roles that more tokens get here.
    wider: usize,
    /// The roles that are not translated.
    refused: Vec<RefusedRole>,
    /// The roles that no OIDC token gets.
    not_for_tokens: usize,
    /// The roles with a condition that no token decides.
    external: usize,
    /// The roles of tokens that other principals get, too, without a token.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    also_admits: Vec<OtherPrincipals>,
    /// The layouts of `sub` that are assumed in addition to those of the issuers' profiles.
    assumed: Vec<AssumedLayout>,
    /// The facts that no file says, and that are taken for granted.
    granted: Vec<&'static str>,
    /// The information that the files lack.
    missing: Vec<String>,
    /// True if each role is translated exactly, and no information is missing.
    complete: bool,
}

/// A role that is not translated.
#[derive(Debug, Serialize)]
struct RefusedRole {
    role: String,
    /// The stable code of the first reason.
    reason: &'static str,
    /// The values that the document lacks.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    needs: BTreeSet<String>,
}

/// The principals that get a role without a token.
#[derive(Debug, Serialize)]
struct OtherPrincipals {
    role: String,
    principals: Vec<String>,
}

/// A layout of `sub` that the roles' conditions ask for.
#[derive(Debug, Serialize)]
struct AssumedLayout {
    issuer: String,
    /// The statement in our language.
    layout: String,
}

impl CoverageReport {
    /// Creates the report of a set; none if it has no documents in other languages.
    pub fn new(foreign: &Foreign) -> Option<Self> {
        (!foreign.is_empty()).then(|| Self::of(foreign.coverage()))
    }

    /// Creates the report of documents.
    pub fn of(coverage: &Coverage) -> Self {
        let number =
            |is: fn(&Fidelity) -> bool| coverage.roles.iter().filter(|role| is(&role.fidelity)).count();
        let refused = coverage.roles.iter().filter_map(|role| match &role.fidelity {
            Fidelity::Refused(reason) => Some(RefusedRole {
                role: role.name.clone(),
                reason,
                needs: role.needs.clone(),
            }),
            _ => None,
        });
        let assumed = coverage.assumed.iter().map(|(issuer, layout)| AssumedLayout {
            issuer: issuer.clone(),
            layout: layout.clone(),
        });
        let of_tokens = coverage.roles.iter();
        let of_tokens = of_tokens.filter(|role| role.fidelity != Fidelity::NotForTokens);
        let also_admits = of_tokens.filter_map(|role| {
            let principals = role.beside.iter().filter_map(|fact| match fact {
                Fact::Principal(principal) => Some(principal.clone()),
                _ => None,
            });
            let principals: Vec<String> = principals.collect();
            let role = role.name.clone();
            (!principals.is_empty()).then_some(OtherPrincipals { role, principals })
        });
        Self {
            also_admits: also_admits.collect(),
            exact: number(|fidelity| *fidelity == Fidelity::Exact),
            narrower: number(|fidelity| matches!(fidelity, Fidelity::Narrower(_))),
            wider: number(|fidelity| matches!(fidelity, Fidelity::Wider(_))),
            refused: refused.collect(),
            not_for_tokens: number(|fidelity| *fidelity == Fidelity::NotForTokens),
            external: coverage.roles.iter().filter(|role| role.has_externals).count(),
            assumed: assumed.collect(),
            granted: coverage.granted.iter().copied().collect(),
            missing: coverage
                .missing
                .iter()
                .map(|(_, notice)| notice.message.clone())
                .collect(),
            complete: coverage.is_complete(),
        }
    }

    /// Returns whether each role is translated exactly, and no information is missing.
    pub fn is_complete(&self) -> bool {
        self.complete
    }

    /// Formats the values that roles need, each with the number of roles: "2 need `var.repos`".
    fn needs(&self) -> Vec<String> {
        let mut numbers: BTreeMap<&BTreeSet<String>, usize> = BTreeMap::new();
        for role in self.refused.iter().filter(|role| !role.needs.is_empty()) {
            let number = numbers.entry(&role.needs).or_default();
            *number = number.saturating_add(1);
        }
        let need = |(needs, number): (&BTreeSet<String>, usize)| {
            let needs: Vec<String> = needs
                .iter()
                .map(|value| format!("`{}`", printable(value)))
                .collect();
            let verb = if number == 1 { "needs" } else { "need" };
            format!("{number} {verb} {}", needs.join(" and "))
        };
        numbers.into_iter().map(need).collect()
    }

    /// Formats the numbers of roles on one line, and each thing that is missing.
    pub fn text(&self) -> String {
        let untranslated = self.refused.iter().filter(|role| role.needs.is_empty());
        let parts = [
            (self.exact, "exact"),
            (self.narrower, "narrower here"),
            (self.wider, "wider here"),
            (untranslated.count(), "not translated"),
            (self.not_for_tokens, "not for OIDC tokens"),
            (self.external, "with a condition that no token decides"),
        ];
        let parts = parts.into_iter().filter(|(number, _)| *number > 0);
        let mut parts: Vec<String> = parts.map(|(number, what)| format!("{number} {what}")).collect();
        parts.extend(self.needs());
        let roles = [
            self.exact,
            self.narrower,
            self.wider,
            self.refused.len(),
            self.not_for_tokens,
        ];
        let roles: usize = roles.iter().sum();
        let mut text = match roles {
            0 => "no roles in other languages\n".to_owned(),
            roles => format!(
                "{} in other languages: {}\n",
                count(roles, "role"),
                parts.join(", ")
            ),
        };
        for OtherPrincipals { role, principals } in self.also_admits.iter().take(MOST_LISTED) {
            let principals = principals.join("`, `");
            text += &format!("`{}` also admits `{}`\n", printable(role), printable(&principals));
        }
        if let Some(further) = self
            .also_admits
            .get(MOST_LISTED..)
            .filter(|further| !further.is_empty())
        {
            text += &format!(
                "{} also admit principals without a token\n",
                count(further.len(), "further role")
            );
        }
        for AssumedLayout { issuer, layout } in &self.assumed {
            let (issuer, layout) = (printable(issuer), printable(layout));
            text += &format!("assumed of tokens of `{issuer}`, which a condition asks for: {layout}\n");
        }
        for granted in &self.granted {
            text += &format!("taken for granted: {granted}\n");
        }
        for missing in &self.missing {
            text += &format!("not complete: {}\n", printable(missing));
        }
        text
    }
}
