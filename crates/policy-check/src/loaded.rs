//! Reading and compiling policy sets.

use crate::config::{self, IssuerProfiles};
use crate::console::Console;
use crate::paths::find_together;
use crate::policy_files::{FileSet, FoundSets, PolicyFile, find};
use crate::report::Format;
use crate::version::{Version, problem_in};
use rayon::prelude::*;
use rolecall::{Clock, MAX_POLICY_BYTES, PolicyFilesError, SystemClock, read_token_files};
use rolecall_engine::{CompileError, Diagnostic, ParsedFile, PolicySet, Source};
use rolecall_interop::{ForeignError, ForeignFile, Profiles};
use rolecall_lint::Session;
use rolecall_report::failure::Failure;
use rolecall_report::finding::FindingView;
use rolecall_report::foreign::Foreign;
use rolecall_report::policy_text::PolicyText;
use rolecall_report::printable::path_name;
use rolecall_report::printable::printable;
use rolecall_report::snippet;
use rolecall_report::statement::Statement;
use rolecall_report::style::{DOUBT, HELP, paint};
use rolecall_report::texts::Texts;
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
    let texts = read(set)?;
    let start = SystemClock.now().monotonic;
    let configured;
    let profiles = match profiles {
        Some(profiles) => profiles,
        None if !texts.has_foreign() => &IssuerProfiles::new(),
        None => {
            configured = configured_profiles(set).map_err(|failure| vec![failure])?;
            &configured
        }
    };
    let profiles = texts.beside_policies(profiles);
    let [translated] = Foreign::translate([(&texts, &profiles)]);
    Ok(compile(texts, set, translated, statement, session, start))
}

/// Reads and compiles two versions of a policy set, so that they can be compared.
pub(crate) fn load_versions(
    versions: [&FileSet; 2],
    profiles: &IssuerProfiles,
) -> Result<[Loaded; 2], Vec<Failure>> {
    let [before, now] = versions;
    let mut texts = [read(before)?, read(now)?];
    let [old, new] = &mut texts;
    old.name_foreign_like(new);
    let start = SystemClock.now().monotonic;
    let profiles = texts.each_ref().map(|texts| texts.beside_policies(profiles));
    let [old, new] = &texts;
    let [of_old, of_new] = &profiles;
    let [old, new] = Foreign::translate([(old, of_old), (new, of_new)]);
    let [old_texts, new_texts] = texts;
    Ok([
        compile(old_texts, before, old, None, None, start).0,
        compile(new_texts, now, new, None, None, start).0,
    ])
}

/// Reads a plan of Terraform, which is the only file of a set, and compiles the roles before and after it.
pub(crate) fn load_plan(set: &FileSet) -> Result<[Loaded; 2], Vec<Failure>> {
    let texts = read(set)?;
    let start = SystemClock.now().monotonic;
    let profiles = configured_profiles(set).map_err(|failure| vec![failure])?;
    let versions = Foreign::of_plan(&texts, &Profiles::new(profiles));
    Ok(versions.map(|version| compile(texts.clone(), set, version, None, None, start).0))
}

/// Returns the profiles in the configuration nearest to a set.
fn configured_profiles(set: &FileSet) -> Result<IssuerProfiles, Failure> {
    Ok(config::nearest(&set.folder, &Version::Disk)?.profiles()?.clone())
}

/// Reads the files. A set with an unreadable file is not compiled: without the file it would mean something else.
fn read(set: &FileSet) -> Result<Texts, Vec<Failure>> {
    let mut texts = Texts::default();
    let mut failures = Vec::new();
    let mut left = MAX_POLICY_BYTES;
    for file in &set.files {
        let text = match file.read() {
            Ok(text) => text,
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
        texts.add(&file.name, text);
    }
    if !failures.is_empty() {
        return Err(failures);
    }
    read_token_files(texts.sources_mut(), |index, path, limit| {
        match set.files.get(index) {
            Some(file) => file.read_token_file(path, limit),
            None => Ok(None),
        }
    });
    Ok(texts)
}

/// Compiles the files, in a session if there is one. Returns them with their syntax trees, too.
fn compile(
    texts: Texts,
    set: &FileSet,
    (foreign, errors): (Foreign, Vec<Diagnostic>),
    statement: Option<&Statement>,
    session: Option<&mut Session>,
    start: Instant,
) -> (Loaded, Vec<ParsedFile>) {
    let parse = |sources| {
        let files = match session {
            Some(session) if foreign.is_empty() => session.read(sources).to_vec(),
            _ => foreign.files(sources),
        };
        files.par_iter().for_each(|file| {
            file.parse();
        });
        files
    };
    let compiled = texts.compile(errors, statement, parse);
    let loaded = Loaded {
        name: set.name.clone(),
        files: set.files.iter().map(|file| file.name.clone()).collect(),
        outcome: compiled.outcome,
        foreign,
        compiling: SystemClock.now().monotonic.duration_since(start),
    };
    (loaded, compiled.files)
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
    complain(&loaded.foreign, console);
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

/// Writes to standard error what the documents lack, so that something else is assumed.
fn complain(foreign: &Foreign, console: &mut Console) {
    for (_, notice) in &foreign.coverage().missing {
        let (message, help) = (printable(&notice.message), printable(&notice.help));
        console.complain(&format!(
            "{} {message}\n  {} {help}\n",
            paint(DOUBT, "not complete:"),
            paint(HELP, "help:")
        ));
    }
}
