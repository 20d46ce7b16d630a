//! Narrowing: a profile may declare a claim of the profile that it extends again, with fewer values and less
//! trust.

use crate::claim_type::{ClaimType, EnumValues, JsonForm, PathKind, Scalar};
use crate::diagnostic::{Diagnostic, Location};
use crate::error_kind::ErrorKind;
use crate::id::FileId;
use crate::ir::{ClaimDefinition, Profile, Trust};
use crate::lower::Lowering;
use crate::lower::literal::one_of;
use rolecall_syntax::ast::{self, Modifier};

impl Lowering<'_> {
    /// Checks that a declaration narrows an inherited one. Returns false, and reports why, if it does not.
    pub(super) fn check_narrowing(
        &mut self,
        claim: &ast::Claim,
        file: FileId,
        new: &ClaimDefinition,
        old: &ClaimDefinition,
        base: &Profile,
    ) -> bool {
        let narrowing = Narrowing {
            old,
            new,
            base: &base.name,
        };
        let words = |word: &str| {
            claim.modifiers.iter().find_map(|modifier| {
                let is_word = matches!(&modifier.node, Modifier::Keyword(keyword) if keyword == word);
                is_word.then_some(modifier.span)
            })
        };
        let mut faults: Vec<Fault> = narrowing.type_fault().into_iter().collect();
        faults.extend(narrowing.word_fault("optional", old.optional, new.optional));
        faults.extend(narrowing.word_fault("nullable", old.nullable, new.nullable));
        faults.extend(narrowing.trust_fault(words("platform").is_some()));
        faults.extend(narrowing.tenant_fault());
        for fault in &faults {
            let span = match fault.place {
                Place::Claim => claim.path.span(),
                Place::Type => claim.claim_type.span,
                Place::Word(word) => words(word).unwrap_or_else(|| claim.path.span()),
            };
            let error = Diagnostic::new(
                ErrorKind::ConflictingDeclaration,
                Location::new(file, span),
                fault.message.as_str(),
            );
            let error = error.help(fault.help.as_str());
            self.error(match old.location {
                Some(location) => error.note(location, "the declaration that it narrows"),
                None => error,
            });
        }
        faults.is_empty()
    }
}

/// A declaration of a claim, and the inherited one that it should narrow.
struct Narrowing<'n> {
    old: &'n ClaimDefinition,
    new: &'n ClaimDefinition,
    /// The name of the profile with the inherited declaration.
    base: &'n str,
}

/// A part of a declaration that does not narrow.
struct Fault {
    place: Place,
    message: String,
    help: String,
}

/// The place of a fault in a declaration.
enum Place {
    Claim,
    Type,
    Word(&'static str),
}

impl Narrowing<'_> {
    fn type_fault(&self) -> Option<Fault> {
        let (claim, base) = (self.new, self.base);
        let (old, new) = (&self.old.claim_type, &self.new.claim_type);
        let wider = match (old, new) {
            (ClaimType::List(old), ClaimType::List(new))
            | (ClaimType::Scalar(old), ClaimType::Scalar(new)) => wider(old, new)?,
            _ => Wider::Type,
        };
        let (message, help) = match wider {
            Wider::Open => (
                format!("`{claim}` has no other values than the listed ones in the profile `{base}`"),
                "remove `...`".to_owned(),
            ),
            Wider::Value(value, known) => (
                format!("`{value}` is not a value of `{claim}` in the profile `{base}`"),
                one_of(known),
            ),
            Wider::Type => (
                format!("`{claim}` is {old} in the profile `{base}`, and {new} is not narrower"),
                format!("write {}", narrower(old)),
            ),
        };
        Some(Fault {
            place: Place::Type,
            message,
            help,
        })
    }

    /// Checks a word after the type that only the inherited declaration may have.
    fn word_fault(&self, word: &'static str, old: bool, new: bool) -> Option<Fault> {
        (new && !old).then(|| Fault {
            place: Place::Word(word),
            message: format!(
                "`{}` is not `{word}` in the profile `{}`, and `{word}` is not narrower",
                self.new, self.base
            ),
            help: format!("remove `{word}`"),
        })
    }

