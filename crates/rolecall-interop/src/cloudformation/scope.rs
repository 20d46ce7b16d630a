//! Values of a template: the defaults of parameters, and the providers.

use super::function::{self, Part};
use crate::document::{Member, Node, Value};
use crate::notice::{Notice, printable};
use rolecall_syntax::{Span, Spanned};
use std::cell::Cell;
use std::collections::HashMap;

/// The deepest nesting of a policy and the functions in it.
pub(super) const MAX_DEPTH: usize = 16;

/// The most parts of conditions that are evaluated for a template. Conditions name one another, each as often as it likes.
const MAX_PARTS: usize = 100_000;

/// The names that have values in a template.
pub(super) struct Scope<'n> {
    /// The parameters, with their defaults.
    parameters: HashMap<&'n str, Option<&'n Node>>,
    /// The URLs of OIDC providers, by the names of their resources.
    providers: HashMap<&'n str, &'n Node>,
    /// The conditions.
    pub(super) conditions: HashMap<&'n str, &'n Node>,
    /// The parts of conditions that may still be evaluated.
    pub(super) left: Cell<usize>,
}

/// The use of a value: a principal may have an account and a partition that are not known, because the issuer
/// alone says whose tokens are meant.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    Principal,
    Other,
}

impl<'n> Scope<'n> {
    /// Collects the names of a template.
    pub(super) fn of(document: &'n Node, resources: &'n [Member]) -> Self {
        let section = |name| {
            let all = document.named(name).next_back().and_then(|all| all.as_map());
            all.unwrap_or_default().iter()
        };
        let parameters = section("Parameters");
        let conditions = section("Conditions").map(|member| (member.name.as_str(), &member.value));
        let providers = resources.iter().filter_map(|resource| {
            let is_provider = super::is_provider(super::kind(resource)?);
            let url = super::property(resource, "Url").filter(|_| is_provider)?;
            Some((resource.name.as_str(), url))
        });
        Self {
            parameters: parameters
                .map(|member| (member.name.as_str(), default(&member.value)))
                .collect(),
            providers: providers.collect(),
            conditions: conditions.collect(),
            left: Cell::new(MAX_PARTS),
        }
    }

    /// Returns the text of a value.
    ///
    /// # Errors
    /// The notice that refuses the role.
    pub(super) fn text(&self, node: &Node) -> Result<Spanned<String>, Notice> {
        let resolved = self.value(node, Place::Other, MAX_DEPTH, &mut false)?;
        let span = resolved.span;
        match resolved.node {
            Value::Text(text) => Ok(Spanned::new(text, span)),
            _ => Err(needs("the value", span)),
        }
    }

    /// Returns a policy in which all functions have values. `has_defaults` becomes true if defaults of
    /// parameters are among them.
    ///
    /// # Errors
    /// The notice that refuses the role.
    pub(super) fn resolve(&self, policy: &Node, has_defaults: &mut bool) -> Result<Node, Notice> {
        self.value(policy, Place::Other, MAX_DEPTH, has_defaults)
    }

    fn value(
        &self,
        node: &Node,
        place: Place,
        depth: usize,
        has_defaults: &mut bool,
    ) -> Result<Node, Notice> {
        let span = node.span;
        let depth = depth
            .checked_sub(1)
            .ok_or_else(|| needs("a deep function", span))?;
        let node = self.chosen(node, has_defaults)?;
        let node = node.ok_or_else(|| needs("`AWS::NoValue`", span))?;
        let value = match &node.node {
            Value::Map(members) => {
                if let Some(text) = self.function(members, place, depth, has_defaults)? {
                    refuse_reference(&text, node.span)?;
                    return Ok(Spanned::new(Value::Text(text), node.span));
                }
                let mut resolved = Vec::with_capacity(members.len());
                for Member { name, value } in members {
                    let Some(value) = self.chosen(value, has_defaults)? else {
                        continue;
                    };
                    let place = match name.as_str() {
                        "Federated" | "AWS" | "Service" => Place::Principal,
                        _ => Place::Other,
                    };
                    let value = self.value(value, place, depth, has_defaults)?;
                    let name = name.clone();
                    resolved.push(Member { name, value });
                }
                Value::Map(resolved)
            }
            Value::List(elements) => {
                let mut resolved = Vec::with_capacity(elements.len());
                for element in elements {
                    let Some(element) = self.chosen(element, has_defaults)? else {
                        continue;
                    };
                    resolved.push(self.value(element, place, depth, has_defaults)?);
                }
                Value::List(resolved)
            }
            other => {
                refuse_reference(other.as_text().unwrap_or_default(), node.span)?;
                other.clone()
            }
        };
        Ok(Spanned::new(value, node.span))
    }

