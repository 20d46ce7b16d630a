//! Places of items, so that what is known about an item is found again when it has moved.

use crate::named::Named;
use crate::settings::Settings;
use crate::text;
use crate::trees::{Trees, head};
use hashbrown::HashMap;
use rolecall_engine::Location;
use rolecall_engine::ir::Program;
use rolecall_syntax::Span;
use rolecall_syntax::ast::Item;
use xxhash_rust::xxh3::xxh3_128;

/// The items of a policy set.
#[derive(Debug, Default)]
pub(crate) struct Places {
    /// The items, in the order of the files.
    items: Vec<Place>,
    /// The items by their kinds and names.
    by_head: HashMap<String, usize>,
    /// A hash of all that every role depends on: the issuers, the profiles, the guards, and the settings.
    pub(crate) shared: u128,
}

/// An item.
#[derive(Debug)]
pub(crate) struct Place {
    /// Its kind and name.
    head: String,
    location: Location,
    /// A hash of its text with the comments around it, and of the conditions and sets that it names.
    pub(crate) hash: u128,
}

impl Places {
    pub(crate) fn new(program: &Program, trees: &Trees, settings: &Settings) -> Self {
        let mut places = Self::default();
        let mut shared = format!("{settings:?}");
        let named = named(program, trees);
        for (file, tree) in trees.files() {
            let text = &program[file].text;
            let mut end = 0;
            for item in &tree.items {
                let head = head(&item.node, text);
                let hash = named.hash(surroundings_of(text, end, item.span));
                if let Item::Issuer(_) | Item::Profile(_) | Item::Guard(_) = item.node {
                    shared.push_str(&format!("\0{hash:032x}"));
                }
                places.by_head.insert(head.clone(), places.items.len());
                places.items.push(Place {
                    head,
                    location: Location::new(file, item.span),
                    hash,
                });
                end = item.span.end;
            }
        }
        places.shared = xxh3_128(shared.as_bytes());
        places
    }

    /// Returns the item around a location.
    pub(crate) fn around(&self, location: Location) -> Option<&Place> {
        let start = |at: Location| (at.file(), at.span().start);
        let after = self
            .items
            .partition_point(|item| start(item.location) <= start(location));
        let item = self.items.get(after.checked_sub(1)?)?;
        let is_inside =
            item.location.file() == location.file() && item.location.span().contains(location.span());
        is_inside.then_some(item)
    }

    /// Returns a location of today in an item that is the same in other places: where it is there.
    pub(crate) fn moved(&self, location: Location, to: &Self) -> Option<Location> {
        let before = self.around(location)?;
        let after = to.items.get(*to.by_head.get(&before.head)?)?;
        let offset = |at: usize| at.checked_sub(before.location.span().start);
        let there = |at: usize| Some(text::plus(after.location.span().start, offset(at)?));
        let span = Span::new(there(location.span().start)?, there(location.span().end)?);
        (before.hash == after.hash).then(|| Location::new(after.location.file(), span))
    }
}

/// Returns the conditions and sets of all files.
fn named(program: &Program, trees: &Trees) -> Named {
    let named = trees.items().filter_map(|(file, item)| {
        let name = match &item.node {
            Item::Condition(condition) => &condition.name,
            Item::Set(set) => &set.name,
            _ => return None,
        };
        Some((name.node.clone(), item.span.text(&program[file].text).to_owned()))
    });
    Named::new(named)
}

/// Returns the text of an item with all that stands between it and the one before, which ends at a byte, and with the
/// rest of its last line: rules also read comments above and beside it.
fn surroundings_of(text: &str, before: usize, item: Span) -> &str {
    let rest = text::from(text, item.end);
    let end = text::plus(item.end, rest.find('\n').unwrap_or(rest.len()));
    Span::new(before, end).text(text)
}
