//! The typed form of a policy set: what is decided, explained, analysed and linted.

use crate::claim_type::{ClaimType, Literal};
use crate::claims::UnverifiedClaims;
use crate::diagnostic::{Location, Source};
use crate::issuer::Issuer;
use crate::pattern::Pattern;
use crate::role_index::RoleIndex;
use crate::template::{ClaimId, Template};
use rolecall_syntax::ast::ExpectationKind;
use std::collections::{HashMap, HashSet};
use std::fmt;
use std::sync::Arc;

/// A policy set whose names are resolved and whose types fit.
#[derive(Clone, Debug, Default)]
pub struct Program {
    /// The files, those of the built-in profiles in use last.
    pub sources: Vec<Source>,
    /// How many of the files are the user's own.
    pub(crate) own_sources: usize,
    /// Whom the set trusts.
    pub issuers: Vec<TrustedIssuer>,
    /// The roles, in the order of the files.
    pub roles: Vec<Role>,
    /// The roles by their names.
    role_index: RoleIndex,
    /// The names of the guards with their places.
    pub guards: Vec<(String, Location)>,
    /// The tests.
    pub tests: Vec<Test>,
    /// The assertions.
    pub assertions: Vec<Assertion>,
}

/// What the tokens of an issuer say.
#[derive(Clone, Debug, Default)]
pub struct Profile {
    /// Its name.
    pub name: String,
    /// The issuers, by their exact URL, where strangers get tokens too.
    pub shared: Vec<String>,
    /// The claims, the registered ones first.
    pub claims: Vec<ClaimDefinition>,
    /// How some of the claims are made of others.
    pub derivations: Vec<Derivation>,
    /// The claims by their paths.
    by_path: HashMap<Vec<String>, ClaimId>,
    /// The claims whose path is one name, by it, and those with an alias, by that.
    by_name: HashMap<String, ClaimId>,
    /// The first names of longer paths.
    objects: HashSet<String>,
}

/// A claim of a profile.
#[derive(Clone, Debug)]
pub struct ClaimDefinition {
    /// The names from the top of the token inward.
    pub path: Vec<String>,
    /// Other names for it.
    pub aliases: Vec<String>,
    /// Its type.
    pub claim_type: ClaimType,
    /// How far it can be trusted to mean one thing for ever.
    pub trust: Trust,
    /// Whether it tells one customer of a shared issuer from another.
    pub tenant: bool,
    /// Whether tokens may lack it.
    pub optional: bool,
    /// Where it is declared, unless it is a registered claim.
    pub location: Option<Location>,
}

/// How far a claim can be trusted. It never changes a decision: the linter reads it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Trust {
    /// Whoever writes the pipeline chooses it.
    Author,
    /// Never reused.
    Immutable,
    /// The CI system vouches for it.
    #[default]
    Platform,
    /// A name that can be given up and taken by somebody else.
    Recyclable,
}

/// One way in which a claim is made of others.
#[derive(Clone, Debug)]
pub struct Derivation {
    /// The claim that is made.
    pub claim: ClaimId,
    /// What it is made of.
    pub template: Template,
    /// When it is made so.
    pub when: Formula,
    /// Where that is said.
    pub location: Location,
}

/// An issuer and what its tokens say.
#[derive(Clone, Debug)]
pub struct TrustedIssuer {
    /// What a verifier needs.
    pub issuer: Issuer,
    /// Its profile.
    pub profile: Arc<Profile>,
    /// The derivations of the profile, or the issuer's own in their place.
    pub derivations: Vec<Derivation>,
    /// Where it is declared.
    pub location: Location,
}

/// A role.
#[derive(Clone, Debug)]
pub struct Role {
    /// Its name.
    pub name: String,
    /// Its tags.
    pub tags: Vec<String>,
    /// How long what is granted lives, in seconds.
    pub ttl: Option<u64>,
    /// The ways to get it; never empty.
    pub clauses: Vec<Clause>,
    /// The names of what it grants; each clause has the templates.
    pub grants: Vec<String>,
    /// Where it is declared.
    pub location: Location,
}

