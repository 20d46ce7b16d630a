//! Items and members around locations.

use crate::code::written;
use crate::named::Named;
use crate::trees::{head, members_of};
use hashbrown::HashMap;
use rolecall_engine::{Arena, FileId, Location, ParsedFile};
use rolecall_syntax::Span;
use rolecall_syntax::ast::Item;
use xxhash_rust::xxh3::xxh3_128;

/// The items and members around locations of some files. The first request for a location reads the tree of its file.
pub(crate) struct Surroundings<'s> {
    trees: &'s Arena<FileId, ParsedFile>,
    files: HashMap<FileId, File>,
    /// The conditions and sets by name, from the first request for one.
    named: Option<Named>,
    /// The hashes of texts with all that they name, by file and first byte.
    hashes: HashMap<(FileId, usize), u128>,
}

/// The spans of a file: its items, each with its kind and its name, and their members.
#[derive(Default)]
struct File {
    items: Vec<(Span, String)>,
    members: Vec<Span>,
    /// The conditions and sets.
    named: Vec<(String, Span)>,
}

impl File {
    fn new(tree: &ParsedFile) -> Self {
        let text = &tree.source().text;
        let mut file = Self::default();
        for item in &tree.parse().file.items {
            let head = head(&item.node, text);
            if let Item::Condition(_) | Item::Set(_) = item.node {
                let name = head.split_once(' ').map_or("", |(_, name)| name);
                file.named.push((name.to_owned(), item.span));
            }
            file.members.extend(members_of(&item.node));
            file.items.push((item.span, head));
        }
        file
    }
}

impl<'s> Surroundings<'s> {
    pub(crate) fn new(trees: &'s Arena<FileId, ParsedFile>) -> Self {
        Self {
            trees,
            files: HashMap::new(),
            named: None,
            hashes: HashMap::new(),
        }
    }

    /// Returns the kind and the name of the item around a location; empty outside of items.
    pub(crate) fn item(&mut self, location: Location) -> String {
        let items = &self.file(location.file()).items;
        let item = around(items, |(span, _)| *span, location);
        item.map_or_else(String::new, |(_, head)| head.clone())
    }

    /// Returns a hash of the item's name and of the member around a location, with all that it names. The
    /// whole item counts if it has no members. No text counts if it has members, but the location is in none
    /// of them.
    pub(crate) fn context(&mut self, location: Location) -> String {
        let item = self.item(location);
        let file = self.file(location.file());
        let member = around(&file.members, |span| *span, location).copied();
        let whole = around(&file.items, |(span, _)| *span, location).map(|(span, _)| *span);
        let has_members = whole.is_some_and(|whole| {
            let first = file.members.partition_point(|member| member.start < whole.start);
            file.members
                .get(first)
                .is_some_and(|member| member.start < whole.end)
        });
        let hash = match (member, whole) {
            (Some(span), _) => self.hash(Location::new(location.file(), span)),
            (None, Some(span)) if !has_members => self.hash(Location::new(location.file(), span)),
            _ => 0,
        };
        format!("{:032x}", xxh3_128(format!("{item}\0{hash:032x}").as_bytes()))
    }

    /// Returns the hash of the code at a location with all that it names.
    fn hash(&mut self, location: Location) -> u128 {
        let key = (location.file(), location.span().start);
        if let Some(hash) = self.hashes.get(&key) {
            return *hash;
        }
        let code = written(location.span().text(self.text(location.file())));
        let hash = self.named().hash(&code);
        self.hashes.insert(key, hash);
        hash
    }

    fn named(&mut self) -> &Named {
        if self.named.is_none() {
            let ids: Vec<FileId> = self.trees.ids().collect();
            let mut named = Vec::new();
            for id in ids {
                let text = self.text(id);
                let items = self.file(id).named.iter();
                named.extend(items.map(|(name, span)| (name.clone(), written(span.text(text)))));
            }
            self.named = Some(Named::new(named));
        }
        self.named.get_or_insert_default()
    }

    fn text(&self, file: FileId) -> &'s str {
        self.trees.find(file).map_or("", |file| &file.source().text)
    }

    fn file(&mut self, id: FileId) -> &File {
        let tree = self.trees.find(id);
        self.files
            .entry(id)
            .or_insert_with(|| tree.map_or_else(File::default, File::new))
    }
}

/// Returns the span that a location begins in. The spans are sorted and do not overlap.
fn around<T>(spans: &[T], span: impl Fn(&T) -> Span, location: Location) -> Option<&T> {
    let after = spans.partition_point(|one| span(one).start <= location.span().start);
    let one = spans.get(after.checked_sub(1)?)?;
    (location.span().start < span(one).end).then_some(one)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rolecall_engine::Source;

    fn context(text: &str, at: &str) -> String {
        let mut files = Arena::new();
        let file = files.push(ParsedFile::new(Source::new("a.policy", text)));
        let start = text.find(at).unwrap();
        Surroundings::new(&files).context(Location::new(file, Span::at(start)))
    }

    #[test]
    fn a_context_is_the_member_with_all_that_it_names() {
        let text = "condition who = a && b\nset s = [\"x\"]\n\
                    role {t}-a for t in s { ttl 1h allow from g when who }\n";
        let before = context(text, "allow");
        for same in [
            text.replace("ttl 1h", "ttl 2h"),
            text.replace("a && b", "a&&b // right"),
            format!("role other {{ allow from g }}\n{text}")
                .replace("role other { allow from g }\n", "set y = []\n"),
        ] {
            assert_eq!(context(&same, "allow"), before, "{same}");
        }
        for other in [
            text.replace("a && b", "a"),
            text.replace("when who", "when !who"),
            text.replace("{t}-a", "{t}-b"),
        ] {
            assert_ne!(context(&other, "allow"), before, "{other}");
        }
    }

    #[test]
    fn items_have_their_whole_names() {
        let mut files = Arena::new();
        let text = "/// Doc.\nrole\n{t}-a for t in [\"x\"] { allow from g }\nguard g for * { a }\n";
        let file = files.push(ParsedFile::new(Source::new("a.policy", text)));
        let mut surroundings = Surroundings::new(&files);
        let mut item = |at: &str| {
            let start = text.find(at).unwrap();
            surroundings.item(Location::new(file, Span::at(start)))
        };
        assert_eq!([item("allow"), item("a }\n")], ["role {t}-a", "guard g"]);
    }
}