    /// Checks the trust. `says_platform` is true if the new declaration says `platform`.
    fn trust_fault(&self, says_platform: bool) -> Option<Fault> {
        use Trust::{Author, Immutable, Platform, Recyclable};
        let (claim, base, old) = (self.new, self.base, self.old.trust.word());
        let place = Place::Word(self.new.trust.word());
        Some(match (self.old.trust, self.new.trust) {
            (Author, Author) | (Immutable, Immutable) | (Platform, Platform) | (Recyclable, Recyclable) => {
                return None;
            }
            (Immutable | Platform, Author | Recyclable) => return None,
            (_, Platform) if !says_platform => Fault {
                place: Place::Claim,
                message: format!(
                    "`{claim}` is `{old}` in the profile `{base}`, and this declaration leaves it out"
                ),
                help: format!("write `{old}` after the type"),
            },
            (_, Immutable | Platform) => Fault {
                place,
                message: format!(
                    "`{claim}` is `{old}` in the profile `{base}`, and `{}` promises more",
                    self.new.trust.word()
                ),
                help: match self.old.trust {
                    Platform => "remove it, or write `author` or `recyclable`".to_owned(),
                    _ => format!("write `{old}`"),
                },
            },
            (Author, Recyclable) | (Recyclable, Author) => Fault {
                place,
                message: format!(
                    "`{claim}` is `{old}` in the profile `{base}`, and stays that: it cannot become `{}`",
                    self.new.trust.word()
                ),
                help: format!("write `{old}`"),
            },
        })
    }

    fn tenant_fault(&self) -> Option<Fault> {
        (self.old.tenant && !self.new.tenant).then(|| Fault {
            place: Place::Claim,
            message: format!(
                "`{}` is `tenant` in the profile `{}`, and this declaration leaves it out",
                self.new, self.base
            ),
            help: "write `tenant` after the type".to_owned(),
        })
    }
}

/// The reason that a type is not narrower than another one.
enum Wider<'n> {
    /// An enum is open, and the other one is closed.
    Open,
    /// It is of another kind.
    Type,
    /// An enum has this value, which is not among those of the other one.
    Value(&'n str, &'n EnumValues),
}

/// Returns why a type is wider than another one; `None` if a claim of the first type may be declared again with
/// the second one. Each pair of types that may follow one another is a line here.
fn wider<'n>(old: &'n Scalar, new: &'n Scalar) -> Option<Wider<'n>> {
    use JsonForm::{Any, String};
    use PathKind::{GithubRepository, GitlabNamespace, GitlabPath};
    match (old, new) {
        (Scalar::Text, Scalar::Enum { .. } | Scalar::Id(String) | Scalar::Path(_) | Scalar::Ref)
        | (Scalar::Path(PathKind::Any), Scalar::Path(GithubRepository | GitlabNamespace | GitlabPath))
        | (Scalar::Path(GitlabNamespace), Scalar::Path(GitlabPath))
        | (Scalar::Bool(Any), Scalar::Bool(_))
        | (Scalar::Id(Any), Scalar::Id(_)) => None,
        (
            Scalar::Enum {
                values: known,
                open: was_open,
            },
            Scalar::Enum {
                values,
                open: is_open,
            },
        ) => match values.iter().find(|value| !known.has(value)) {
            Some(value) => Some(Wider::Value(value, known)),
            None => (*is_open && !was_open).then_some(Wider::Open),
        },
        (old, new) => (old != new).then_some(Wider::Type),
    }
}

/// Returns the types that may replace a type, for a help text.
fn narrower(old: &ClaimType) -> String {
    let list = |word: &str| match old {
        ClaimType::List(_) => format!("`[{word}]`"),
        ClaimType::Scalar(_) => format!("`{word}`"),
    };
    let others: &[&str] = match old.scalar() {
        Scalar::Enum { .. } => return list("enum […]") + " with some of its values",
        Scalar::Text => &["enum […]", "id string", "path", "ref"],
        Scalar::Path(PathKind::Any) => &["github_repository", "gitlab_namespace", "gitlab_path"],
        Scalar::Path(PathKind::GitlabNamespace) => &["gitlab_path"],
        Scalar::Bool(JsonForm::Any) => &["bool json", "bool string"],
        Scalar::Id(JsonForm::Any) => &["id number", "id string"],
        _ => &[],
    };
    match others {
        [] => list(&old.scalar().written()),
        others => {
            let others: Vec<String> = others.iter().map(|word| list(word)).collect();
            format!("{} or {}", others.join(", "), list(&old.scalar().written()))
        }
    }
}
