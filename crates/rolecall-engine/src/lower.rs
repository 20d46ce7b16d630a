//! Lowering of syntax trees to the typed form. Names are resolved over all files, types are checked, and all
//! errors are reported at once.

mod assertion;
mod braces;
mod budget;
mod call;
mod claim_path;
mod comparison;
mod derivation;
mod expression;
mod guard;
mod issuer;
mod known;
mod literal;
mod look_around;
mod names;
mod operand;
mod other_profile;
mod pattern;
mod profile;
mod reports;
mod role;
mod scope;
mod selector;
mod template;
pub(crate) mod test;
mod text_literal;
mod texts;
mod translation;
mod weight;

use crate::arena::Arena;
use crate::built_in;
use crate::certain::{next, plus};
use crate::diagnostic::{Diagnostic, Location};
use crate::hole::Hole;
use crate::id::{FileId, IssuerId, RoleId};
use crate::ir::{Atom, Attached, Profile, Program};
use crate::parsed_file::ParsedFile;
use crate::pattern::Regulars;
use crate::source::Source;
use budget::{Amount, Budget, Budgets};
use known::Known;
use names::Names;
use reports::Reports;
use rolecall_syntax::Span;
use selector::Selection;
use std::collections::{HashMap, HashSet};
use std::ops::Range;
use std::sync::Arc;
use texts::Texts;
use weight::Weights;

/// The most roles of a set.
pub(crate) const MAX_ROLES: usize = 1_000_000;
/// The most comparisons of a condition when the conditions that it names are expanded.
const MAX_COMPARISONS: usize = 4096;
/// The most parts of conditions that are visited to expand one.
const MAX_STEPS: usize = 100_000;
/// The most levels that a condition may nest when the conditions that it names are expanded.
const MAX_DEPTH: usize = 64;

/// Lowers the files of a policy set.
///
/// Syntax errors are reported alone, so that an item that could not be parsed is not reported as missing.
pub(crate) fn lower(
    mut files: Arena<FileId, ParsedFile>,
) -> Result<Program, (Arena<FileId, Source>, Vec<Diagnostic>)> {
    let own_files = files.len();
    let mut diagnostics = syntax_errors(&files);
    let mut seen = 0;
    while diagnostics.is_empty() && seen < files.len() {
        // A built-in profile may extend another one.
        let loaded = files.as_slice().get(own_files..).unwrap_or_default();
        let new_files = files.as_slice().get(seen..).unwrap_or_default();
        let built_in = built_in::files(new_files, loaded);
        seen = files.len();
        files.extend(built_in);
        diagnostics = syntax_errors(&files);
    }
    let sources = files.map(|_, file| file.source().clone());
    if diagnostics.is_empty() {
        let bytes = sources.values().map(Source::bytes).sum();
        let mut reports = Reports::default();
        let names = Names::collect(&files, own_files, &mut reports);
        match Lowering::new(&names, bytes, reports).run() {
            Ok(mut program) => {
                program.files = sources;
                let foreign = files.iter().filter(|(_, file)| file.is_foreign());
                program.foreign_files = foreign.map(|(id, _)| id).collect();
                program.own_files = own_files;
                return Ok(program);
            }
            Err(errors) => diagnostics = errors,
        }
    }
    Err((sources, diagnostics))
}

/// Returns the syntax errors of the files, in order and each once.
fn syntax_errors(files: &Arena<FileId, ParsedFile>) -> Vec<Diagnostic> {
    let errors = files.iter().flat_map(|(id, file)| {
        let errors = file.parse().errors.iter();
        errors.map(move |error| Diagnostic::syntax(id, error))
    });
    let mut errors: Vec<Diagnostic> = errors.collect();
    errors.sort_by(|left, right| (left.location, &left.message).cmp(&(right.location, &right.message)));
    errors.dedup_by(|next, first| next.location == first.location && next.message == first.message);
    errors
}

/// The lowering of one policy set: the names of its items, which stay as they are, and the program that
/// grows.
struct Lowering<'a> {
    names: &'a Names<'a>,
    program: Program,
    reports: Reports,
    profiles: HashMap<&'a str, Arc<Profile>>,
    /// Lowered conditions without parameters, by their name and the name of the profile.
    conditions: HashMap<(&'a str, String), expression::Lowered>,
    /// Compiled regexes.
    regexes: Regulars,
    /// Lowered comparisons with literals and sets.
    known: Known<'a>,
    /// The issuers by their names.
    issuers: HashMap<String, IssuerId>,
    /// The names of the claims of all issuers, with a profile that has them.
    claim_names: HashMap<String, Arc<Profile>>,
    /// The locations of claims that a profile does not have, by its name.
    unknown_claims: HashMap<String, HashSet<Location>>,
    /// The weights of conditions.
    weights: Weights<'a>,
    /// The weights of the roles with their guards.
    role_weights: Arena<RoleId, Amount>,
    /// Tags and names of grants, each kept once.
    texts: Texts,
    /// The guards and grants of a clause without any.
    nothing_attached: Arc<Attached>,
    /// The comparisons that claims fit into grants, each kept once.
    fits: HashMap<(IssuerId, Hole), Arc<Atom>>,
    /// The roles by names and tags, once all roles are lowered.
    selection: Option<Selection>,
    /// The parts that may still be visited for the current condition.
    steps: Budget,
    budgets: Budgets,
    /// The first limit that was exceeded. It ends the work.
    exceeded: Option<Diagnostic>,
}

impl<'a> Lowering<'a> {
    fn new(names: &'a Names<'a>, bytes: usize, reports: Reports) -> Self {
        let program = Program::default();
        Self {
            names,
            role_weights: program.roles().beside(),
            program,
            texts: Texts::default(),
            nothing_attached: Arc::default(),
            fits: HashMap::new(),
            reports,
            profiles: HashMap::new(),
            conditions: HashMap::new(),
            regexes: Regulars::for_text(bytes),
            known: Known::default(),
            issuers: HashMap::new(),
            claim_names: HashMap::new(),
            unknown_claims: HashMap::new(),
            weights: Weights::new(names),
            selection: None,
            steps: Budget::fixed(MAX_STEPS),
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
            Self::check_other_profiles,
        ];
        for step in steps {
            if self.exceeded.is_none() {
                step(&mut self);
            }
        }
        if self.reports.count() == 0 && self.exceeded.is_none() {
            Ok(self.program)
        } else {
            Err(self.reports.finish(self.exceeded))
        }
    }

    /// Reports an error.
    fn error(&mut self, diagnostic: Diagnostic) {
        self.reports.add(diagnostic);
    }

    /// Returns the profiles of the issuers, each once.
    fn profiles_in_use(&self) -> Vec<Arc<Profile>> {
        let mut seen = HashSet::new();
        let profiles = self.program.issuers.values().map(|issuer| &issuer.profile);
        profiles
            .filter(|profile| seen.insert(profile.name.as_str()))
            .cloned()
            .collect()
    }
}

/// Returns the location of a part of a string literal. The range begins at the first character after the
/// quote.
fn within(location: Location, range: &Range<usize>) -> Location {
    let position = |offset: usize| plus(next(location.span().start), offset);
    Location::new(
        location.file(),
        Span::new(position(range.start), position(range.end)),
    )
}
