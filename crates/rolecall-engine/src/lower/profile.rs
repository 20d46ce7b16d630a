//! Profiles: the claims of an issuer's tokens, with their types and derivations.

mod claim_type;
mod objects;

use super::Lowering;
use super::claim_path::names;
use super::names::Named;
use crate::built_in::token_kind;
use crate::claim_type::{ClaimType, Scalar};
use crate::diagnostic::{Diagnostic, Location};
use crate::error_kind::ErrorKind;
use crate::id::FileId;
use crate::ir::{ClaimDefinition, Profile, Trust};
use objects::Objects;
use rolecall_syntax::ast::{self, Modifier, ProfileMember};
use rolecall_syntax::did_you_mean;
use std::collections::HashSet;
use std::sync::Arc;

/// The words that may follow a type.
const MODIFIERS: [&str; 8] = [
    "alias",
    "author",
    "immutable",
    "nullable",
    "optional",
    "platform",
    "recyclable",
    "tenant",
];

impl<'a> Lowering<'a> {
    pub(super) fn lower_profiles(&mut self) {
        for (name, profile) in &self.names.profiles {
            let lowered = self.profile(*profile);
            self.profiles.insert(name, lowered);
        }
    }

    fn profile(&mut self, profile: Named<'a, ast::Profile>) -> Arc<Profile> {
        let mut lowered = Profile::default();
        lowered.name.clone_from(&profile.item.name.node);
        lowered.tokens = token_kind(&lowered.name);
        let mut objects = Objects::default();
        for claim in registered_claims() {
            let path = claim.path.clone();
            objects.add(&path, lowered.declare(claim));
        }
        let mut derives = Vec::new();
        for member in &profile.item.members {
            let location = Location::new(profile.file, member.span);
            match &member.node {
                ProfileMember::Claim(claim) => {
                    self.claim_definition(claim, location, &mut lowered, &mut objects);
                }
                ProfileMember::Derive(derive) => derives.push((location, derive)),
                ProfileMember::Shared(urls) => {
                    for url in urls.strings() {
                        let location = Location::new(profile.file, url.span);
                        lowered.shared.extend(self.plain_text(&url.node, location));
                    }
                }
            }
        }
        let claims = Arc::new(lowered);
        let derivations = self.derivations(&derives, &claims);
        self.check_circles(&derivations, &claims);
        let mut lowered = Arc::unwrap_or_clone(claims);
        lowered.derivations = derivations;
        Arc::new(lowered)
    }

    fn claim_definition(
        &mut self,
        claim: &ast::Claim,
        location: Location,
        profile: &mut Profile,
        objects: &mut Objects,
    ) {
        let Some(claim_type) = self.claim_type(&claim.claim_type, location.file()) else {
            return;
        };
        let mut definition = ClaimDefinition {
            path: names(&claim.path),
            aliases: Vec::new(),
            claim_type,
            trust: Trust::default(),
            tenant: false,
            optional: false,
            nullable: false,
            location: Some(location),
        };
        let path_location = Location::new(location.file(), claim.path.span());
        if let Err(error) = check_declaration(&definition, path_location, profile, objects) {
            self.error(error);
            return;
        }
        if let Some(registered) = profile.claim_by_path(&definition.path) {
            definition.optional = profile[registered].optional;
        }
        self.modifiers(claim, location.file(), &mut definition, profile);
        let path = definition.path.clone();
        objects.add(&path, profile.declare(definition));
    }

