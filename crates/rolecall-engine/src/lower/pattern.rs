//! Pattern operators: which claims they may be asked of, and their patterns compiled.

use super::Lowering;
use super::comparison::Asked;
use super::context::{Lit, LitValue, Resolved};
use crate::claim_type::{Scalar, Typed};
use crate::diagnostic::{Diagnostic, Location};
use crate::ir::Question;
use crate::pattern::{Glob, Pattern, Regular, RegularError, Wildcard};
use rolecall_syntax::ast::Operator;
use rolecall_syntax::{Str, StrChar};

impl Lowering<'_> {
    pub(super) fn pattern(
        &mut self,
        asked: &Asked<'_>,
        scalar: &Scalar,
        operand: Resolved,
    ) -> Option<Question> {
        let (name, operator) = (asked.claim, asked.operator.text());
        let fits = if asked.operator == Operator::Under {
            *scalar == Scalar::Path
        } else {
            scalar.has_patterns()
        };
        if !fits {
            let wanted = if asked.operator == Operator::Under {
                "a path"
            } else {
                "text, a path or a git ref"
            };
            let message = format!(
                "`{operator}` wants {wanted}, and `{name}` is {}",
                scalar.singular()
            );
            let help = match scalar {
                scalar if scalar.has_patterns() => format!("write `{name} like …` or `{name} glob …`"),
                Scalar::Bool => format!("write `{name}` or `!{name}`"),
                _ => format!("write `{name} in […]`"),
            };
            self.error(Diagnostic::new(asked.at, message).help(help));
            return None;
        }
        let lits = match operand {
            Resolved::One(lit) => vec![lit],
            Resolved::Many(lits) => lits,
            _ => {
                let message = format!("`{operator}` takes patterns, not another claim");
                self.error(
                    Diagnostic::new(asked.location, message).help("only `==` and `!=` compare two claims"),
                );
                return None;
            }
        };
        let patterns: Vec<Option<Pattern>> = lits.iter().map(|lit| self.compile(asked, lit)).collect();
        patterns.into_iter().collect::<Option<_>>().map(Question::Pattern)
    }

    fn compile(&mut self, asked: &Asked<'_>, lit: &Lit) -> Option<Pattern> {
        match (asked.operator, &lit.value) {
            (Operator::Matches, LitValue::Regex(text)) => {
                self.regular(text, lit.location).map(Pattern::Matches)
            }
            (Operator::Matches, _) => {
                let message = "`matches` wants a regex between slashes";
                self.error(
                    Diagnostic::new(lit.location, message)
                        .help("write `/…/`, or `like` for a pattern with `*`"),
                );
                None
            }
            (Operator::Under, LitValue::Text(_)) => match self.literal(lit, &Scalar::Path, asked.claim)? {
                Typed::Text(path) => Some(Pattern::Under(path.into())),
                Typed::Bool(_) | Typed::Int(_) => None,
            },
            (operator, LitValue::Text(string)) => self.wildcard(operator, string, lit.location),
            (operator, LitValue::Regex(text)) => {
                let message = format!(
                    "`{}` wants a pattern in quotes, and this is a regex",
                    operator.text()
                );
                self.error(
                    Diagnostic::new(lit.location, message)
                        .help(format!("write `{} matches /{text}/`", asked.claim)),
                );
                None
            }
            (operator, _) => {
                let message = format!("`{}` wants a pattern in quotes", operator.text());
                self.error(Diagnostic::new(lit.location, message));
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
            self.error(Diagnostic::new(location, message).help(format!("write `{}`", escape.value)));
            return None;
        }
        if operator == Operator::Like {
            return Some(Pattern::Like(Wildcard::new(string)));
        }
        match Glob::new(string) {
            Ok(glob) => Some(Pattern::Glob(glob)),
            Err(_) => {
                let message = "`**` stands for whole segments, between slashes";
                self.error(
                    Diagnostic::new(location, message)
                        .help("write `**/x`, `x/**` or `x/**/y`; inside a segment write `*`"),
                );
                None
            }
        }
    }

    fn regular(&mut self, text: &str, location: Location) -> Option<Regular> {
        let (message, help) = match self.regexes.compile(text) {
            Ok(regular) => return Some(regular),
            Err(RegularError::Anchor) => (
                "a regex always means the whole value".to_owned(),
                "leave out `^` and `$`; write `.*` where anything may stand",
            ),
            Err(RegularError::Flag) => ("a regex has no flags".to_owned(), "write both cases as in `[Aa]`"),
            Err(RegularError::WordBoundary) => (
                "a regex has no word boundaries".to_owned(),
                "write what stands there, as in `[^a-z]`",
            ),
            Err(RegularError::AllTooLarge) => {
                let message = format!(
                    "the regexes of this set take more than {} KiB when compiled",
                    self.regexes.limit() / 1024
                );
                self.exceed(location, &message, "use `like` and `glob`, or smaller regexes");
                return None;
            }
            Err(RegularError::TooLarge) => (
                "the regex is larger than 64 KiB when compiled".to_owned(),
                "use smaller counts, as in `{1,40}`, or a list of patterns",
            ),
            Err(RegularError::Invalid(why)) => (
                format!("this is no regex: {why}"),
                "there is no look-around and there are no back-references, so that matching takes linear time",
            ),
        };
        self.error(Diagnostic::new(location, message).help(help));
        None
    }
}
