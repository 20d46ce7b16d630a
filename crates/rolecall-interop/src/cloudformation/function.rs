//! Arguments of functions.

use crate::document::{Member, Node};

/// A part of the text of `Fn::Sub`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part<'t> {
    /// This text.
    Literal(&'t str),
    /// The value of a name: `${Name}`.
    Name(&'t str),
}

/// Returns the parts of the text of `Fn::Sub`, or nothing if a name does not end. `${!Name}` is the text
/// `${Name}`.
pub(super) fn parts(text: &str) -> Option<Vec<Part<'_>>> {
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("${") {
        let (name, after) = after.split_once('}')?;
        parts.push(Part::Literal(before));
        match name.strip_prefix('!') {
            Some(name) => parts.extend(["${", name, "}"].map(Part::Literal)),
            None => parts.push(Part::Name(name)),
        }
        rest = after;
    }
    parts.push(Part::Literal(rest));
    Some(parts)
}

/// Returns the text of `Fn::Sub` and its own names: it has a text, or a list of a text and a map.
pub(super) fn substitution(argument: &Node) -> Option<(&str, &[Member])> {
    match argument.as_list() {
        None => Some((argument.as_text()?, &[])),
        Some([text, names]) => Some((text.as_text()?, names.as_map()?)),
        Some(_) => None,
    }
}

/// Returns the separator and the elements of `Fn::Join`.
pub(super) fn join(argument: &Node) -> Option<(&str, &[Node])> {
    match argument.as_list()? {
        [separator, elements] => Some((separator.as_text()?, elements.as_list()?)),
        _ => None,
    }
}

/// Returns `RESOURCE.ATTRIBUTE`: `Fn::GetAtt` has it as a text, or as a list of two texts.
pub(super) fn attribute(argument: &Node) -> Option<String> {
    match argument.as_list() {
        None => Some(argument.as_text()?.to_owned()),
        Some([resource, attribute]) => Some(format!("{}.{}", resource.as_text()?, attribute.as_text()?)),
        Some(_) => None,
    }
}
