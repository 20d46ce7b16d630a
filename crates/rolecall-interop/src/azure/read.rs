//! Reading of a credential.

mod value;

use super::expression::{self, Expression, FaultKind, Test};
use super::identity::{Credential, Subject};
use super::issuers;
use crate::document::{Embedded, Node};
use crate::notice::{Notice, printable};
use rolecall_syntax::{Span, Spanned};
use value::{is_given, odd_audience, one_text, text};

/// The parts of a credential as a document has them. `null` is an absent part.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Written<'a> {
    /// The text.
    pub(crate) issuer: Option<&'a Node>,
    /// The text, or a list of one text.
    pub(crate) audience: Option<&'a Node>,
    /// The text.
    pub(crate) subject: Option<&'a Node>,
    /// The text of the expression.
    pub(crate) expression: Option<&'a Node>,
    /// The location of the whole credential.
    pub(crate) span: Span,
}

/// Reads a credential of a document. Nothing is returned without a notice that refuses it.
pub(crate) fn credential(
    document: &str,
    written: Written<'_>,
    notices: &mut Vec<Notice>,
) -> Option<Credential> {
    let Written { span, .. } = written;
    let issuer = text(written.issuer, "issuer", span, notices);
    let audience = one_text(written.audience, "audiences", span, notices);
    if let Some(audience) = &audience {
        notices.extend(odd_audience(audience));
    }
    let [subject, expression] =
        [written.subject, written.expression].map(|part| part.filter(|part| is_given(part)));
    let subject = match (subject, expression) {
        (Some(subject), None) => {
            let subject = text(Some(subject), "subject", span, notices);
            subject.map(|subject| exact(subject, notices))
        }
        (None, Some(expression)) => {
            let issuer = issuer.as_ref().map(|issuer| issuer.node.as_str());
            flexible(document, expression, issuer, notices).map(Subject::Flexible)
        }
        (both, _) => {
            let message = "a credential has either a subject or an expression";
            let help = match both {
                Some(_) => "remove one of them",
                None => "add `subject`",
            };
            notices.push(Notice::refused("no-subject", message, help, span));
            None
        }
    };
    Some(Credential {
        issuer: issuer?,
        audience: audience?,
        subject: subject?,
        span,
    })
}

fn exact(subject: Spanned<String>, notices: &mut Vec<Notice>) -> Subject {
    if subject.contains(['*', '?']) {
        // "Wildcard characters aren't supported in any federated identity credential property value."
        let message = format!(
            "`{}` has no wildcards: a subject is compared exactly",
            printable(&subject)
        );
        let help = "write the whole subject, or a flexible credential: `claims['sub'] matches '…'`";
        notices.push(Notice::odd("wildcard-in-equality", message, help, subject.span));
    }
    Subject::Exact(subject)
}

fn flexible(
    document: &str,
    written: &Node,
    issuer: Option<&str>,
    notices: &mut Vec<Notice>,
) -> Option<Expression> {
    let span = written.span;
    let text = text(Some(written), "claimsMatchingExpression", span, notices)?;
    let literal = Embedded::of(document, &text);
    let expression = match expression::parse(&literal, span) {
        Ok(expression) => expression,
        Err(fault) => {
            notices.push(not_read(&fault));
            return None;
        }
    };
    let Some(claims) = issuer.map(issuers::claims)? else {
        let message = "Entra documents no expressions for the tokens of this issuer";
        let help = "write a `subject`: expressions are for GitHub, GitLab and Terraform Cloud";
        notices.push(Notice::refused("issuer-without-expressions", message, help, span));
        return None;
    };
    for comparison in &expression.comparisons {
        let claim = comparison.claim.as_str();
        let known = claims.iter().find(|(known, _)| *known == claim);
        if !known.is_some_and(|(_, tests)| tests.contains(&comparison.test)) {
            let message = format!(
                "Entra does not take `{}` with this operator here",
                printable(claim)
            );
            let names: Vec<&str> = claims.iter().map(|(name, _)| *name).collect();
            let help = format!("compare one of {}; ids with `eq` alone", names.join(", "));
            let notice = Notice::refused("claim-not-compared", message, help, comparison.claim.span);
            notices.push(notice);
        }
        notices.extend(unsettled(comparison));
        notices.extend(odd_text(comparison));
    }
    Some(expression)
}

/// Returns the notice about an expression that is not read.
fn not_read(fault: &Spanned<FaultKind>) -> Notice {
    let (code, message, help) = match fault.node {
        FaultKind::Form => (
            "expression-not-read",
            "an expression has the form `claims['NAME'] matches 'TEXT' and …`, with single spaces",
            "write the expression in this form",
        ),
        FaultKind::Operator => (
            "expression-not-read",
            "the operators of expressions are `eq` and `matches`",
            "write one of them, and a credential for each alternative",
        ),
        FaultKind::Quote => (
            "quote-in-text",
            "Entra does not document how a quote in a text is read",
            "write `?` for the quote, with `matches`",
        ),
    };
    Notice::refused(code, message, help, fault.span)
}

/// Returns the refusal of a comparison that would hold for a token without the claim, if Entra took the claim
/// for an empty text, which is not documented. Each token has `sub`.
fn unsettled(comparison: &expression::Comparison) -> Option<Notice> {
    let text = &comparison.text;
    let fits_empty = match comparison.test {
        Test::Equals => text.is_empty(),
        Test::Matches => text.chars().all(|c| c == '*'),
    };
    let claim = &comparison.claim;
    (fits_empty && claim.node != "sub").then(|| {
        let message = format!(
            "Entra does not document whether a token without `{}` fits here",
            printable(claim)
        );
        let help = "remove the comparison, or compare characters of the claim";
        Notice::refused("missing-claim", message, help, text.span)
    })
}

/// Returns the notice about a text that means something else elsewhere.
fn odd_text(comparison: &expression::Comparison) -> Option<Notice> {
    let text = &comparison.text;
    match comparison.test {
        Test::Equals if text.contains(['*', '?']) => {
            let message = format!("`{}` has no wildcards: `eq` compares characters", printable(text));
            Some(Notice::odd(
                "wildcard-in-equality",
                message,
                "write `matches`",
                text.span,
            ))
        }
        Test::Matches if is_like_regex(text) => {
            let message = format!(
                "`{}` is not a regex: only `*` and `?` are not the characters themselves",
                printable(text)
            );
            let help = "write `*` for any characters, and a credential for each alternative";
            Some(Notice::odd("read-otherwise", message, help, text.span))
        }
        _ => None,
    }
}

/// Returns whether a pattern has parts that only a regex has. Names and paths have dots and pluses, too.
fn is_like_regex(text: &str) -> bool {
    let parts = [".+", "/.*", ":.*", "|", "(", "[", "\\"];
    let has_part = parts.iter().any(|part| text.contains(part));
    has_part || text.starts_with('^') || text.ends_with('$')
}
