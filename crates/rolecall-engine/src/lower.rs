//! Tree to typed form: names are resolved over all files, types are checked, and all errors are reported at once.

mod assertion;
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
mod role;
mod selector;
mod test;

use crate::built_in;
use crate::diagnostic::{Diagnostic, Place, Source};
use crate::ir::{Profile, Program, Question};
use crate::pattern::Regulars;
use crate::template::ClaimId;
use names::Names;
use rolecall_syntax::ast::Operator;
use rolecall_syntax::{Parse, Span};
use std::collections::HashMap;
use std::sync::Arc;

/// How many roles a set may have.
pub(crate) const MAX_ROLES: usize = 1_000_000;
/// How many errors are collected.
const MAX_DIAGNOSTICS: usize = 10_000;
/// How many comparisons a condition may have when the conditions that it names are written out.
const MAX_COMPARISONS: usize = 4096;
/// How many parts of conditions are looked at to write one out.
const MAX_STEPS: usize = 100_000;
/// How many parts of conditions and elements of lists are looked at for a whole set: so many, and so many for each byte.
const MAX_WORK: usize = 1_000_000;
const MAX_WORK_PER_BYTE: usize = 16;
/// How deep a condition may nest when the conditions that it names are written out.
const MAX_DEPTH: usize = 64;

/// Lowers the files of a policy set, which `read` reads.
///
/// Errors of syntax come alone: what is missing because it could not be read is not reported as missing.
pub(crate) fn lower(
    mut sources: Vec<Source>,
    mut read: impl FnMut(&Source) -> Arc<Parse>,
) -> Result<Program, (Vec<Source>, Vec<Diagnostic>)> {
    let mut files: Vec<Arc<Parse>> = sources.iter().map(&mut read).collect();
    let users = files.len();
    let mut diagnostics = syntax_errors(&files);
    if diagnostics.is_empty() {
        let built_in = built_in::sources(&files);
        files.extend(built_in.iter().map(read));
        sources.extend(built_in);
        diagnostics = syntax_errors(&files);
    }
    if diagnostics.is_empty() {
        let bytes = sources.iter().map(|source| source.text.len()).sum();
        match Lowering::new(&files, users, bytes).run() {
            Ok(mut program) => {
                program.sources = sources;
                program.own_sources = users;
                return Ok(program);
            }
            Err(errors) => diagnostics = errors,
        }
    }
    diagnostics.sort_by(|left, right| (left.place, &left.message).cmp(&(right.place, &right.message)));
    diagnostics.dedup_by(|next, first| next.place == first.place && next.message == first.message);
    Err((sources, diagnostics))
}

/// What is wrong with the files themselves.
fn syntax_errors(files: &[Arc<Parse>]) -> Vec<Diagnostic> {
    let errors = files.iter().enumerate().flat_map(|(index, file)| {
        let errors = file.errors.iter();
        errors.map(move |error| Diagnostic::syntax(index, error))
    });
    errors.collect()
}

/// The work on one policy set.
struct Lowering<'a> {
    names: Names<'a>,
    program: Program,
    diagnostics: Vec<Diagnostic>,
    profiles: HashMap<&'a str, Arc<Profile>>,
    /// Conditions without parameters that were lowered already, by their name and the name of the profile.
    conditions: HashMap<(&'a str, String), expression::Lowered>,
    /// Regexes that were compiled already.
    regexes: Regulars,
    /// Questions about a set that were lowered already: the set, the profile, the claim, the operator.
    questions: HashMap<(&'a str, String, ClaimId, Operator), Question>,
    /// How much was looked at for the condition at hand, and for all.
    steps: usize,
    work: usize,
    /// How much may be looked at for all.
    max_work: usize,
    /// Whether that was too much somewhere, which is said once.
    out_of_budget: bool,
}

impl<'a> Lowering<'a> {
    fn new(files: &'a [Arc<Parse>], users: usize, bytes: usize) -> Self {
        let mut diagnostics = Vec::new();
        let names = Names::collect(files, users, &mut diagnostics);
        Self {
            names,
            program: Program::default(),
            diagnostics,
            profiles: HashMap::new(),
            conditions: HashMap::new(),
            regexes: Regulars::default(),
            questions: HashMap::new(),
            steps: 0,
            work: 0,
            max_work: bytes.saturating_mul(MAX_WORK_PER_BYTE).saturating_add(MAX_WORK),
            out_of_budget: false,
        }
    }

    fn run(mut self) -> Result<Program, Vec<Diagnostic>> {
        self.check_sets();
        self.lower_profiles();
        self.lower_issuers();
        self.lower_roles();
        self.lower_guards();
        self.check_unused_conditions();
        self.lower_tests();
        self.lower_assertions();
        if self.diagnostics.is_empty() {
            Ok(self.program)
        } else {
            Err(self.diagnostics)
        }
    }

    fn error(&mut self, diagnostic: Diagnostic) {
        // A role for each of a hundred thousand values can be wrong a hundred thousand times.
        if self.diagnostics.len() < MAX_DIAGNOSTICS {
            self.diagnostics.push(diagnostic);
        }
    }

    /// The profiles of the issuers, each once.
    fn profiles_in_use(&self) -> Vec<Arc<Profile>> {
        let mut profiles: Vec<Arc<Profile>> = Vec::new();
        for issuer in &self.program.issuers {
            if profiles.iter().all(|profile| profile.name != issuer.profile.name) {
                profiles.push(Arc::clone(&issuer.profile));
            }
        }
        profiles
    }
}

/// A part of a string literal: `range` counts from its first character, after the quote.
fn within(place: Place, range: &std::ops::Range<usize>) -> Place {
    let start = place.span.start.saturating_add(1);
    Place::new(
        place.file,
        Span::new(start.saturating_add(range.start), start.saturating_add(range.end)),
    )
}
