//! Types of claims, and the values of tokens that belong to each.

mod text;

use crate::document::Json;
use crate::value::Value;
use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

/// The type of a claim.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ClaimType {
    /// A JSON array. Any other value is an array of one.
    List(Scalar),
    /// One value.
    Scalar(Scalar),
}

/// The type of one value.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Scalar {
    /// `true` or `false`, as a bool or as a string.
    Bool(JsonForm),
    /// One of the listed values, or another one if the enum is open.
    Enum {
        /// The values.
        values: EnumValues,
        /// True if other values belong to the type as well.
        open: bool,
    },
    /// Digits, as a JSON string or as an integer.
    Id(JsonForm),
    /// A JSON integer.
    Int,
    /// Segments joined by `/`.
    Path(PathKind),
    /// A ref name that git accepts.
    Ref,
    /// A JSON string.
    Text,
    /// Seconds since 1970: the floor of a JSON number.
    Time,
}

/// The JSON values that belong to a type: those of one form, or of either.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum JsonForm {
    /// Strings, and the form below.
    #[default]
    Any,
    /// JSON booleans, or JSON integers.
    Json,
    /// JSON strings.
    String,
}

impl JsonForm {
    /// Returns true if JSON strings have the form.
    pub fn has_strings(self) -> bool {
        self != Self::Json
    }

    /// Returns true if JSON booleans or integers have the form.
    pub fn has_others(self) -> bool {
        self != Self::String
    }
}

/// A kind of path. All but `Spiffe` are subsets of `Any`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum PathKind {
    /// Segments of any characters but `:`, none of them empty.
    Any,
    /// A repository of GitHub: an owner and a name of ASCII letters, digits, `.`, `_` and `-`.
    GithubRepository,
    /// A group, a user or a project of GitLab: one or more segments of ASCII letters, digits, `.`, `_` and
    /// `-`.
    GitlabNamespace,
    /// A project of GitLab: a namespace of two or more segments.
    GitlabPath,
    /// A SPIFFE ID: `spiffe://`, a trust domain of lower-case ASCII letters, digits, `.`, `_` and `-`, and
    /// segments of ASCII letters, digits, `.`, `_` and `-`, none of them `.` or `..` (SPIFFE-ID section 2).
    Spiffe,
}

/// The values of an enum, in the order of the declaration. Cloning them is cheap.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EnumValues {
    values: Arc<[String]>,
    /// The indices of the values, in the order of their texts.
    sorted: Arc<[usize]>,
}

impl EnumValues {
    /// Returns true if a text is one of the values, after a logarithmic number of comparisons.
    pub fn has(&self, text: &str) -> bool {
        let value = |place: &usize| self.values.get(*place).map_or("", String::as_str);
        self.sorted
            .binary_search_by_key(&text, |place| value(place))
            .is_ok()
    }
}

impl From<Vec<String>> for EnumValues {
    fn from(values: Vec<String>) -> Self {
        let mut sorted: Vec<usize> = (0..values.len()).collect();
        sorted.sort_by_key(|place| values.get(*place));
        Self {
            sorted: sorted.into(),
            values: values.into(),
        }
    }
}

impl std::ops::Deref for EnumValues {
    type Target = [String];

    fn deref(&self) -> &[String] {
        &self.values
    }
}

/// A value of a type. An id is the text of its digits.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Typed<'a> {
    /// A bool.
    Bool(bool),
    /// An int or a time.
    Int(i64),
    /// Anything else.
    Text(Cow<'a, str>),
}

/// A value that is written in a policy.
pub type Literal = Typed<'static>;

impl Scalar {
    /// The type of any path.
    pub const PATH: Self = Self::Path(PathKind::Any);

    /// Returns true if the type has all pattern operators but `under`, which only paths have.
    pub fn has_patterns(&self) -> bool {
        matches!(self, Self::Path(_) | Self::Ref | Self::Text)
    }

    /// Returns true if the values are texts, which `like` and `matches` compare.
    pub fn has_text(&self) -> bool {
        self.has_patterns() || matches!(self, Self::Enum { .. } | Self::Id(_))
    }

    /// Returns true for any kind of path.
    pub fn is_path(&self) -> bool {
        matches!(self, Self::Path(_))
    }

    /// Returns true if the type has the operators `<`, `<=`, `>`, `>=`.
    pub fn is_ordered(&self) -> bool {
        matches!(self, Self::Int | Self::Time)
    }

    /// Returns the value as one of this type, or `None` if it does not belong to it.
    pub fn read<'a>(&self, value: Json<'a>) -> Option<Typed<'a>> {
        match (self, value) {
            (Self::Bool(form), Json::Bool(value)) if form.has_others() => Some(Typed::Bool(value)),
            (Self::Bool(form), Json::Text(text)) if form.has_strings() => match text {
                "true" => Some(Typed::Bool(true)),
                "false" => Some(Typed::Bool(false)),
                _ => None,
            },
            (Self::Id(form), Json::Int(number)) if number >= 0 && form.has_others() => {
                Some(Typed::Text(Cow::Owned(number.to_string())))
            }
            (Self::Int, Json::Int(number)) => Some(Typed::Int(number)),
            (Self::Time, value) => value.floor().map(Typed::Int),
            (Self::Enum { .. } | Self::Id(_) | Self::Path(_) | Self::Ref | Self::Text, Json::Text(text)) => {
                self.holds(text).then_some(Typed::Text(Cow::Borrowed(text)))
            }
            _ => None,
        }
    }

    /// Returns true if a JSON string belongs to this type. Does not test a string for a bool or a number.
    pub fn holds(&self, text: &str) -> bool {
        match self {
            Self::Bool(_) | Self::Int | Self::Time | Self::Id(JsonForm::Json) => false,
            Self::Enum { values, open } => *open || values.has(text),
            Self::Id(_) => text::is_id(text),
            Self::Path(PathKind::Any) => text::is_path(text),
            Self::Path(PathKind::GithubRepository) => text::is_name_path(text, 2..=2),
            Self::Path(PathKind::GitlabNamespace) => text::is_name_path(text, 1..=usize::MAX),
            Self::Path(PathKind::GitlabPath) => text::is_name_path(text, 2..=usize::MAX),
            Self::Path(PathKind::Spiffe) => text::is_spiffe_id(text),
            Self::Ref => text::is_ref(text),
            Self::Text => true,
        }
    }

    /// Returns true if a value of this type is written as this text in a policy.
    pub fn admits(&self, text: &str) -> bool {
        match self {
            // A JSON integer of 64 bits has no leading zero.
            Self::Id(JsonForm::Json) => {
                let number = text.parse::<i64>();
                number.is_ok_and(|number| number >= 0 && number.to_string() == text)
            }
            _ => self.holds(text),
        }
    }
}

