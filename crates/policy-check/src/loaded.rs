//! Reading and compiling policy sets.

use crate::config::{self, IssuerProfiles};
use crate::console::Console;
use crate::failure::Failure;
use crate::foreign::Foreign;
use crate::input::PolicyText;
use crate::paths::find_together;
use crate::policy_files::{FileSet, FoundSets, PolicyFile, find};
use crate::printable::path_name;
use crate::report::finding::FindingView;
use crate::report::{Format, snippet};
use crate::statement::Statement;
use crate::version::{Version, problem_in};
use rayon::prelude::*;
use rolecall::{Clock, MAX_POLICY_BYTES, PolicyFilesError, SystemClock, read_token_files};
use rolecall_engine::{Arena, CompileError, Diagnostic, FileId, ParsedFile, PolicySet, Source};
use rolecall_interop::{ForeignError, ForeignFile, Profiles, blanked};
use rolecall_lint::Session;
use std::path::PathBuf;
use std::time::{Duration, Instant};

/// A policy set whose files could be read.
#[derive(Debug)]
pub(crate) struct Loaded {
    /// The folder, or the names of the files.
    pub(crate) name: String,
    /// The names of its files.
    pub(crate) files: Vec<String>,
    /// The compiled set, or its errors.
    pub(crate) outcome: Result<PolicySet, CompileError>,
    /// The files in other languages.
    pub(crate) foreign: Foreign,
    /// The time taken to compile.
    pub(crate) compiling: Duration,
}

/// A policy set that compiles.
#[derive(Debug)]
pub(crate) struct Policies {
    /// The compiled set.
    pub(crate) set: PolicySet,
    /// The files in other languages.
    pub(crate) foreign: Foreign,
    /// The folder to which file names in the policies are relative.
    pub(crate) folder: PathBuf,
}

/// The problems of policy sets that could not be used.
#[derive(Debug, Default)]
pub(crate) struct Unusable {
    /// The errors of sets that do not compile.
    pub(crate) errors: Vec<FindingView>,
    /// The failures, one per set or file.
    pub(crate) failures: Vec<Failure>,
}

/// Calls a function with each policy set that compiles. A statement becomes the last file of each set.
///
/// Returns the errors of the other sets, and writes them to standard error in the human format. `left_undone`
/// is the consequence for messages.
pub(crate) fn each_set(
    found: FoundSets,
    statement: Option<&Statement>,
    left_undone: &str,
    format: Format,
    console: &mut Console,
    mut run: impl FnMut(&Loaded, &PolicySet),
) -> Unusable {
    let mut unusable = Unusable {
        errors: Vec::new(),
        failures: found.failures,
    };
    for set in &found.sets {
        let loaded = match load_with(set, statement, None, None) {
            Ok((loaded, _)) => loaded,
            Err(unread) => {
                unusable.failures.extend(unread);
                continue;
            }
        };
        match &loaded.outcome {
            Ok(policies) => run(&loaded, policies),
            Err(error) => {
                if format == Format::Human {
                    console.complain(&snippet::render_all(error));
                }
                // The statement is the file after those of the set.
                let given = error.sources.id_at(set.files.len());
                let is_of_statement = |error: &Diagnostic| Some(error.location.file()) == given;
                unusable
                    .failures
                    .push(if error.diagnostics.iter().all(is_of_statement) {
                        Failure::new("the statement has an error, so it is not proved")
                            .help("fix the statement")
                    } else {
                        let message =
                            format!("the policies in `{}` do not compile: {left_undone}", loaded.name);
                        Failure::new(message).help("fix them first")
                    });
                unusable.errors.extend(FindingView::of_errors(error));
            }
        }
    }
    unusable
}

/// Reads and compiles a policy set.
pub(crate) fn load(set: &FileSet) -> Result<Loaded, Vec<Failure>> {
    Ok(load_with(set, None, None, None)?.0)
}

/// Reads and compiles a policy set, with a statement as its last file if there is one, and in a session if the set is
/// read again and again. Returns its files with their syntax trees, too.
///
/// Documents in other languages need the profiles of their issuers. Without any, those of the nearest configuration count.
pub(crate) fn load_with(
    set: &FileSet,
    statement: Option<&Statement>,
    session: Option<&mut Session>,
    profiles: Option<&IssuerProfiles>,
) -> Result<(Loaded, Vec<ParsedFile>), Vec<Failure>> {
    let texts = Texts::read(set)?;
    let start = SystemClock.now().monotonic;
    let configured;
    let profiles = match profiles {
        Some(profiles) => profiles,
        None if texts.foreign.is_empty() => &IssuerProfiles::new(),
        None => {
            configured = configured_profiles(set).map_err(|failure| vec![failure])?;
            &configured
        }
    };
    let profiles = texts.beside_policies(profiles);
    let [translated] = Foreign::translate([(&texts.foreign, &texts.sources, &profiles)]);
    Ok(texts.compile(set, translated, statement, session, start))
}

