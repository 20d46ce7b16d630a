//! Templates that are built component by component.

use crate::certain::next;
use crate::template::{Part, Template};

/// A template that is built component by component.
#[derive(Default)]
pub(super) struct Assembly {
    parts: Vec<Part>,
    components: usize,
}

impl Assembly {
    /// Adds a part that has no name: a text, or values of claims.
    pub(super) fn add(&mut self, parts: &[Part]) {
        let mut component = self.begin();
        component.extend_from_slice(parts);
        self.parts.extend(component);
    }

    /// Adds a name and its value. The first component is never optional.
    pub(super) fn add_named(&mut self, name: &str, value: &[Part], is_optional: bool) {
        let is_optional = is_optional && self.components > 0;
        let mut component = self.begin();
        component.push(Part::Text(format!("{name}:")));
        component.extend_from_slice(value);
        if is_optional && !value.iter().any(|part| matches!(part, Part::Optional(_))) {
            self.parts.push(Part::Optional(joined(component)));
        } else {
            self.parts.extend(component);
        }
    }

    pub(super) fn finish(self) -> Template {
        Template {
            parts: joined(self.parts),
        }
    }

    fn begin(&mut self) -> Vec<Part> {
        let is_first = self.components == 0;
        self.components = next(self.components);
        match is_first {
            true => Vec::new(),
            false => vec![Part::Text(":".to_owned())],
        }
    }
}

/// Returns parts in which texts that meet are one text.
fn joined(parts: Vec<Part>) -> Vec<Part> {
    let mut joined: Vec<Part> = Vec::new();
    for part in parts {
        match (joined.last_mut(), part) {
            (Some(Part::Text(text)), Part::Text(next)) => text.push_str(&next),
            (_, Part::Text(text)) if text.is_empty() => {}
            (_, part) => joined.push(part),
        }
    }
    joined
}
