//! Condition operators.

use std::fmt;

/// A condition operator.
///
/// A value of the key *fits* if the test holds between it and at least one of the condition's values; with
/// `negated`, if it holds for none of them.
///
/// | | the key is absent | the key has values |
/// |---|---|---|
/// | no set operator | the condition fails; with `negated` or `if_exists` it holds | the one value fits |
/// | `ForAllValues` | it holds | each value fits, or the only one is empty |
/// | `ForAnyValue` | it fails, even with `negated` | some value fits, and the only one is not empty |
/// | `Null` | it holds for the value `true` | it holds for the value `false` |
///
/// A claim that is `null` is an absent key. (IAM User Guide, "IAM JSON policy elements: Condition operators"
/// and "Set operators for multivalued context keys".)
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Operator {
    /// The prefix for keys with several values.
    pub set: Option<Set>,
    /// The test, without negation: `StringNotLike` is `StringLike` and `negated`.
    pub test: Test,
    /// The operator is the negated one of the test.
    pub negated: bool,
    /// The operator ends with `IfExists`.
    pub if_exists: bool,
}

impl Operator {
    /// Reads the name of an operator, such as `ForAnyValue:StringNotLikeIfExists`.
    pub(super) fn parse(name: &str) -> Option<Self> {
        let (set, name) = match name.split_once(':') {
            Some(("ForAllValues", name)) => (Some(Set::All), name),
            Some(("ForAnyValue", name)) => (Some(Set::Any), name),
            Some(_) => return None,
            None => (None, name),
        };
        let (name, if_exists) = name
            .strip_suffix("IfExists")
            .map_or((name, false), |name| (name, true));
        let of_name = |entry: &&(&str, Test, bool)| entry.0 == name;
        let (_, test, negated) = *NAMES.iter().find(of_name)?;
        // "You can add IfExists to the end of any condition operator name except the Null condition."
        (test != Test::Null || !if_exists).then_some(Self {
            set,
            test,
            negated,
            if_exists,
        })
    }
}

/// Writes the name of the operator. `ArnEquals` stands for `ArnLike`, too.
impl fmt::Display for Operator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.set {
            Some(Set::All) => "ForAllValues:",
            Some(Set::Any) => "ForAnyValue:",
            None => "",
        })?;
        let is_name =
            |(_, test, negated): &&(&str, Test, bool)| (*test, *negated) == (self.test, self.negated);
        f.write_str(NAMES.iter().find(is_name).map_or("", |(name, ..)| name))?;
        f.write_str(if self.if_exists { "IfExists" } else { "" })
    }
}

/// A prefix of an operator for keys with several values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Set {
    /// `ForAllValues:`
    All,
    /// `ForAnyValue:`
    Any,
}

/// The test of an operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Test {
    /// `ArnEquals` and `ArnLike`, which behave identically: wildcards in each of the six parts between
    /// colons.
    Arn,
    /// `BinaryEquals`
    Binary,
    /// `Bool`
    Bool,
    /// `DateEquals`
    DateEquals,
    /// `DateGreaterThan`
    DateGreaterThan,
    /// `DateGreaterThanEquals`
    DateGreaterThanEquals,
    /// `DateLessThan`
    DateLessThan,
    /// `DateLessThanEquals`
    DateLessThanEquals,
    /// `IpAddress`
    IpAddress,
    /// `Null`
    Null,
    /// `NumericEquals`
    NumericEquals,
    /// `NumericGreaterThan`
    NumericGreaterThan,
    /// `NumericGreaterThanEquals`
    NumericGreaterThanEquals,
    /// `NumericLessThan`
    NumericLessThan,
    /// `NumericLessThanEquals`
    NumericLessThanEquals,
    /// `StringEquals`
    StringEquals,
    /// `StringEqualsIgnoreCase`
    StringEqualsIgnoreCase,
    /// `StringLike`
    StringLike,
}

impl Test {
    /// Returns whether the test is for texts: the keys that AWS publishes for tokens "work with string
    /// operators".
    pub(super) fn is_of_texts(self) -> bool {
        matches!(
            self,
            Self::StringEquals | Self::StringEqualsIgnoreCase | Self::StringLike
        )
    }

    /// Returns whether `*` and `?` are wildcards in the values.
    pub(super) fn has_wildcards(self) -> bool {
        matches!(self, Self::Arn | Self::StringLike)
    }

    /// Returns whether values may have policy variables: "with any string operators or ARN operator". (IAM
    /// User Guide, "IAM policy elements: Variables and tags".)
    pub(super) fn has_variables(self) -> bool {
        self.is_of_texts() || self == Self::Arn
    }
}

/// The operators without prefix and `IfExists`, with their tests, and whether they are negated. (IAM User
/// Guide, "IAM JSON policy elements: Condition operators".)
const NAMES: &[(&str, Test, bool)] = &[
    ("ArnEquals", Test::Arn, false),
    ("ArnLike", Test::Arn, false),
    ("ArnNotEquals", Test::Arn, true),
    ("ArnNotLike", Test::Arn, true),
    ("BinaryEquals", Test::Binary, false),
    ("Bool", Test::Bool, false),
    ("DateEquals", Test::DateEquals, false),
    ("DateGreaterThan", Test::DateGreaterThan, false),
    ("DateGreaterThanEquals", Test::DateGreaterThanEquals, false),
    ("DateLessThan", Test::DateLessThan, false),
    ("DateLessThanEquals", Test::DateLessThanEquals, false),
    ("DateNotEquals", Test::DateEquals, true),
    ("IpAddress", Test::IpAddress, false),
    ("NotIpAddress", Test::IpAddress, true),
    ("Null", Test::Null, false),
    ("NumericEquals", Test::NumericEquals, false),
    ("NumericGreaterThan", Test::NumericGreaterThan, false),
    ("NumericGreaterThanEquals", Test::NumericGreaterThanEquals, false),
    ("NumericLessThan", Test::NumericLessThan, false),
    ("NumericLessThanEquals", Test::NumericLessThanEquals, false),
    ("NumericNotEquals", Test::NumericEquals, true),
    ("StringEquals", Test::StringEquals, false),
    ("StringEqualsIgnoreCase", Test::StringEqualsIgnoreCase, false),
    ("StringLike", Test::StringLike, false),
    ("StringNotEquals", Test::StringEquals, true),
    ("StringNotEqualsIgnoreCase", Test::StringEqualsIgnoreCase, true),
    ("StringNotLike", Test::StringLike, true),
];
