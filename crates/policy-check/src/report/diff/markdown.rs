//! The report of `diff` as a merge request comment: a table, and folded tokens below it.

use super::super::weakening;
use super::DiffReport;
use super::role::RoleReport;
use crate::report::side::Side;
use rolecall_engine::Value;
use rolecall_report::json::Json;
use rolecall_report::location::count;
use rolecall_report::markdown_text::{block, code};

/// The maximum number of rows of each kind.
const MAX_ROLES: usize = 50;

impl DiffReport {
    /// Formats the report as Markdown.
    pub(crate) fn markdown(&self) -> String {
        let changed = self.roles.iter().filter(|role| role.change() != "unchanged");
        let changed: Vec<&RoleReport> = changed.collect();
        let mut text = String::from("### Access\n\n");
        if self.is_unchanged() {
            text.push_str(&format!(
                "No change: {} proved unchanged, for all tokens.\n",
                count(self.unchanged, "role")
            ));
            return text;
        }
        text.push_str("| issuer or role | change |\n|---|---|\n");
        for issuer in self.issuers.iter().take(MAX_ROLES) {
            let (name, change) = (code(&issuer.name()), code(&issuer.words()));
            text.push_str(&format!("| {name} | {}: {change} |\n", issuer.change()));
        }
        if let Some(more @ 1..) = self.issuers.len().checked_sub(MAX_ROLES) {
            text.push_str(&format!("| … and {more} more | |\n"));
        }
        for role in changed.iter().take(MAX_ROLES) {
            text.push_str(&format!("| {} | {} |\n", code(&role.name()), role.change()));
        }
        if let Some(more @ 1..) = changed.len().checked_sub(MAX_ROLES) {
            text.push_str(&format!("| … and {more} more | |\n"));
        }
        text.push_str(&format!(
            "\n{} proved unchanged, for all tokens.\n",
            count(self.unchanged, "role")
        ));
        for role in changed.iter().take(MAX_ROLES) {
            for given in &role.given {
                text.push_str(&format!("\n{}: {}\n", code(&role.name()), code(&given.words())));
            }
            write_side(role, &role.gained, "is now granted", &mut text);
            write_side(role, &role.lost, "is no longer granted", &mut text);
            let name = code(&role.name());
            for reason in role.reasons() {
                text.push_str(&format!("\n{name}: not decided, because {}.\n", code(reason)));
            }
        }
        for documents in &self.documents {
            text.push('\n');
            text.push_str(&block(documents.text().lines().map(str::to_owned), ""));
        }
        if !self.weakenings.is_empty() {
            text.push_str("\n#### Less is reported than before\n\n");
        }
        for weakening in self.weakenings.iter().take(MAX_ROLES) {
            let location =
                weakening::location(weakening).map_or(String::new(), |location| code(&location) + ": ");
            text.push_str(&format!("- {location}{}\n", code(&weakening.message)));
        }
        if let Some(more @ 1..) = self.weakenings.len().checked_sub(MAX_ROLES) {
            text.push_str(&format!("- … and {more} more\n"));
        }
        text
    }
}

fn write_side(role: &RoleReport, side: &Side, what: &str, text: &mut String) {
    let name = code(&role.name());
    if let Some(Json(Value::Object(token))) = &side.token {
        text.push_str(&format!(
            "\n<details><summary>{name} {what}, for example to this token</summary>\n\n"
        ));
        let claims = token.iter();
        let claims = claims.map(|(name, value)| format!("{}: {value}", Value::from(name)));
        text.push_str(&block(claims, ""));
        text.push_str("\n</details>\n");
    }
}