/// One way to get a role: `allow from ISSUER when …`.
#[derive(Clone, Debug)]
pub struct Clause {
    /// The index of the issuer.
    pub issuer: usize,
    /// What the clause itself asks for.
    pub condition: Formula,
    /// What the guards that select the role ask for besides: index of the guard, and its condition.
    pub guards: Vec<(usize, Formula)>,
    /// What is granted, in the order of the role's names.
    pub grants: Vec<Template>,
    /// Where it stands.
    pub location: Location,
}

/// A condition over the claims of one profile. Cloning one is cheap.
#[derive(Clone, Debug)]
pub enum Formula {
    /// Each holds; of none, TRUE.
    All(Arc<[Self]>),
    /// One holds; of none, FALSE.
    Any(Arc<[Self]>),
    /// A comparison.
    Atom(Arc<Atom>),
    /// The opposite; UNKNOWN stays UNKNOWN.
    Not(Arc<Self>),
    /// A question about a claim that the profile does not have. Only assertions over several issuers have it.
    Unknown,
}

impl Formula {
    /// TRUE.
    pub fn always() -> Self {
        Self::All(Arc::new([]))
    }

    /// FALSE.
    pub fn never() -> Self {
        Self::Any(Arc::new([]))
    }

    /// Shows each comparison, in the order of the text.
    pub fn each_atom<'f>(&'f self, show: &mut dyn FnMut(&'f Atom)) {
        match self {
            Self::All(parts) | Self::Any(parts) => parts.iter().for_each(|part| part.each_atom(show)),
            Self::Atom(atom) => show(atom),
            Self::Not(part) => part.each_atom(show),
            Self::Unknown => {}
        }
    }
}

/// A comparison.
#[derive(Clone, Debug)]
pub struct Atom {
    /// The claim.
    pub claim: ClaimId,
    /// What is asked of it.
    pub question: Question,
    /// Where it is written.
    pub location: Location,
}

/// What a comparison asks of a claim.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Question {
    /// `contains all`: each of these is an element.
    ContainsAll(Literals),
    /// `contains`, `contains any`: one of these is an element.
    ContainsAny(Literals),
    /// `has`
    Present,
    /// `==`, `in`: it is one of these.
    OneOf(Literals),
    /// `aud ==`: this is the only element.
    Only(Literal),
    /// `<` and its kin.
    Order(Order, i64),
    /// `like`, `glob`, `under`, `matches`: it fits one of these.
    Pattern(Arc<[Pattern]>),
    /// `==` another claim.
    SameAs(ClaimId),
}

/// Literals, in their order and each once, so that one of many is found fast. Cloning them is cheap.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Literals(Arc<[Literal]>);

impl FromIterator<Literal> for Literals {
    fn from_iter<I: IntoIterator<Item = Literal>>(literals: I) -> Self {
        let mut literals: Vec<Literal> = literals.into_iter().collect();
        literals.sort_unstable();
        literals.dedup();
        Self(literals.into())
    }
}

impl From<Literal> for Literals {
    fn from(literal: Literal) -> Self {
        Self([literal].into())
    }
}

impl std::ops::Deref for Literals {
    type Target = [Literal];

    fn deref(&self) -> &[Literal] {
        &self.0
    }
}

/// An order between numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Order {
    /// `>`
    Greater,
    /// `>=`
    GreaterEqual,
    /// `<`
    Less,
    /// `<=`
    LessEqual,
}

impl Order {
    /// Whether the two numbers stand in this order.
    pub fn holds(self, left: i64, right: i64) -> bool {
        match self {
            Self::Greater => left > right,
            Self::GreaterEqual => left >= right,
            Self::Less => left < right,
            Self::LessEqual => left <= right,
        }
    }
}

/// A test of the policy set: one token, and what it gets.
#[derive(Clone, Debug)]
pub struct Test {
    /// What it shows.
    pub name: String,
    /// The index of the issuer of the token.
    pub issuer: usize,
    /// The token, with derived claims filled in.
    pub claims: UnverifiedClaims,
    /// What is expected: the verdict, the indices of the roles, and where that is said.
    pub expectations: Vec<(ExpectationKind, Vec<usize>, Location)>,
    /// Where it stands.
    pub location: Location,
}