/// Reads and compiles two versions of a policy set, so that they can be compared.
pub(crate) fn load_versions(
    versions: [&FileSet; 2],
    profiles: &IssuerProfiles,
) -> Result<[Loaded; 2], Vec<Failure>> {
    let [before, now] = versions;
    let mut texts = [Texts::read(before)?, Texts::read(now)?];
    let [old, new] = &mut texts;
    // A document that does not name its role is called by its file, which may have another name in each version.
    for ((_, old), (_, new)) in old.foreign.iter_mut().zip(&new.foreign) {
        old.name.clone_from(&new.name);
    }
    let start = SystemClock.now().monotonic;
    let profiles = texts.each_ref().map(|texts| texts.beside_policies(profiles));
    let [old, new] = &texts;
    let [of_old, of_new] = &profiles;
    let [old, new] = Foreign::translate([
        (&old.foreign, &old.sources, of_old),
        (&new.foreign, &new.sources, of_new),
    ]);
    let [old_texts, new_texts] = texts;
    Ok([
        old_texts.compile(before, old, None, None, start).0,
        new_texts.compile(now, new, None, None, start).0,
    ])
}

/// Reads a plan of Terraform, which is the only file of a set, and compiles the roles before and after it.
pub(crate) fn load_plan(set: &FileSet) -> Result<[Loaded; 2], Vec<Failure>> {
    let texts = Texts::read(set)?;
    let start = SystemClock.now().monotonic;
    let profiles = configured_profiles(set).map_err(|failure| vec![failure])?;
    let versions = Foreign::of_plan(&texts.foreign, &texts.sources, &Profiles::new(profiles));
    Ok(versions.map(|version| texts.clone().compile(set, version, None, None, start).0))
}

/// Returns the profiles in the configuration nearest to a set.
fn configured_profiles(set: &FileSet) -> Result<IssuerProfiles, Failure> {
    Ok(config::nearest(&set.folder, &Version::Disk)?.profiles()?.clone())
}

/// The texts of a policy set.
#[derive(Clone, Default)]
struct Texts {
    sources: Arena<FileId, Source>,
    /// The files that cannot be parsed at all.
    diagnostics: Vec<Diagnostic>,
    /// The files that are in another language. Among the sources, they are blanked: until one is understood, nothing of it is
    /// shown.
    foreign: Vec<(FileId, Source)>,
}

impl Texts {
    /// Reads the files. A set with an unreadable file is not compiled: without the file it would mean something else.
    fn read(set: &FileSet) -> Result<Self, Vec<Failure>> {
        let mut texts = Self::default();
        let mut failures = Vec::new();
        let mut left = MAX_POLICY_BYTES;
        for file in &set.files {
            let (text, is_foreign) = match file.read() {
                Ok(PolicyText::Text(text)) => (text, false),
                Ok(PolicyText::Foreign(text)) => (text, true),
                Ok(PolicyText::Refused { shown, error }) => {
                    let file = texts.sources.push(Source::new(file.name.as_str(), shown));
                    texts.diagnostics.push(Diagnostic::syntax(file, &error));
                    continue;
                }
                Err(failure) => {
                    failures.push(failure);
                    continue;
                }
            };
            let Some(rest) = left.checked_sub(text.len()) else {
                let problem = PolicyFilesError::TooLarge {
                    limit: MAX_POLICY_BYTES,
                };
                return Err(vec![problem_in(&set.name, &problem)]);
            };
            left = rest;
            let source = Source::new(file.name.as_str(), text);
            match is_foreign {
                false => drop(texts.sources.push(source)),
                true => {
                    let blank = Source::new(file.name.as_str(), blanked(&source.text));
                    let file = texts.sources.push(blank);
                    texts.foreign.push((file, source));
                }
            }
        }
        if !failures.is_empty() {
            return Err(failures);
        }
        texts.read_token_files(set);
        Ok(texts)
    }

    /// Reads the files that the tests of the set name.
    fn read_token_files(&mut self, set: &FileSet) {
        let mut sources = self.sources.as_slice().to_vec();
        read_token_files(&mut sources, |index, path, limit| match set.files.get(index) {
            Some(file) => file.read_token_file(path, limit),
            None => Ok(None),
        });
        let ids: Vec<FileId> = self.sources.ids().collect();
        for (id, read) in ids.into_iter().zip(sources) {
            if let Some(source) = self.sources.get_mut(id) {
                *source = read;
            }
        }
    }

    /// Returns profiles with those of the issuers that the policies of the set declare. Their errors are reported when the
    /// whole set is compiled.
    fn beside_policies(&self, configured: &IssuerProfiles) -> Profiles {
        let profiles = Profiles::new(configured.clone());
        if self.foreign.is_empty() {
            return profiles;
        }
        let is_policy = |file: FileId| self.foreign.iter().all(|(document, _)| *document != file);
        let policies = self.sources.iter().filter(|(file, _)| is_policy(*file));
        let declarations = policies.map(|(_, source)| ParsedFile::declarations(source.clone()));
        match PolicySet::compile_files(declarations) {
            Ok(declared) => profiles.beside(&declared),
            Err(_) => profiles,
        }
    }