impl ClaimType {
    /// Returns the type of the value, or of each value of the list.
    pub fn scalar(&self) -> &Scalar {
        match self {
            Self::List(scalar) | Self::Scalar(scalar) => scalar,
        }
    }

    /// Returns true for a list.
    pub fn is_list(&self) -> bool {
        matches!(self, Self::List(_))
    }
}

impl Typed<'_> {
    /// Returns the text, if the value is one.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            Self::Bool(_) | Self::Int(_) => None,
        }
    }

    /// Returns the number, if the value is one.
    pub fn as_int(&self) -> Option<i64> {
        match self {
            Self::Int(number) => Some(*number),
            Self::Bool(_) | Self::Text(_) => None,
        }
    }

    /// Returns the value as JSON.
    pub fn to_value(&self) -> Value {
        match self {
            Self::Bool(value) => Value::Bool(*value),
            Self::Int(number) => Value::Int(*number),
            Self::Text(text) => Value::Text(text.clone().into_owned()),
        }
    }
}

/// Writes the value as in a template: a text as it is.
impl fmt::Display for Typed<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bool(value) => write!(f, "{value}"),
            Self::Int(number) => write!(f, "{number}"),
            Self::Text(text) => f.write_str(text),
        }
    }
}

/// Writes the type with its article, for messages.
impl fmt::Display for ClaimType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::List(scalar) => write!(f, "a list of {}", scalar.plural()),
            Self::Scalar(scalar) => f.write_str(scalar.singular()),
        }
    }
}

impl Scalar {
    /// Returns the type with its article.
    pub fn singular(&self) -> &'static str {
        match self {
            Self::Bool(JsonForm::Any) => "a bool",
            Self::Bool(JsonForm::Json) => "a JSON bool",
            Self::Bool(JsonForm::String) => "a bool in a JSON string",
            Self::Enum { .. } => "an enum",
            Self::Id(JsonForm::Any) => "an id",
            Self::Id(JsonForm::Json) => "an id in a JSON number",
            Self::Id(JsonForm::String) => "an id in a JSON string",
            Self::Int => "an int",
            Self::Path(PathKind::Any) => "a path",
            Self::Path(PathKind::GithubRepository) => "a GitHub repository",
            Self::Path(PathKind::GitlabNamespace) => "a GitLab namespace",
            Self::Path(PathKind::GitlabPath) => "the path of a GitLab project",
            Self::Path(PathKind::Spiffe) => "a SPIFFE ID",
            Self::Ref => "a git ref",
            Self::Text => "text",
            Self::Time => "a time",
        }
    }

    fn plural(&self) -> &'static str {
        match self {
            Self::Bool(JsonForm::Any) => "bools",
            Self::Bool(JsonForm::Json) => "JSON bools",
            Self::Bool(JsonForm::String) => "bools in JSON strings",
            Self::Enum { .. } => "enum values",
            Self::Id(JsonForm::Any) => "ids",
            Self::Id(JsonForm::Json) => "ids in JSON numbers",
            Self::Id(JsonForm::String) => "ids in JSON strings",
            Self::Int => "ints",
            Self::Path(PathKind::Any) => "paths",
            Self::Path(PathKind::GithubRepository) => "GitHub repositories",
            Self::Path(PathKind::GitlabNamespace) => "GitLab namespaces",
            Self::Path(PathKind::GitlabPath) => "paths of GitLab projects",
            Self::Path(PathKind::Spiffe) => "SPIFFE IDs",
            Self::Ref => "git refs",
            Self::Text => "texts",
            Self::Time => "times",
        }
    }

    /// Returns the rule for the values of a type whose values are texts, for messages.
    pub(crate) fn rule(&self) -> Option<&'static str> {
        Some(match self {
            Self::Path(PathKind::Any) => "a path has segments joined by `/`; none is empty or contains `:`",
            Self::Path(PathKind::GithubRepository) => {
                "it is `OWNER/NAME`, each of ASCII letters, digits, `.`, `_` and `-`"
            }
            Self::Path(PathKind::GitlabNamespace) => {
                "it has segments of ASCII letters, digits, `.`, `_` and `-`, joined by `/`"
            }
            Self::Path(PathKind::GitlabPath) => {
                "it has two or more segments of ASCII letters, digits, `.`, `_` and `-`, joined by `/`"
            }
            Self::Path(PathKind::Spiffe) => "it is `spiffe://TRUST-DOMAIN/PATH`",
            Self::Ref => {
                "git refuses names with a space, a control character, `~ ^ : ? * [ \\`, `..`, `@{`, \
                 or a part that is empty, begins with `.` or ends with `.lock`"
            }
            _ => return None,
        })
    }
}
