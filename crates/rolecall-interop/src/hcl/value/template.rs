//! Templates: texts with expressions in them.

use super::{Context, Evaluator, located, text_of};
use crate::document::{Literal, Node, Value};
use crate::hcl::names::Place;
use hcl_edit::Span as _;
use hcl_edit::expr::Expression;
use hcl_edit::template::{Element, Interpolation, Strip, Template};
use rolecall_syntax::Span;

/// Returns the expressions in a template.
pub(super) fn interpolated(template: &Template) -> Vec<&Expression> {
    let all = template.iter().filter_map(|element| element.as_interpolation());
    all.map(|interpolation| &interpolation.expr).collect()
}

impl<'c> Evaluator<'c> {
    /// Returns the text of a template, or the value of one that is only an expression.
    pub(super) fn template(
        &self,
        template: &'c Template,
        span: Span,
        is_quoted: bool,
        context: Context<'_>,
    ) -> Option<Node> {
        let elements: Vec<&Element> = template.iter().collect();
        if let [Element::Interpolation(only)] = elements.as_slice()
            && is_quoted
        {
            return Some(self.value(&only.expr, context));
        }
        let mut text = String::new();
        let mut rest = elements.as_slice();
        while let [element, after @ ..] = rest {
            match element {
                Element::Literal(literal) => text.push_str(&self.literal(literal, is_quoted)?),
                Element::Interpolation(Interpolation { expr, strip, .. }) if *strip == Strip::None => {
                    // A principal is a whole text, and not a part of one.
                    let place = match context.place {
                        Place::Principal => Place::Provider,
                        Place::Host => Place::Elsewhere,
                        place => place,
                    };
                    let value = self.value(expr, Context { place, ..context });
                    let after = after.first().and_then(|element| element.as_literal());
                    let after = after.map_or("", |literal| literal.as_str());
                    text.push_str(&match &value.node {
                        Value::Unknown(needed) => stand_in(&text, after, context.place, needed)?,
                        _ => text_of(&value)?,
                    });
                }
                _ => return None,
            }
            rest = after;
        }
        self.text(text, span)
    }

    /// Returns the characters of a template. They count only if two readers agree about them.
    fn literal(&self, literal: &hcl_edit::Spanned<String>, is_quoted: bool) -> Option<String> {
        let written = located(literal.span()).text(self.text);
        let is_same = |read: &Literal| read.text == *literal.value();
        let is_read = !is_quoted || Literal::characters(written, true).as_ref().is_some_and(is_same);
        is_read.then(|| literal.value().clone())
    }
}

/// Returns a text for an expression without a value, where that value does not matter for tokens.
fn stand_in(before: &str, after: &str, place: Place, needed: &str) -> Option<String> {
    let is_account = before.ends_with(":iam::") && after.starts_with(':');
    let is_partition = before == "arn:" && after.starts_with(":iam:");
    match place {
        Place::Principal | Place::Provider if is_account => Some("unknown".to_owned()),
        Place::Principal | Place::Provider if is_partition => Some("aws".to_owned()),
        // `serviceAccount:${…}` is not a token, whatever follows.
        Place::Member if before.contains(':') && !before.starts_with("principal") => {
            Some(format!("${{{needed}}}"))
        }
        Place::Principal => Some(format!("${{{needed}}}")),
        Place::Elsewhere | Place::Host | Place::Member | Place::Provider => None,
    }
}
