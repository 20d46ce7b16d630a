//! Names in the braces of string literals: parameters are filled in, claims are resolved.

use super::claim_path::near;
use super::reports::Reported;
use super::scope::{Resolved, Scope, UntypedLiteral, UntypedValue};
use super::template::WRITE_VALUE;
use super::text_literal::{TextLiteral, TextPart};
use super::{Lowering, within};
use crate::diagnostic::{Diagnostic, Location};
use crate::error_kind::ErrorKind;
use crate::template::{Filling, Filter, TemplateError, Token, is_of_ci, may_have_holes, tokens};
use rolecall_syntax::{MAX_LITERAL_BYTES, Str, StrChar};

impl Lowering<'_> {
    /// Resolves a string literal of a condition.
    pub(super) fn text_literal(&mut self, string: &Str, location: Location, scope: &Scope<'_>) -> Resolved {
        let one = |text| {
            let value = UntypedValue::Text(text);
            Resolved::One(UntypedLiteral { value, location })
        };
        if !may_have_holes(string) {
            return one(TextLiteral::Plain(string.clone()));
        }
        let mut parts = Vec::new();
        let mut written = Vec::new();
        let mut has_errors = false;
        for token in tokens(string) {
            match token {
                Ok(Token::Char(c)) => written.push(c),
                Ok(Token::Hole { name, filter, place }) => {
                    add_written(&mut written, &mut parts);
                    let place = within(location, &place);
                    match scope.parameters.get(&name) {
                        None => parts.push(TextPart::Claim(name.into(), filter, place)),
                        Some(Resolved::Anything) => return Resolved::Anything,
                        Some(argument) => {
                            has_errors |= self
                                .fill_parameter(&name, argument, filter, place, &mut parts)
                                .is_err();
                        }
                    }
                }
                Err((error, range)) => {
                    let location = within(location, &range);
                    match error {
                        TemplateError::Variable(variable) => self.variable(&variable, location, scope, false),
                        error => self.template_error(error, location),
                    }
                    return Resolved::Failed;
                }
            }
        }
        add_written(&mut written, &mut parts);
        let literal = TextLiteral::Parts(parts.into());
        if literal.len() > MAX_LITERAL_BYTES {
            let message = format!(
                "with its parameters, the literal has {} bytes, more than the {MAX_LITERAL_BYTES} that are allowed",
                literal.len()
            );
            self.error(
                Diagnostic::new(ErrorKind::LimitExceeded, location, message).help("choose shorter values"),
            );
            has_errors = true;
        }
        if has_errors {
            Resolved::Failed
        } else {
            one(literal)
        }
    }

    /// Adds the text that a parameter stands for.
    fn fill_parameter(
        &mut self,
        name: &str,
        argument: &Resolved,
        filter: Option<Filter>,
        place: Location,
        parts: &mut Vec<TextPart>,
    ) -> Result<(), Reported> {
        let Some(value) = exact(argument) else {
            if !matches!(argument, Resolved::Failed) {
                let message = format!("`{{{name}}}` needs one string or number");
                self.error(
                    Diagnostic::new(ErrorKind::WrongOperand, place, message)
                        .help(format!("write `{name}` without quotes for the whole operand")),
                );
            }
            return Err(Reported);
        };
        let Some(filter) = filter else {
            parts.extend(value);
            return Ok(());
        };
        let filtered = match value.as_slice() {
            [TextPart::Exact(text)] => filter.apply(text),
            _ => None,
        };
        match filtered {
            Some(text) => parts.push(TextPart::Exact(text.into())),
            None => {
                let message = format!("the filter has no value for what `{name}` stands for");
                self.error(
                    Diagnostic::new(ErrorKind::WrongOperand, place, message).help("remove the filter"),
                );
                return Err(Reported);
            }
        }
        Ok(())
    }

    /// Returns the claim in the braces of a literal.
    pub(super) fn claim_in_literal(
        &mut self,
        name: &str,
        location: Location,
        scope: &Scope<'_>,
    ) -> Option<Filling> {
        let path: Vec<String> = name.split('.').map(str::to_owned).collect();
        let profile = scope.profile;
        if profile.claim_by_name(name).is_some() || profile.claim_by_path(&path).is_some() {
            return self.claim_in_template(name, scope, location);
        }
        let parameters = scope.parameters.keys().map(String::as_str);
        let help = match near(name, profile, parameters, &mut self.budgets) {
            _ if is_of_ci(name) => WRITE_VALUE.to_owned(),
            _ if name.contains(',') => {
                "write a list of texts, one with each of them, `[\"…\", \"…\"]`".to_owned()
            }
            Some(near) => format!("did you mean `{near}`?"),
            None => "write `like` and `*` for any text in its place, or `\\{` and `\\}` for the characters"
                .to_owned(),
        };
        let message = format!(
            "`{name}` is neither a parameter nor a claim of the profile `{}`",
            profile.name
        );
        self.error(Diagnostic::new(ErrorKind::UnknownName, location, message).help(help));
        None
    }

    /// Returns the text of a literal that is neither a pattern nor has claims in braces.
    pub(super) fn text_of(
        &mut self,
        literal: &TextLiteral,
        location: Location,
        scope: &Scope<'_>,
    ) -> Option<String> {
        match literal {
            TextLiteral::Plain(string) => self.plain_text(string, location),
            TextLiteral::Parts(_) => {
                self.refuse_claims(literal, scope)?;
                let is_misplaced = |c: &StrChar| c.escaped && matches!(c.value, '*' | '?' | '[' | ']');
                if let Some(escape) = literal.find_written(is_misplaced) {
                    self.misplaced_escape(escape, location);
                    return None;
                }
                Some(literal.chars().iter().map(|c| c.value).collect())
            }
        }
    }

    /// Reports a claim in braces where none can be.
    pub(super) fn refuse_claims(&mut self, literal: &TextLiteral, scope: &Scope<'_>) -> Option<()> {
        let Some((name, location)) = literal.first_claim() else {
            return Some(());
        };
        self.claim_in_literal(name, location, scope)?;
        let message = format!("`{{{name}}}` is a claim in braces, and only `==` and `!=` compare with one");
        self.error(
            Diagnostic::new(ErrorKind::WrongOperand, location, message).help("write `\\{` for the character"),
        );
        None
    }
}

fn add_written(written: &mut Vec<StrChar>, parts: &mut Vec<TextPart>) {
    if !written.is_empty() {
        parts.push(TextPart::Written(std::mem::take(written).into()));
    }
}

/// Returns the text of an argument as parts without wildcards; `None` if it has no text.
fn exact(argument: &Resolved) -> Option<Vec<TextPart>> {
    let Resolved::One(literal) = argument else {
        return None;
    };
    let text = match &literal.value {
        UntypedValue::Bool(_) | UntypedValue::Regex(_) => return None,
        UntypedValue::Int(number) => number.to_string(),
        UntypedValue::Text(TextLiteral::Plain(string)) => string.chars().map(|c| c.value).collect(),
        UntypedValue::Text(TextLiteral::Parts(parts)) => {
            let part = |part: &TextPart| match part {
                TextPart::Written(chars) => {
                    TextPart::Exact(chars.iter().map(|c| c.value).collect::<String>().into())
                }
                other => other.clone(),
            };
            return Some(parts.iter().map(part).collect());
        }
    };
    Some(vec![TextPart::Exact(text.into())])
}
