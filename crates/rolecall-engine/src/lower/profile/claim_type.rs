//! Types of claims, as a profile declares them.

use crate::claim_type::{ClaimType, JsonForm, PathKind, Scalar};
use crate::diagnostic::{Diagnostic, Location};
use crate::error_kind::ErrorKind;
use crate::id::FileId;
use crate::lower::Lowering;
use rolecall_syntax::ast::{self, EnumValue, Name};
use rolecall_syntax::{Spanned, did_you_mean};
use std::collections::HashSet;

/// The types with a name.
const TYPES: [(&str, Scalar); 11] = [
    ("bool", Scalar::Bool(JsonForm::Any)),
    ("github_repository", Scalar::Path(PathKind::GithubRepository)),
    ("gitlab_namespace", Scalar::Path(PathKind::GitlabNamespace)),
    ("gitlab_path", Scalar::Path(PathKind::GitlabPath)),
    ("id", Scalar::Id(JsonForm::Any)),
    ("int", Scalar::Int),
    ("path", Scalar::PATH),
    ("ref", Scalar::Ref),
    ("spiffe_id", Scalar::Path(PathKind::Spiffe)),
    ("text", Scalar::Text),
    ("time", Scalar::Time),
];
/// The help for an unknown type.
const ALL_TYPES: &str = "the types are `bool`, `enum […]`, `id`, `int`, `path`, `ref`, `text`, `time`, `github_repository`, \
     `gitlab_path`, `gitlab_namespace`, `spiffe_id` and lists `[…]` of them";

impl Lowering<'_> {
    pub(super) fn claim_type(
        &mut self,
        claim_type: &Spanned<ast::ClaimType>,
        file: FileId,
    ) -> Option<ClaimType> {
        let location = Location::new(file, claim_type.span);
        match &claim_type.node {
            ast::ClaimType::List(inner) => match self.claim_type(inner, file)? {
                ClaimType::Scalar(scalar) => Some(ClaimType::List(scalar)),
                ClaimType::List(_) => {
                    let message = "there are no lists of lists";
                    self.error(
                        Diagnostic::new(ErrorKind::UnknownType, location, message).help("write `[text]`"),
                    );
                    None
                }
            },
            ast::ClaimType::Named { name, form } => {
                let scalar = self.named_type(name, location)?;
                let scalar = match form {
                    Some(form) => self.json_form(name, &scalar, form, file)?,
                    None => scalar,
                };
                Some(ClaimType::Scalar(scalar))
            }
            ast::ClaimType::Enum { values, open } => {
                let values = self.enum_values(values, file)?;
                let open = *open;
                Some(ClaimType::Scalar(Scalar::Enum {
                    values: values.into(),
                    open,
                }))
            }
        }
    }

    /// Returns a type restricted to a JSON form.
    fn json_form(&mut self, name: &str, scalar: &Scalar, form: &Name, file: FileId) -> Option<Scalar> {
        let (restricted, help) = match (scalar, form.node.as_str()) {
            (Scalar::Id(_), "string") => return Some(Scalar::Id(JsonForm::String)),
            (Scalar::Id(_), "number") => return Some(Scalar::Id(JsonForm::Json)),
            (Scalar::Bool(_), "string") => return Some(Scalar::Bool(JsonForm::String)),
            (Scalar::Bool(_), "json") => return Some(Scalar::Bool(JsonForm::Json)),
            (Scalar::Id(_), _) => ("`string` or `number`", "write `id string` or `id number`"),
            (Scalar::Bool(_), _) => ("`string` or `json`", "write `bool string` or `bool json`"),
            _ => ("one JSON form", "remove the word after the type"),
        };
        let location = Location::new(file, form.span);
        let message = match scalar {
            Scalar::Id(_) | Scalar::Bool(_) => format!("`{name}` is {restricted}, not `{}`", form.node),
            _ => format!("`{name}` has only {restricted}"),
        };
        self.error(Diagnostic::new(ErrorKind::UnknownType, location, message).help(help));
        None
    }

    fn named_type(&mut self, name: &str, location: Location) -> Option<Scalar> {
        if let Some((_, scalar)) = TYPES.iter().find(|(known, _)| *known == name) {
            return Some(scalar.clone());
        }
        let help = match did_you_mean(name, TYPES.iter().map(|(known, _)| *known)) {
            Some(near) => format!("did you mean `{near}`?"),
            None => ALL_TYPES.to_owned(),
        };
        let message = format!("there is no type `{name}`");
        self.error(Diagnostic::new(ErrorKind::UnknownType, location, message).help(help));
        None
    }

    fn enum_values(&mut self, values: &[Spanned<EnumValue>], file: FileId) -> Option<Vec<String>> {
        let mut texts: Vec<String> = Vec::new();
        let mut seen: HashSet<String> = HashSet::new();
        for value in values {
            let location = Location::new(file, value.span);
            let text = match &value.node {
                EnumValue::Quoted(string) => self.plain_text(string, location)?,
                EnumValue::Word(word) => word.clone(),
            };
            if !seen.insert(text.clone()) {
                let message = format!("`{text}` is listed twice");
                self.error(
                    Diagnostic::new(ErrorKind::RepeatedMember, location, message).help("remove one of them"),
                );
            }
            texts.push(text);
        }
        Some(texts)
    }
}
