//! Parameters of queries and forms.

use std::fmt;

/// The maximum number of parameters.
const MAX_PARAMETERS: usize = 64;

/// Parameters by name, each given once (RFC 6749 section 3.2: none may be repeated).
#[derive(Debug, Default)]
pub(super) struct Parameters(Vec<(String, String)>);

/// The fault of parameters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum ParameterFault {
    NotUtf8,
    Repeated(String),
    TooMany,
}

impl Parameters {
    /// Parses `application/x-www-form-urlencoded`.
    pub(super) fn parse(text: &[u8]) -> Result<Self, ParameterFault> {
        let mut parameters: Vec<(String, String)> = Vec::new();
        for (name, value) in form_urlencoded::parse(text) {
            if parameters.len() >= MAX_PARAMETERS {
                return Err(ParameterFault::TooMany);
            }
            // The parser puts it where bytes are not UTF-8, and so would make one text of several.
            if name.contains(char::REPLACEMENT_CHARACTER) || value.contains(char::REPLACEMENT_CHARACTER) {
                return Err(ParameterFault::NotUtf8);
            }
            if parameters.iter().any(|(known, _)| *known == name) {
                // Names are those of the protocol, or cut: an answer repeats them.
                let name = name.chars().filter(char::is_ascii_graphic).take(32).collect();
                return Err(ParameterFault::Repeated(name));
            }
            parameters.push((name.into_owned(), value.into_owned()));
        }
        Ok(Self(parameters))
    }

    /// Returns the names of all parameters.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|(name, _)| name.as_str())
    }

    /// Returns the number of parameters.
    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    /// Returns the value of a parameter; an empty one is as good as none (RFC 6749 section 3.2).
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        let mut parameters = self.0.iter();
        let (_, value) = parameters.find(|(known, _)| known == name)?;
        Some(value.as_str()).filter(|value| !value.is_empty())
    }
}

impl fmt::Display for ParameterFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotUtf8 => f.write_str("a parameter is not UTF-8"),
            Self::Repeated(name) => write!(f, "the parameter `{name}` is repeated"),
            Self::TooMany => write!(f, "there are more than {MAX_PARAMETERS} parameters"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_parameter_is_given_once_in_utf_8() {
        let parse = |text: &str| Parameters::parse(text.as_bytes());
        let parameters = parse("audience=a%2Fb+c&empty=&%72ole=deploy").unwrap();
        assert_eq!(parameters.get("audience"), Some("a/b c"));
        assert_eq!(parameters.get("role"), Some("deploy"));
        assert_eq!(parameters.get("empty"), None);
        assert_eq!(parameters.get("other"), None);
        assert_eq!(
            parse("a=1&b=2&%61=3").unwrap_err(),
            ParameterFault::Repeated("a".to_owned())
        );
        for bad in ["a=%ff", "%c3=1", "a=%ef%bf%bd"] {
            assert_eq!(parse(bad).unwrap_err(), ParameterFault::NotUtf8, "{bad}");
        }
        let many: String = (0..65).map(|n| format!("{n}=&")).collect();
        assert_eq!(parse(&many).unwrap_err(), ParameterFault::TooMany);
    }
}
