//! Who is called what, over all files.

use super::Lowering;
use super::reports::Reports;
use crate::arena::Arena;
use crate::built_in::is_built_in;
use crate::diagnostic::{Diagnostic, Location};
use crate::id::FileId;
use rolecall_syntax::Parse;
use rolecall_syntax::ast::{self, Item, Name};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

/// An item and the file that it stands in.
pub(super) struct Named<'a, T> {
    pub(super) item: &'a T,
    pub(super) file: FileId,
    pub(super) location: Location,
}

impl<T> Clone for Named<'_, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Named<'_, T> {}

/// The items of all files.
#[derive(Default)]
pub(super) struct Names<'a> {
    pub(super) assertions: Vec<Named<'a, ast::Assertion>>,
    pub(super) conditions: BTreeMap<&'a str, Named<'a, ast::Condition>>,
    pub(super) guards: Vec<Named<'a, ast::Guard>>,
    pub(super) issuers: Vec<Named<'a, ast::Issuer>>,
    pub(super) issuer_names: BTreeSet<&'a str>,
    pub(super) profiles: BTreeMap<&'a str, Named<'a, ast::Profile>>,
    pub(super) roles: Vec<Named<'a, ast::Role>>,
    pub(super) sets: BTreeMap<&'a str, Named<'a, ast::Set>>,
    pub(super) tests: Vec<Named<'a, ast::Test>>,
}

impl<'a> Names<'a> {
    /// Collects the items and reports names that two of a kind have. The first `users` files are not our own.
    pub(super) fn collect(
        files: &'a Arena<FileId, Arc<Parse>>,
        users: usize,
        diagnostics: &mut Reports,
    ) -> Self {
        let mut names = Self::default();
        let mut seen = Seen {
            first: HashMap::new(),
            diagnostics,
        };
        for (file, tree) in files.iter() {
            for item in &tree.file.items {
                let location = Location::new(file, item.span);
                match &item.node {
                    Item::Assertion(item) => names.assertions.push(Named { item, file, location }),
                    Item::Condition(item) => {
                        seen.name("condition", file, &item.name);
                        names.conditions.entry(item.name.node.as_str()).or_insert(Named {
                            item,
                            file,
                            location,
                        });
                    }
                    Item::Edition(_) => {}
                    Item::Guard(item) => {
                        seen.name("guard", file, &item.name);
                        names.guards.push(Named { item, file, location });
                    }
                    Item::Issuer(item) => {
                        if seen.name("issuer", file, &item.name) {
                            names.issuers.push(Named { item, file, location });
                            names.issuer_names.insert(&item.name.node);
                        }
                    }
                    Item::Profile(item) => {
                        // Ours come last: one that a file of the user's names too is that file's error.
                        if files.position(file) < users {
                            seen.name("profile", file, &item.name);
                            seen.built_in(file, &item.name);
                        }
                        names.profiles.entry(item.name.node.as_str()).or_insert(Named {
                            item,
                            file,
                            location,
                        });
                    }
                    Item::Role(item) => names.roles.push(Named { item, file, location }),
                    Item::Set(item) => {
                        seen.name("set", file, &item.name);
                        names
                            .sets
                            .entry(item.name.node.as_str())
                            .or_insert(Named { item, file, location });
                    }
                    Item::Test(item) => names.tests.push(Named { item, file, location }),
                }
            }
        }
        names
    }
}

struct Seen<'a, 'd> {
    first: HashMap<(&'static str, &'a str), Location>,
    diagnostics: &'d mut Reports,
}

impl<'a> Seen<'a, '_> {
    /// Notes a name; false if it was noted before, which is an error.
    fn name(&mut self, kind: &'static str, file: FileId, name: &'a Name) -> bool {
        let location = Location::new(file, name.span);
        match self.first.insert((kind, name.node.as_str()), location) {
            None => true,
            Some(first) => {
                self.diagnostics.add(
                    Diagnostic::new(location, format!("there are two {kind}s called `{}`", name.node))
                        .help("rename one of them: all files of a folder share their names")
                        .note(first, "the other one"),
                );
                false
            }
        }
    }

    /// Reports a profile with the name of a built-in one.
    fn built_in(&mut self, file: FileId, name: &Name) {
        if is_built_in(&name.node) {
            self.diagnostics.add(
                Diagnostic::new(
                    Location::new(file, name.span),
                    format!("the profile `{}` is built in", name.node),
                )
                .help(format!("choose another name, such as `my-{}`", name.node)),
            );
        }
    }
}

impl Lowering<'_> {
    /// Reports sets with nothing in them, or with something that is no literal.
    pub(super) fn check_sets(&mut self) {
        let mut errors = Vec::new();
        for set in self.names.sets.values() {
            if set.item.elements.is_empty() {
                let location = Location::new(set.file, set.item.elements.span);
                errors.push(
                    Diagnostic::new(
                        location,
                        format!(
                            "the set `{}` is empty, so that nothing can be in it",
                            set.item.name.node
                        ),
                    )
                    .help("put at least one literal into it"),
                );
            }
            for element in &set.item.elements.node {
                if matches!(element.node, ast::Operand::List(_) | ast::Operand::Reference(_)) {
                    let location = Location::new(set.file, element.span);
                    errors.push(
                        Diagnostic::new(location, "a set holds literals")
                            .help("write a string, a number or a regex"),
                    );
                }
            }
        }
        self.diagnostics.extend(errors);
    }
}
