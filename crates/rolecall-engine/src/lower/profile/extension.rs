//! Extension: a profile has everything of the profile that it extends.

use crate::certain::{next, plus};
use crate::diagnostic::{Diagnostic, Location};
use crate::error_kind::ErrorKind;
use crate::ir::Profile;
use crate::lower::Lowering;
use crate::lower::names::Named;
use crate::template::{Part, Template};
use rolecall_syntax::ast;
use std::collections::HashSet;
use std::sync::Arc;

/// The most profiles that extend one another, the first one counted.
const MAX_CHAIN: usize = 4;
/// The most profiles of a circle that a message shows.
const MAX_SHOWN: usize = 10;
/// The number of bytes of names and texts that count as much as a claim.
const BYTES: usize = 64;

impl<'a> Lowering<'a> {
    /// Lowers the profiles, each after the one that it extends.
    pub(in crate::lower) fn lower_profiles(&mut self) {
        let mut seen: HashSet<&str> = HashSet::new();
        for root in self.names.profiles.keys() {
            let mut chain: Vec<Named<'a, ast::Profile>> = Vec::new();
            let mut name = *root;
            while let Some(profile) = self.names.profiles.get(name).copied() {
                if !seen.insert(name) {
                    self.check_circle(&chain, name);
                    break;
                }
                chain.push(profile);
                match &profile.item.extends {
                    Some(base) => name = &base.node,
                    None => break,
                }
            }
            for profile in chain.into_iter().rev() {
                self.lower_profile(profile);
                if self.exceeded.is_some() {
                    return;
                }
            }
        }
        // Their names are sorted.
        let names = self.names.profiles.keys();
        let profiles = names.filter_map(|name| self.profiles.get(name).map(Arc::clone));
        self.program.profiles = profiles.collect();
    }

    /// Reports a circle if a chain of profiles, each of which extends the next one, leads back to one of them.
    fn check_circle(&mut self, chain: &[Named<'a, ast::Profile>], name: &str) {
        let Some(start) = chain.iter().position(|profile| profile.item.name.node == name) else {
            return;
        };
        let circle = chain.get(start..).unwrap_or_default();
        let Some(base) = circle.first().and_then(|first| first.item.extends.as_ref()) else {
            return;
        };
        let mut names: Vec<String> = circle
            .iter()
            .take(MAX_SHOWN)
            .map(|profile| format!("`{}`", profile.item.name.node))
            .collect();
        if circle.len() > MAX_SHOWN {
            names.push("…".to_owned());
        }
        names.push(format!("`{name}`"));
        let file = circle.first().map(|first| first.file);
        if let Some(location) = file.map(|file| Location::new(file, base.span)) {
            let message = format!("the profile `{name}` extends itself: {}", names.join(" → "));
            let help = match circle.len() {
                1 => "remove the `extends`",
                _ => "let one of these profiles extend none of the others",
            };
            self.error(Diagnostic::new(ErrorKind::Circular, location, message).help(help));
        }
    }

    /// Lowers a profile after the one that it extends. It is left out if that one is missing.
    fn lower_profile(&mut self, profile: Named<'a, ast::Profile>) {
        let name = profile.item.name.node.as_str();
        let base = match &profile.item.extends {
            Some(base) => match self.extended_profile(name, base, Location::new(profile.file, base.span)) {
                Some(base) => Some(base),
                None => return,
            },
            None => None,
        };
        let lowered = self.profile(profile, base.as_deref());
        self.profiles.insert(name, lowered);
    }

    /// Returns the profile that another one extends; `None` if it is missing, which is reported.
    fn extended_profile(&mut self, name: &str, base: &ast::Name, location: Location) -> Option<Arc<Profile>> {
        let Some(profile) = self.profiles.get(base.node.as_str()).map(Arc::clone) else {
            self.unknown_profile(base, location.file());
            return None;
        };
        // The profile, its base, and the profiles that the base extends.
        if plus(profile.extends.len(), 2) > MAX_CHAIN {
            let mut chain = vec![name, &profile.name];
            chain.extend(profile.extends.iter().map(String::as_str));
            let message = format!(
                "more than {MAX_CHAIN} profiles extend one another: `{}`",
                chain.join("` → `")
            );
            self.error(
                Diagnostic::new(ErrorKind::LimitExceeded, location, message)
                    .help("join two of these profiles"),
            );
            return None;
        }
        self.take_inherited(size(&profile), location).then_some(profile)
    }
}

/// Returns the size of a profile that is copied: its claims, names and derivations, longer ones counted more than
/// once.
fn size(profile: &Profile) -> usize {
    let claims = profile.claims().values().map(|claim| {
        let names = claim.path.iter().chain(&claim.aliases);
        plus(claim.aliases.len(), next(bytes(names) / BYTES))
    });
    let shared = plus(profile.shared.len(), bytes(profile.shared.iter()) / BYTES);
    claims.fold(plus(shared, size_of_derivations(profile)), plus)
}

/// Returns the size of the derivations of a profile when they are copied: long ones are counted more than once.
pub(in crate::lower) fn size_of_derivations(profile: &Profile) -> usize {
    let derivations = profile.derivations.iter();
    derivations
        .map(|derivation| next(size_of_template(&derivation.template)))
        .fold(0, plus)
}

fn size_of_template(template: &Template) -> usize {
    let text = |part: &Part| match part {
        Part::Text(text) => text.len() / BYTES,
        Part::Claim(..) | Part::Optional(_) => 0,
    };
    let parts = template.parts.iter().map(|part| match part {
        Part::Optional(parts) => parts.iter().map(text).fold(parts.len(), plus),
        part => text(part),
    });
    parts.fold(template.parts.len(), plus)
}

fn bytes<'t>(texts: impl Iterator<Item = &'t String>) -> usize {
    texts.map(String::len).fold(0, plus)
}