    /// Compiles the files. Returns them with their syntax trees, too.
    fn compile(
        self,
        set: &FileSet,
        (foreign, errors): (Foreign, Vec<Diagnostic>),
        statement: Option<&Statement>,
        session: Option<&mut Session>,
        start: Instant,
    ) -> (Loaded, Vec<ParsedFile>) {
        let Self {
            mut sources,
            mut diagnostics,
            foreign: foreign_files,
        } = self;
        diagnostics.extend(errors);
        sources.extend(statement.map(Statement::source));
        let mut files = Vec::new();
        let outcome = if diagnostics.is_empty() {
            files = match session {
                Some(session) if foreign.is_empty() => session.read(sources).to_vec(),
                _ => foreign.files(sources),
            };
            files.par_iter().for_each(|file| {
                file.parse();
            });
            PolicySet::compile_files(files.iter().cloned())
        } else {
            Err(syntax_only(sources, &foreign_files, diagnostics))
        };
        let outcome = outcome.map_err(|error| match statement {
            Some(statement) => statement.as_given(set.files.len(), error),
            None => error,
        });
        let loaded = Loaded {
            name: set.name.clone(),
            files: set.files.iter().map(|file| file.name.clone()).collect(),
            outcome,
            foreign,
            compiling: SystemClock.now().monotonic.duration_since(start),
        };
        (loaded, files)
    }
}

/// Returns the errors of unreadable files, and the syntax errors of the others.
fn syntax_only(
    sources: Arena<FileId, Source>,
    foreign: &[(FileId, Source)],
    mut diagnostics: Vec<Diagnostic>,
) -> CompileError {
    for (file, source) in sources
        .iter()
        .filter(|(file, _)| foreign.iter().all(|(other, _)| other != file))
    {
        if diagnostics.iter().all(|refused| refused.location.file() != file) {
            let errors = rolecall_syntax::parse(&source.text).errors;
            diagnostics.extend(errors.iter().map(|error| Diagnostic::syntax(file, error)));
        }
    }
    diagnostics.sort_by_key(|diagnostic| diagnostic.location);
    CompileError { sources, diagnostics }
}

/// Reads documents in other languages.
pub(crate) fn load_documents(paths: &[PathBuf]) -> Result<Vec<ForeignFile>, Failure> {
    let found = find(paths, "-", &Version::Disk);
    if let Some(failure) = found.failures.into_iter().next() {
        return Err(failure);
    }
    let files = found.sets.iter().flat_map(|set| &set.files);
    let document = |file: &PolicyFile| {
        let not_one = || {
            Failure::new(format!(
                "`{}` is not a document that says who gets roles",
                file.name
            ))
            .help("name what `aws iam get-account-authorization-details` prints, for example")
        };
        match file.read()? {
            PolicyText::Foreign(text) => {
                let read = ForeignFile::read(Source::new(file.name.as_str(), text));
                read.map_err(|error| match error {
                    ForeignError::Document(error) => {
                        Failure::new(format!("`{}` cannot be read: {}", file.name, error.message))
                            .help("fetch the document again")
                    }
                    _ => not_one(),
                })
            }
            PolicyText::Text(_) | PolicyText::Refused { .. } => Err(not_one()),
        }
    };
    files.map(document).collect()
}

/// Loads the one policy set at some paths, for commands that need exactly one. Writes its errors to standard
/// error.
pub(crate) fn load_one(paths: &[PathBuf], console: &mut Console) -> Result<Policies, Failure> {
    let found = find_together(paths, "-", &Version::Disk);
    let names = || -> Vec<String> { paths.iter().map(|path| path_name(path)).collect() };
    let mut failures = found.failures.into_iter();
    if let Some(failure) = failures.next() {
        return Err(failure);
    }
    let [set] = found.sets.as_slice() else {
        let sets: Vec<String> = found.sets.iter().map(|set| format!("`{}`", set.name)).collect();
        let message = format!(
            "`{}` contains {} policy sets",
            names().join("` and `"),
            sets.len()
        );
        return Err(Failure::new(message).help(format!("name one of them: {}", sets.join(", "))));
    };
    let loaded = load(set).map_err(|failures| {
        let first = failures.into_iter().next();
        first.unwrap_or_else(|| Failure::new("the policies cannot be read"))
    })?;
    loaded.foreign.complain(console);
    let compiled = loaded.outcome.map_err(|error| {
        console.complain(&snippet::render_all(&error));
        let message = format!("the policies in `{}` do not compile", names().join("` and `"));
        Failure::new(message).help(format!(
            "fix them first: `policy-check check {}`",
            names().join(" ")
        ))
    })?;
    Ok(Policies {
        set: compiled,
        foreign: loaded.foreign,
        folder: set.folder.clone(),
    })
}
