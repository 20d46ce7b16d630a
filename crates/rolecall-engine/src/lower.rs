//! Tree to typed form: names are resolved over all files, types are checked, and all errors are reported at once.

mod assertion;
mod budget;
mod call;
mod claim_path;
mod comparison;
mod context;
mod derivation;
mod expression;
mod guard;
mod issuer;
mod literal;
mod names;
mod operand;
mod pattern;
mod profile;
mod reports;
mod role;
mod selector;
mod test;
mod texts;
mod weight;

use crate::arena::Arena;
use crate::built_in;
use crate::diagnostic::{Diagnostic, Location, Source};
use crate::id::{ClaimId, FileId, IssuerId, RoleId};
use crate::ir::{GuardCondition, Profile, Program, Question};
use crate::pattern::Regulars;
use budget::Budgets;
use names::Names;
use reports::Reports;
use rolecall_syntax::ast::Operator;
use rolecall_syntax::{Parse, Span};
use selector::Selection;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use texts::Texts;
use weight::Weights;

/// How many roles a set may have.
pub(crate) const MAX_ROLES: usize = 1_000_000;
/// How many comparisons a condition may have when the conditions that it names are written out.
const MAX_COMPARISONS: usize = 4096;
/// How many parts of conditions are looked at to write one out.
const MAX_STEPS: usize = 100_000;
/// How deep a condition may nest when the conditions that it names are written out.
const MAX_DEPTH: usize = 64;

/// Lowers the files of a policy set, which `read` reads.
///
/// Errors of syntax come alone: what is missing because it could not be read is not reported as missing.
pub(crate) fn lower(
    mut sources: Arena<FileId, Source>,
    mut read: impl FnMut(&Source) -> Arc<Parse>,
) -> Result<Program, (Arena<FileId, Source>, Vec<Diagnostic>)> {
    let mut files: Arena<FileId, Arc<Parse>> = sources.map(|_, source| read(source));
    let users = files.len();
    let mut diagnostics = syntax_errors(&files);
    if diagnostics.is_empty() {
        let built_in = built_in::sources(files.as_slice());
        files.extend(built_in.iter().map(read));
        sources.extend(built_in);
        diagnostics = syntax_errors(&files);
    }
    if diagnostics.is_empty() {
        let bytes = sources.values().map(|source| source.text.len()).sum();
        match Lowering::new(&files, users, bytes).run() {
            Ok(mut program) => {
                program.files = sources;
                program.own_files = users;
                return Ok(program);
            }
            Err(errors) => diagnostics = errors,
        }
    }
    Err((sources, diagnostics))
}

/// What is wrong with the files themselves.
fn syntax_errors(files: &Arena<FileId, Arc<Parse>>) -> Vec<Diagnostic> {
    let errors = files.iter().flat_map(|(id, file)| {
        let errors = file.errors.iter();
        errors.map(move |error| Diagnostic::syntax(id, error))
    });
    let mut errors: Vec<Diagnostic> = errors.collect();
    errors.sort_by(|left, right| (left.location, &left.message).cmp(&(right.location, &right.message)));
    errors.dedup_by(|next, first| next.location == first.location && next.message == first.message);
    errors
}

/// The work on one policy set.
struct Lowering<'a> {
    names: Names<'a>,
    program: Program,
    diagnostics: Reports,
    profiles: HashMap<&'a str, Arc<Profile>>,
    /// Conditions without parameters that were lowered already, by their name and the name of the profile.
    conditions: HashMap<(&'a str, String), expression::Lowered>,
    /// Regexes that were compiled already.
    regexes: Regulars,
    /// Questions about a set that were lowered already: the set, the profile, the claim, the operator.
    questions: HashMap<(&'a str, String, ClaimId, Operator), Question>,
    /// The issuers by their names.
    issuers: HashMap<String, IssuerId>,
    /// The names of the claims of all issuers, with a profile that has them.
    claim_names: HashMap<String, Arc<Profile>>,
    /// The weights of conditions, and of the roles with their guards.
    weights: Weights<'a>,
    role_weights: Arena<RoleId, usize>,
    /// Tags and names of grants, each kept once.
    texts: Texts,
    /// The guards of a clause that has none.
    no_guards: Arc<[GuardCondition]>,
    /// The roles as selectors look for them, once they are all there.
    selection: Option<Selection>,
    /// How much was looked at for the condition at hand.
    steps: usize,
    budgets: Budgets,
    /// The limit that is exceeded, if one is: it ends the work.
    exceeded: Option<Diagnostic>,
}

impl<'a> Lowering<'a> {
    fn new(files: &'a Arena<FileId, Arc<Parse>>, users: usize, bytes: usize) -> Self {
        let mut diagnostics = Reports::default();
        let names = Names::collect(files, users, &mut diagnostics);
        let weights = Weights::new(&names);
        let program = Program::default();
        Self {
            names,
            role_weights: program.roles().beside(),
            program,
            texts: Texts::default(),
            no_guards: Arc::default(),
            diagnostics,
            profiles: HashMap::new(),
            conditions: HashMap::new(),
            regexes: Regulars::for_text(bytes),
            questions: HashMap::new(),
            issuers: HashMap::new(),
            claim_names: HashMap::new(),
            weights,
            selection: None,
            steps: 0,
            budgets: Budgets::new(bytes),
            exceeded: None,
        }
    }

    fn run(mut self) -> Result<Program, Vec<Diagnostic>> {
        let steps = [
            Self::check_sets,
            Self::lower_profiles,
            Self::lower_issuers,
            Self::lower_roles,
            Self::lower_guards,
            Self::check_unused_conditions,
            Self::lower_tests,
            Self::lower_assertions,
        ];
        for step in steps {
            if self.exceeded.is_none() {
                step(&mut self);
            }
        }
        if self.diagnostics.count() == 0 && self.exceeded.is_none() {
            Ok(self.program)
        } else {
            Err(self.diagnostics.finish(self.exceeded))
        }
    }

    fn error(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.add(diagnostic);
    }

    /// The profiles of the issuers, each once.
    fn profiles_in_use(&self) -> Vec<Arc<Profile>> {
        let mut seen = HashSet::new();
        let profiles = self.program.issuers.values().map(|issuer| &issuer.profile);
        profiles
            .filter(|profile| seen.insert(profile.name.as_str()))
            .cloned()
            .collect()
    }
}

/// A part of a string literal: `range` counts from its first character, after the quote.
fn within(location: Location, range: &std::ops::Range<usize>) -> Location {
    let start = location.span().start.saturating_add(1);
    Location::new(
        location.file(),
        Span::new(start.saturating_add(range.start), start.saturating_add(range.end)),
    )
}
