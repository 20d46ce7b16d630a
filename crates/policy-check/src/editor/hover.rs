//! Meanings of names, in Markdown.

use super::names::{Kind, Occurrence};
use super::workspace::OpenSet;
use crate::documentation::lines_before;
use rolecall_analysis::{Analysis, Answer};
use rolecall_engine::ir::{Profile, TrustedIssuer};
use rolecall_engine::{ClaimId, FileId, PolicySet};
use rolecall_report::text::head;
use rolecall_syntax::Span;
use rolecall_syntax::ast::{File, Item};
use std::path::Path;

/// The longest text of an item that is shown, in bytes.
const LONGEST: usize = 2_000;

impl OpenSet {
    /// Returns the meaning of a name in a document.
    pub(crate) fn hover(&self, path: &Path, name: &Occurrence) -> Option<String> {
        match name.kind {
            Kind::Claim => self.of_claim(path, name),
            Kind::Role => self.of_roles(path, name),
            Kind::Profile => Some(self.of_item(name).or_else(|| of_built_in(&name.name))?),
            Kind::Tag => Some(self.of_tag(&name.name)),
            Kind::Condition | Kind::Issuer | Kind::Set | Kind::Test => self.of_item(name),
            Kind::Grant => Some(format!("grant `{}`: what a service gives to the role", name.name)),
            Kind::Parameter => Some(format!("parameter `{}`", name.name)),
        }
    }

    /// Returns the text of the item that declares a name, with its documentation.
    fn of_item(&self, name: &Occurrence) -> Option<String> {
        for (_, file, names) in self.all_names() {
            let declared = names
                .iter()
                .find(|other| other.is_declaration && other.kind == name.kind && other.name == name.name);
            if let Some(declared) = declared {
                let tree = &file.parse().file;
                return Some(item_text(tree, &file.source().text, declared.item));
            }
        }
        None
    }

    /// Returns the type, the trust and the declaration of a claim, in each profile of the issuers that the item is about.
    fn of_claim(&self, path: &Path, name: &Occurrence) -> Option<String> {
        let set = self.analysis.last.as_deref()?;
        let program = set.program();
        let wanted = self.issuers_in(path, name.item);
        let mut shown: Vec<String> = Vec::new();
        let mut profiles: Vec<&str> = Vec::new();
        for issuer in program.issuers().values() {
            let profile = &issuer.profile;
            let is_wanted = wanted.is_empty() || wanted.contains(&issuer.issuer.name);
            if !is_wanted || profiles.contains(&profile.name.as_str()) {
                continue;
            }
            if let Some(claim) = claim_of(profile, &name.name) {
                profiles.push(&profile.name);
                shown.push(claim_text(set, issuer, claim));
            }
        }
        (!shown.is_empty()).then(|| shown.join("\n\n---\n\n"))
    }

    /// Returns the issuers that an item names.
    fn issuers_in(&self, path: &Path, item: Span) -> Vec<String> {
        let names = self.names(path).into_iter();
        let issuers = names.filter(|name| name.kind == Kind::Issuer && name.item == item);
        issuers.map(|issuer| issuer.name).collect()
    }

    /// Returns the documentation of the roles with a name, and a token that gets the first of them.
    fn of_roles(&self, path: &Path, name: &Occurrence) -> Option<String> {
        let mut text = self.of_item(name).unwrap_or_default();
        let Some(set) = self.compiled() else {
            return (!text.is_empty()).then_some(text);
        };
        let roles: Vec<_> = match name.is_declaration {
            true => {
                let at = self.position(path)?;
                let files = set.program().files();
                let is_it = |role: &rolecall_engine::ir::Role| {
                    files.position(role.location.file()) == at && name.item.contains(role.location.span())
                };
                let roles = set.program().roles().iter();
                roles.filter(|(_, role)| is_it(role)).map(|(id, _)| id).collect()
            }
            false => set.program().select(&super::navigation::selector(name)),
        };
        let first = roles.first().copied()?;
        if roles.len() > 1 {
            text += &format!(
                "\n\n{} roles, such as `{}`",
                roles.len(),
                set.program()[first].name
            );
        }
        text += &match Analysis::new(set).satisfiable(first) {
            Answer::Token(witness) => match witness.test("a token that gets the role") {
                Some(test) => format!("\n\n```policy\n{}\n```", test.trim_end()),
                None => String::new(),
            },
            Answer::Nothing => "\n\nno token gets the role".to_owned(),
            _ => String::new(),
        };
        Some(text)
    }

