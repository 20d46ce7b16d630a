//! The texts of a policy set, and their compilation.

use crate::policy_text::PolicyText;
use crate::statement::Statement;
use rolecall_engine::{Arena, CompileError, Diagnostic, FileId, ParsedFile, PolicySet, Source};
use rolecall_interop::{Profiles, blanked};
use std::collections::BTreeMap;

/// The texts of a policy set.
#[derive(Clone, Debug, Default)]
pub struct Texts {
    sources: Arena<FileId, Source>,
    /// The files that cannot be parsed at all.
    diagnostics: Vec<Diagnostic>,
    /// The files that are in another language. Among the sources, they are blanked: until one is understood, nothing of it is
    /// shown.
    foreign: Vec<(FileId, Source)>,
}

/// A policy set that was compiled, or has errors.
#[derive(Debug)]
pub struct Compiled {
    /// The compiled set, or its errors.
    pub outcome: Result<PolicySet, CompileError>,
    /// The files with their syntax trees; none if one of them cannot be read.
    pub files: Vec<ParsedFile>,
}

impl Texts {
    /// Adds a file.
    pub fn add(&mut self, name: &str, text: PolicyText) {
        match text {
            PolicyText::Text(text) => drop(self.sources.push(Source::new(name, text))),
            PolicyText::Foreign(text) => {
                let file = self.sources.push(Source::new(name, blanked(&text)));
                self.foreign.push((file, Source::new(name, text)));
            }
            PolicyText::Refused { shown, error } => {
                let file = self.sources.push(Source::new(name, shown));
                self.diagnostics.push(Diagnostic::syntax(file, &error));
            }
        }
    }

    /// Returns true if there are files in other languages.
    pub fn has_foreign(&self) -> bool {
        !self.foreign.is_empty()
    }

    /// Returns the files in other languages.
    pub(crate) fn foreign(&self) -> &[(FileId, Source)] {
        &self.foreign
    }

    pub(crate) fn sources(&self) -> &Arena<FileId, Source> {
        &self.sources
    }

    /// Returns all files, to add what their tests need.
    pub fn sources_mut(&mut self) -> &mut [Source] {
        self.sources.as_mut_slice()
    }

    /// Gives the files in other languages the names of those of another version. A document that does not name its role is
    /// called by its file, which may have another name in each version.
    pub fn name_foreign_like(&mut self, other: &Self) {
        for ((_, own), (_, other)) in self.foreign.iter_mut().zip(&other.foreign) {
            own.name.clone_from(&other.name);
        }
    }

    /// Returns profiles, by issuer, with those of the issuers that the policies of the set declare. Their errors are reported
    /// when the whole set is compiled.
    pub fn beside_policies(&self, configured: &BTreeMap<String, String>) -> Profiles {
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

    /// Compiles the files, and a statement as the last one if there is one. `errors` are those of documents that cannot be
    /// translated, and `parse` returns all files with their syntax trees.
    pub fn compile(
        self,
        errors: Vec<Diagnostic>,
        statement: Option<&Statement>,
        parse: impl FnOnce(Arena<FileId, Source>) -> Vec<ParsedFile>,
    ) -> Compiled {
        let Self {
            mut sources,
            mut diagnostics,
            foreign: foreign_files,
        } = self;
        let given = sources.len();
        diagnostics.extend(errors);
        sources.extend(statement.map(Statement::source));
        let mut files = Vec::new();
        let outcome = if diagnostics.is_empty() {
            files = parse(sources);
            PolicySet::compile_files(files.iter().cloned())
        } else {
            Err(syntax_only(sources, &foreign_files, diagnostics))
        };
        Compiled {
            outcome: outcome.map_err(|error| match statement {
                Some(statement) => statement.as_given(given, error),
                None => error,
            }),
            files,
        }
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
