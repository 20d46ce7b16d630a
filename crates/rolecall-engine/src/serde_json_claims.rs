//! Claims from a value of `serde_json`.

use crate::certain::plus;
use crate::claims::UnverifiedClaims;
use crate::decimal::Decimal;
use crate::document::{Content, DocumentBuilder};
use crate::json::{JsonFault, JsonLimits, LONGEST};
use serde_json::{Map, Number, Value};

const LIMITS: JsonLimits = JsonLimits::CLAIMS;

/// Converts the claims of a token that a service has parsed by itself, with the feature `serde_json`.
///
/// The limits are those of [`JsonLimits::CLAIMS`]. [`Document::parse`](crate::Document::parse) on the bytes of the payload is stricter,
/// because a `Value` no longer shows some faults and differences:
///
/// - It has one of two members with the same name; which one the token means is unknown (RFC 7519 section 4).
///   A service that hands over a `Value` must refuse such a token before.
/// - Its numbers are integers of 64 bits or floats, unless the feature `arbitrary_precision` of `serde_json` is
///   on in the build: an id beyond 2^64 is rounded, and two such ids can become equal, as can times with a long
///   fraction. Ids up to 2^64 and whole times stay exact.
/// - A number is written as `serde_json` prints it: `1.50` becomes `1.5`. Only times read such numbers.
///
/// ```
/// use rolecall_engine::{PolicySet, Source, UnverifiedClaims, assume_verified};
///
/// # let policy = r#"
/// #     issuer gitlab { url "https://gitlab.com" profile gitlab-ci audience "https://sts.acme.example" }
/// #     role deploy { allow from gitlab when project == "acme/shop" }
/// # "#;
/// # let set = PolicySet::compile([Source::new("acme.policy", policy)])?;
/// // The service has verified the token: its signature, issuer, audience and times.
/// let verified = serde_json::json!({
///     "iss": "https://gitlab.com", "aud": "https://sts.acme.example", "sub": "project_path:acme/shop",
///     "iat": 1_800_000_000, "exp": 1_800_003_600, "project_path": "acme/shop",
/// });
/// let claims = assume_verified(UnverifiedClaims::try_from(&verified)?);
/// assert!(set.decide(&claims, "deploy").is_allowed());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
impl TryFrom<&Value> for UnverifiedClaims {
    type Error = JsonFault;

    /// # Errors
    /// [`JsonFault`] if the value is not an object, exceeds a limit, or has a number that is too large for a
    /// float.
    fn try_from(value: &Value) -> Result<Self, JsonFault> {
        let Value::Object(members) = value else {
            return Err(JsonFault::NotAnObject);
        };
        let mut conversion = Conversion {
            builder: DocumentBuilder::default(),
            members: 0,
            length: 0,
        };
        conversion.object("", members, LIMITS.depth)?;
        Ok(Self::new(conversion.builder.finish()))
    }
}

/// The state of a conversion.
struct Conversion {
    builder: DocumentBuilder,
    /// The number of members of all objects so far.
    members: usize,
    /// A lower bound of the length of the document as JSON.
    length: usize,
}

impl Conversion {
    /// Adds a value with at most `depth` levels of objects and lists, which bounds the recursion.
    fn value(&mut self, name: &str, value: &Value, depth: usize) -> Result<(), JsonFault> {
        let content = match value {
            Value::Null => Content::Null,
            Value::Bool(value) => Content::Bool(*value),
            Value::Number(number) => self.number(number)?,
            Value::String(text) => {
                self.count(text)?;
                Content::Text(self.builder.text(text))
            }
            Value::Array(items) => return self.list(name, items, depth),
            Value::Object(members) => return self.object(name, members, depth),
        };
        self.builder.push(name, content);
        Ok(())
    }

    fn list(&mut self, name: &str, items: &[Value], depth: usize) -> Result<(), JsonFault> {
        let depth = deeper(depth)?;
        if items.len() > LIMITS.items {
            return Err(JsonFault::TooManyItems {
                items: items.len(),
                limit: LIMITS.items,
            });
        }
        let opened = self.builder.open(name);
        for item in items {
            self.count("")?;
            self.value("", item, depth)?;
        }
        self.builder.close(&opened, Content::List);
        Ok(())
    }

    fn object(&mut self, name: &str, members: &Map<String, Value>, depth: usize) -> Result<(), JsonFault> {
        let depth = deeper(depth)?;
        if members.len() > LIMITS.members {
            return Err(JsonFault::TooManyMembers {
                members: members.len(),
                limit: LIMITS.members,
            });
        }
        self.members = plus(self.members, members.len());
        if self.members > LIMITS.members_in_all {
            return Err(JsonFault::TooManyMembersInAll {
                members: self.members,
                limit: LIMITS.members_in_all,
            });
        }
        let opened = self.builder.open(name);
        for (name, value) in members {
            self.count(name)?;
            self.value(name, value, depth)?;
        }
        self.builder.close(&opened, Content::Object);
        Ok(())
    }

    /// Adds a number, as the parser reads what `serde_json` prints.
    fn number(&mut self, number: &Number) -> Result<Content, JsonFault> {
        if let Some(integer) = number.as_i64().filter(|integer| *integer != 0) {
            return Ok(Content::Int(integer));
        }
        let written = number.to_string();
        self.grow(written.len())?;
        if written == "0" {
            return Ok(Content::Int(0));
        }
        let is_finite = written.parse().is_ok_and(f64::is_finite);
        let decimal = Decimal::new(&written).filter(|_| is_finite);
        let decimal = decimal.ok_or(JsonFault::NumberOutOfRange)?;
        Ok(self.builder.decimal(&decimal))
    }

    /// Counts a name, a text or another value, and checks its length and that of the document.
    fn count(&mut self, text: &str) -> Result<(), JsonFault> {
        if text.len() > LIMITS.text {
            return Err(JsonFault::TextTooLong {
                length: text.len(),
                limit: LIMITS.text,
            });
        }
        self.grow(text.len())
    }

    fn grow(&mut self, bytes: usize) -> Result<(), JsonFault> {
        self.length = plus(plus(self.length, bytes), 2);
        if self.length > LONGEST {
            return Err(JsonFault::DocumentTooLong {
                length: self.length,
                limit: LONGEST,
            });
        }
        Ok(())
    }
}

/// Returns the levels that are left inside of an object or a list.
fn deeper(depth: usize) -> Result<usize, JsonFault> {
    depth.checked_sub(1).ok_or(JsonFault::TooDeep {
        levels: plus(LIMITS.depth, 1),
        limit: LIMITS.depth,
    })
}
