//! Syntax trees. They have comments, unused names and the text of comparisons, which the typed program lacks.

use rolecall_engine::ir::Program;
use rolecall_engine::{Arena, FileId, Location, ParsedFile};
use rolecall_syntax::ast::{
    Allow, Comparison, Expr, ExprAt, File, IssuerMember, Item, ProfileMember, Role, RoleMember, Statement,
};
use rolecall_syntax::{Span, Spanned};

/// The syntax trees of the files of a policy set.
#[derive(Clone, Debug)]
pub(crate) struct Trees {
    /// The files in their order, without those of the built-in profiles.
    files: Arena<FileId, ParsedFile>,
}

impl Trees {
    /// Takes the trees of a set's files as [`Program::parsed_files`] does.
    pub(crate) fn new(program: &Program, files: &[ParsedFile]) -> Self {
        Self {
            files: program.parsed_files(files),
        }
    }

    /// Returns the tree of a file; `None` for that of a built-in profile.
    pub(crate) fn file(&self, id: FileId) -> Option<&File> {
        self.files.find(id).map(|file| &file.parse().file)
    }

    /// Returns the trees of the policy files. Rules about spelling read these: what is written in another language cannot be
    /// written in another way, and a fix would not be one.
    pub(crate) fn files(&self) -> impl Iterator<Item = (FileId, &File)> {
        let policies = self.files.iter().filter(|(_, file)| !file.is_foreign());
        policies.map(|(id, file)| (id, &file.parse().file))
    }

    /// Returns the files in any language, for their comments.
    pub(crate) fn with_comments(&self) -> impl Iterator<Item = (FileId, &File)> {
        self.files.iter().map(|(id, file)| (id, &file.parse().file))
    }

    /// Returns the item around a location.
    pub(crate) fn item(&self, location: Location) -> Option<&Spanned<Item>> {
        let items = &self.file(location.file())?.items;
        // Items are in order, and there may be many.
        let after = items.partition_point(|item| item.span.start <= location.span().start);
        let item = items.get(after.checked_sub(1)?)?;
        item.span.contains(location.span()).then_some(item)
    }

    /// Returns the comparison at a location.
    pub(crate) fn comparison(&self, location: Location) -> Option<&Comparison> {
        let mut found = None;
        conditions_of(&self.item(location)?.node, &mut |condition| {
            each_around(condition, location.span(), &mut |part| {
                if let (Expr::Compare(comparison), true) = (&part.node, part.span == location.span()) {
                    found = Some(&**comparison);
                }
            });
        });
        found
    }

    /// Returns whether a location is that of a whole condition, or of a part of a condition after which `&& …` can be
    /// written.
    pub(crate) fn is_conjunct(&self, location: Location) -> bool {
        let (span, mut found) = (location.span(), false);
        let Some(item) = self.item(location) else {
            return false;
        };
        conditions_of(&item.node, &mut |condition| {
            found |= condition.span == span;
            each_around(condition, span, &mut |part| {
                if let Expr::All(parts) = &part.node {
                    found |= parts.iter().any(|part| part.span == span);
                }
            });
        });
        found
    }

    /// Returns the items of the policy files, each with its file.
    pub(crate) fn items(&self) -> impl Iterator<Item = (FileId, &Spanned<Item>)> {
        self.files()
            .flat_map(|(id, file)| file.items.iter().map(move |item| (id, item)))
    }

    /// Returns the location of `allow from ISSUER` of the clause at a location; in a document in another language, that of
    /// the issuer.
    pub(crate) fn allow(&self, clause: Location) -> Option<Location> {
        let issuer = self.clause(clause)?.issuer.span;
        let start = match self.files.find(clause.file())?.is_foreign() {
            true => issuer.start,
            false => clause.span().start,
        };
        Some(Location::new(clause.file(), Span::new(start, issuer.end)))
    }

    /// Returns the location of a grant of the role at a location.
    pub(crate) fn grant(&self, role: Location, name: &str) -> Option<Location> {
        let Item::Role(tree) = &self.item(role)?.node else {
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
        let Item::Role(role) = &self.item(clause)?.node else {
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

/// Calls a function with the parts of a condition that are around a span, beginning with the whole.
fn each_around<'t>(condition: &'t ExprAt, span: Span, show: &mut dyn FnMut(&'t ExprAt)) {
    if !condition.span.contains(span) {
        return;
    }
    show(condition);
    match &condition.node {
        Expr::All(parts) | Expr::Any(parts) => parts.iter().for_each(|part| each_around(part, span, show)),
        Expr::Not(part) => each_around(part, span, show),
        Expr::Bare(_)
        | Expr::Call(..)
        | Expr::Compare(_)
        | Expr::External(_)
        | Expr::Has(_)
        | Expr::IsNull(_) => {}
    }
}

/// Calls a function with each part of a condition, beginning with the whole.
pub(crate) fn each_part<'t>(condition: &'t ExprAt, show: &mut dyn FnMut(&'t ExprAt)) {
    show(condition);
    match &condition.node {
        Expr::All(parts) | Expr::Any(parts) => parts.iter().for_each(|part| each_part(part, show)),
        Expr::Not(part) => each_part(part, show),
        Expr::Bare(_)
        | Expr::Call(..)
        | Expr::Compare(_)
        | Expr::External(_)
        | Expr::Has(_)
        | Expr::IsNull(_) => {}
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

/// Returns the kind of an item and its whole name.
pub(crate) fn head(item: &Item, text: &str) -> String {
    let (kind, name) = match item {
        Item::Assertion(assertion) => ("assert", assertion.name.span),
        Item::Condition(condition) => ("condition", condition.name.span),
        Item::Edition(_) => return "edition".to_owned(),
        Item::Guard(guard) => ("guard", guard.name.span),
        Item::Issuer(issuer) => ("issuer", issuer.name.span),
        Item::Profile(profile) => ("profile", profile.name.span),
        Item::Role(role) => ("role", role.name.span),
        Item::Set(set) => ("set", set.name.span),
        Item::Test(test) => ("test", test.name.span),
    };
    format!("{kind} {}", name.text(text))
}
