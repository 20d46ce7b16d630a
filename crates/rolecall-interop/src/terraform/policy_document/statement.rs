//! Statements of `aws_iam_policy_document`, as the provider writes them into JSON.

use super::member;
use crate::aws::Key;
use crate::document::{Member, Node, Value};
use crate::terraform::instance::first_true;
use rolecall_syntax::{Span, Spanned};

/// The tree that has `true` at the parts that are known after apply.
#[derive(Clone, Copy)]
pub(super) struct Unclear<'u>(pub(super) Option<&'u Node>);

impl<'u> Unclear<'u> {
    fn named(self, name: &'u str) -> Self {
        Self(self.0.and_then(|node| node.named(name).next_back()))
    }

    fn at(self, index: usize) -> Self {
        Self(self.0.and_then(|node| node.as_list()?.get(index)))
    }

    fn is_clear(self) -> bool {
        self.0.and_then(first_true).is_none()
    }
}

/// Returns a statement, or nothing if more than the ARN of a provider is unknown, or if its JSON depends on the
/// version of the provider.
pub(super) fn statement(block: &Node, unclear: Unclear<'_>) -> Option<Node> {
    let mut members = Vec::new();
    for (attribute, element) in [
        ("sid", "Sid"),
        ("effect", "Effect"),
        ("actions", "Action"),
        ("not_actions", "NotAction"),
        ("resources", "Resource"),
        ("not_resources", "NotResource"),
    ] {
        if !unclear.named(attribute).is_clear() {
            return None;
        }
        if let Some(value) = given(block, attribute) {
            members.push(member(element, written(value)));
        } else if element == "Effect" {
            members.push(member(
                element,
                Spanned::new(Value::Text("Allow".to_owned()), block.span),
            ));
        }
    }
    let conditions = conditions(block, unclear.named("condition"))?;
    let effect = given(block, "effect").and_then(|effect| effect.as_text());
    let issuer = issuer(&conditions).filter(|_| effect.is_none_or(|effect| effect == "Allow"));
    for (attribute, element) in [("principals", "Principal"), ("not_principals", "NotPrincipal")] {
        if let Some(blocks) = given(block, attribute) {
            members.push(member(
                element,
                principals(blocks, unclear.named(attribute), issuer)?,
            ));
        } else if !unclear.named(attribute).is_clear() {
            return None;
        }
    }
    if !conditions.is_empty() {
        let span = given(block, "condition").map_or(block.span, |blocks| blocks.span);
        members.push(member("Condition", Spanned::new(Value::Map(conditions), span)));
    }
    Some(Spanned::new(Value::Map(members), block.span))
}

/// Returns an attribute that is neither `null` nor empty.
fn given<'n>(block: &'n Node, name: &'n str) -> Option<&'n Node> {
    let value = block.named(name).next_back()?;
    let is_empty = match &value.node {
        Value::Null => true,
        Value::Text(text) => text.is_empty(),
        Value::List(elements) => elements.is_empty(),
        _ => false,
    };
    (!is_empty).then_some(value)
}

/// Returns a value as the provider writes it: `&{` is `${`, because Terraform has its own meaning of that.
fn written(value: &Node) -> Node {
    let node = match &value.node {
        Value::Text(text) => Value::Text(text.replace("&{", "${")),
        Value::List(elements) => Value::List(elements.iter().map(written).collect()),
        other => other.clone(),
    };
    Spanned::new(node, value.span)
}

/// Returns the operators with their keys. Versions of the provider differ in what a key means that one operator
/// has twice.
fn conditions(block: &Node, unclear: Unclear<'_>) -> Option<Vec<Member>> {
    if !unclear.is_clear() {
        return None;
    }
    let mut operators: Vec<Member> = Vec::new();
    for condition in given(block, "condition")
        .and_then(|blocks| blocks.as_list())
        .unwrap_or_default()
    {
        let [test, variable, values] =
            ["test", "variable", "values"].map(|name| condition.named(name).next_back());
        let variable = written(variable?);
        let key = Member {
            name: Spanned::new(variable.as_text()?.to_owned(), variable.span),
            value: written(values?),
        };
        let name = test?.as_text()?;
        let known = operators.iter_mut().find(|operator| operator.name.node == name);
        let Some(known) = known else {
            operators.push(Member {
                name: Spanned::new(name.to_owned(), test?.span),
                value: Spanned::new(Value::Map(vec![key]), condition.span),
            });
            continue;
        };
        let Value::Map(keys) = &mut known.value.node else {
            return None;
        };
        if keys.iter().any(|known| known.name.node == key.name.node) {
            return None;
        }
        keys.push(key);
    }
    Some(operators)
}

/// Returns the issuer of the condition keys, if they agree. One of them must be a comparison that fails without
/// the key: then no token of another issuer fits.
fn issuer(operators: &[Member]) -> Option<&str> {
    let mut issuer: Option<&str> = None;
    let mut is_required = false;
    for operator in operators {
        let fails_without = matches!(
            operator.name.as_str(),
            "StringEquals" | "StringLike" | "StringEqualsIgnoreCase"
        );
        for key in operator.value.as_map().unwrap_or_default() {
            if !matches!(Key::parse(&key.name), Some(Key::Claim { .. })) {
                continue;
            }
            // Keys have no case, but issuers have one.
            let (found, _) = key.name.split_once(':')?;
            if issuer.is_some_and(|known| !known.eq_ignore_ascii_case(found)) {
                return None;
            }
            issuer = issuer.or(Some(found));
            is_required |= fails_without;
        }
    }
    issuer.filter(|_| is_required)
}

/// Returns the principals by their types. The ARN of a provider that the plan makes is one of the issuer.
fn principals(blocks: &Node, unclear: Unclear<'_>, issuer: Option<&str>) -> Option<Node> {
    let mut kinds: Vec<Member> = Vec::new();
    for (index, block) in blocks.as_list()?.iter().enumerate() {
        let unclear = unclear.at(index);
        if !unclear.named("type").is_clear() {
            return None;
        }
        let kind = block.named("type").next_back()?;
        let identifiers = block.named("identifiers").next_back()?;
        let value = match (unclear.named("identifiers").is_clear(), kind.as_text()?) {
            (true, _) => written(identifiers),
            (false, "Federated") => provider(identifiers, issuer?)?,
            (false, _) => return None,
        };
        let name = kind.as_text()?;
        if name == "*" || kinds.iter().any(|known| known.name.node == name) {
            return None;
        }
        kinds.push(Member {
            name: Spanned::new(name.to_owned(), kind.span),
            value,
        });
    }
    Some(Spanned::new(Value::Map(kinds), blocks.span))
}

/// Returns the ARN of the only unknown provider. The account is not known either.
fn provider(identifiers: &Node, issuer: &str) -> Option<Node> {
    let span: Span = match identifiers.as_list() {
        Some([only]) if only.node == Value::Null => only.span,
        None if identifiers.node == Value::Null => identifiers.span,
        _ => return None,
    };
    let arn = format!("arn:aws:iam::unknown:oidc-provider/{issuer}");
    Some(Spanned::new(Value::Text(arn), span))
}
