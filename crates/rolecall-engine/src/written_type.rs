//! Types of claims as they are written in a profile.

use crate::claim_type::{ClaimType, JsonForm, PathKind, Scalar};

impl ClaimType {
    /// Returns the type as it is written in a profile, such as `[path]`.
    pub fn written(&self) -> String {
        match self {
            Self::List(scalar) => format!("[{}]", scalar.written()),
            Self::Scalar(scalar) => scalar.written(),
        }
    }
}

impl Scalar {
    /// Returns the type as it is written in a profile, such as `enum [branch, tag]`.
    pub fn written(&self) -> String {
        match self {
            Self::Bool(form) => format!("bool{}", form_word(*form, "json")),
            Self::Enum { values, open } => {
                let mut words: Vec<String> = values.iter().map(|value| word(value)).collect();
                if *open {
                    words.push("...".to_owned());
                }
                format!("enum [{}]", words.join(", "))
            }
            Self::Id(form) => format!("id{}", form_word(*form, "number")),
            Self::Int => "int".to_owned(),
            Self::Path(kind) => match kind {
                PathKind::Any => "path",
                PathKind::GithubRepository => "github_repository",
                PathKind::GitlabNamespace => "gitlab_namespace",
                PathKind::GitlabPath => "gitlab_path",
                PathKind::Spiffe => "spiffe_id",
            }
            .to_owned(),
            Self::Ref => "ref".to_owned(),
            Self::Text => "text".to_owned(),
            Self::Time => "time".to_owned(),
        }
    }
}

/// Returns the word for a JSON form after a type, with a space. `json` is the word for values other than strings.
fn form_word(form: JsonForm, json: &str) -> String {
    match form {
        JsonForm::Any => String::new(),
        JsonForm::Json => format!(" {json}"),
        JsonForm::String => " string".to_owned(),
    }
}

/// Returns a value of an enum as it is written: in quotes if it is not a name.
fn word(value: &str) -> String {
    let starts = value.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
    if starts && value.chars().all(is_name) {
        value.to_owned()
    } else {
        format!("\"{}\"", value.replace('\\', "\\\\").replace('"', "\\\""))
    }
}