    /// Returns the value of a function, or nothing for a map that is not one.
    fn function(
        &self,
        members: &[Member],
        place: Place,
        depth: usize,
        has_defaults: &mut bool,
    ) -> Result<Option<String>, Notice> {
        let [Member { name, value }] = members else {
            return Ok(None);
        };
        let argument = value.span;
        let text = match name.as_str() {
            "Ref" => {
                let name = value.as_text().ok_or_else(|| needs("`Ref`", argument))?;
                self.name(name, argument, place, depth, has_defaults)?
            }
            "Fn::GetAtt" => {
                let name = function::attribute(value).ok_or_else(|| needs("`Fn::GetAtt`", argument))?;
                self.name(&name, argument, place, depth, has_defaults)?
            }
            "Fn::Sub" => {
                let (template, own) =
                    function::substitution(value).ok_or_else(|| needs("`Fn::Sub`", argument))?;
                let mut text = String::new();
                for part in function::parts(template).ok_or_else(|| needs("`Fn::Sub`", argument))? {
                    match part {
                        Part::Literal(literal) => text.push_str(literal),
                        Part::Name(name) => {
                            let own = own.iter().find(|member| member.name.node == name);
                            text.push_str(&match own {
                                Some(own) => self.text_of(&own.value, place, depth, has_defaults)?,
                                None => self.name(name, argument, place, depth, has_defaults)?,
                            });
                        }
                    }
                }
                text
            }
            "Fn::Join" => {
                let (separator, elements) =
                    function::join(value).ok_or_else(|| needs("`Fn::Join`", argument))?;
                let mut texts = Vec::with_capacity(elements.len());
                for element in elements {
                    texts.push(self.text_of(element, place, depth, has_defaults)?);
                }
                texts.join(separator)
            }
            "Condition" => return Ok(None),
            other if other.starts_with("Fn::") => {
                return Err(needs(&format!("`{}`", printable(other)), argument));
            }
            _ => return Ok(None),
        };
        Ok(Some(text))
    }

    pub(super) fn text_of(
        &self,
        node: &Node,
        place: Place,
        depth: usize,
        has_defaults: &mut bool,
    ) -> Result<String, Notice> {
        match self.value(node, place, depth, has_defaults)?.node {
            Value::Text(text) => Ok(text),
            _ => Err(needs("the value", node.span)),
        }
    }

    /// Returns the value of a parameter, a pseudo parameter, or a resource or its attribute `Arn`.
    fn name(
        &self,
        name: &str,
        span: Span,
        place: Place,
        depth: usize,
        has_defaults: &mut bool,
    ) -> Result<String, Notice> {
        if let Some(default) = self.parameters.get(name) {
            let text = default.and_then(|default| default.as_text());
            let text = text.ok_or_else(|| needs(&format!("the parameter `{}`", printable(name)), span))?;
            *has_defaults = true;
            return Ok(text.to_owned());
        }
        let resource = name.strip_suffix(".Arn").unwrap_or(name);
        match (name, self.providers.get(resource)) {
            ("AWS::AccountId", _) if place == Place::Principal => Ok("unknown".to_owned()),
            ("AWS::Partition", _) if place == Place::Principal => Ok("aws".to_owned()),
            ("AWS::URLSuffix", _) if place == Place::Principal => Ok("amazonaws.com".to_owned()),
            (_, Some(url)) if place == Place::Principal => {
                let url = self.text_of(url, Place::Other, depth, has_defaults)?;
                let issuer = crate::aws::issuer_of(&url);
                Ok(format!("arn:aws:iam::unknown:oidc-provider/{issuer}"))
            }
            _ => Err(needs(&format!("`{}`", printable(name)), span)),
        }
    }
}

/// Returns the default of a parameter that is a text. Those of other types have a list, or the name of a value
/// in AWS Systems Manager.
fn default(parameter: &Node) -> Option<&Node> {
    let kind = parameter.named("Type").next_back()?.as_text()?;
    parameter
        .named("Default")
        .next_back()
        .filter(|_| kind == "String")
}

/// Returns the refusal of a role that needs a value.
pub(super) fn needs(what: &str, span: Span) -> Notice {
    let message = format!("{what} has no value in the template");
    let help = "give the parameter a default, or check the role of the stack: `aws iam get-role`";
    Notice::refused("needs-value", message, help, span)
}

/// Refuses a text with a dynamic reference: its value is in another service. (AWS CloudFormation User Guide, "Get values
/// stored in other services using dynamic references".)
fn refuse_reference(text: &str, span: Span) -> Result<(), Notice> {
    match text.contains("{{resolve:") {
        true => Err(needs("a dynamic reference", span)),
        false => Ok(()),
    }
}
