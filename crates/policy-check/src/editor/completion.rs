//! Completion at a place. The text there is rarely complete, so that only the words before it count.

use super::hover::claim_of;
use super::names::{Kind, Occurrence};
use super::snippets::{items, members};
use super::text::Lines;
use super::workspace::OpenSet;
use lsp_types::{CompletionItem, CompletionItemKind};
use rolecall_engine::ir::Profile;
use rolecall_engine::{PolicySet, Scalar, built_in_profiles};
use rolecall_syntax::is_free_name;
use std::collections::BTreeSet;
use std::path::Path;

/// The words inside a condition that are not names.
const OPERATORS: [&str; 11] = [
    "has",
    "in",
    "like",
    "glob",
    "under",
    "matches",
    "contains",
    "contains any",
    "contains all",
    "is null",
    "true",
];

impl OpenSet {
    /// Returns what can be written at a byte of a document.
    pub(crate) fn completions(&self, path: &Path, offset: usize) -> Vec<CompletionItem> {
        let Some(document) = self.text_of(path) else {
            return Vec::new();
        };
        let text = &document.source().text;
        let before = Lines::new(text).before(offset);
        let start = before
            .trim_end_matches(|c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | '#'));
        let words: Vec<&str> = start.split_whitespace().collect();
        if before.trim_start().starts_with("//") {
            return Vec::new();
        }
        let around = text.get(..offset).unwrap_or_default();
        let word_start = offset.saturating_sub(before.len().saturating_sub(start.len()));
        let item = around.rfind("\n}").map_or(around, |at| {
            around.get(at.saturating_add(2)..).unwrap_or_default()
        });
        // In the standard format, only items begin a line.
        let is_top = start.is_empty();
        if start.matches('"').count() % 2 == 1 {
            return self.values(start, item);
        }
        if words.is_empty()
            && !is_top
            && let Some(members) = members(around.get(..word_start).unwrap_or_default())
        {
            return members;
        }
        match words.as_slice() {
            _ if is_top => items(),
            [.., "from" | "token"] => self.named(Kind::Issuer),
            [.., "profile" | "extends"] => self.profiles(),
            [.., "like"] if words.first() == Some(&"token") => {
                let quoted = |test: CompletionItem| CompletionItem {
                    insert_text: Some(format!("\"{}\"", test.label)),
                    ..test
                };
                self.named(Kind::Test).into_iter().map(quoted).collect()
            }
            [
                ..,
                "allow" | "deny" | "only" | "never" | "possible" | "disjoint" | "equivalent" | "covers",
            ] => self.roles(),
            [_, _, "for"] if words.first() == Some(&"guard") => self.roles(),
            ["assert", .., "{"] => self.roles(),
            [.., last]
                if last.ends_with(',') && (start.contains("expect ") || start.contains("disjoint ")) =>
            {
                self.roles()
            }
            _ if is_token(item) => self.claims(item, true),
            _ => self.claims(item, false),
        }
    }

    fn named(&self, kind: Kind) -> Vec<CompletionItem> {
        let all = self.all_names();
        let names = all.iter().flat_map(|(_, _, names)| names);
        let is_it = |name: &&Occurrence| name.kind == kind && name.is_declaration;
        let names: BTreeSet<&str> = names.filter(is_it).map(|name| name.name.as_str()).collect();
        names
            .into_iter()
            .map(|name| item(name, kind_of(kind), None))
            .collect()
    }

    fn profiles(&self) -> Vec<CompletionItem> {
        let mut found = self.named(Kind::Profile);
        let built_in = built_in_profiles();
        found.extend(built_in.map(|(name, _)| item(name, CompletionItemKind::STRUCT, Some("built in"))));
        found
    }

    fn roles(&self) -> Vec<CompletionItem> {
        let mut found = self.named(Kind::Role);
        found.retain(|role| !role.label.contains('{'));
        let tags = self.named(Kind::Tag).into_iter();
        found.extend(tags.map(|tag| {
            item(
                &format!("#{}", tag.label),
                CompletionItemKind::KEYWORD,
                Some("tag"),
            )
        }));
        found.push(item("*", CompletionItemKind::KEYWORD, Some("every role")));
        found
    }

    /// Returns the claims of the issuers that the text of an item names, or of all issuers; in a condition, also conditions
    /// and sets.
    fn claims(&self, item_text: &str, is_token: bool) -> Vec<CompletionItem> {
        let mut found: Vec<CompletionItem> = Vec::new();
        if let Some(set) = self.analysis.last.as_deref() {
            for profile in profiles_in(set, item_text) {
                for claim in profile.claims().values() {
                    let detail = format!("{}, {}", claim.claim_type.written(), claim.trust.word());
                    let own = claim.to_string();
                    let aliases = claim.aliases.iter().filter(|alias| is_free_name(alias));
                    for name in aliases.cloned().chain([own]) {
                        let is_known = found.iter().any(|known| known.label == name);
                        let fits = !is_token || !name.contains(['.', '[']);
                        if !is_known && fits {
                            found.push(item(&name, CompletionItemKind::PROPERTY, Some(&detail)));
                        }
                    }
                }
            }
        }
        if !is_token {
            found.extend(self.named(Kind::Condition));
            found.extend(self.named(Kind::Set));
            found.extend(OPERATORS.map(|word| item(word, CompletionItemKind::KEYWORD, None)));
        }
        found
    }

    /// Returns the values of the claim that the text inside quotes is compared with.
    fn values(&self, start: &str, item_text: &str) -> Vec<CompletionItem> {
        let before = start
            .rfind('"')
            .and_then(|at| start.get(..at))
            .unwrap_or_default();
        let comparison = before
            .rsplit(['&', '|', '(', '{', ';'])
            .next()
            .unwrap_or_default();
        let name = comparison
            .trim_start_matches(['!', ' '])
            .split([' ', '=', '!'])
            .find(|word| !word.is_empty());
        let (Some(set), Some(name)) = (self.analysis.last.as_deref(), name) else {
            return Vec::new();
        };
        let name = name.trim_start_matches("when").trim();
        let name = match name {
            "allow" => comparison
                .split_whitespace()
                .skip_while(|word| *word != "when")
                .nth(1)
                .unwrap_or_default(),
            name => name,
        };
        let mut values = BTreeSet::new();
        for profile in profiles_in(set, item_text) {
            if let Some(claim) = claim_of(profile, name)
                && let Scalar::Enum { values: known, .. } = profile[claim].claim_type.scalar()
            {
                values.extend(known.iter().cloned());
            }
        }
        let values = values.into_iter();
        values
            .map(|value| item(&value, CompletionItemKind::ENUM_MEMBER, None))
            .collect()
    }
}

