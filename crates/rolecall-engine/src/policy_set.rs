//! Compiled policy sets.

use crate::arena::Arena;
use crate::cached_decision::CachedDecision;
use crate::claims::{Claims, UnverifiedClaims, assume_verified};
use crate::decision::Decision;
use crate::diagnostic::Diagnostic;
use crate::evaluate::{
    Assumption, Decisive, Nearness, Ranking, Truth, decide, decide_if, decisive, try_clause,
};
use crate::explain::{self, Explainer, Explanation};
use crate::id::{ClauseId, FileId, IssuerId, RoleId};
use crate::ir::{Clause, External, Formula, Program, Test};
use crate::issuer::Issuer;
use crate::lower::test::complete;
use crate::matcher::{IndexStats, Matcher};
use crate::reason::DenialReason;
use crate::source::Source;
use crate::testing::{self, TestOutcome};
use crate::value::Object;
use rolecall_syntax::line_column;
use std::fmt;

/// The `.policy` files of a folder, compiled: the roles that tokens may take.
#[derive(Clone, Debug)]
pub struct PolicySet {
    program: Program,
    matcher: Matcher,
}

impl PolicySet {
    pub(crate) fn new(program: Program) -> Self {
        Self {
            matcher: Matcher::new(&program),
            program,
        }
    }

    /// Returns the set with other conditions in its clauses. `change` gets each clause, once with its own condition
    /// and once with that of each guard, and returns the new one, which compares claims of the clause's issuer. A
    /// comparison that the type of its claim does not allow never holds.
    #[must_use]
    pub fn with_conditions(&self, change: impl FnMut(&Clause, &Formula) -> Formula) -> Self {
        Self::new(self.program.with_conditions(change))
    }

    /// Decides whether a token may take a role, in time linear in the token and without allocating.
    pub fn decide<'a>(&'a self, claims: &'a Claims, role: &str) -> Decision<'a> {
        let role = self.program.role(role);
        let cached = self.matcher.decide(&self.program, claims, role);
        Decision::new(&self.program, claims, cached)
    }

    /// Returns a decision that this set made before on these claims. With other claims or another set the
    /// result is meaningless.
    pub fn recall<'a>(&'a self, claims: &'a Claims, cached: CachedDecision) -> Decision<'a> {
        let cached = match cached.role(&self.program) {
            Some(_) => cached,
            None => CachedDecision::UNKNOWN_ROLE,
        };
        Decision::new(&self.program, claims, cached)
    }

