//! Syntax trees. They have comments, unused names and the text of comparisons, which the typed program lacks.

use hashbrown::{HashMap, HashSet};
use rolecall_engine::ir::Program;
use rolecall_engine::{Arena, FileId, Location};
use rolecall_syntax::ast::{
    Allow, Comparison, Expr, ExprAt, File, IssuerMember, Item, ProfileMember, Role, RoleMember, Statement,
};
use rolecall_syntax::{Span, Spanned, parse};

/// The syntax trees of some files.
#[derive(Debug)]
pub(crate) struct Trees {
    /// The trees, in the order of the files, without those of the built-in profiles.
    pub(crate) files: Arena<FileId, File>,
    /// The comparisons, by location.
    comparisons: HashMap<Location, Comparison>,
    /// The locations of parts of conditions after which `&& …` can be written.
    pub(crate) conjuncts: HashSet<Location>,
}

impl Trees {
    /// Parses some files.
    pub(crate) fn new(program: &Program) -> Self {
        let files = program.files();
        let files = files.map_while(|id, source| program.is_own(id).then(|| parse(&source.text).file));
        let mut comparisons = HashMap::new();
        let mut conjuncts = HashSet::new();
        for (file, tree) in files.iter() {
            each_condition(tree, &mut |condition| {
                conjuncts.insert(Location::new(file, condition.span));
                each_part(condition, &mut |part| {
                    if let Expr::Compare(comparison) = &part.node {
                        comparisons.insert(Location::new(file, part.span), (**comparison).clone());
                    }
                    if let Expr::All(parts) = &part.node {
                        conjuncts.extend(parts.iter().map(|part| Location::new(file, part.span)));
                    }
                });
            });
        }
        Self {
            files,
            comparisons,
            conjuncts,
        }
    }

    /// Returns the comparison at a location.
    pub(crate) fn comparison(&self, location: Location) -> Option<&Comparison> {
        self.comparisons.get(&location)
    }

    /// Returns the items of all files, each with its file.
    pub(crate) fn items(&self) -> impl Iterator<Item = (FileId, &Spanned<Item>)> {
        let files = self.files.iter();
        files.flat_map(|(id, file)| file.items.iter().map(move |item| (id, item)))
    }

    /// Returns the location of `allow from ISSUER` of the clause at a location.
    pub(crate) fn allow(&self, clause: Location) -> Option<Location> {
        let end = self.clause(clause)?.issuer.span.end;
        Some(Location::new(clause.file(), Span::new(clause.span().start, end)))
    }

    /// Returns the location of a grant of the role at a location.
    pub(crate) fn grant(&self, role: Location, name: &str) -> Option<Location> {
        let items = &self.files.find(role.file())?.items;
        let item = items.binary_search_by_key(&role.span().start, |item| item.span.start);
        let Item::Role(tree) = &items.get(item.ok()?)?.node else {
            return None;
        };
        tree.members.iter().find_map(|member| match &member.node {
            RoleMember::Grant(grant) if grant.name.node.as_str() == name => {
                Some(Location::new(role.file(), member.span))
            }
            _ => None,
        })
    }

    /// Returns the syntax tree of the condition of the clause at a location.
    pub(crate) fn when(&self, clause: Location) -> Option<&ExprAt> {
        self.clause(clause)?.when.as_ref()
    }

    /// Returns the clause at a location.
    pub(crate) fn clause(&self, clause: Location) -> Option<&Allow> {
        let items = &self.files.find(clause.file())?.items;
        // Items are in order, and there may be many roles.
        let after = items.partition_point(|item| item.span.start <= clause.span().start);
        let Item::Role(role) = &items.get(after.checked_sub(1)?)?.node else {
            return None;
        };
        role.members.iter().find_map(|member| match &member.node {
            RoleMember::Allow(allow) if member.span == clause.span() => Some(allow),
            _ => None,
        })
    }
}

/// Calls a function with each whole condition of a file.
pub(crate) fn each_condition<'t>(file: &'t File, show: &mut dyn FnMut(&'t ExprAt)) {
    file.items.iter().for_each(|item| conditions_of(&item.node, show));
}

/// Calls a function with each whole condition of an item.
pub(crate) fn conditions_of<'t>(item: &'t Item, show: &mut dyn FnMut(&'t ExprAt)) {
    match item {
        Item::Assertion(assertion) => match &assertion.statement.node {
            Statement::Implies(_, condition) | Statement::Never(_, condition) => show(condition),
            Statement::Possible(_, condition) => condition.iter().for_each(show),
            Statement::Covers(..) | Statement::Disjoint(_) | Statement::Equivalent(..) => {}
        },
        Item::Condition(condition) => show(&condition.expr),
        Item::Guard(guard) => show(&guard.expr),
        Item::Issuer(issuer) => issuer.members.iter().for_each(|member| {
            if let IssuerMember::Derive(derive) = &member.node {
                derive.when.iter().for_each(&mut *show);
            }
        }),
        Item::Profile(profile) => profile.members.iter().for_each(|member| {
            if let ProfileMember::Derive(derive) = &member.node {
                derive.when.iter().for_each(&mut *show);
            }
        }),
        Item::Role(role) => role.members.iter().for_each(|member| {
            if let RoleMember::Allow(allow) = &member.node {
                allow.when.iter().for_each(&mut *show);
            }
        }),
        Item::Edition(_) | Item::Set(_) | Item::Test(_) => {}
    }
}

/// Calls a function with each part of a condition, beginning with the whole.
pub(crate) fn each_part<'t>(condition: &'t ExprAt, show: &mut dyn FnMut(&'t ExprAt)) {
    show(condition);
    match &condition.node {
        Expr::All(parts) | Expr::Any(parts) => parts.iter().for_each(|part| each_part(part, show)),
        Expr::Not(part) => each_part(part, show),
        Expr::Bare(_) | Expr::Call(..) | Expr::Compare(_) | Expr::Has(_) | Expr::IsNull(_) => {}
    }
}

/// Returns the spans of the members of a role, an issuer or a profile.
pub(crate) fn members_of(item: &Item) -> Vec<Span> {
    match item {
        Item::Issuer(issuer) => issuer.members.iter().map(|member| member.span).collect(),
        Item::Profile(profile) => profile.members.iter().map(|member| member.span).collect(),
        Item::Role(role) => role.members.iter().map(|member| member.span).collect(),
        _ => Vec::new(),
    }
}

/// Returns whether a role has one of some tags.
pub(crate) fn has_any_tag(role: &Role, tags: &[String]) -> bool {
    let mut own = role.members.iter().flat_map(|member| match &member.node {
        RoleMember::Tags(own) => own.as_slice(),
        _ => &[],
    });
    own.any(|tag| tags.contains(&tag.node))
}
