//! Small policy sets: a mutant needs only the roles that it can change.

use super::mutant::Mutant;
use rolecall_engine::ir::Clause;
use rolecall_engine::{FileId, Location, ParsedFile, PolicySet, Source};
use rolecall_syntax::ast::{Expr, File, Guard, Item, RoleMember, Selector};
use rolecall_syntax::{Spanned, ast};
use std::collections::{BTreeSet, HashMap, HashSet};

/// The position of a file, and of an item in it.
type Place = (usize, usize);

/// The items of a policy set, and the roles that each of them is about.
#[derive(Debug)]
pub(super) struct Items<'s> {
    files: Vec<(&'s Source, &'s File)>,
    /// The names of the roles of each `role` item.
    roles: HashMap<Place, Vec<&'s str>>,
    /// The `role` items that each other item is about: a guard, or a condition.
    about: HashMap<Place, BTreeSet<Place>>,
    /// The guards of each role.
    guards: HashMap<&'s str, Vec<Place>>,
}

impl<'s> Items<'s> {
    /// Reads the files of a set. Those in other languages have no items.
    pub(super) fn new(set: &'s PolicySet, trees: &'s [ParsedFile]) -> Self {
        let program = set.program();
        let files: Vec<(&Source, &File)> = trees
            .iter()
            .map(|file| (file.source(), &file.parse().file))
            .collect();
        let mut places: HashMap<Location, Place> = HashMap::new();
        let ids: Vec<FileId> = program.own_files().map(|(id, _)| id).collect();
        for (number, (id, (_, tree))) in ids.iter().zip(&files).enumerate() {
            for (position, item) in tree.items.iter().enumerate() {
                places.insert(Location::new(*id, item.span), (number, position));
            }
        }
        let mut items = Self {
            files,
            roles: HashMap::new(),
            about: HashMap::new(),
            guards: HashMap::new(),
        };
        for (id, role) in program.roles().iter() {
            let Some(place) = places.get(&role.location) else {
                continue;
            };
            items.roles.entry(*place).or_default().push(&role.name);
            let guards: BTreeSet<Place> = program
                .clauses(id)
                .iter()
                .flat_map(Clause::guards)
                .filter_map(|guard| places.get(&program[guard.guard].location).copied())
                .collect();
            for guard in &guards {
                items.about.entry(*guard).or_default().insert(*place);
            }
            items.guards.insert(&role.name, guards.into_iter().collect());
        }
        items.add_conditions();
        items
    }

    /// Finds the roles that each condition is about: those that name it, or a guard or a condition that does.
    fn add_conditions(&mut self) {
        let mut conditions: HashMap<&str, Place> = HashMap::new();
        for (place, item) in self.each() {
            if let Item::Condition(condition) = &item.node {
                conditions.insert(&condition.name.node, place);
            }
        }
        let uses: Vec<(Place, HashSet<Place>)> = self
            .each()
            .map(|(place, item)| {
                let mut named = HashSet::new();
                each_condition(&item.node, &mut |expr| {
                    names(&expr.node, &mut |name| {
                        named.extend(conditions.get(name));
                    });
                });
                (place, named)
            })
            .collect();
        // A condition can only name conditions without a circle, so that this comes to an end.
        loop {
            let mut has_grown = false;
            for (place, named) in &uses {
                let about = match self.roles.contains_key(place) {
                    true => BTreeSet::from([*place]),
                    false => self.about.get(place).cloned().unwrap_or_default(),
                };
                for condition in named {
                    let known = self.about.entry(*condition).or_default();
                    let before = known.len();
                    known.extend(&about);
                    has_grown |= known.len() > before;
                }
            }
            if !has_grown {
                break;
            }
        }
    }

    fn each(&self) -> impl Iterator<Item = (Place, &'s Spanned<Item>)> + use<'s> {
        let files = self.files.clone();
        let files = files.into_iter().enumerate();
        files.flat_map(|(file, (_, tree))| {
            let items = tree.items.iter().enumerate();
            items.map(move |(position, item)| ((file, position), item))
        })
    }

    /// Returns the item of a mutant.
    pub(super) fn item(&self, mutant: &Mutant) -> Option<&'s Spanned<Item>> {
        let (file, position) = mutant.place;
        self.files.get(file)?.1.items.get(position)
    }

