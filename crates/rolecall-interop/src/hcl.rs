//! Configurations of Terraform and OpenTofu in their own language, HCL: resources, with the values that the text itself
//! has.
//!
//! A value that depends on variables, on functions or on other resources is [`Value::Unknown`]. A default of a variable
//! is not a value: a plan can have another one.
//!
//! Facts are from the specification of HCL (hashicorp/hcl v2.25.0, `hclsyntax/spec.md`), "Configuration Syntax" and
//! "Expressions" of the documentation of Terraform 1.11, and that version itself.
//!
//! [`Value::Unknown`]: crate::document::Value::Unknown

mod block;
mod names;
mod recognition;
mod scan;
mod value;

pub(crate) use names::{Given, Kinds, Place};
pub(crate) use recognition::is_configuration;
pub use recognition::is_header;

use crate::document::{DocumentError, Node};
use hcl_edit::structure::{Block, Body};
use names::Names;
use rolecall_syntax::ast::{Comment, CommentKind};
use rolecall_syntax::{Span, Spanned};
use value::Evaluator;

/// The largest text, in bytes. The time to parse an object grows with the square of the number of its members.
const MAX_BYTES: usize = 256 * 1024;

/// A configuration.
#[derive(Debug)]
pub(crate) struct Configuration {
    body: Body,
    /// The comments, in the order of the text.
    pub(crate) comments: Vec<Spanned<Comment>>,
}

/// A resource or a data source. Its instances have the same values, but for those that depend on `count` and `each`,
/// which are unknown.
#[derive(Debug)]
pub(crate) struct Resource {
    /// True for data sources.
    pub(crate) is_data: bool,
    /// The type, such as `aws_iam_role`.
    pub(crate) kind: String,
    /// The name in the configuration.
    pub(crate) name: String,
    /// The attributes and blocks. Blocks of one type are a list.
    pub(crate) values: Node,
}

/// Parses a configuration.
///
/// # Errors
///
/// The text is not HCL, is too large, or is nested too deeply.
pub(crate) fn parse(text: &str) -> Result<Configuration, DocumentError> {
    let error = |message, span| DocumentError { message, span };
    if text.len() > MAX_BYTES {
        let message = format!("the text has {} bytes, the limit is {MAX_BYTES}", text.len());
        return Err(error(message, Span::at(0)));
    }
    let comments = scan::comments(text)?;
    let body = hcl_edit::parser::parse_body(text).map_err(|fault| {
        let offset = fault.location().offset();
        let at = (0..=offset).rev().find(|at| text.is_char_boundary(*at));
        let message = format!("the text is not HCL: {}", fault.message());
        error(message, Span::at(at.unwrap_or_default()))
    })?;
    let comment = |span: Span| {
        let text = span.text(text).to_owned();
        let kind = match text.starts_with("/*") {
            true => CommentKind::Block,
            false => CommentKind::Line,
        };
        Spanned::new(Comment { text, kind }, span)
    };
    Ok(Configuration {
        body,
        comments: comments.into_iter().map(comment).collect(),
    })
}

impl Configuration {
    /// Returns the resources of some kinds, in the order of the text.
    pub(crate) fn resources(&self, text: &str, kinds: &Kinds) -> Vec<Resource> {
        let names = Names::of(&self.body, kinds);
        let evaluator = Evaluator::new(text, &names);
        let blocks = self.body.iter().filter_map(|structure| structure.as_block());
        let resource = |block: &Block| {
            let (is_data, kind, name) = header(block)?;
            if !(kinds.is_read)(kind) || !evaluator.has_instances(&block.body) {
                return None;
            }
            Some(Resource {
                is_data,
                kind: kind.to_owned(),
                name: name.to_owned(),
                values: evaluator.resource(block),
            })
        };
        blocks.filter_map(resource).collect()
    }
}

/// Returns whether a block is a data source, and its type and name, if it is one or a resource.
fn header(block: &Block) -> Option<(bool, &str, &str)> {
    let is_data = match block.ident.as_str() {
        "data" => true,
        "resource" => false,
        _ => return None,
    };
    match block.labels.as_slice() {
        [kind, name] => Some((is_data, kind.as_str(), name.as_str())),
        _ => None,
    }
}
