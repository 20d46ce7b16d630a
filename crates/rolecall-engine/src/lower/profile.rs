//! Profiles: the claims of an issuer's tokens, with their types and derivations.

mod claim_type;
mod extension;
mod narrowing;
mod objects;

use super::Lowering;
use super::claim_path::names;
use super::names::Named;
use crate::built_in::token_kind;
use crate::claim_type::{ClaimType, Scalar};
use crate::diagnostic::{Diagnostic, Location};
use crate::error_kind::ErrorKind;
use crate::id::{ClaimId, FileId};
use crate::ir::{ClaimDefinition, Derivation, Profile, Question, Trust};
pub(super) use extension::size_of_derivations;
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

/// The registered claims, which every profile has with these types.
const REGISTERED: [&str; 7] = ["iss", "sub", "aud", "exp", "nbf", "iat", "jti"];

impl<'a> Lowering<'a> {
    /// Lowers a profile that extends another one, or only has the registered claims at first.
    fn profile(&mut self, profile: Named<'a, ast::Profile>, base: Option<&Profile>) -> Arc<Profile> {
        let mut lowered = match base {
            Some(base) => base.extended(&profile.item.name.node, profile.location),
            None => {
                let name = &profile.item.name.node;
                let mut lowered = Profile::with_claims(name, profile.location, registered_claims());
                lowered.tokens = token_kind(name);
                lowered
            }
        };
        let mut objects = Objects::default();
        for (id, claim) in lowered.claims().iter() {
            objects.add(&claim.path, id);
        }
        let mut derives = Vec::new();
        for member in &profile.item.members {
            let location = Location::new(profile.file, member.span);
            match &member.node {
                ProfileMember::Claim(claim) => {
                    self.claim_definition(claim, location, &mut lowered, &mut objects, base);
                }
                ProfileMember::Derive(derive) => derives.push((location, derive)),
                ProfileMember::Shared(urls) => {
                    for url in urls.strings() {
                        let location = Location::new(profile.file, url.span);
                        let url = self.plain_text(&url.node, location);
                        lowered
                            .shared
                            .extend(url.filter(|url| !lowered.shared.contains(url)));
                    }
                }
            }
        }
        let claims = Arc::new(lowered);
        // Those of the base stay as they are if the profile narrows their claims: each of their comparisons has
        // a meaning for every type that is narrower.
        let inherited = base.map_or(&[][..], |base| &base.derivations);
        let derivations = self.replace_derivations(inherited, &derives, &claims);
        self.check_nulls(&derivations, &claims);
        let mut lowered = Arc::unwrap_or_clone(claims);
        lowered.derivations = derivations;
        Arc::new(lowered)
    }

    /// Reports inherited derivations that ask whether a claim is null which is not `nullable` any more.
    fn check_nulls(&mut self, derivations: &[Derivation], profile: &Profile) {
        for derivation in derivations {
            let mut asked: Vec<ClaimId> = Vec::new();
            derivation.when.each_atom(&mut |atom, _| {
                if matches!(atom.question, Question::Null) && !profile[atom.claim].nullable {
                    asked.push(atom.claim);
                }
            });
            for claim in asked {
                let (claim, derived) = (&profile[claim], &profile[derivation.claim]);
                let message = format!("the derivation of `{derived}` asks whether `{claim}` is null");
                let location = claim.location.unwrap_or(derivation.location);
                self.error(
                    Diagnostic::new(ErrorKind::ConflictingDeclaration, location, message)
                        .help(format!(
                            "write `nullable` after the type, or derive `{derived}` again"
                        ))
                        .note(derivation.location, "the derivation"),
                );
            }
        }
    }

