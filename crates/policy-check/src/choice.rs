//! Choices: values with names that are the same on the command line, in the configuration and in its schema.

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser, ValueParser, ValueParserFactory};
use rolecall_lint::{Level, Persona, Severity};
use rolecall_syntax::did_you_mean;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::borrow::Cow;
use std::str::FromStr;

/// A value that users choose by its name.
pub(crate) trait Choice: Copy + Send + Sync + 'static {
    /// The kind of value in messages, with its article.
    const NOUN: &'static str;
    /// The name of its definition in the schema.
    const SCHEMA: &'static str;
    /// The description of its definition in the schema.
    const DESCRIPTION: &'static str;

    /// Returns all values, in the order in which they are listed.
    fn all() -> Vec<Self>;

    /// Returns the name of the value.
    fn name(self) -> &'static str;

    /// Returns the explanation of the value in `--help`, if it needs one.
    fn help(self) -> Option<&'static str> {
        None
    }
}

impl Choice for Severity {
    const NOUN: &'static str = "a severity";
    const SCHEMA: &'static str = "Severity";
    const DESCRIPTION: &'static str = "The severity of a finding.";

    fn all() -> Vec<Self> {
        Self::ALL.to_vec()
    }

    fn name(self) -> &'static str {
        Self::name(self)
    }
}

impl Choice for Persona {
    const NOUN: &'static str = "a persona";
    const SCHEMA: &'static str = "Persona";
    const DESCRIPTION: &'static str = "How much to report; each level includes the ones before it.";

    fn all() -> Vec<Self> {
        Self::ALL.to_vec()
    }

    fn name(self) -> &'static str {
        Self::name(self)
    }

    fn help(self) -> Option<&'static str> {
        Some(match self {
            Self::Regular => "Findings to act on in every repository",
            Self::Pedantic => "Also untidy code",
            Self::Auditor => "Also findings that may matter in a review",
        })
    }
}

impl Choice for Level {
    const NOUN: &'static str = "a rule level";
    const SCHEMA: &'static str = "RuleLevel";
    const DESCRIPTION: &'static str = "Off, on with the severity of each finding, or on with this severity.";

    fn all() -> Vec<Self> {
        let severities = Severity::ALL.iter().copied().map(Self::As);
        [Self::Off, Self::On].into_iter().chain(severities).collect()
    }

    fn name(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::On => "on",
            Self::As(severity) => severity.name(),
        }
    }
}

/// A choice that is written as its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ByName<T>(pub(crate) T);

impl<T: Choice> FromStr for ByName<T> {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        let found = T::all().into_iter().find(|choice| choice.name() == name);
        found.map(Self).ok_or_else(|| {
            if let Some(near) = did_you_mean(name, T::all().into_iter().map(T::name)) {
                return format!("`{name}` is not {}: did you mean `{near}`?", T::NOUN);
            }
            let names = T::all().into_iter().map(|choice| format!("`{}`", choice.name()));
            let names: Vec<String> = names.collect();
            format!("`{name}` is not {}; use one of {}", T::NOUN, names.join(", "))
        })
    }
}

impl<'de, T: Choice> Deserialize<'de> for ByName<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = String::deserialize(deserializer)?;
        name.parse().map_err(D::Error::custom)
    }
}

impl<T: Choice> Serialize for ByName<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.0.name())
    }
}

impl<T: Choice> JsonSchema for ByName<T> {
    fn schema_name() -> Cow<'static, str> {
        Cow::Borrowed(T::SCHEMA)
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let names: Vec<&str> = T::all().into_iter().map(T::name).collect();
        json_schema!({"description": T::DESCRIPTION, "type": "string", "enum": names})
    }
}

impl<T: Choice> ValueParserFactory for ByName<T> {
    type Parser = ValueParser;

    fn value_parser() -> ValueParser {
        let values = T::all()
            .into_iter()
            .map(|choice| PossibleValue::new(choice.name()).help(choice.help()));
        let parser = PossibleValuesParser::new(values);
        ValueParser::new(parser.try_map(|name| name.parse::<Self>()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::{Arg, Command};
    use serde_json::{Value, json};

    /// Asserts that the flag, the configuration and the schema take the same names.
    fn assert_same_names<T: Choice + PartialEq + std::fmt::Debug>() {
        let parse_flag = |name: &str| {
            let flag = Arg::new("flag").value_parser(ByName::<T>::value_parser());
            let matches = Command::new("test")
                .arg(flag)
                .try_get_matches_from(["test", name])?;
            Ok::<_, clap::Error>(matches.get_one::<ByName<T>>("flag").copied())
        };
        let schema = ByName::<T>::json_schema(&mut SchemaGenerator::default());
        let names: Vec<Value> = schema.get("enum").unwrap().as_array().unwrap().clone();
        assert_eq!(names.len(), T::all().len());
        for (name, choice) in names.iter().zip(T::all()) {
            let text = name.as_str().unwrap();
            assert_eq!(
                serde_json::from_value::<ByName<T>>(name.clone()).unwrap().0,
                choice
            );
            assert_eq!(parse_flag(text).unwrap(), Some(ByName(choice)));
        }
        for unknown in ["", "loud", "High", "high ", "error"] {
            assert!(!names.contains(&json!(unknown)));
            assert!(
                serde_json::from_value::<ByName<T>>(json!(unknown)).is_err(),
                "{unknown}"
            );
            assert!(parse_flag(unknown).is_err(), "{unknown}");
        }
    }

    #[test]
    fn flags_configuration_and_schema_have_the_same_names() {
        assert_same_names::<Severity>();
        assert_same_names::<Persona>();
        assert_same_names::<Level>();
    }
}
