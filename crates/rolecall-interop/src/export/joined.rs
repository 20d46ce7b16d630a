//! Documents of several parts in one policy set, so that all are compared with what is learned about the role once.

use super::written::Written;
use rolecall_engine::ParsedFile;
use rolecall_syntax::Spanned;
use rolecall_syntax::ast::{File, Item};

/// Documents of some parts, of which each has its own roles.
#[derive(Default)]
pub(super) struct Joined {
    pub(super) files: Vec<ParsedFile>,
    /// The names of the roles of each part.
    pub(super) parts: Vec<Vec<String>>,
    issuers: Vec<Spanned<Item>>,
}

impl Joined {
    /// Joins parts, in their order, until an issuer has other audiences, or a part has conditions with names.
    pub(super) fn all(parts: Vec<Written>) -> Vec<Self> {
        let mut all: Vec<Self> = Vec::new();
        for part in parts {
            let last = all.last_mut().filter(|joined| joined.takes(&part));
            match last {
                Some(joined) => joined.add(part),
                None => {
                    let mut joined = Self::default();
                    joined.add(part);
                    all.push(joined);
                }
            }
        }
        all
    }

    /// Returns whether the documents of a part can be added.
    fn takes(&self, part: &Written) -> bool {
        items(part).all(|item| match &item.node {
            Item::Issuer(issuer) => self.issuers.iter().all(|known| match &known.node {
                Item::Issuer(known) if known.name == issuer.name => known == issuer,
                _ => true,
            }),
            Item::Role(_) => true,
            _ => false,
        })
    }

    fn add(&mut self, part: Written) {
        let number = self.parts.len();
        let own = |name: &str| format!("{name} {number}");
        self.parts.push(part.roles.iter().map(|name| own(name)).collect());
        for file in part.files {
            let File { mut items, comments } = file.parse().file.clone();
            items.retain(|item| !self.issuers.contains(item));
            for item in &mut items {
                match &mut item.node {
                    Item::Role(role) => role.name.node = own(&role.name.node),
                    Item::Issuer(_) => self.issuers.push(item.clone()),
                    _ => {}
                }
            }
            let source = file.source().clone();
            self.files
                .push(ParsedFile::foreign(source, File { items, comments }));
        }
    }
}

fn items(part: &Written) -> impl Iterator<Item = &Spanned<Item>> {
    part.files.iter().flat_map(|file| &file.parse().file.items)
}