    /// Returns the `role` items that a mutant can change.
    pub(super) fn about(&self, mutant: &Mutant) -> BTreeSet<Place> {
        match self.roles.contains_key(&mutant.place) {
            true => BTreeSet::from([mutant.place]),
            false => self.about.get(&mutant.place).cloned().unwrap_or_default(),
        }
    }

    /// Returns the names of the roles of some items.
    pub(super) fn names<'i>(&'i self, places: &'i BTreeSet<Place>) -> impl Iterator<Item = &'s str> + 'i {
        let each = places.iter().filter_map(|place| self.roles.get(place));
        each.flatten().copied()
    }

    /// Returns the set with these `role` items and their guards alone, without tests and assertions, as it is or as a
    /// mutant has it. `None` if that does not compile.
    pub(super) fn compile(&self, places: &BTreeSet<Place>, mutant: Option<&Mutant>) -> Option<PolicySet> {
        let mut selected: HashMap<Place, Vec<&str>> = HashMap::new();
        for name in self.names(places) {
            for guard in self.guards.get(name).into_iter().flatten() {
                selected.entry(*guard).or_default().push(name);
            }
        }
        self.compile_with(mutant, |place, item| match item {
            Item::Test(_) | Item::Assertion(_) => None,
            Item::Role(_) => places.contains(&place).then(|| item.clone()),
            Item::Guard(guard) => {
                let names = selected.get(&place)?;
                Some(Item::Guard(Box::new(narrowed(guard, names))))
            }
            _ => Some(item.clone()),
        })
    }

    /// Returns the whole set without its tests, as a mutant has it.
    pub(super) fn compile_whole(&self, mutant: &Mutant) -> Option<PolicySet> {
        self.compile_with(Some(mutant), |_, item| match item {
            Item::Test(_) => None,
            item => Some(item.clone()),
        })
    }

    fn compile_with(
        &self,
        mutant: Option<&Mutant>,
        keep: impl Fn(Place, &Item) -> Option<Item>,
    ) -> Option<PolicySet> {
        let files = self.files.iter().enumerate().map(|(file, (source, tree))| {
            let items = tree.items.iter().enumerate().filter_map(|(position, item)| {
                let place = (file, position);
                let changed = match mutant.filter(|mutant| mutant.place == place) {
                    Some(mutant) => Some(mutant.apply(item)?),
                    None => None,
                };
                let node = keep(place, &changed.as_ref().unwrap_or(item).node)?;
                Some(Spanned {
                    node,
                    span: item.span,
                })
            });
            let items = items.collect();
            let comments = Vec::new();
            ParsedFile::with_tree((*source).clone(), File { items, comments })
        });
        PolicySet::compile_files(files).ok()
    }
}

/// Returns a guard that selects some roles by their names.
fn narrowed(guard: &Guard, names: &[&str]) -> Guard {
    let span = guard.name.span;
    let selectors = names.iter().map(|name| Spanned {
        node: Selector::Name((*name).to_owned()),
        span,
    });
    Guard {
        selectors: selectors.collect(),
        ..guard.clone()
    }
}

/// Calls `show` with each condition of an item that decides roles.
fn each_condition<'i>(item: &'i Item, show: &mut dyn FnMut(&'i ast::ExprAt)) {
    match item {
        Item::Condition(condition) => show(&condition.expr),
        Item::Guard(guard) => show(&guard.expr),
        Item::Role(role) => {
            for member in &role.members {
                if let RoleMember::Allow(allow) = &member.node {
                    allow.when.iter().for_each(&mut *show);
                }
            }
        }
        _ => {}
    }
}

/// Calls `show` with each name that can be one of a condition.
fn names<'e>(expr: &'e Expr, show: &mut dyn FnMut(&'e str)) {
    match expr {
        Expr::All(parts) | Expr::Any(parts) => parts.iter().for_each(|part| names(&part.node, show)),
        Expr::Bare(path) => path.as_name().into_iter().for_each(show),
        Expr::Call(call) => show(&call.name.node),
        Expr::Not(part) => names(&part.node, show),
        Expr::Compare(_) | Expr::External(_) | Expr::Has(_) | Expr::IsNull(_) => {}
    }
}
