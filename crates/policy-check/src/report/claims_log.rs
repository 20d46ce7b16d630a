//! The report of `explain` for a log of claims: roles, denials and the nearest repairs, by count.

use super::unused::UnusedReport;
use maud::html;
use rolecall_report::exit::Exit;
use rolecall_report::explanations::Formatted;
use rolecall_report::html::page;
use rolecall_report::json::{Json, SchemaVersion};
use rolecall_report::location::count;
use rolecall_report::markdown_text::{code, prose};
use rolecall_report::printable::{printable, shortened};
use rolecall_report::repair::{ChangeReport, RepairReport};
use rolecall_report::style::{DOUBT, FAINT, STRONG, paint};
use serde::Serialize;
use std::collections::BTreeMap;

/// The most unreadable lines that are listed, and the most rows of text. The JSON has all rows.
const MOST: usize = 20;
/// The most characters of a wanted value in text.
const LONGEST_VALUE: usize = 100;

/// The sums over a log of claims.
#[derive(Debug, Default, Serialize)]
pub(crate) struct LogReport {
    schema_version: SchemaVersion,
    /// The number of tokens.
    tokens: usize,
    /// The number of tokens that get a role.
    allowed: usize,
    /// The number of lines that are not claims of an issuer of the policies.
    unreadable: usize,
    /// The first of those lines.
    problems: Vec<Problem>,
    /// The roles that tokens get, the most frequent first.
    roles: Vec<RoleCount>,
    /// The changes that would give the nearest role to tokens that get none, the most frequent first.
    repairs: Vec<RepairCount>,
    /// The `allow`s that no token took, if they were asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) unused: Option<UnusedReport>,
    #[serde(skip)]
    by_role: BTreeMap<String, usize>,
    #[serde(skip)]
    by_repair: BTreeMap<(String, Vec<(String, String)>), RepairCount>,
}

#[derive(Debug, Serialize)]
struct Problem {
    line: usize,
    message: String,
}

#[derive(Debug, Serialize)]
struct RoleCount {
    role: String,
    tokens: usize,
}

#[derive(Debug, Serialize)]
struct RepairCount {
    tokens: usize,
    role: String,
    changes: Vec<WantedValue>,
    /// The number of these tokens with each known oddity, by its code.
    oddities: BTreeMap<&'static str, usize>,
    #[serde(skip)]
    messages: BTreeMap<&'static str, String>,
    /// The outcome in words, which text shows if nothing must change.
    summary: String,
}

#[derive(Debug, Serialize)]
struct WantedValue {
    claim: String,
    /// Absent if the claim must be absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    to: Option<Json>,
    #[serde(skip)]
    words: String,
}

impl LogReport {
    /// Adds a line that is not a token's claims.
    pub(crate) fn add_problem(&mut self, line: usize, message: String) {
        self.unreadable = self.unreadable.saturating_add(1);
        if self.problems.len() < MOST {
            self.problems.push(Problem { line, message });
        }
    }

    /// Adds a token: the roles that it gets, or the nearest role with what would give it.
    pub(crate) fn add(&mut self, roles: &[&str], nearest: Option<(&str, &RepairReport)>) {
        self.tokens = self.tokens.saturating_add(1);
        if !roles.is_empty() {
            self.allowed = self.allowed.saturating_add(1);
        }
        for role in roles {
            let tokens = self.by_role.entry((*role).to_owned()).or_default();
            *tokens = tokens.saturating_add(1);
        }
        let Some((role, repair)) = nearest else {
            return;
        };
        let changes = repair.changes().iter();
        let wanted: Vec<(String, String)> = changes
            .map(|change| (change.claim.clone(), change.wanted()))
            .collect();
        let key = (role.to_owned(), wanted);
        let changes = || {
            let changes = repair.changes().iter();
            let change = |change: &ChangeReport| WantedValue {
                claim: change.claim.clone(),
                to: change.to().cloned(),
                words: change.wanted(),
            };
            changes.map(change).collect()
        };
        let counted = self.by_repair.entry(key).or_insert_with(|| RepairCount {
            tokens: 0,
            role: role.to_owned(),
            summary: repair.heading(),
            changes: changes(),
            oddities: BTreeMap::new(),
            messages: BTreeMap::new(),
        });
        counted.tokens = counted.tokens.saturating_add(1);
        if let (Some(code), Some((message, _))) = (repair.oddity_code(), repair.oddity()) {
            let tokens = counted.oddities.entry(code).or_default();
            *tokens = tokens.saturating_add(1);
            counted.messages.entry(code).or_insert_with(|| message.to_owned());
        }
    }

    /// Sorts the counts.
    pub(crate) fn finish(mut self) -> Self {
        let roles = std::mem::take(&mut self.by_role).into_iter();
        self.roles = roles.map(|(role, tokens)| RoleCount { role, tokens }).collect();
        self.roles.sort_by_key(|role| std::cmp::Reverse(role.tokens));
        self.repairs = std::mem::take(&mut self.by_repair).into_values().collect();
        self.repairs
            .sort_by_key(|repair| std::cmp::Reverse(repair.tokens));
        self
    }

    /// Returns `Yes`, unless unused `allow`s were asked for and found.
    pub(crate) fn exit(&self) -> Exit {
        self.unused.as_ref().map_or(Exit::Yes, UnusedReport::exit)
    }

    fn is_audit(&self) -> bool {
        self.unused.as_ref().is_some_and(UnusedReport::is_audit)
    }