    /// Returns the roles that a token may take, in no particular order.
    ///
    /// They are stored in `room`, which is cleared first. A caller that reuses it allocates nothing once it
    /// is large enough.
    pub fn roles<'a>(
        &'a self,
        claims: &'a Claims,
        room: &'a mut Vec<CachedDecision>,
    ) -> impl Iterator<Item = Decision<'a>> {
        self.matcher.roles(&self.program, claims, room);
        room.iter()
            .map(|cached| Decision::new(&self.program, claims, *cached))
    }

    /// Evaluates a role by the reference semantics, and returns the first clause that allows it.
    ///
    /// This slow and obvious evaluation is compared with [`decide`](Self::decide) and [`roles`](Self::roles).
    /// It is not a decision: the claims are not verified.
    ///
    /// # Errors
    /// The reason that the role is denied.
    pub fn evaluate(&self, claims: &UnverifiedClaims, role: &str) -> Result<ClauseId, DenialReason> {
        let role = self.program.role(role).ok_or(DenialReason::UnknownRole)?;
        decide(&self.program, role, claims.members())
    }

    /// Evaluates a role by the reference semantics, if external conditions have the values that `externals`
    /// returns. For [`decide`](Self::decide) and [`evaluate`](Self::evaluate) they are UNKNOWN.
    ///
    /// # Errors
    /// The reason that the role is denied.
    pub fn evaluate_if(
        &self,
        claims: &UnverifiedClaims,
        role: &str,
        externals: &dyn Fn(&External) -> Truth,
    ) -> Result<ClauseId, DenialReason> {
        let role = self.program.role(role).ok_or(DenialReason::UnknownRole)?;
        decide_if(&self.program, role, claims.members(), externals)
    }

    /// Evaluates one clause by the reference semantics, if external conditions have the values that `externals` returns.
    /// Earlier clauses of its role may allow the token as well; [`evaluate`](Self::evaluate) returns the first one.
    ///
    /// # Errors
    /// The reason that the clause does not allow its role.
    pub fn evaluate_clause(
        &self,
        claims: &UnverifiedClaims,
        clause: ClauseId,
        externals: &dyn Fn(&External) -> Truth,
    ) -> Result<(), DenialReason> {
        try_clause(&self.program, clause, claims.members(), externals)
    }

    /// Returns true if a role is denied, and a claim is the only reason, as `expect deny … because` in a test means
    /// it: the role is allowed once every check that reads the claim at this path holds.
    pub fn is_denied_because(&self, claims: &UnverifiedClaims, role: RoleId, path: &[String]) -> bool {
        let claims = claims.members();
        decide(&self.program, role, claims).is_err()
            && Assumption::new(&self.program, claims, path).allows(role)
    }

    /// Evaluates a role by the reference semantics, and returns the comparisons that decide.
    pub fn decisive(&self, claims: &UnverifiedClaims, role: RoleId) -> Decisive {
        decisive(&self.program, role, claims.members())
    }

    /// Evaluates a role with the matcher, and returns the first clause that allows it. It must agree with
    /// [`evaluate`](Self::evaluate). It is not a decision: the claims are not verified, and nothing can be
    /// granted on it.
    ///
    /// # Errors
    /// The reason that the role is denied.
    pub fn rehearse(&self, claims: &UnverifiedClaims, role: &str) -> Result<ClauseId, DenialReason> {
        let claims = assume_verified(claims.clone());
        let role = self.program.role(role);
        self.matcher
            .decide(&self.program, &claims, role)
            .outcome(&self.program)
    }

    /// Returns the roles that the matcher finds for unverified claims, in the order of the files. It is not a
    /// decision.
    pub fn rehearse_all(&self, claims: &UnverifiedClaims) -> Vec<RoleId> {
        let claims = assume_verified(claims.clone());
        let mut room = Vec::new();
        self.matcher.roles(&self.program, &claims, &mut room);
        let mut roles: Vec<RoleId> = room
            .iter()
            .filter_map(|cached| cached.role(&self.program))
            .collect();
        roles.sort_unstable();
        roles
    }

    /// Returns the value of a condition over the claims of an issuer. The issuer and the audience of the
    /// claims are not checked.
    pub fn truth(&self, claims: &UnverifiedClaims, issuer: IssuerId, condition: &Formula) -> Truth {
        self.program[issuer].truth(claims, condition)
    }

    /// Returns claims with those added that a token of the issuer with this name would also have, as in a test:
    /// `iss`, `aud`, `iat`, `exp`, `sub`, and the claims that can be derived. They are unchanged if there is no
    /// such issuer.
    pub fn complete(&self, issuer: &str, claims: &Object) -> Object {
        match self.program.issuer(issuer) {
            Some(issuer) => complete(&self.program[issuer], claims.clone()),
            None => claims.clone(),
        }
    }

    /// Returns the keys that the roles are indexed by, and the size of the index.
    pub fn index_stats(&self) -> IndexStats {
        self.matcher.stats(&self.program)
    }

    /// Explains why a role is allowed or denied. It is not a decision: the claims are not verified.
    pub fn explain<'a>(&'a self, claims: &UnverifiedClaims, role: &str) -> Explanation<'a> {
        self.explainer(claims).explain(role)
    }

    /// Returns an explainer of many roles for one token. The number of comparisons is bounded over all of
    /// them.
    pub fn explainer<'a, 'c>(&'a self, claims: &'c UnverifiedClaims) -> Explainer<'a, 'c> {
        Explainer::new(&self.program, claims)
    }

    /// Returns those of some roles that a token does not get, the nearest first, and of equally near ones by name. It
    /// takes much less time than explaining them.
    pub fn nearest(&self, claims: &UnverifiedClaims, roles: &[RoleId]) -> Vec<(Nearness, RoleId)> {
        let allowed = self.rehearse_all(claims);
        let denied = roles.iter().filter(|role| allowed.binary_search(role).is_err());
        let mut ranking = Ranking::new(&self.program, claims);
        let ranked = denied.map(|role| (ranking.nearness(*role), *role));
        let mut denied: Vec<(Nearness, RoleId)> = ranked.collect();
        denied.sort_by_key(|(nearness, role)| (*nearness, &self.program[*role].name));
        denied
    }

    /// Runs the tests of the set, in the order of the files.
    pub fn run_tests(&self) -> impl Iterator<Item = TestOutcome<'_>> {
        self.run_some(self.program.tests())
    }

    /// Runs some of the tests of the set. The number of comparisons that are explained is bounded over all of them.
    pub fn run_some<'a>(
        &'a self,
        tests: impl IntoIterator<Item = &'a Test>,
    ) -> impl Iterator<Item = TestOutcome<'a>> {
        let mut left = explain::MAX_EXPLAINED;
        let tests = tests.into_iter();
        tests.map(move |test| testing::run(&self.program, test, &mut left))
    }

    /// Returns true if a test of the set passes, without an explanation.
    pub fn passes(&self, test: &Test) -> bool {
        testing::passes(&self.program, test)
    }

    /// Returns the issuers that the set trusts. Of two with the same URL, only that of the policies is returned.
    pub fn issuers(&self) -> impl Iterator<Item = &Issuer> {
        let issuers = self.program.issuers().values();
        let issuers = issuers.filter(|trusted| trusted.is_enforced || trusted.twin.is_none());
        issuers.map(|trusted| &trusted.issuer)
    }

    /// Returns the typed form of the set.
    pub fn program(&self) -> &Program {
        &self.program
    }
}

/// The errors of a policy set that does not compile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CompileError {
    /// The files of the set.
    pub sources: Arena<FileId, Source>,
    /// The errors, in the order of the files; never empty.
    pub diagnostics: Vec<Diagnostic>,
}

/// Writes one line for each error: `file:line:column: message`.
impl fmt::Display for CompileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, diagnostic) in self.diagnostics.iter().enumerate() {
            let source = &self.sources[diagnostic.location.file()];
            let (line, column) = line_column(&source.text, diagnostic.location.span().start);
            let newline = if index == 0 { "" } else { "\n" };
            write!(
                f,
                "{newline}{}:{line}:{column}: {}",
                source.name, diagnostic.message
            )?;
        }
        Ok(())
    }
}

impl std::error::Error for CompileError {}