/// A statement about all tokens.
#[derive(Clone, Debug)]
pub struct Assertion {
    /// What it says.
    pub name: String,
    /// The statement.
    pub statement: Statement,
    /// Where it stands.
    pub location: Location,
}

/// The statement of an assertion. Roles are indices.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Statement {
    /// Whoever gets one of the second gets one of the first.
    Covers(Vec<usize>, Vec<usize>),
    /// No token gets a role of two of these.
    Disjoint(Vec<Vec<usize>>),
    /// Whoever gets one of the first gets one of the second, and the other way round.
    Equivalent(Vec<usize>, Vec<usize>),
    /// Whoever gets one of these fulfils the goal.
    Implies(Vec<usize>, Goal),
    /// Nobody who gets one of these fulfils the goal.
    Never(Vec<usize>, Goal),
    /// Somebody who fulfils the goal, if there is one, gets each of these.
    Possible(Vec<usize>, Option<Goal>),
}

/// What an assertion asks of a token.
#[derive(Clone, Debug)]
pub enum Goal {
    /// A condition, for each issuer that the roles are allowed from.
    Condition(Vec<(usize, Formula)>),
    /// A role.
    Role(usize),
}

impl Program {
    /// The files without those of the built-in profiles.
    pub fn own_sources(&self) -> &[Source] {
        self.sources.get(..self.own_sources).unwrap_or(&self.sources)
    }

    /// The index of the role that has a name.
    #[inline]
    pub fn find_role(&self, name: &str) -> Option<usize> {
        self.role_index.find(&self.roles, name)
    }

    /// Adds a role whose name none of the others has.
    pub(crate) fn push_role(&mut self, role: Role) {
        self.roles.push(role);
        self.role_index.add_last(&self.roles);
    }
}

impl Profile {
    /// Adds a claim, or puts it in the place of the one at the same path.
    pub(crate) fn declare(&mut self, claim: ClaimDefinition) {
        let id = self
            .by_path
            .get(&claim.path)
            .copied()
            .unwrap_or(ClaimId(self.claims.len()));
        self.by_path.insert(claim.path.clone(), id);
        match claim.path.as_slice() {
            // An alias comes first.
            [name] => {
                self.by_name.entry(name.clone()).or_insert(id);
            }
            [first, ..] => {
                self.objects.insert(first.clone());
            }
            [] => {}
        }
        self.by_name
            .extend(claim.aliases.iter().map(|alias| (alias.clone(), id)));
        match self.claims.get_mut(id.0) {
            Some(old) => *old = claim,
            None => self.claims.push(claim),
        }
    }

    /// The claim of a name or an alias.
    pub fn claim_by_name(&self, name: &str) -> Option<ClaimId> {
        self.by_name.get(name).copied()
    }

    /// The names and the aliases of claims.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.by_name.keys().map(String::as_str)
    }

    /// Returns true if a claim is inside of an object with this name, at any depth.
    pub(crate) fn has_object(&self, name: &str) -> bool {
        self.objects.contains(name)
    }

    /// The claim at a path.
    pub fn claim_by_path(&self, path: &[String]) -> Option<ClaimId> {
        self.by_path.get(path).copied()
    }

    /// The definition of a claim of this profile.
    pub fn claim(&self, id: ClaimId) -> Option<&ClaimDefinition> {
        self.claims.get(id.0)
    }
}

/// Writes the claim as policies do.
impl fmt::Display for ClaimDefinition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_path(&self.path, f)
    }
}

/// Writes a path of names as policies do: `a.b`, `claims["a/b"]["c"]`.
pub(crate) fn write_path(path: &[String], f: &mut dyn fmt::Write) -> fmt::Result {
    let plain = |name: &str| {
        name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
            && name
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'))
    };
    for (index, name) in path.iter().enumerate() {
        match (plain(name), index) {
            (true, 0) => f.write_str(name)?,
            (true, _) => write!(f, ".{name}")?,
            (false, 0) => write!(f, "claims[{name:?}]")?,
            (false, _) => write!(f, "[{name:?}]")?,
        }
    }
    Ok(())
}
