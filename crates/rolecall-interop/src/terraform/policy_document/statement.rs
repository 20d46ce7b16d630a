//! Statements of `aws_iam_policy_document`, as the provider writes them into JSON.

use super::member;
use crate::document::{Member, Node, Value, first_unknown};
use crate::notice::{Notice, printable};
use rolecall_syntax::{Span, Spanned};

/// Returns a statement, in which parts can be unknown, or nothing if it has no JSON.
pub(super) fn statement(block: &Node, notices: &mut Vec<Notice>) -> Option<Node> {
    if let Value::Unknown(_) = block.node {
        return Some(block.clone());
    }
    let mut members = Vec::new();
    for (attribute, element) in [
        ("sid", "Sid"),
        ("effect", "Effect"),
        ("actions", "Action"),
        ("not_actions", "NotAction"),
        ("resources", "Resource"),
        ("not_resources", "NotResource"),
    ] {
        if let Some(value) = given(block, attribute) {
            members.push(member(element, written(value)));
        } else if element == "Effect" {
            members.push(member(
                element,
                Spanned::new(Value::Text("Allow".to_owned()), block.span),
            ));
        }
    }
    for (attribute, element) in [("principals", "Principal"), ("not_principals", "NotPrincipal")] {
        if let Some(blocks) = given(block, attribute) {
            members.push(member(element, principals(blocks)?));
        }
    }
    if let Some(blocks) = given(block, "condition") {
        members.push(member("Condition", conditions(blocks, notices)?));
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

/// Returns the operators with their keys. What is unknown is unknown as a whole.
///
/// Since version 5.14, the provider takes the values of conditions with one operator and key together. Older versions
/// kept one of the conditions. (hashicorp/terraform-provider-aws#33093)
fn conditions(blocks: &Node, notices: &mut Vec<Notice>) -> Option<Node> {
    if let Some(unknown) = first_unknown(blocks) {
        return Some(as_unknown(&unknown));
    }
    let mut operators: Vec<Member> = Vec::new();
    for condition in blocks.as_list()? {
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
        match keys.iter_mut().find(|known| known.name.node == key.name.node) {
            None => keys.push(key),
            Some(known) => {
                notices.extend(merged(name, &key, condition.span));
                let (Value::List(known), Value::List(more)) = (&mut known.value.node, key.value.node) else {
                    return None;
                };
                known.extend(more);
            }
        }
    }
    Some(Spanned::new(Value::Map(operators), blocks.span))
}

/// Returns the notice about a condition that is taken together with an earlier one. With a negated operator, all of the
/// values are excluded, as both conditions say.
fn merged(operator: &str, key: &Member, condition: Span) -> Option<Notice> {
    let message = format!(
        "the provider takes two conditions on `{}` with `{}` together: a value of either is enough",
        printable(&key.name),
        printable(operator)
    );
    let help = "write one condition with the values that are meant";
    (!operator.contains("Not")).then(|| Notice::odd("merged-conditions", message, help, condition))
}

/// Returns the principals by their types. What is unknown but the identifiers is unknown as a whole.
fn principals(blocks: &Node) -> Option<Node> {
    let mut kinds: Vec<Member> = Vec::new();
    let list = match blocks.as_list() {
        Some(list) => list,
        None => return first_unknown(blocks).map(|unknown| as_unknown(&unknown)),
    };
    for block in list {
        let kind = block.named("type").next_back();
        let (Some(kind), Some(identifiers)) = (kind, block.named("identifiers").next_back()) else {
            return first_unknown(block).map(|unknown| as_unknown(&unknown));
        };
        let Some(name) = kind.as_text() else {
            return first_unknown(kind).map(|unknown| as_unknown(&unknown));
        };
        if name == "*" || kinds.iter().any(|known| known.name.node == name) {
            return None;
        }
        kinds.push(Member {
            name: Spanned::new(name.to_owned(), kind.span),
            value: written(identifiers),
        });
    }
    Some(Spanned::new(Value::Map(kinds), blocks.span))
}

fn as_unknown(unknown: &Spanned<&str>) -> Node {
    Spanned::new(Value::Unknown(unknown.node.to_owned()), unknown.span)
}
