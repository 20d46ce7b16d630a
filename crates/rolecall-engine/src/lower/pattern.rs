//! Pattern operators: checks of the claim's type, and compilation of the patterns.

use super::Lowering;
use super::comparison::LeftSide;
use super::literal::one_of;
use super::look_around::look_around;
use super::scope::{Resolved, UntypedLiteral, UntypedValue};
use super::text_literal::TextLiteral;
use crate::claim_type::{PathKind, Scalar, Typed};
use crate::diagnostic::{Diagnostic, Location};
use crate::error_kind::ErrorKind;
use crate::pattern::{Glob, Pattern, Regular, RegularError, Wildcard};
use rolecall_syntax::ast::Operator;
use rolecall_syntax::{StrChar, regex_of_string};
use std::sync::Arc;

impl Lowering<'_> {
    /// Compiles the patterns of a comparison with the value of a claim, or with the elements of a list.
    pub(super) fn patterns(
        &mut self,
        left: &LeftSide<'_>,
        scalar: &Scalar,
        operand: Resolved,
    ) -> Option<Arc<[Pattern]>> {
        let (name, operator) = (left.claim, left.operator.text());
        let (fits, wanted) = match kind(left.operator) {
            Kind::Under => (scalar.is_path(), "a path"),
            Kind::Glob => (scalar.has_patterns(), "text, a path or a git ref"),
            Kind::Like | Kind::Matches => (scalar.has_text(), "text, a path, a git ref, an id or an enum"),
        };
        if !fits {
            let message = format!(
                "`{operator}` needs {wanted}, and `{name}` is {}",
                left.claim.claim_type
            );
            let is_list = left.claim.claim_type.is_list();
            let help = match scalar {
                scalar if scalar.has_text() && is_list => format!("write `{name} contains like …`"),
                scalar if scalar.has_patterns() => format!("write `{name} like …` or `{name} glob …`"),
                scalar if scalar.has_text() => format!("write `{name} like …`"),
                _ if is_list => format!("write `{name} contains any […]`"),
                Scalar::Bool(_) => format!("write `{name}` or `!{name}`"),
                _ => format!("write `{name} in […]`"),
            };
            self.error(Diagnostic::new(ErrorKind::WrongOperator, left.operator_location, message).help(help));
            return None;
        }
        let literals = match operand {
            Resolved::One(literal) => vec![literal],
            Resolved::Many(literals) => literals,
            _ => {
                let message = format!("`{operator}` takes patterns, not another claim");
                self.error(
                    Diagnostic::new(ErrorKind::WrongOperand, left.location, message)
                        .help("only `==` and `!=` compare two claims"),
                );
                return None;
            }
        };
        let patterns: Vec<Option<Pattern>> = literals
            .iter()
            .map(|literal| {
                let pattern = self.compile(left, literal)?;
                self.check_values(left, scalar, &pattern, literal.location)?;
                Some(pattern)
            })
            .collect();
        patterns.into_iter().collect()
    }

    /// Reports a pattern that no value of a closed enum fits.
    fn check_values(
        &mut self,
        left: &LeftSide<'_>,
        scalar: &Scalar,
        pattern: &Pattern,
        location: Location,
    ) -> Option<()> {
        let Scalar::Enum { values, open: false } = scalar else {
            return Some(());
        };
        if values.iter().any(|value| pattern.accepts(value)) {
            return Some(());
        }
        let message = format!("no value of `{}` fits this pattern", left.claim);
        self.error(Diagnostic::new(ErrorKind::InvalidLiteral, location, message).help(one_of(values)));
        None
    }

    fn compile(&mut self, left: &LeftSide<'_>, literal: &UntypedLiteral) -> Option<Pattern> {
        let location = literal.location;
        match (kind(left.operator), &literal.value) {
            (Kind::Matches, UntypedValue::Regex(text)) => {
                let claim = left.claim.to_string();
                self.regular(text, &claim, location).map(Pattern::Matches)
            }
            (Kind::Matches, value) => {
                let message = "`matches` needs a regex between slashes";
                let regex = match value {
                    UntypedValue::Text(TextLiteral::Plain(string)) => regex_of_string(string.raw()),
                    _ => None,
                };
                let regex = regex.unwrap_or_else(|| "…".to_owned());
                self.error(
                    Diagnostic::new(ErrorKind::WrongOperand, location, message)
                        .help(format!("write `/{regex}/`, or `like` for a pattern with `*`")),
                );
                None
            }
            (Kind::Under, UntypedValue::Text(_)) => {
                let scalar = under_literal(left.claim.claim_type.scalar());
                match self.literal(literal, &scalar, left)? {
                    Typed::Text(path) => Some(Pattern::Under(path.into())),
                    Typed::Bool(_) | Typed::Int(_) => None,
                }
            }
            (Kind::Like, UntypedValue::Text(TextLiteral::Plain(string))) if !string.has_escapes() => {
                Some(Pattern::Like(Wildcard::new(string)))
            }
            (Kind::Like, UntypedValue::Text(text)) => {
                let chars = self.pattern_chars(text, left, location)?;
                Some(Pattern::Like(Wildcard::from_iter(chars)))
            }
            (Kind::Glob, UntypedValue::Text(text)) => {
                let chars = self.pattern_chars(text, left, location)?;
                self.glob(chars, location)
            }
            (_, UntypedValue::Regex(text)) => {
                let message = format!(
                    "`{}` needs a pattern in quotes, and this is a regex",
                    left.operator.text()
                );
                self.error(
                    Diagnostic::new(ErrorKind::WrongOperand, location, message).help(format!(
                        "write `{} {} /{text}/`",
                        left.claim,
                        matches(left.operator)
                    )),
                );
                None
            }
            _ => {
                let message = format!("`{}` needs a pattern in quotes", left.operator.text());
                self.error(Diagnostic::new(ErrorKind::WrongOperand, location, message));
                None
            }
        }
    }

    /// Returns the characters of a pattern, of which the escaped ones are not wildcards.
    fn pattern_chars(
        &mut self,
        text: &TextLiteral,
        left: &LeftSide<'_>,
        location: Location,
    ) -> Option<Vec<StrChar>> {
        self.refuse_claims(text, left.scope)?;
        let is_of_templates = |c: &StrChar| c.escaped && matches!(c.value, '[' | ']');
        if let Some(escape) = text.find_written(is_of_templates) {
            let message = format!(
                "`\\{}` is an escape of templates, and this is a pattern",
                escape.value
            );
            self.error(
                Diagnostic::new(ErrorKind::MisplacedEscape, location, message)
                    .help(format!("write `{}`", escape.value)),
            );
            return None;
        }
        Some(text.chars())
    }

    fn glob(&mut self, chars: Vec<StrChar>, location: Location) -> Option<Pattern> {
        if let Ok(glob) = Glob::parse(chars) {
            return Some(Pattern::Glob(glob));
        }
        let message = "`**` matches whole segments and must be between slashes";
        self.error(
            Diagnostic::new(ErrorKind::InvalidPattern, location, message)
                .help("write `**/x`, `x/**` or `x/**/y`; inside a segment write `*`"),
        );
        None
    }

    fn regular(&mut self, text: &str, claim: &str, location: Location) -> Option<Regular> {
        let mut kind = ErrorKind::InvalidRegex;
        let (message, help) = match self.regexes.compile(text) {
            Ok(regular) => return Some(regular),
            Err(RegularError::Anchor) => (
                "a regex always matches the whole value".to_owned(),
                "remove `^` and `$`; write `.*` for any text".to_owned(),
            ),
            Err(RegularError::Flag) => (
                "a regex has no flags".to_owned(),
                "write both cases as in `[Aa]`".to_owned(),
            ),
            Err(RegularError::WordBoundary) => (
                "a regex has no word boundaries".to_owned(),
                "write the characters, as in `[^a-z]`".to_owned(),
            ),
            Err(RegularError::AllTooLarge) => {
                let message = format!(
                    "the regexes of this set take more than {} KiB when compiled",
                    self.regexes.limit() / 1024
                );
                self.exceed(location, &message, "use `like` and `glob`, or smaller regexes");
                return None;
            }
            Err(RegularError::TooLarge) => {
                kind = ErrorKind::LimitExceeded;
                (
                    "the regex is larger than 64 KiB when compiled".to_owned(),
                    "use smaller counts, as in `{1,40}`, or a list of patterns".to_owned(),
                )
            }
            Err(RegularError::Invalid(why)) => match look_around(text, claim) {
                Some(help) => ("a regex has no look-around".to_owned(), help),
                None => (
                    format!("this is not a valid regex: {why}"),
                    "look-around and back-references are not supported, so that matching takes linear time"
                        .to_owned(),
                ),
            },
        };
        self.error(Diagnostic::new(kind, location, message).help(help));
        None
    }
}

/// The kind of patterns that an operator compares with.
enum Kind {
    Glob,
    Like,
    Matches,
    Under,
}

fn kind(operator: Operator) -> Kind {
    match operator {
        Operator::ContainsGlob | Operator::Glob => Kind::Glob,
        Operator::ContainsMatches | Operator::Matches => Kind::Matches,
        Operator::ContainsUnder | Operator::Under => Kind::Under,
        _ => Kind::Like,
    }
}

/// Returns the operator that takes a regex where another one is written.
fn matches(operator: Operator) -> &'static str {
    match operator {
        Operator::ContainsGlob | Operator::ContainsLike | Operator::ContainsUnder => "contains matches",
        _ => "matches",
    }
}

/// Returns the type of the literal after `under`: a folder above the values of the claim.
fn under_literal(scalar: &Scalar) -> Scalar {
    match scalar {
        Scalar::Path(PathKind::Spiffe) => scalar.clone(),
        Scalar::Path(PathKind::Any) => Scalar::PATH,
        _ => Scalar::Path(PathKind::GitlabNamespace),
    }
}
