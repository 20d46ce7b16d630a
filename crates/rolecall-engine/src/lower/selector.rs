//! Selectors: the roles that they select.

use super::Lowering;
use crate::arena::Arena;
use crate::diagnostic::{Diagnostic, Location};
use crate::error_kind::ErrorKind;
use crate::id::{FileId, RoleId};
use crate::ir::Role;
use crate::pattern::Wildcard;
use rolecall_syntax::ast::Selector;
use rolecall_syntax::{Spanned, Str, names_there_are};
use std::collections::{HashMap, HashSet};
use std::rc::Rc;

/// The roles by names and tags.
pub(super) struct Selection {
    /// The roles, sorted by name.
    by_name: Vec<RoleId>,
    by_tag: HashMap<String, Rc<[RoleId]>>,
    /// The roles that patterns select, once they are looked up.
    by_pattern: HashMap<String, Rc<[RoleId]>>,
    /// The list of role names, for the help of errors.
    role_names: String,
    /// The list of tags, for the help of errors.
    tag_names: String,
}

impl Selection {
    fn new(roles: &Arena<RoleId, Role>) -> Self {
        let mut by_name: Vec<RoleId> = roles.ids().collect();
        by_name.sort_unstable_by_key(|role| &roles[*role].name);
        let mut by_tag: HashMap<&str, Vec<RoleId>> = HashMap::new();
        for (id, role) in roles.iter() {
            for tag in role.tags.iter() {
                let tagged = by_tag.entry(tag).or_default();
                if tagged.last() != Some(&id) {
                    tagged.push(id);
                }
            }
        }
        Self {
            role_names: names_there_are("role", roles.values().map(|role| &*role.name)),
            tag_names: names_there_are("tag", by_tag.keys().copied()),
            by_tag: by_tag
                .into_iter()
                .map(|(tag, roles)| (tag.to_owned(), roles.into()))
                .collect(),
            by_name,
            by_pattern: HashMap::new(),
        }
    }

    /// Returns the roles whose names begin with a text, sorted by name.
    fn beginning_with(&self, roles: &Arena<RoleId, Role>, start: &str) -> &[RoleId] {
        let from = self.by_name.partition_point(|role| *roles[*role].name < *start);
        let (_, rest) = self.by_name.split_at(from);
        let end = rest.partition_point(|role| roles[*role].name.starts_with(start));
        let (found, _) = rest.split_at(end);
        found
    }
}

impl Lowering<'_> {
    /// Returns the roles that selectors select, each once, in the order of the files. It is an error if one
    /// selects none.
    pub(super) fn select(&mut self, selectors: &[Spanned<Selector>], file: FileId) -> Vec<RoleId> {
        self.select_but(selectors, file, |_| false)
    }

    /// Returns the same roles, if some selectors may select none.
    pub(super) fn select_but(
        &mut self,
        selectors: &[Spanned<Selector>],
        file: FileId,
        may_be_empty: impl Fn(&Selector) -> bool,
    ) -> Vec<RoleId> {
        let mut selected = Vec::new();
        let mut seen = HashSet::new();
        for selector in selectors.iter().filter(|selector| seen.insert(&selector.node)) {
            let location = Location::new(file, selector.span);
            let found = match &selector.node {
                Selector::Name(name) if name.contains('*') => self.matching(name, location),
                Selector::Name(name) => self.program.role(name).into_iter().collect(),
                Selector::Tag(tag) => match self.selection().by_tag.get(tag) {
                    Some(roles) => Rc::clone(roles),
                    None => Rc::default(),
                },
            };
            if self.exceeded.is_some() {
                return Vec::new();
            }
            if found.is_empty() && !may_be_empty(&selector.node) {
                self.selects_nothing(&selector.node, location);
            }
            let clauses: usize = found.iter().map(|role| self.program.clauses(*role).len()).sum();
            if !self.take_selected(found.len(), location) || !self.take_selected(clauses, location) {
                return Vec::new();
            }
            selected.extend(found.iter().copied());
        }
        selected.sort_unstable();
        selected.dedup();
        selected
    }

    fn selection(&mut self) -> &mut Selection {
        let roles = self.program.roles();
        self.selection.get_or_insert_with(|| Selection::new(roles))
    }

    /// Returns the roles whose names match a pattern, in the order of the files.
    fn matching(&mut self, pattern: &str, location: Location) -> Rc<[RoleId]> {
        if let Some(known) = self.selection().by_pattern.get(pattern) {
            return Rc::clone(known);
        }
        let start = pattern.split_once('*').map_or(pattern, |(start, _)| start);
        let roles = self.program.roles();
        let selection = self.selection.get_or_insert_with(|| Selection::new(roles));
        let candidates = selection.beginning_with(roles, start).to_vec();
        if !self.take_selected(candidates.len(), location) {
            return Rc::default();
        }
        let wildcard = Wildcard::new(&Str::quote(pattern));
        let fits = |role: &RoleId| wildcard.accepts(&self.program[*role].name);
        let mut found: Vec<RoleId> = candidates.into_iter().filter(fits).collect();
        found.sort_unstable();
        let found: Rc<[RoleId]> = found.into();
        self.selection()
            .by_pattern
            .insert(pattern.to_owned(), Rc::clone(&found));
        found
    }

    /// Reports a selector that selects no role.
    fn selects_nothing(&mut self, selector: &Selector, location: Location) {
        let (kind, message, near) = match selector {
            Selector::Name(name) if name.contains('*') => (
                ErrorKind::SelectsNothing,
                format!("no role has a name like `{name}`"),
                None,
            ),
            Selector::Name(name) => {
                let names = self.program.roles().values().map(|role| &*role.name);
                let is_tag = self
                    .selection
                    .iter()
                    .any(|roles| roles.by_tag.contains_key(name.as_str()));
                let near = match is_tag {
                    true => Some(format!("#{name}")),
                    false => self.budgets.did_you_mean(name, names).map(str::to_owned),
                };
                (ErrorKind::UnknownRole, format!("there is no role `{name}`"), near)
            }
            Selector::Tag(tag) => {
                let tags = self.selection.iter().flat_map(|roles| roles.by_tag.keys());
                let near = self.budgets.did_you_mean(tag, tags.map(String::as_str));
                (
                    ErrorKind::SelectsNothing,
                    format!("no role has the tag `{tag}`"),
                    near.map(|near| format!("#{near}")),
                )
            }
        };
        let there_are = match selector {
            Selector::Name(_) => self.selection().role_names.clone(),
            Selector::Tag(_) => self.selection().tag_names.clone(),
        };
        let is_none = matches!(selector, Selector::Name(name) if matches!(name.as_str(), "none" | "nothing"));
        let there_are = match is_none {
            true => "write `expect deny *` for no role".to_owned(),
            false => there_are,
        };
        let help = near.map_or(there_are, |near| format!("did you mean `{near}`?"));
        self.error(Diagnostic::new(kind, location, message).help(help));
    }
}
