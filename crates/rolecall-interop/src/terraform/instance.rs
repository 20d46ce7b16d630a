//! Instances of resources, and their attributes.

use super::configuration::Configured;
use super::values::{Values, marked};
use crate::document::{DocumentError, Json, Members, Node, Value, first_unknown};
use crate::notice::{Notice, printable};
use rolecall_syntax::{Span, Spanned};

/// An instance of a resource on one side of a plan, or of a state or a configuration.
pub(super) struct Instance<'a> {
    /// The address, such as `module.ci.aws_iam_role.deploy["main"]`.
    pub(super) address: String,
    /// The type of the resource.
    pub(super) kind: String,
    /// True for data sources: other tools manage these resources.
    pub(super) is_data: bool,
    /// The attributes.
    pub(super) values: Values<'a>,
    /// The attributes before the plan, if it replaces or changes the resource.
    pub(super) previous: Option<Json<'a>>,
    /// The tree with `true` at each attribute that is known after the plan is applied.
    pub(super) unknown: Option<Json<'a>>,
    /// The attributes whose values Terraform hides: a tree with `true` at each of them, or a list of paths.
    pub(super) sensitive: Option<Json<'a>>,
    /// The address of the module, in a plan. The root module has none.
    pub(super) module: Option<String>,
    /// The configuration, if it is known.
    pub(super) configured: Option<Configured>,
}

/// An attribute.
pub(super) enum Attribute {
    /// It has no value: the provider has a default, or the resource does not have it.
    Absent,
    /// It has a value.
    Known(Node),
    /// It is known after the plan is applied, needs a value that the configuration lacks, or is not readable.
    Unknown(Notice),
}