/// Returns the profiles of the issuers that a text names, or of all issuers, each once.
fn profiles_in<'s>(set: &'s PolicySet, text: &str) -> Vec<&'s Profile> {
    let words: BTreeSet<&str> = text
        .split(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '_' | '-')))
        .collect();
    let issuers = || set.program().issuers().values();
    let is_named = issuers().any(|issuer| words.contains(issuer.issuer.name.as_str()));
    let mut profiles: Vec<&Profile> = Vec::new();
    for issuer in issuers() {
        let is_wanted = !is_named || words.contains(issuer.issuer.name.as_str());
        if is_wanted && profiles.iter().all(|known| known.name != issuer.profile.name) {
            profiles.push(&issuer.profile);
        }
    }
    profiles
}

/// Returns whether the end of a text is between the braces of a token or of a case.
fn is_token(item: &str) -> bool {
    let Some((before, inside)) = item.rsplit_once('{') else {
        return false;
    };
    let line = before.lines().last().unwrap_or_default();
    !inside.contains('}')
        && line
            .split_whitespace()
            .any(|word| matches!(word, "token" | "case"))
}

fn kind_of(kind: Kind) -> CompletionItemKind {
    match kind {
        Kind::Condition => CompletionItemKind::FUNCTION,
        Kind::Issuer => CompletionItemKind::MODULE,
        Kind::Profile => CompletionItemKind::STRUCT,
        Kind::Role => CompletionItemKind::CLASS,
        Kind::Set => CompletionItemKind::ENUM,
        _ => CompletionItemKind::VALUE,
    }
}

fn item(label: &str, kind: CompletionItemKind, detail: Option<&str>) -> CompletionItem {
    CompletionItem {
        label: label.to_owned(),
        kind: Some(kind),
        detail: detail.map(str::to_owned),
        ..CompletionItem::default()
    }
}