    fn claim_definition(
        &mut self,
        claim: &ast::Claim,
        location: Location,
        profile: &mut Profile,
        objects: &mut Objects,
        base: Option<&Profile>,
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
        let again = again(&definition, profile, base);
        if let Err(error) = check_declaration(&definition, path_location, profile, objects, again.is_some()) {
            self.error(error);
            return;
        }
        if is_registered(&definition)
            && let Some(registered) = profile.claim_by_path(&definition.path)
        {
            definition.optional = profile[registered].optional;
        }
        self.modifiers(claim, location.file(), &mut definition, profile);
        if let Some((inherited, base)) = again.zip(base) {
            if !self.check_narrowing(claim, location.file(), &definition, inherited, base) {
                return;
            }
            let added = std::mem::replace(&mut definition.aliases, inherited.aliases.clone());
            definition.aliases.extend(added);
        }
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
                    let named = profile.claim_by_name(&name.node).map(|id| &profile[id]);
                    if named.is_some_and(|claim| is_alias_of(&name.node, claim, definition)) {
                        continue;
                    }
                    let is_own = !aliases.insert(&name.node)
                        || matches!(definition.path.as_slice(), [path] if *path == name.node);
                    if is_own || named.is_some() {
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

/// Returns the declaration in the base that a profile repeats; `None` if the profile repeats its own one, or a
/// registered claim that the base does not declare.
fn again<'b>(
    definition: &ClaimDefinition,
    profile: &Profile,
    base: Option<&'b Profile>,
) -> Option<&'b ClaimDefinition> {
    let base = base?;
    let known = profile.claim_by_path(&definition.path)?;
    let inherited = &base[base.claim_by_path(&definition.path)?];
    let is_first = profile[known].location == inherited.location;
    (is_first && inherited.location.is_some()).then_some(inherited)
}

/// Returns true if a name is an inherited alias of a claim that is declared again.
fn is_alias_of(name: &str, claim: &ClaimDefinition, again: &ClaimDefinition) -> bool {
    claim.path == again.path && claim.aliases.iter().any(|alias| alias == name)
}

/// Returns true if every profile has the claim.
fn is_registered(claim: &ClaimDefinition) -> bool {
    matches!(claim.path.as_slice(), [name] if REGISTERED.contains(&name.as_str()))
}

/// Checks that a claim can be declared next to the claims that the profile has. `again` is true if it repeats the
/// declaration of an extended profile.
fn check_declaration(
    definition: &ClaimDefinition,
    location: Location,
    profile: &Profile,
    objects: &Objects,
    again: bool,
) -> Result<(), Diagnostic> {
    if let Some(first) = profile.claim_by_path(&definition.path).map(|id| &profile[id]) {
        return match first.location {
            Some(other) if !again => {
                let message = format!("the claim `{definition}` is declared twice");
                Err(Diagnostic::new(ErrorKind::RepeatedMember, location, message)
                    .help("remove one of them")
                    .note(other, "the other one"))
            }
            _ if is_registered(definition) && !is_registered_type(definition, &first.claim_type) => {
                let message = format!("`{definition}` is a registered claim, and {}", first.claim_type);
                Err(
                    Diagnostic::new(ErrorKind::ConflictingDeclaration, location, message)
                        .help("declare it with that type, or remove the declaration"),
                )
            }
            _ => Ok(()),
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

/// Returns true if a registered claim may be declared like this: with its own type or, for `sub`, with a type
/// whose values are some of the texts.
fn is_registered_type(definition: &ClaimDefinition, registered: &ClaimType) -> bool {
    definition.claim_type == *registered
        || matches!(definition.path.as_slice(), [name] if name == "sub")
            && matches!(&definition.claim_type, ClaimType::Scalar(scalar) if scalar.has_patterns())
}

/// Returns the claims that every token may have (RFC 7519 section 4.1). An ID token has all of them but `nbf`
/// and `jti`.
fn registered_claims() -> Vec<ClaimDefinition> {
    REGISTERED
        .into_iter()
        .map(|name| ClaimDefinition {
            path: vec![name.to_owned()],
            aliases: Vec::new(),
            claim_type: match name {
                "aud" => ClaimType::List(Scalar::Text),
                "exp" | "nbf" | "iat" => ClaimType::Scalar(Scalar::Time),
                _ => ClaimType::Scalar(Scalar::Text),
            },
            trust: Trust::Platform,
            tenant: false,
            optional: matches!(name, "nbf" | "jti"),
            nullable: false,
            location: None,
        })
        .collect()
}
