//! Pattern operators: checks of the claim's type, and compilation of the patterns.

use super::Lowering;
use super::comparison::LeftSide;
use super::scope::{Resolved, UntypedLiteral, UntypedValue};
use crate::claim_type::{Scalar, Typed};
use crate::diagnostic::{Diagnostic, Location};
use crate::error_kind::ErrorKind;
use crate::ir::Question;
use crate::pattern::{Glob, Pattern, Regular, RegularError, Wildcard};
use rolecall_syntax::ast::Operator;
use rolecall_syntax::{Str, StrChar};

impl Lowering<'_> {
    pub(super) fn pattern(
        &mut self,
        left: &LeftSide<'_>,
        scalar: &Scalar,
        operand: Resolved,
    ) -> Option<Question> {
        let (name, operator) = (left.claim, left.operator.text());
        let fits = if left.operator == Operator::Under {
            *scalar == Scalar::Path
        } else {
            scalar.has_patterns()
        };
        if !fits {
            let wanted = if left.operator == Operator::Under {
                "a path"
            } else {
                "text, a path or a git ref"
            };
            let message = format!(
                "`{operator}` needs {wanted}, and `{name}` is {}",
                scalar.singular()
            );
            let help = match scalar {
                scalar if scalar.has_patterns() => format!("write `{name} like …` or `{name} glob …`"),
                Scalar::Bool => format!("write `{name}` or `!{name}`"),
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
            .map(|literal| self.compile(left, literal))
            .collect();
        patterns.into_iter().collect::<Option<_>>().map(Question::Pattern)
    }

    fn compile(&mut self, left: &LeftSide<'_>, literal: &UntypedLiteral) -> Option<Pattern> {
        match (left.operator, &literal.value) {
            (Operator::Matches, UntypedValue::Regex(text)) => {
                self.regular(text, literal.location).map(Pattern::Matches)
            }
            (Operator::Matches, _) => {
                let message = "`matches` needs a regex between slashes";
                self.error(
                    Diagnostic::new(ErrorKind::WrongOperand, literal.location, message)
                        .help("write `/…/`, or `like` for a pattern with `*`"),
                );
                None
            }
            (Operator::Under, UntypedValue::Text(_)) => {
                match self.literal(literal, &Scalar::Path, left.claim)? {
                    Typed::Text(path) => Some(Pattern::Under(path.into())),
                    Typed::Bool(_) | Typed::Int(_) => None,
                }
            }
            (operator, UntypedValue::Text(string)) => self.wildcard(operator, string, literal.location),
            (operator, UntypedValue::Regex(text)) => {
                let message = format!(
                    "`{}` needs a pattern in quotes, and this is a regex",
                    operator.text()
                );
                self.error(
                    Diagnostic::new(ErrorKind::WrongOperand, literal.location, message)
                        .help(format!("write `{} matches /{text}/`", left.claim)),
                );
                None
            }
            (operator, _) => {
                let message = format!("`{}` needs a pattern in quotes", operator.text());
                self.error(Diagnostic::new(
                    ErrorKind::WrongOperand,
                    literal.location,
                    message,
                ));
                None
            }
        }
    }

    fn wildcard(&mut self, operator: Operator, string: &Str, location: Location) -> Option<Pattern> {
        let is_of_templates = |c: &StrChar| c.escaped && !matches!(c.value, '*' | '?');
        let escape = if string.has_escapes() {
            string.chars().find(is_of_templates)
        } else {
            None
        };
        if let Some(escape) = escape {
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
        if operator == Operator::Like {
            return Some(Pattern::Like(Wildcard::new(string)));
        }
        match Glob::new(string) {
            Ok(glob) => Some(Pattern::Glob(glob)),
            Err(_) => {
                let message = "`**` matches whole segments and must be between slashes";
                self.error(
                    Diagnostic::new(ErrorKind::InvalidPattern, location, message)
                        .help("write `**/x`, `x/**` or `x/**/y`; inside a segment write `*`"),
                );
                None
            }
        }
    }

    fn regular(&mut self, text: &str, location: Location) -> Option<Regular> {
        let mut kind = ErrorKind::InvalidRegex;
        let (message, help) = match self.regexes.compile(text) {
            Ok(regular) => return Some(regular),
            Err(RegularError::Anchor) => (
                "a regex always matches the whole value".to_owned(),
                "remove `^` and `$`; write `.*` for any text",
            ),
            Err(RegularError::Flag) => ("a regex has no flags".to_owned(), "write both cases as in `[Aa]`"),
            Err(RegularError::WordBoundary) => (
                "a regex has no word boundaries".to_owned(),
                "write the characters, as in `[^a-z]`",
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
                    "use smaller counts, as in `{1,40}`, or a list of patterns",
                )
            }
            Err(RegularError::Invalid(why)) => (
                format!("this is not a valid regex: {why}"),
                "look-around and back-references are not supported, so that matching takes linear time",
            ),
        };
        self.error(Diagnostic::new(kind, location, message).help(help));
        None
    }
}
