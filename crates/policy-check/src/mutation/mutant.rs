//! Mutants: policies with one item changed.

use super::change::{Change, Kind, changes};
use rolecall_syntax::ast::{File, Item, Operand, RoleMember};
use rolecall_syntax::{Span, Spanned, print};
use std::collections::HashMap;

/// One item of a policy set that is changed.
#[derive(Clone, Debug)]
pub(crate) struct Mutant {
    /// The position of the file among the own files of the set, and of the item in the file.
    pub(crate) place: (usize, usize),
    pub(crate) kind: Kind,
    /// The part that changes.
    pub(crate) span: Span,
    edit: Edit,
}

/// A change of an item.
#[derive(Clone, Debug)]
enum Edit {
    /// Of the condition of an `allow`, at this position among the members, or of the only one that the item has.
    Condition(Option<usize>, Change),
    /// The member at this position is gone.
    RemoveMember(usize),
    /// The item is gone.
    Remove,
}

/// Returns all mutants of the files of a policy set, in the order of the text.
pub(super) fn mutants(files: &[&File]) -> Vec<Mutant> {
    let sets: HashMap<&str, &[Spanned<Operand>]> = files
        .iter()
        .flat_map(|file| &file.items)
        .filter_map(|item| match &item.node {
            Item::Set(set) => Some((set.name.node.as_str(), set.elements.node.as_slice())),
            _ => None,
        })
        .collect();
    let sets = |name: &str| sets.get(name).copied();
    let mut found = Vec::new();
    for (file, tree) in files.iter().enumerate() {
        for (position, item) in tree.items.iter().enumerate() {
            let mut add = |kind, span, edit| {
                let place = (file, position);
                found.push(Mutant {
                    place,
                    kind,
                    span,
                    edit,
                });
            };
            let mut all = |member, changes: Vec<Change>| {
                for change in changes {
                    add(change.kind, change.span, Edit::Condition(member, change));
                }
            };
            match &item.node {
                Item::Condition(condition) => all(None, changes(&condition.expr, false, &sets)),
                Item::Guard(guard) => {
                    all(None, changes(&guard.expr, false, &sets));
                    add(Kind::Drop, item.span, Edit::Remove);
                }
                Item::Role(role) => {
                    let is_allow =
                        |member: &&Spanned<RoleMember>| matches!(member.node, RoleMember::Allow(_));
                    let allows = role.members.iter().filter(is_allow).count();
                    for (number, member) in role.members.iter().enumerate() {
                        let RoleMember::Allow(allow) = &member.node else {
                            continue;
                        };
                        if let Some(when) = &allow.when {
                            for change in changes(when, true, &sets) {
                                add(change.kind, change.span, Edit::Condition(Some(number), change));
                            }
                        }
                        if allows > 1 {
                            add(Kind::Drop, member.span, Edit::RemoveMember(number));
                        }
                    }
                }
                _ => {}
            }
        }
    }
    found
}

impl Mutant {
    /// Returns the item as the mutant has it; `None` if it is gone.
    pub(crate) fn apply(&self, item: &Spanned<Item>) -> Option<Spanned<Item>> {
        let mut item = item.clone();
        match (&mut item.node, &self.edit) {
            (Item::Condition(condition), Edit::Condition(None, change)) => {
                condition.expr = change.apply(&condition.expr)?;
            }
            (Item::Guard(guard), Edit::Condition(None, change)) => guard.expr = change.apply(&guard.expr)?,
            (Item::Role(role), Edit::Condition(Some(number), change)) => {
                if let Some(RoleMember::Allow(allow)) = role.members.get_mut(*number).map(|one| &mut one.node)
                {
                    allow.when = allow.when.as_ref().and_then(|when| change.apply(when));
                }
            }
            (Item::Role(role), Edit::RemoveMember(number)) if *number < role.members.len() => {
                role.members.remove(*number);
            }
            _ => return None,
        }
        Some(item)
    }

    /// Returns the text of the item before and as the mutant has it, as `fmt` prints it and without comments.
    pub(crate) fn texts(&self, item: &Spanned<Item>) -> [String; 2] {
        let printed = |item: Option<Spanned<Item>>| {
            let items = item.into_iter().collect();
            let comments = Vec::new();
            print(&File { items, comments })
        };
        [printed(Some(item.clone())), printed(self.apply(item))]
    }
}
