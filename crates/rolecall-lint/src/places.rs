//! Places of items, so that what is known about an item is found again when it has moved.

use crate::settings::Settings;
use crate::text;
use crate::trees::{Trees, head};
use hashbrown::HashMap;
use rolecall_engine::Location;
use rolecall_engine::ir::Program;
use rolecall_syntax::Span;
use rolecall_syntax::ast::Item;
use xxhash_rust::xxh3::xxh3_128;

/// The depth to which conditions that name one another are followed. The compiler refuses deeper ones.
const MAX_DEPTH: usize = 64;

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
    /// A hash of its lines, and of the conditions and sets that it names.
    pub(crate) hash: u128,
}

impl Places {
    pub(crate) fn new(program: &Program, trees: &Trees, settings: &Settings) -> Self {
        let mut hashes = Hashes::new(program, trees);
        let mut places = Self::default();
        let mut shared = format!("{settings:?}");
        for (number, (file, item)) in trees.items().enumerate() {
            let head = head(&item.node, &program[file].text);
            let hash = hashes.hash(number, MAX_DEPTH);
            if let Item::Issuer(_) | Item::Profile(_) | Item::Guard(_) = item.node {
                shared.push_str(&format!("\0{hash:032x}"));
            }
            places.by_head.insert(head.clone(), number);
            places.items.push(Place {
                head,
                location: Location::new(file, item.span),
                hash,
            });
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

/// The hashes of items with all that they name.
struct Hashes<'t> {
    /// The lines of the items.
    lines: Vec<&'t str>,
    /// The conditions and sets by name: a word may be the name of one of each.
    named: HashMap<&'t str, Vec<usize>>,
    known: HashMap<usize, u128>,
}

impl<'t> Hashes<'t> {
    fn new(program: &'t Program, trees: &'t Trees) -> Self {
        let mut named: HashMap<&str, Vec<usize>> = HashMap::new();
        let mut lines = Vec::new();
        for (number, (file, item)) in trees.items().enumerate() {
            lines.push(lines_of(&program[file].text, item.span));
            let name = match &item.node {
                Item::Condition(condition) => &condition.name,
                Item::Set(set) => &set.name,
                _ => continue,
            };
            named.entry(name.node.as_str()).or_default().push(number);
        }
        Self {
            lines,
            named,
            known: HashMap::new(),
        }
    }

    fn hash(&mut self, item: usize, depth: usize) -> u128 {
        if let Some(hash) = self.known.get(&item) {
            return *hash;
        }
        // A condition that names itself does not compile; it ends here.
        self.known.insert(item, 0);
        let lines = self.lines.get(item).copied().unwrap_or_default();
        let mut all = lines.to_owned();
        if let Some(depth) = depth.checked_sub(1) {
            let is_word = |c: char| c.is_alphanumeric() || c == '_' || c == '-';
            for word in lines.split(|c: char| !is_word(c)) {
                for named in self.named.get(word).cloned().unwrap_or_default() {
                    all.push_str(&format!("\0{:032x}", self.hash(named, depth)));
                }
            }
        }
        let hash = xxh3_128(all.as_bytes());
        self.known.insert(item, hash);
        hash
    }
}

/// Returns the whole lines of an item: rules also read comments beside it.
fn lines_of(text: &str, item: Span) -> &str {
    let start = text::before(text, item.start)
        .rfind('\n')
        .map_or(0, |at| text::plus(at, 1));
    let rest = text::from(text, item.end);
    let end = text::plus(item.end, rest.find('\n').unwrap_or(rest.len()));
    Span::new(start, end).text(text)
}
