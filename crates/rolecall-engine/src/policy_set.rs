//! A policy set, compiled.

use crate::claims::{Claims, UnverifiedClaims, assume_verified};
use crate::compiler::Compiler;
use crate::decision::{CachedDecision, Decision, DenialReason};
use crate::diagnostic::{Diagnostic, Source};
use crate::evaluate::{Token, Truth, decide};
use crate::explain::{self, Explainer, Explanation};
use crate::ir::{Formula, Program};
use crate::issuer::Issuer;
use crate::matcher::{IndexStats, Matcher};
use crate::testing::{self, TestOutcome};
use rolecall_syntax::line_column;
use std::fmt;

/// The `.policy` files of a folder, compiled: what tokens may do.
#[derive(Clone, Debug)]
pub struct PolicySet {
    program: Program,
    matcher: Matcher,
}

impl PolicySet {
    /// Compiles the files of a policy set. Their order does not matter; a set without roles denies everything.
    ///
    /// # Errors
    /// All that is wrong with the files.
    pub fn compile(sources: impl IntoIterator<Item = Source>) -> Result<Self, CompileError> {
        Compiler::default().compile(sources)
    }

    pub(crate) fn new(program: Program) -> Self {
        Self {
            matcher: Matcher::new(&program),
            program,
        }
    }

    /// Whether a token may take a role. It takes time linear in the token, and no memory.
    pub fn decide<'a>(&'a self, claims: &'a Claims, role: &str) -> Decision<'a> {
        let role = self.program.find_role(role);
        self.recall(claims, self.matcher.decide(&self.program, claims, role))
    }

    /// The decision that this set made before on these claims. Of other claims or another set, a verdict says nothing.
    pub fn recall<'a>(&'a self, claims: &'a Claims, cached: CachedDecision) -> Decision<'a> {
        Decision::new(&self.program, claims, cached)
    }

    /// The roles that a token may take, in no particular order.
    ///
    /// They are noted in `room`, in the place of whatever was there. Whoever passes the same one again and again allocates
    /// nothing once it is large enough.
    pub fn roles<'a>(
        &'a self,
        claims: &'a Claims,
        room: &'a mut Vec<CachedDecision>,
    ) -> impl Iterator<Item = Decision<'a>> {
        self.matcher.roles(&self.program, claims, room);
        room.iter().map(|cached| self.recall(claims, *cached))
    }

    /// What the language says of a role: the index of the first clause that allows it, or why none does.
    ///
    /// This is the slow and obvious evaluation that [`decide`](Self::decide) and [`roles`](Self::roles) are held against.
    /// It is no decision: the claims may be anybody's.
    ///
    /// # Errors
    /// Why the role is denied.
    pub fn evaluate(&self, claims: &UnverifiedClaims, role: &str) -> Result<usize, DenialReason> {
        let index = self.program.find_role(role);
        let role = index
            .and_then(|index| self.program.roles.get(index))
            .ok_or(DenialReason::UnknownRole)?;
        decide(&self.program, role, claims.members())
    }

    /// What the matcher says of a role, where [`evaluate`](Self::evaluate) says what the language does. They must agree.
    /// It is no decision: the claims may be anybody's, and nothing can be granted on what comes out.
    ///
    /// # Errors
    /// Why the role is denied.
    pub fn rehearse(&self, claims: &UnverifiedClaims, role: &str) -> Result<usize, DenialReason> {
        let claims = assume_verified(claims.clone());
        let decision = self.decide(&claims, role);
        match (decision.clause(), decision.reason()) {
            (Some((index, _)), _) => Ok(index),
            (None, reason) => Err(reason.unwrap_or(DenialReason::UnknownRole)),
        }
    }

    /// The places in the [`Program`] of the roles that the matcher finds for any claims, in their order. It is no decision.
    pub fn rehearse_all(&self, claims: &UnverifiedClaims) -> Vec<usize> {
        let claims = assume_verified(claims.clone());
        let mut room = Vec::new();
        self.matcher.roles(&self.program, &claims, &mut room);
        let mut roles: Vec<usize> = room.iter().map(|cached| cached.role()).collect();
        roles.sort_unstable();
        roles
    }

    /// What the language says of a condition over the claims of an issuer, which is an index into those of the
    /// [`Program`]; `None` if there is no such issuer. Where the claims are from is not looked at.
    pub fn truth(&self, claims: &UnverifiedClaims, issuer: usize, condition: &Formula) -> Option<Truth> {
        let issuer = self.program.issuers.get(issuer)?;
        Some(Token::new(issuer, claims.members()).truth(condition))
    }

    /// How the roles are looked up, and what that takes.
    pub fn index_stats(&self) -> IndexStats {
        self.matcher.stats(&self.program)
    }

    /// Why a role is allowed or denied; `None` if there is no such role. This is no decision: the claims may be
    /// anybody's.
    pub fn explain<'a>(&'a self, claims: &UnverifiedClaims, role: &str) -> Option<Explanation<'a>> {
        self.explainer(claims).explain(role)
    }

    /// Explains many roles to one token, so many comparisons in all.
    pub fn explainer<'a, 'c>(&'a self, claims: &'c UnverifiedClaims) -> Explainer<'a, 'c> {
        Explainer::new(&self.program, claims)
    }

    /// Runs the tests of the set, in the order of the files.
    pub fn run_tests(&self) -> impl Iterator<Item = TestOutcome<'_>> {
        let mut left = explain::MAX_EXPLAINED;
        let tests = self.program.tests.iter();
        tests.map(move |test| testing::run(&self.program, test, &mut left))
    }

    /// The issuers that the set trusts.
    pub fn issuers(&self) -> impl Iterator<Item = &Issuer> {
        self.program.issuers.iter().map(|trusted| &trusted.issuer)
    }

    /// The typed form of the set.
    pub fn program(&self) -> &Program {
        &self.program
    }
}

/// What is wrong with a policy set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CompileError {
    /// The files.
    pub sources: Vec<Source>,
    /// What is wrong, in the order of the files; never empty.
    pub diagnostics: Vec<Diagnostic>,
}

/// Writes one line for each error: `file:line:column: message`.
impl fmt::Display for CompileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, diagnostic) in self.diagnostics.iter().enumerate() {
            let source = self.sources.get(diagnostic.location.file);
            let (name, text) = source.map_or(("", ""), |source| (&source.name, &source.text));
            let (line, column) = line_column(text, diagnostic.location.span.start);
            let newline = if index == 0 { "" } else { "\n" };
            write!(f, "{newline}{name}:{line}:{column}: {}", diagnostic.message)?;
        }
        Ok(())
    }
}

impl std::error::Error for CompileError {}