    /// Lowers the words after the type of a claim.
    fn modifiers(
        &mut self,
        claim: &ast::Claim,
        file: FileId,
        definition: &mut ClaimDefinition,
        profile: &Profile,
    ) {
        let mut trust: Option<&str> = None;
        let mut aliases: HashSet<&str> = HashSet::new();
        for word in &claim.modifiers {
            let location = Location::new(file, word.span);
            let name = match &word.node {
                Modifier::Alias(name) => {
                    let is_own = !aliases.insert(&name.node)
                        || matches!(definition.path.as_slice(), [path] if *path == name.node);
                    if is_own || profile.claim_by_name(&name.node).is_some() {
                        let message = format!("`{}` is already the name of a claim", name.node);
                        self.error(
                            Diagnostic::new(ErrorKind::DuplicateName, location, message)
                                .help("choose another alias"),
                        );
                    }
                    definition.aliases.push(name.node.clone());
                    continue;
                }
                Modifier::Keyword(name) => name.as_str(),
            };
            let level = match name {
                "author" => Trust::Author,
                "immutable" => Trust::Immutable,
                "platform" => Trust::Platform,
                "recyclable" => Trust::Recyclable,
                "optional" => {
                    definition.optional = true;
                    continue;
                }
                "nullable" => {
                    definition.nullable = true;
                    continue;
                }
                "tenant" => {
                    definition.tenant = true;
                    continue;
                }
                _ => {
                    self.unknown_modifier(name, location);
                    continue;
                }
            };
            if let Some(other) = trust.replace(name) {
                let message = format!("a claim is `{other}` or `{name}`, not both");
                self.error(
                    Diagnostic::new(ErrorKind::ConflictingDeclaration, location, message)
                        .help("remove one of them"),
                );
            }
            definition.trust = level;
        }
    }

    fn unknown_modifier(&mut self, name: &str, location: Location) {
        let help = match did_you_mean(name, MODIFIERS) {
            Some(near) => format!("did you mean `{near}`?"),
            None => {
                let all: Vec<String> = MODIFIERS.iter().map(|word| format!("`{word}`")).collect();
                format!("the words after a type are {}", all.join(", "))
            }
        };
        let message = format!("a claim cannot be `{name}`");
        self.error(Diagnostic::new(ErrorKind::UnknownModifier, location, message).help(help));
    }
}

/// Checks that a claim can be declared next to the claims that the profile has.
fn check_declaration(
    definition: &ClaimDefinition,
    location: Location,
    profile: &Profile,
    objects: &Objects,
) -> Result<(), Diagnostic> {
    if let Some(first) = profile.claim_by_path(&definition.path).map(|id| &profile[id]) {
        return match first.location {
            Some(other) => {
                let message = format!("the claim `{definition}` is declared twice");
                Err(Diagnostic::new(ErrorKind::RepeatedMember, location, message)
                    .help("remove one of them")
                    .note(other, "the other one"))
            }
            None if first.claim_type != definition.claim_type => {
                let message = format!("`{definition}` is a registered claim, and {}", first.claim_type);
                Err(
                    Diagnostic::new(ErrorKind::ConflictingDeclaration, location, message)
                        .help("declare it with that type, or remove the declaration"),
                )
            }
            None => Ok(()),
        };
    }
    if let [name] = definition.path.as_slice()
        && let Some(other) = profile.claim_by_name(name).map(|id| &profile[id])
    {
        let message = format!("`{name}` is already an alias of `{other}`");
        return Err(Diagnostic::new(ErrorKind::DuplicateName, location, message)
            .help("choose another alias for that claim"));
    }
    if let Some(clash) = objects.clash(&definition.path).map(|id| &profile[id]) {
        let message = format!("`{clash}` and `{definition}`: a claim with a type cannot contain claims");
        return Err(
            Diagnostic::new(ErrorKind::ConflictingDeclaration, location, message)
                .help("declare only the claims inside the object"),
        );
    }
    Ok(())
}

/// Returns the claims that every token may have (RFC 7519 section 4.1). An ID token has all of them but `nbf`
/// and `jti`.
fn registered_claims() -> Vec<ClaimDefinition> {
    let text = || ClaimType::Scalar(Scalar::Text);
    let time = || ClaimType::Scalar(Scalar::Time);
    let claims = [
        ("iss", text(), false),
        ("sub", text(), false),
        ("aud", ClaimType::List(Scalar::Text), false),
        ("exp", time(), false),
        ("nbf", time(), true),
        ("iat", time(), false),
        ("jti", text(), true),
    ];
    claims
        .into_iter()
        .map(|(name, claim_type, optional)| ClaimDefinition {
            path: vec![name.to_owned()],
            aliases: Vec::new(),
            claim_type,
            trust: Trust::Platform,
            tenant: false,
            optional,
            nullable: false,
            location: None,
        })
        .collect()
}
