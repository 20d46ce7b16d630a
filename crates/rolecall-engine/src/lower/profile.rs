//! Profiles: which claims an issuer's tokens have, and of which types.

use super::Lowering;
use super::claim_path::names;
use super::names::Named;
use crate::claim_type::{ClaimType, Scalar};
use crate::diagnostic::{Diagnostic, Location};
use crate::id::{ClaimId, FileId};
use crate::ir::{ClaimDefinition, Profile, Trust};
use rolecall_syntax::ast::{self, ClaimWord, EnumValue, ProfileMember};
use rolecall_syntax::{Spanned, did_you_mean};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// The words that a type may be.
const TYPES: [(&str, Scalar); 7] = [
    ("bool", Scalar::Bool),
    ("id", Scalar::Id),
    ("int", Scalar::Int),
    ("path", Scalar::Path),
    ("ref", Scalar::Ref),
    ("text", Scalar::Text),
    ("time", Scalar::Time),
];
/// The words that may follow a type.
const WORDS: [&str; 7] = [
    "alias",
    "author",
    "immutable",
    "optional",
    "platform",
    "recyclable",
    "tenant",
];

impl<'a> Lowering<'a> {
    pub(super) fn lower_profiles(&mut self) {
        let profiles: Vec<_> = self
            .names
            .profiles
            .iter()
            .map(|(name, profile)| (*name, *profile))
            .collect();
        for (name, profile) in profiles {
            let lowered = self.profile(profile);
            self.profiles.insert(name, lowered);
        }
    }

    fn profile(&mut self, profile: Named<'a, ast::Profile>) -> Arc<Profile> {
        let mut lowered = Profile::default();
        lowered.name.clone_from(&profile.item.name.node);
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
                        lowered
                            .shared
                            .extend(self.plain_text(&url.node, Location::new(profile.file, url.span)));
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
        let path = names(&claim.path);
        let Some(claim_type) = self.claim_type(&claim.claim_type, location.file()) else {
            return;
        };
        let mut definition = ClaimDefinition {
            path,
            aliases: Vec::new(),
            claim_type,
            trust: Trust::default(),
            tenant: false,
            optional: false,
            location: Some(location),
        };
        let at = Location::new(location.file(), claim.path.span());
        let old = profile.claim_by_path(&definition.path);
        match old.map(|id| &profile[id]) {
            Some(first) => {
                if let Some(other) = first.location {
                    let message = format!("the claim `{definition}` is declared twice");
                    self.error(Diagnostic::new(at, message).note(other, "the other one"));
                    return;
                }
                if first.claim_type != definition.claim_type {
                    let message = format!("`{definition}` is a registered claim, and {}", first.claim_type);
                    self.error(Diagnostic::new(at, message).help("declare it with that type, or not at all"));
                    return;
                }
                definition.optional = first.optional;
            }
            None => {
                if let [name] = definition.path.as_slice()
                    && let Some(other) = profile.claim_by_name(name).map(|id| &profile[id])
                {
                    let message = format!("`{name}` is an alias of `{other}` already");
                    self.error(Diagnostic::new(at, message).help("choose another alias for that one"));
                    return;
                }
                if let Some(clash) = objects.clash(&definition.path).map(|id| &profile[id]) {
                    let message =
                        format!("`{clash}` and `{definition}`: a claim with a type has no claims inside");
                    self.error(Diagnostic::new(at, message).help("declare only what is inside the object"));
                    return;
                }
            }
        }
        self.words(claim, location.file(), &mut definition, profile);
        let path = definition.path.clone();
        objects.add(&path, profile.declare(definition));
    }

