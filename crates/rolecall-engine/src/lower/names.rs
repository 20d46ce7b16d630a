//! Names: the items of all files, by their kinds and names.

use super::Lowering;
use super::reports::Reports;
use crate::arena::Arena;
use crate::built_in::is_built_in;
use crate::diagnostic::{Diagnostic, Location};
use crate::error_kind::ErrorKind;
use crate::id::FileId;
use crate::parsed_file::ParsedFile;
use crate::pattern::Wildcard;
use crate::token_files::{TokenFile, TokenFiles};
use rolecall_syntax::Str;
use rolecall_syntax::ast::{self, Item, Name, Selector};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

/// An item and its file.
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
    foreign_files: HashSet<FileId>,
    /// The token files of the policy files that have any.
    token_files: HashMap<FileId, &'a TokenFiles>,
    /// The roles of documents that no tree has, in the order of the files.
    untranslated: Vec<&'a str>,
}

impl<'a> Names<'a> {
    /// Collects the items, and reports names that two items of one kind have. The first `own_files` files are
    /// those of the user; built-in profiles follow.
    pub(super) fn collect(
        files: &'a Arena<FileId, ParsedFile>,
        own_files: usize,
        reports: &mut Reports,
    ) -> Self {
        let mut names = Self::default();
        let mut register = Register {
            first: HashMap::new(),
            reports,
        };
        for (file, tree) in files.iter() {
            if tree.is_foreign() {
                names.foreign_files.insert(file);
                names
                    .untranslated
                    .extend(tree.untranslated().iter().map(String::as_str));
            }
            let token_files = &tree.source().token_files;
            if !token_files.is_empty() {
                names.token_files.insert(file, token_files);
            }
            for item in &tree.parse().file.items {
                let location = Location::new(file, item.span);
                match &item.node {
                    Item::Assertion(item) => names.assertions.push(Named { item, file, location }),
                    Item::Condition(item) => {
                        register.add("condition", file, &item.name);
                        let item = &**item;
                        let named = Named { item, file, location };
                        names.conditions.entry(&item.name.node).or_insert(named);
                    }
                    Item::Edition(_) => {}
                    Item::Guard(item) => {
                        register.add("guard", file, &item.name);
                        names.guards.push(Named { item, file, location });
                    }
                    Item::Issuer(item) => {
                        if register.add("issuer", file, &item.name) {
                            names.issuers.push(Named { item, file, location });
                            names.issuer_names.insert(&item.name.node);
                        }
                    }
                    Item::Profile(item) => {
                        // A built-in profile comes last. A user's profile with its name is an error in the
                        // user's file.
                        if files.position(file) < own_files {
                            register.add("profile", file, &item.name);
                            register.refuse_built_in(file, &item.name);
                        }
                        let item = &**item;
                        let named = Named { item, file, location };
                        names.profiles.entry(&item.name.node).or_insert(named);
                    }
                    Item::Role(item) => names.roles.push(Named { item, file, location }),
                    Item::Set(item) => {
                        register.add("set", file, &item.name);
                        let named = Named { item, file, location };
                        names.sets.entry(&item.name.node).or_insert(named);
                    }
                    Item::Test(item) => names.tests.push(Named { item, file, location }),
                }
            }
        }
        names
    }

    /// Returns whether a file is in another language.
    pub(super) fn is_foreign(&self, file: FileId) -> bool {
        self.foreign_files.contains(&file)
    }

    /// Returns a file with the claims of a token, by its path in a policy file; `None` if it was not given.
    pub(super) fn token_file(&self, file: FileId, path: &str) -> Option<&'a TokenFile> {
        self.token_files.get(&file)?.get(path)
    }

    /// Returns the roles of documents that a selector would select if they were translated. They have no tags.
    pub(super) fn untranslated(&self, selector: &Selector) -> Vec<String> {
        let fits: Box<dyn Fn(&str) -> bool> = match selector {
            Selector::Name(name) if name.contains('*') => {
                let wildcard = Wildcard::new(&Str::quote(name));
                Box::new(move |role| wildcard.accepts(role))
            }
            Selector::Name(name) => Box::new(move |role| role == name),
            Selector::Tag(_) => return Vec::new(),
        };
        let untranslated = self.untranslated.iter().filter(|role| fits(role));
        untranslated.map(|role| (*role).to_owned()).collect()
    }

    /// Returns the condition with a name, and the name as it is declared.
    pub(super) fn condition(&self, name: &str) -> Option<(&'a str, Named<'a, ast::Condition>)> {
        let (name, condition) = self.conditions.get_key_value(name)?;
        Some((*name, *condition))
    }
}

/// The names so far, by the kind of the item.
struct Register<'a, 'd> {
    first: HashMap<(&'static str, &'a str), Location>,
    reports: &'d mut Reports,
}

impl<'a> Register<'a, '_> {
    /// Adds a name. Returns false, and reports an error, if another item of the kind has the name.
    fn add(&mut self, kind: &'static str, file: FileId, name: &'a Name) -> bool {
        let location = Location::new(file, name.span);
        let Some(first) = self.first.insert((kind, name.node.as_str()), location) else {
            return true;
        };
        let message = format!("there are two {kind}s called `{}`", name.node);
        self.reports.add(
            Diagnostic::new(ErrorKind::DuplicateName, location, message)
                .help("rename one of them: all files of a folder share their names")
                .note(first, "the other one"),
        );
        false
    }

    /// Reports a profile with the name of a built-in one.
    fn refuse_built_in(&mut self, file: FileId, name: &Name) {
        if is_built_in(&name.node) {
            let location = Location::new(file, name.span);
            let message = format!("the profile `{}` is built in", name.node);
            let help = format!(
                "extend it under another name: `profile my-{0} extends {0} {{ … }}`",
                name.node
            );
            self.reports
                .add(Diagnostic::new(ErrorKind::DuplicateName, location, message).help(help));
        }
    }
}

impl Lowering<'_> {
    /// Reports sets that are empty or contain anything but literals and rows of literals.
    pub(super) fn check_sets(&mut self) {
        for set in self.names.sets.values() {
            let elements = &set.item.elements;
            if elements.is_empty() {
                let location = Location::new(set.file, elements.span);
                let message = format!("the set `{}` is empty: no claim can be in it", set.item.name.node);
                self.error(
                    Diagnostic::new(ErrorKind::Empty, location, message).help("add at least one literal"),
                );
            }
            for element in &elements.node {
                let values = match &element.node {
                    ast::Operand::List(row) => row.as_slice(),
                    _ => std::slice::from_ref(element),
                };
                for value in values {
                    let location = Location::new(set.file, value.span);
                    let errors = self.reports.count();
                    if self.set_literal(value, set.file).is_none() && self.reports.count() == errors {
                        self.error(
                            Diagnostic::new(
                                ErrorKind::InvalidElement,
                                location,
                                "a set contains only literals, or rows of them",
                            )
                            .help("write a string, a number or a regex"),
                        );
                    }
                }
            }
        }
    }
}
