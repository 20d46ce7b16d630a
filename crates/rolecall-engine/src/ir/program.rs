//! The program: all items of a policy set in their arenas.

use super::formula::{External, Formula};
use super::profile::{Profile, TrustedIssuer};
use super::role::{Clause, Guard, GuardCondition, Role};
use super::statement::{Assertion, Expectation, Test};
use crate::arena::{Arena, sealed::Sealed};
use crate::certain::certain;
use crate::id::{ClauseId, FileId, GuardId, IssuerId, RoleId};
use crate::narrow::{index, number};
use crate::parsed_file::ParsedFile;
use crate::pattern::Wildcard;
use crate::reason::UnfilledGrant;
use crate::source::Source;
use hashbrown::{DefaultHashBuilder, HashTable};
use rolecall_syntax::Str;
use rolecall_syntax::ast::{ExpectationKind, File, Selector};
use std::collections::HashSet;
use std::hash::BuildHasher;
use std::ops::Index;
use std::sync::Arc;

/// A policy set whose names are resolved and whose types fit.
///
/// Indexed by a [`RoleId`], [`ClauseId`], [`IssuerId`], [`GuardId`] or [`FileId`], it gives the item.
#[derive(Clone, Debug, Default)]
pub struct Program {
    pub(crate) files: Arena<FileId, Source>,
    /// The number of files that are the user's own: they come first.
    pub(crate) own_files: usize,
    /// The own files that are in other languages.
    pub(crate) foreign_files: HashSet<FileId>,
    pub(crate) profiles: Vec<Arc<Profile>>,
    pub(crate) issuers: Arena<IssuerId, TrustedIssuer>,
    roles: Arena<RoleId, Role>,
    /// The roles by their names, without a second copy of each name.
    by_name: HashTable<RoleId>,
    hasher: DefaultHashBuilder,
    clauses: Arena<ClauseId, Clause>,
    pub(crate) guards: Arena<GuardId, Guard>,
    pub(crate) tests: Vec<Test>,
    /// The names of the tests whose token files were not given.
    pub(crate) unread_tests: Vec<String>,
    pub(crate) assertions: Vec<Assertion>,
}

impl Program {
    /// Returns the files, those of the built-in profiles in use last.
    pub fn files(&self) -> &Arena<FileId, Source> {
        &self.files
    }

    /// Returns the files without those of the built-in profiles, with their ids.
    pub fn own_files(&self) -> impl ExactSizeIterator<Item = (FileId, &Source)> + Clone {
        self.files.iter().take(self.own_files)
    }

    /// Returns true if the file is the user's own and not one of a built-in profile.
    pub fn is_own(&self, file: FileId) -> bool {
        self.files.position(file) < self.own_files
    }

    /// Returns true if the file is in another language, such as a trust policy of AWS.
    pub fn is_foreign(&self, file: FileId) -> bool {
        self.foreign_files.contains(&file)
    }

    /// Returns the own files, each with the syntax tree that it has among `files`, which are in the order of the set. A
    /// file that is missing there, or has another text, is parsed when its tree is needed.
    pub fn parsed_files(&self, files: &[ParsedFile]) -> Arena<FileId, ParsedFile> {
        self.files.map_while(|id, source| {
            let known = files.get(self.files.position(id));
            let known = known.filter(|known| known.source() == source).cloned();
            let made = || match self.is_foreign(id) {
                // Only its translation has a tree.
                true => ParsedFile::foreign(source.clone(), File::default()),
                false => ParsedFile::new(source.clone()),
            };
            self.is_own(id).then(|| known.unwrap_or_else(made))
        })
    }

    /// Returns the profiles that the files declare, and the built-in ones that they use, sorted by name.
    pub fn profiles(&self) -> impl Iterator<Item = &Profile> {
        self.profiles.iter().map(|profile| &**profile)
    }

    /// Returns the issuers, in the order of the files: first those of policies, then those of documents.
    pub fn issuers(&self) -> &Arena<IssuerId, TrustedIssuer> {
        &self.issuers
    }

    /// Returns the roles, in the order of the files.
    pub fn roles(&self) -> &Arena<RoleId, Role> {
        &self.roles
    }

    /// Returns all clauses, role by role.
    pub fn all_clauses(&self) -> &Arena<ClauseId, Clause> {
        &self.clauses
    }

    /// Returns the guards, in the order of the files.
    pub fn guards(&self) -> &Arena<GuardId, Guard> {
        &self.guards
    }

    /// Returns the tests, in the order of the files.
    pub fn tests(&self) -> &[Test] {
        &self.tests
    }

    /// Returns the names of the tests that are not among [`tests`](Self::tests), because a file that their token is `from` was
    /// not given with its [`Source`].
    pub fn unread_tests(&self) -> &[String] {
        &self.unread_tests
    }

    /// Returns the assertions, in the order of the files.
    pub fn assertions(&self) -> &[Assertion] {
        &self.assertions
    }

    /// Returns the role with a name.
    #[inline]
    pub fn role(&self, name: &str) -> Option<RoleId> {
        let has_name = |id: &RoleId| *self.roles[*id].name == *name;
        self.by_name.find(self.hasher.hash_one(name), has_name).copied()
    }

    /// Returns the roles that a selector selects, in the order of the files. It looks at every role; the compiler,
    /// which selects for many guards and tests, has an index.
    pub fn select(&self, selector: &Selector) -> Vec<RoleId> {
        let is_selected: Box<dyn Fn(&Role) -> bool> = match selector {
            Selector::Name(name) if name.contains('*') => {
                let wildcard = Wildcard::new(&Str::quote(name));
                Box::new(move |role| wildcard.accepts(&role.name))
            }
            Selector::Name(name) => return self.role(name).into_iter().collect(),
            Selector::Tag(tag) => Box::new(move |role| role.tags.iter().any(|known| **known == *tag)),
        };
        let roles = self.roles.iter().filter(|(_, role)| is_selected(role));
        roles.map(|(id, _)| id).collect()
    }