    fn words(
        &mut self,
        claim: &ast::Claim,
        file: FileId,
        definition: &mut ClaimDefinition,
        profile: &Profile,
    ) {
        let mut trust: Option<&str> = None;
        let mut aliases: HashSet<&str> = HashSet::new();
        for word in &claim.words {
            let location = Location::new(file, word.span);
            let name = match &word.node {
                ClaimWord::Alias(name) => {
                    let own = !aliases.insert(&name.node)
                        || matches!(definition.path.as_slice(), [path] if *path == name.node);
                    if own || profile.claim_by_name(&name.node).is_some() {
                        let message = format!("`{}` is the name of a claim already", name.node);
                        self.error(Diagnostic::new(location, message).help("choose another alias"));
                    }
                    definition.aliases.push(name.node.clone());
                    continue;
                }
                ClaimWord::Word(name) => name.as_str(),
            };
            let level = match name {
                "author" => Some(Trust::Author),
                "immutable" => Some(Trust::Immutable),
                "platform" => Some(Trust::Platform),
                "recyclable" => Some(Trust::Recyclable),
                _ => None,
            };
            match (name, level) {
                (_, Some(level)) => {
                    if let Some(other) = trust.replace(name) {
                        let message = format!("a claim is `{other}` or `{name}`, not both");
                        self.error(Diagnostic::new(location, message).help("take one of them out"));
                    }
                    definition.trust = level;
                }
                ("optional", _) => definition.optional = true,
                ("tenant", _) => definition.tenant = true,
                _ => {
                    let near = did_you_mean(name, WORDS);
                    let all: Vec<String> = WORDS.iter().map(|word| format!("`{word}`")).collect();
                    let help = near.map_or(format!("the words are {}", all.join(", ")), |near| {
                        format!("did you mean `{near}`?")
                    });
                    self.error(Diagnostic::new(location, format!("a claim cannot be `{name}`")).help(help));
                }
            }
        }
    }

    fn claim_type(&mut self, claim_type: &Spanned<ast::ClaimType>, file: FileId) -> Option<ClaimType> {
        let location = Location::new(file, claim_type.span);
        match &claim_type.node {
            ast::ClaimType::List(inner) => match self.claim_type(inner, file)? {
                ClaimType::Scalar(scalar) => Some(ClaimType::List(scalar)),
                ClaimType::List(_) => {
                    self.error(
                        Diagnostic::new(location, "there are no lists of lists").help("write `[text]`"),
                    );
                    None
                }
            },
            ast::ClaimType::Named(name) => {
                let known = TYPES
                    .iter()
                    .find(|(known, _)| known == name)
                    .map(|(_, scalar)| scalar.clone());
                if known.is_none() {
                    let near = did_you_mean(name, TYPES.iter().map(|(known, _)| *known));
                    let all = "the types are `bool`, `enum […]`, `id`, `int`, `path`, `ref`, `text`, `time` and lists `[…]` of them";
                    let help = near.map_or(all.to_owned(), |near| format!("did you mean `{near}`?"));
                    self.error(Diagnostic::new(location, format!("there is no type `{name}`")).help(help));
                }
                known.map(ClaimType::Scalar)
            }
            ast::ClaimType::Enum { values, open } => {
                let mut texts: Vec<String> = Vec::new();
                let mut seen: HashSet<String> = HashSet::new();
                for value in values {
                    let at = Location::new(file, value.span);
                    let text = match &value.node {
                        EnumValue::Quoted(string) => self.plain_text(string, at)?,
                        EnumValue::Word(word) => word.clone(),
                    };
                    if !seen.insert(text.clone()) {
                        self.error(
                            Diagnostic::new(at, format!("`{text}` stands here twice"))
                                .help("take one of them out"),
                        );
                    }
                    texts.push(text);
                }
                Some(ClaimType::Scalar(Scalar::Enum {
                    values: texts.into(),
                    open: *open,
                }))
            }
        }
    }
}

/// The objects that claims of a profile are inside, as a tree of names: a claim with a type has no claims inside.
#[derive(Default)]
struct Objects {
    /// The nodes of the tree by their parent and their name; the token itself is node 0.
    nodes: HashMap<(usize, String), usize>,
    /// For each node but 0, a claim that is at it or inside it, and whether it is at it.
    claims: Vec<(ClaimId, bool)>,
}

impl Objects {
    /// A claim that is above or inside of a path.
    fn clash(&self, path: &[String]) -> Option<ClaimId> {
        let mut node = 0;
        for (depth, name) in path.iter().enumerate() {
            node = *self.nodes.get(&(node, name.clone()))?;
            let (claim, is_there) = *self.claims.get(node.checked_sub(1)?)?;
            if is_there || depth.saturating_add(1) == path.len() {
                return Some(claim);
            }
        }
        None
    }

    fn add(&mut self, path: &[String], claim: ClaimId) {
        let mut node = 0;
        for (depth, name) in path.iter().enumerate() {
            let next = self.claims.len().saturating_add(1);
            node = *self.nodes.entry((node, name.clone())).or_insert(next);
            if node == next {
                self.claims.push((claim, depth.saturating_add(1) == path.len()));
            }
        }
    }
}

/// What every token may say (RFC 7519 section 4.1). An ID token has all of them but `nbf` and `jti`.
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
            location: None,
        })
        .collect()
}
