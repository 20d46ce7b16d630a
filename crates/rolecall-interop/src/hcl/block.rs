//! Contents of blocks.

use super::names::Place;
use super::value::{Context, Evaluator, located, span};
use crate::document::{Member, Node, Value, first_unknown};
use hcl_edit::Span as _;
use hcl_edit::structure::{Attribute, Block, Body};
use rolecall_syntax::Spanned;

/// The attributes and blocks that Terraform has for all resources.
const OF_ALL: &[&str] = &[
    "connection",
    "count",
    "depends_on",
    "for_each",
    "lifecycle",
    "provider",
    "provisioner",
    "timeouts",
];

impl<'c> Evaluator<'c> {
    /// Returns the attributes and blocks of a resource.
    pub(super) fn resource(&self, block: &'c Block) -> Node {
        let members = self.members_of(&block.body);
        let own = members
            .into_iter()
            .filter(|member| !OF_ALL.contains(&member.name.as_str()));
        Spanned::new(Value::Map(own.collect()), located(block.span()))
    }

    /// Returns whether a resource has instances, as far as the configuration says it.
    pub(super) fn has_instances(&self, body: &'c Body) -> bool {
        let value = |name: &str| {
            let attribute = body.get_attribute(name)?;
            Some(self.value(&attribute.value, Context::new(Place::Elsewhere)).node)
        };
        let is_none = match (value("count"), value("for_each")) {
            (Some(Value::Number(count)), _) => count == "0",
            (_, Some(Value::List(elements))) => elements.is_empty(),
            (_, Some(Value::Map(members))) => members.is_empty(),
            _ => false,
        };
        !is_none
    }

    /// Returns the attributes of a block, and a list for the blocks of each type in it.
    fn members_of(&self, body: &'c Body) -> Vec<Member> {
        let mut members: Vec<Member> = Vec::new();
        for structure in body {
            if let Some(attribute) = structure.as_attribute() {
                let name = Spanned::new(attribute.key.as_str().to_owned(), located(attribute.key.span()));
                let value = self.value(&attribute.value, Context::new(place(attribute, body)));
                members.push(Member { name, value });
            }
            let Some(block) = structure.as_block() else {
                continue;
            };
            let (name, content) = self.block(block);
            match members.iter_mut().find(|member| member.name.node == name.node) {
                Some(Member {
                    value:
                        Spanned {
                            node: Value::List(contents),
                            span,
                        },
                    ..
                }) => {
                    *span = span.to(content.span);
                    contents.push(content);
                }
                _ => {
                    let span = content.span;
                    let value = Spanned::new(Value::List(vec![content]), span);
                    members.push(Member { name, value });
                }
            }
        }
        members
    }

    /// Returns the type of a block and its content. The number of `dynamic` blocks depends on an expression.
    fn block(&self, block: &'c Block) -> (Spanned<String>, Node) {
        let whole = located(block.span());
        let (name, at) = (block.ident.as_str(), located(block.ident.span()));
        let label = block.labels.first().filter(|_| name == "dynamic");
        let Some(label) = label else {
            let content = Value::Map(self.members_of(&block.body));
            return (Spanned::new(name.to_owned(), at), Spanned::new(content, whole));
        };
        let each = block.body.get_attribute("for_each");
        let value = each.map(|each| self.value(&each.value, Context::new(Place::Elsewhere)));
        let needed = match value.as_ref().and_then(first_unknown) {
            Some(unknown) => Spanned::new(unknown.node.to_owned(), unknown.span),
            None => Spanned::new("dynamic".to_owned(), each.map_or(at, |each| span(&each.value))),
        };
        let name = Spanned::new(label.as_str().to_owned(), at);
        (name, Spanned::new(Value::Unknown(needed.node), needed.span))
    }
}

/// Returns the place of an attribute's value.
fn place(attribute: &Attribute, body: &Body) -> Place {
    match attribute.key.as_str() {
        "identifiers" => match body.get_attribute("type").and_then(|kind| kind.value.as_str()) {
            Some("AWS" | "CanonicalUser" | "Service") => Place::Principal,
            _ => Place::Provider,
        },
        "member" | "members" => Place::Member,
        _ => Place::Elsewhere,
    }
}