    fn title(&self) -> &'static str {
        match self.is_audit() {
            true => "Audit log",
            false => "Log of claims",
        }
    }

    fn heading(&self) -> String {
        if self.is_audit() {
            let grants = count(self.tokens, "grant");
            return format!("an audit log with {grants}: its chain is not verified here");
        }
        format!(
            "the claims of {}: they are not verified",
            count(self.tokens, "token")
        )
    }

    fn denied(&self) -> String {
        let denied = self.tokens.saturating_sub(self.allowed);
        let verb = if denied == 1 { "gets" } else { "get" };
        format!(
            "{} {verb} no role; what would give the nearest one",
            count(denied, "token")
        )
    }

    /// Returns a line about each of the first lines that are not claims.
    fn problem_lines(&self) -> Vec<String> {
        let problems = self.problems.iter();
        let mut lines: Vec<String> = problems
            .map(|problem| format!("line {}: {}", problem.line, problem.message))
            .collect();
        if let Some(more @ 1..) = self.unreadable.checked_sub(self.problems.len()) {
            lines.push(format!("and {}", count(more, "more line")));
        }
        lines
    }
}

impl RepairCount {
    /// Returns the changes in words.
    fn words(&self) -> String {
        if self.changes.is_empty() {
            return self.summary.clone();
        }
        let changes = self.changes.iter().map(|change| {
            let to = printable(&change.words);
            format!("{} → {}", printable(&change.claim), shortened(&to, LONGEST_VALUE))
        });
        changes.collect::<Vec<String>>().join(", ")
    }

    /// Returns the oddities with their counts.
    fn oddity_lines(&self) -> impl Iterator<Item = String> {
        let oddities = self.oddities.iter();
        oddities.map(|(code, tokens)| {
            let message = self.messages.get(code).map_or(*code, String::as_str);
            match *tokens == self.tokens {
                true => message.to_owned(),
                false => format!("{tokens}: {message}"),
            }
        })
    }
}

impl Formatted for LogReport {
    fn text(&self) -> String {
        let mut text = format!("{}\n", paint(DOUBT, self.heading()));
        for line in self.problem_lines() {
            text.push_str(&format!("  {}\n", printable(&line)));
        }
        if !self.roles.is_empty() {
            text.push_str(&format!("\n{}\n", paint(STRONG, "allowed")));
        }
        for role in self.roles.iter().take(MOST) {
            text.push_str(&format!("{:>8}  {}\n", role.tokens, printable(&role.role)));
        }
        if let Some(more @ 1..) = self.roles.len().checked_sub(MOST) {
            text.push_str(&format!("          and {}\n", count(more, "more role")));
        }
        if !self.repairs.is_empty() {
            text.push_str(&format!("\n{}\n", paint(STRONG, self.denied())));
        }
        for repair in self.repairs.iter().take(MOST) {
            let (role, words) = (printable(&repair.role), repair.words());
            text.push_str(&format!("{:>8}  {role}  {words}\n", repair.tokens));
            for line in repair.oddity_lines() {
                text.push_str(&format!("          {}\n", paint(FAINT, line)));
            }
        }
        if let Some(more @ 1..) = self.repairs.len().checked_sub(MOST) {
            text.push_str(&format!("          and {}\n", count(more, "more change")));
        }
        if let Some(unused) = &self.unused {
            text.push_str(&format!("\n{}", unused.text()));
        }
        text
    }

    fn markdown(&self) -> String {
        let mut text = format!("### {}\n\n{}\n", self.title(), prose(&self.heading()));
        for line in self.problem_lines() {
            text.push_str(&format!("- {}\n", prose(&line)));
        }
        if !self.roles.is_empty() {
            text.push_str("\n| tokens | allowed |\n|---:|---|\n");
        }
        for role in self.roles.iter().take(MOST) {
            text.push_str(&format!("| {} | {} |\n", role.tokens, code(&role.role)));
        }
        if !self.repairs.is_empty() {
            text.push_str(&format!("\n{}\n\n", prose(&self.denied())));
            text.push_str("| tokens | role | change | |\n|---:|---|---|---|\n");
        }
        for repair in self.repairs.iter().take(MOST) {
            let (role, words) = (code(&repair.role), code(&repair.words()));
            let oddities: Vec<String> = repair.oddity_lines().map(|line| prose(&line)).collect();
            text.push_str(&format!(
                "| {} | {role} | {words} | {} |\n",
                repair.tokens,
                oddities.join("; ")
            ));
        }
        if let Some(unused) = &self.unused {
            text.push_str(&unused.markdown());
        }
        text
    }

    fn html(&self) -> String {
        let body = html! {
            h1 { (self.title()) }
            p class="warning" { (self.heading()) }
            @for line in self.problem_lines() { p class="faint" { (printable(&line)) } }
            @if !self.roles.is_empty() {
                h2 { "Allowed" }
                table {
                    thead { tr { th { "tokens" } th { "role" } } }
                    tbody {
                        @for role in &self.roles {
                            tr { td { (role.tokens) } td { code { (printable(&role.role)) } } }
                        }
                    }
                }
            }
            @if !self.repairs.is_empty() {
                h2 { "Denied" }
                p { (self.denied()) }
                table class="wide" {
                    thead { tr { th { "tokens" } th { "role" } th { "change" } th { "oddity" } } }
                    tbody {
                        @for repair in &self.repairs {
                            tr {
                                td { (repair.tokens) }
                                td { code { (printable(&repair.role)) } }
                                td { span class="value" { (repair.words()) } }
                                td class="faint" { @for line in repair.oddity_lines() { (line) " " } }
                            }
                        }
                    }
                }
            }
            @if let Some(unused) = &self.unused { (unused.html()) }
        };
        page(self.title(), &body)
    }
}