    /// Returns the roles that an expectation is about: those that it names, or all of them.
    pub fn checked<'a>(&'a self, expectation: &'a Expectation) -> Box<dyn Iterator<Item = RoleId> + 'a> {
        match expectation.kind {
            ExpectationKind::Allow | ExpectationKind::Deny => Box::new(expectation.roles.iter().copied()),
            ExpectationKind::Only => Box::new(self.roles.ids()),
        }
    }

    /// Returns the issuer with a name.
    pub fn issuer(&self, name: &str) -> Option<IssuerId> {
        let has_name = |(_, issuer): &(IssuerId, &TrustedIssuer)| issuer.issuer.name == name;
        self.issuers.iter().find(has_name).map(|(id, _)| id)
    }

    /// Returns an issuer and its twin, if it has one. A token of one has the URL of the other.
    pub fn with_twin(&self, issuer: IssuerId) -> impl Iterator<Item = IssuerId> + Clone + use<> {
        [Some(issuer), self.issuers[issuer].twin].into_iter().flatten()
    }

    /// Returns the clauses of a role, in the order of the text; never empty.
    #[inline]
    pub fn clauses(&self, role: RoleId) -> &[Clause] {
        self.clauses_of(&self.roles[role])
    }

    /// Returns the ids of the clauses of a role, in the order of the text.
    pub fn clause_ids(&self, role: RoleId) -> impl ExactSizeIterator<Item = ClauseId> + Clone {
        let range = self.roles[role].clauses.clone();
        let (start, len) = (index(range.start), range.len());
        self.clauses.ids().skip(start).take(len)
    }

    /// Returns the program with other conditions in its clauses.
    pub(crate) fn with_conditions(&self, mut change: impl FnMut(&Clause, &Formula) -> Formula) -> Self {
        let mut program = self.clone();
        program.clauses = self.clauses.map(|_, clause| {
            let condition = change(clause, &clause.condition);
            let guards = clause.guards().iter().map(|guard| GuardCondition {
                guard: guard.guard,
                condition: change(clause, &guard.condition),
            });
            let guards = guards.collect();
            let mut clause = Clause {
                condition,
                ..clause.clone()
            };
            if !clause.guards().is_empty() {
                clause.set_guards(guards);
            }
            clause
        });
        program
    }

    /// Returns the external conditions of a role, sorted and each once.
    pub fn externals(&self, role: RoleId) -> Vec<Arc<External>> {
        let mut found: Vec<Arc<External>> = Vec::new();
        let conditions = self.clauses(role).iter().flat_map(Clause::conditions);
        conditions.for_each(|condition| condition.each_external(&mut |one| found.push(Arc::clone(one))));
        found.sort_unstable();
        found.dedup();
        found
    }

    /// Returns the claims in the grants of a role's clauses, in the order of the text.
    pub(crate) fn holes(&self, role: RoleId) -> impl Iterator<Item = UnfilledGrant> {
        self.clause_ids(role).flat_map(|clause| {
            let holes = self[clause].holes();
            holes.map(move |(grant, hole)| UnfilledGrant { clause, grant, hole })
        })
    }

    /// Returns the position of a clause in its role, from 0.
    pub fn clause_number(&self, role: RoleId, clause: ClauseId) -> usize {
        let start = index(self.roles[role].clauses.start);
        let position = self.clauses.position(clause);
        certain(
            position.checked_sub(start),
            "a clause is after the start of its role",
        )
    }

    /// Returns the clause at a position in a role, if there is one.
    pub(crate) fn clause_at(&self, role: RoleId, number: usize) -> Option<ClauseId> {
        let range = &self.roles[role].clauses;
        let position = index(range.start).checked_add(number)?;
        let id = self.clauses.id_at(position)?;
        range.contains(&id.number()).then_some(id)
    }

    fn clauses_of(&self, role: &Role) -> &[Clause] {
        let range = index(role.clauses.start)..index(role.clauses.end);
        let clauses = self.clauses.as_slice().get(range);
        certain(clauses, "the clauses of a role are in the program")
    }

    /// Adds a role with its clauses. No other role may have its name.
    pub(crate) fn push_role(&mut self, mut role: Role, clauses: Vec<Clause>) -> RoleId {
        let start = number(self.clauses.len());
        self.clauses.extend(clauses);
        role.clauses = start..number(self.clauses.len());
        let hash = self.hasher.hash_one(&*role.name);
        let id = self.roles.push(role);
        let rehash = |id: &RoleId| self.hasher.hash_one(&*self.roles[*id].name);
        self.by_name.insert_unique(hash, id, rehash);
        id
    }

    /// Returns a clause, to add guards to it.
    pub(crate) fn clause_mut(&mut self, clause: ClauseId) -> Option<&mut Clause> {
        self.clauses.get_mut(clause)
    }
}

macro_rules! index {
    ($($id:ident => $item:ident in $arena:ident;)+) => {
        $(
            impl Index<$id> for Program {
                type Output = $item;

                #[inline]
                fn index(&self, id: $id) -> &$item {
                    &self.$arena[id]
                }
            }
        )+
    };
}

index! {
    ClauseId => Clause in clauses;
    FileId => Source in files;
    GuardId => Guard in guards;
    IssuerId => TrustedIssuer in issuers;
    RoleId => Role in roles;
}