    fn of_tag(&self, tag: &str) -> String {
        let Some(set) = self.analysis.last.as_deref() else {
            return format!("tag `{tag}`");
        };
        let roles = set.program().roles().values();
        let tagged = roles.filter(|role| role.tags.iter().any(|own| **own == *tag));
        let names: Vec<String> = tagged.map(|role| format!("`{}`", role.name)).collect();
        format!("tag of {}", names.join(", "))
    }
}

/// Returns the documentation of a built-in profile.
fn of_built_in(name: &str) -> Option<String> {
    let (_, text) = rolecall_engine::built_in_profiles().find(|(profile, _)| *profile == name)?;
    let tree = rolecall_syntax::parse(text).file;
    let profile = tree
        .items
        .iter()
        .find(|item| matches!(item.node, Item::Profile(_)))?;
    let documentation = documentation(&tree, text, profile.span);
    Some(format!(
        "built-in profile `{name}`\n\n{documentation}\n\n`policy-check profiles {name}` lists its claims"
    ))
}

/// Returns the claim with a name, or at the path that is written with dots.
pub(super) fn claim_of(profile: &Profile, name: &str) -> Option<ClaimId> {
    let path: Vec<String> = name.split('.').map(str::to_owned).collect();
    profile
        .claim_by_name(name)
        .or_else(|| profile.claim_by_path(&path))
}

fn claim_text(set: &PolicySet, issuer: &TrustedIssuer, claim: ClaimId) -> String {
    let profile = &issuer.profile;
    let definition = &profile[claim];
    let trust = match definition.trust.word() {
        "author" => "the author of the job chooses it",
        "immutable" => "it never changes its meaning",
        "platform" => "the platform sets it",
        _ => "another owner can take it over",
    };
    let mut text = format!("`{definition}`: {}, {trust}", definition.claim_type.written());
    let flags = [
        (definition.tenant, "names the tenant"),
        (definition.optional, "may be absent"),
        (definition.nullable, "may be null"),
    ];
    for (_, words) in flags.into_iter().filter(|(is_set, _)| *is_set) {
        text += &format!(", {words}");
    }
    if !definition.aliases.is_empty() {
        let aliases: Vec<String> = definition
            .aliases
            .iter()
            .map(|alias| format!("`{alias}`"))
            .collect();
        text += &format!("\n\nalso called {}", aliases.join(", "));
    }
    for derivation in issuer
        .derivations
        .iter()
        .filter(|derivation| derivation.claim == claim)
        .take(4)
    {
        text += &format!(
            "\n\nis `\"{}\"` if it is absent",
            profile.written(&derivation.template)
        );
    }
    if let Some(location) = definition.location {
        let source = &set.program()[location.file()];
        let lines = comments_of(set, location.file(), location.span());
        if !lines.is_empty() {
            text += &format!("\n\n{lines}");
        }
        let place = match set.program().is_own(location.file()) {
            true => format!(", {}", source.name),
            false => ", built in".to_owned(),
        };
        text += &format!("\n\nprofile `{}`{place}", profile.name);
    }
    text
}

/// Returns the documentation of a declaration in a file of the set, which may be that of a built-in profile.
fn comments_of(set: &PolicySet, file: FileId, span: Span) -> String {
    let text = &set.program()[file].text;
    let tree = rolecall_syntax::parse(text).file;
    documentation(&tree, text, span)
}

/// Returns the text of an item after its documentation.
fn item_text(tree: &File, text: &str, item: Span) -> String {
    let shown = item.text(text);
    let beginning = head(shown, LONGEST);
    let more = if beginning.len() < shown.len() {
        "\n…"
    } else {
        ""
    };
    let documentation = documentation(tree, text, item);
    let before = if documentation.is_empty() {
        String::new()
    } else {
        format!("{documentation}\n\n")
    };
    format!("{before}```policy\n{beginning}{more}\n```")
}

/// Returns the documentation directly before a place.
fn documentation(tree: &File, text: &str, place: Span) -> String {
    lines_before(&tree.comments, text, place.start).join("\n")
}