impl Instance<'_> {
    /// Returns the location of the attributes.
    pub(super) fn span(&self) -> Span {
        self.values.span()
    }

    /// Returns the location of the attributes of a resource that is shown as a whole, or its start if it has
    /// attributes that are hidden.
    pub(super) fn visible(&self) -> Span {
        match self.sensitive_part(None) {
            Ok(None) => self.span(),
            _ => Span::at(self.span().start),
        }
    }

    /// Returns an attribute.
    pub(super) fn attribute(&self, name: &str) -> Attribute {
        let read = || {
            if let Some(unknown) = self.unknown_part(name)? {
                return Ok(Attribute::Unknown(self.known_after_apply(name, unknown)));
            }
            if let Some(sensitive) = self.sensitive_part(Some(name))? {
                return Ok(Attribute::Unknown(self.hidden(sensitive)));
            }
            let (value, second) = self.values.get(name)?;
            if let Some(second) = second {
                let message = format!("`{}` is given twice", printable(name));
                let notice = Notice::refused("member-given-twice", message, "remove one of them", second);
                return Ok(Attribute::Unknown(notice));
            }
            let value = value.filter(|value| value.node != Value::Null);
            Ok(match value.as_ref().and_then(first_unknown) {
                Some(unknown) => Attribute::Unknown(needs(name, &unknown)),
                None => value.map_or(Attribute::Absent, Attribute::Known),
            })
        };
        read().unwrap_or_else(|error| Attribute::Unknown(not_readable(error)))
    }

    /// Returns the name of a role: an attribute, or else the address, which stands at the start.
    pub(super) fn name(&self, attribute: &str) -> Spanned<String> {
        let address = || Spanned::new(self.address.clone(), Span::at(self.span().start));
        self.text(attribute).unwrap_or_else(address)
    }

    /// Returns an attribute that is a text, and is not empty.
    pub(super) fn text(&self, name: &str) -> Option<Spanned<String>> {
        match self.attribute(name) {
            Attribute::Known(Spanned {
                node: Value::Text(text),
                span,
            }) if !text.is_empty() => Some(Spanned::new(text, span)),
            _ => None,
        }
    }

    /// Returns the attributes as a tree, of a resource that is shown as a whole.
    ///
    /// # Errors
    ///
    /// As [`Instance::node`], or the notice about an attribute that is hidden.
    pub(super) fn whole(&self, names: &[&str]) -> Result<Node, Notice> {
        match self.sensitive_part(None).map_err(not_readable)? {
            Some(sensitive) => Err(self.hidden(sensitive)),
            None => self.node(names),
        }
    }

    /// Returns the attributes as a tree.
    ///
    /// # Errors
    ///
    /// The notice about the first attribute with one of some names that is not known, or hidden.
    pub(super) fn node(&self, names: &[&str]) -> Result<Node, Notice> {
        for name in names {
            if let Attribute::Unknown(notice) = self.attribute(name) {
                return Err(notice);
            }
        }
        self.values.node().map_err(not_readable)
    }

    /// Returns all attributes as a tree, in which parts can be unknown.
    pub(super) fn tree(&self) -> Option<Node> {
        let node = self.values.node().ok()?;
        match self.unknown {
            Some(unknown) => Some(marked(node, &unknown.node().ok()?)),
            None => Some(node),
        }
    }

    /// Returns the location of the first unknown part of an attribute.
    fn unknown_part(&self, name: &str) -> Result<Option<Span>, DocumentError> {
        let Some(unknown) = self.unknown else {
            return Ok(None);
        };
        let Some(unknown) = Members::of(unknown)?.get(name) else {
            return Ok(None);
        };
        // An optional attribute that is not configured has the default of the provider.
        let is_left_out = |known: &Configured| !known.attributes.iter().any(|known| known == name);
        if self.configured.as_ref().is_some_and(is_left_out) && HAVE_DEFAULTS.contains(&name) {
            return Ok(None);
        }
        Ok(first_true(&unknown.node()?))
    }

    /// Returns the location that says of an attribute, or of any one, that it is hidden.
    fn sensitive_part(&self, name: Option<&str>) -> Result<Option<Span>, DocumentError> {
        let Some(sensitive) = self.sensitive.map(Json::node).transpose()? else {
            return Ok(None);
        };
        let is_meant = |found: &str| name.is_none_or(|name| name == found);
        Ok(match &sensitive.node {
            Value::Map(members) => {
                let mut members = members.iter().filter(|member| is_meant(&member.name));
                members.find_map(|member| first_true(&member.value))
            }
            // State files have paths: `[{"type": "get_attr", "value": "NAME"}, …]`.
            Value::List(paths) => {
                let starts = paths.iter().filter_map(|path| path.as_list()?.first());
                let mut names = starts.filter_map(|step| step.named("value").next_back());
                let found = names.find(|found| found.as_text().is_some_and(is_meant));
                found.map(|found| found.span)
            }
            _ => first_true(&sensitive),
        })
    }

    fn hidden(&self, span: Span) -> Notice {
        let message = format!("Terraform hides values of `{}`", printable(&self.address));
        let help = "write who gets a role without values that are marked as sensitive";
        Notice::refused("sensitive-value", message, help, span)
    }

    fn known_after_apply(&self, name: &str, span: Span) -> Notice {
        let address = printable(&self.address);
        let message = format!("`{}` of `{address}` is known after apply", printable(name));
        let help = "apply the plan and check the state, or write the value itself";
        Notice::refused("known-after-apply", message, help, span)
    }
}

/// The attributes that the provider does not write if the configuration has none: Vault has defaults for them.
const HAVE_DEFAULTS: &[&str] = &["bound_claims_type", "role_type"];

/// Returns the location of the first `true`.
pub(super) fn first_true(node: &Node) -> Option<Span> {
    match &node.node {
        Value::Bool(true) => Some(node.span),
        Value::List(elements) => elements.iter().find_map(first_true),
        Value::Map(members) => members.iter().find_map(|member| first_true(&member.value)),
        _ => None,
    }
}

/// Returns the refusal of a part that needs a value that the configuration lacks.
pub(super) fn needs(name: &str, unknown: &Spanned<&str>) -> Notice {
    let needed = printable(unknown.node);
    let message = format!("`{}` needs `{needed}`", printable(name));
    let help = "check the plan instead: `terraform show -json PLAN`";
    Notice::refused("needs-value", message, help, unknown.span).for_lack_of(needed)
}

fn not_readable(DocumentError { message, span }: DocumentError) -> Notice {
    Notice::refused(
        "not-a-document",
        message,
        "print the document with `terraform show -json`",
        span,
    )
}
