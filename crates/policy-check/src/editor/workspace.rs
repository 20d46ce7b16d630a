//! The policy sets of a workspace, with the texts that are open in the editor.

use super::analyzed::Analyzed;
use super::document;
use super::names::{Declared, Occurrence, occurrences};
use crate::lint::lint;
use crate::policy_files::{FileSet, sets_at};
use crate::progress::Progress;
use crate::set_settings::{RuleArguments, SetSettings};
use crate::version::Version;
use rayon::prelude::*;
use rolecall::{is_policy, read_token_files};
use rolecall_engine::{ParsedFile, PolicySet, Source};
use rolecall_interop::Profiles;
use rolecall_lint::{Session, Settings};
use rolecall_report::failure::Failure;
use rolecall_report::foreign::Foreign;
use rolecall_report::policy_text::PolicyText;
use rolecall_report::printable::path_name;
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The sets of a workspace.
#[derive(Default)]
pub(crate) struct Workspace {
    roots: Vec<PathBuf>,
    /// The texts of open documents.
    texts: HashMap<PathBuf, Arc<str>>,
    sets: Vec<OpenSet>,
}

/// A policy set, and what is known of its texts.
pub(crate) struct OpenSet {
    folder: PathBuf,
    /// The files in the order of the set, with their texts on disk.
    files: Vec<(PathBuf, Source)>,
    settings: Settings,
    /// The profiles of issuers, if the set is a document in another language.
    profiles: Option<Profiles>,
    session: Session,
    /// True if a text changed after the last analysis.
    is_stale: bool,
    pub(crate) analysis: Analyzed,
}

impl Workspace {
    pub(crate) fn new(roots: Vec<PathBuf>) -> Self {
        Self {
            roots,
            ..Self::default()
        }
    }

    /// Takes the text of an open document.
    pub(crate) fn open(&mut self, path: &Path, text: &str) -> Result<(), Failure> {
        self.texts.insert(path.to_path_buf(), Arc::from(text));
        match self.set_with(path) {
            Some(set) => {
                set.is_stale = true;
                Ok(())
            }
            None => self.reload(),
        }
    }

    /// Forgets the text of a document that was closed: the one on disk counts again.
    pub(crate) fn close(&mut self, path: &Path) -> Result<(), Failure> {
        self.texts.remove(path);
        self.reload()
    }

    /// Returns the text of a document, as it is in the editor or else on disk.
    pub(crate) fn text(&self, path: &Path) -> Option<Arc<str>> {
        self.texts.get(path).cloned().or_else(|| {
            let files = self.sets.iter().flat_map(|set| &set.files);
            let (_, source) = files.into_iter().find(|(file, _)| file == path)?;
            Some(Arc::clone(&source.text))
        })
    }

    /// Reads the sets again, since files on disk changed.
    ///
    /// # Errors
    /// The first configuration or file that cannot be read. The sets are there all the same.
    pub(crate) fn reload(&mut self) -> Result<(), Failure> {
        let mut roots = self.roots.clone();
        for path in self.texts.keys() {
            let folder = path.parent().unwrap_or(path);
            if !roots.iter().any(|root| folder.starts_with(root)) {
                roots.push(folder.to_path_buf());
            }
        }
        let roots: Vec<PathBuf> = roots.into_iter().filter(|root| root.is_dir()).collect();
        let mut first = None;
        let mut found = Vec::new();
        // The folders that cannot be read as sets: their documents would have errors that they do not have.
        let mut unread: Vec<PathBuf> = Vec::new();
        for root in roots {
            match sets_at(&root, &Version::Disk) {
                Ok(sets) => found.extend(sets),
                Err(failures) => {
                    first = first.or(failures.into_iter().next());
                    unread.push(root);
                }
            }
        }
        let mut before = std::mem::take(&mut self.sets);
        for set in &found {
            let known = before.iter().position(|known| known.folder == set.folder);
            let known = known.map(|at| before.swap_remove(at));
            match OpenSet::read(set, known) {
                Ok(set) => self.sets.push(set),
                Err(failure) => {
                    first = first.or(Some(failure));
                    unread.push(set.folder.clone());
                }
            }
        }
        // A document that is not on disk yet is one of the set of its folder, or a set of its own.
        let mut new: Vec<PathBuf> = self.texts.keys().cloned().collect();
        new.sort();
        for path in new {
            let is_unread = unread.iter().any(|folder| path.starts_with(folder));
            if is_unread || self.set_with(&path).is_some() {
                continue;
            }
            let source = Source::new(path_name(&path), "");
            if !is_policy(&path.to_string_lossy()) {
                match OpenSet::document(path, source) {
                    Ok(set) => self.sets.push(set),
                    Err(failure) => first = first.or(Some(failure)),
                }
                continue;
            }
            let around = self.sets.iter_mut().filter(|set| path.starts_with(&set.folder));
            match around.max_by_key(|set| set.folder.components().count()) {
                Some(set) => {
                    set.files.push((path, source));
                    set.is_stale = true;
                }
                None => self.sets.push(OpenSet::alone(path, source)),
            }
        }
        first.map_or(Ok(()), Err)
    }

    /// Returns the set that a document is in.
    pub(crate) fn set_of(&self, path: &Path) -> Option<&OpenSet> {
        self.sets.iter().find(|set| set.position(path).is_some())
    }

    fn set_with(&mut self, path: &Path) -> Option<&mut OpenSet> {
        self.sets.iter_mut().find(|set| set.position(path).is_some())
    }

    /// Analyses the sets whose texts changed, and returns them.
    pub(crate) fn analyze(&mut self) -> Vec<&OpenSet> {
        let mut changed = Vec::new();
        for set in &mut self.sets {
            if std::mem::take(&mut set.is_stale) {
                set.analyze(&self.texts);
                changed.push(&*set);
            }
        }
        changed
    }
}

impl OpenSet {
    /// Reads the files of a set from disk. `known` is the same set before.
    fn read(set: &FileSet, known: Option<Self>) -> Result<Self, Failure> {
        let mut files = Vec::new();
        let mut sources = Vec::new();
        for file in &set.files {
            let text = match file.read()? {
                PolicyText::Text(text) | PolicyText::Foreign(text) => text,
                PolicyText::Refused { error, .. } => {
                    return Err(
                        Failure::new(format!("`{}`: {error}", file.name)).help("its policies are not read")
                    );
                }
            };
            files.push(std::path::absolute(&file.visible_path).unwrap_or_else(|_| file.visible_path.clone()));
            sources.push(Source::new(file.name.as_str(), text));
        }
        read_token_files(&mut sources, |index, path, limit| match set.files.get(index) {
            Some(file) => file.read_token_file(path, limit),
            None => Ok(None),
        });
        let settings = SetSettings::new(&set.folder, &set.files, &Version::Disk, &RuleArguments::default())?;
        let (session, analysis) = match known {
            Some(known) => (known.session, known.analysis),
            None => (Session::default(), Analyzed::default()),
        };
        Ok(Self {
            folder: set.folder.clone(),
            files: files.into_iter().zip(sources).collect(),
            settings: settings.linter,
            profiles: None,
            session,
            is_stale: true,
            analysis,
        })
    }

    /// Creates a set of one document that is not on disk.
    fn alone(path: PathBuf, source: Source) -> Self {
        Self {
            folder: path.clone(),
            files: vec![(path, source)],
            settings: Settings::default(),
            profiles: None,
            session: Session::default(),
            is_stale: true,
            analysis: Analyzed::default(),
        }
    }

    /// Creates the set of a document in another language.
    fn document(path: PathBuf, source: Source) -> Result<Self, Failure> {
        let folder = path.parent().unwrap_or(&path);
        let settings = SetSettings::new(folder, &[], &Version::Disk, &RuleArguments::default())?;
        Ok(Self {
            settings: settings.linter,
            profiles: Some(Profiles::new(settings.profiles)),
            ..Self::alone(path, source)
        })
    }

    fn analyze(&mut self, texts: &HashMap<PathBuf, Arc<str>>) {
        let sources = self.files.iter().map(|(path, source)| match texts.get(path) {
            Some(text) => Source {
                text: Arc::clone(text),
                ..source.clone()
            },
            None => source.clone(),
        });
        let sources: Vec<Source> = sources.collect();
        if let (Some(profiles), Some(source)) = (&self.profiles, sources.first()) {
            self.analysis = document::analyze(source, &self.settings, profiles);
            return;
        }
        let files = self.session.read(sources).to_vec();
        files.par_iter().for_each(|file| {
            file.parse();
        });
        let outcome = PolicySet::compile_files(files.iter().cloned()).map(Arc::new);
        self.analysis.findings = match &outcome {
            Ok(set) => {
                let (foreign, settings) = (Foreign::default(), self.settings.clone());
                let session = Some(&mut self.session);
                self.analysis.last = Some(Arc::clone(set));
                lint(set, &files, &foreign, settings, session, &Progress::new()).findings
            }
            Err(_) => Vec::new(),
        };
        self.analysis.files = files;
        self.analysis.outcome = Some(outcome);
    }

    /// Returns the paths of the files.
    pub(crate) fn paths(&self) -> impl Iterator<Item = &Path> {
        self.files.iter().map(|(path, _)| path.as_path())
    }

    /// Returns the files with their current texts.
    pub(crate) fn documents(&self) -> impl Iterator<Item = (&Path, &ParsedFile)> {
        self.paths().zip(&self.analysis.files)
    }

    /// Returns the position of a document among the files.
    pub(crate) fn position(&self, path: &Path) -> Option<usize> {
        self.files.iter().position(|(file, _)| file == path)
    }

    /// Returns a document with its current text.
    pub(crate) fn text_of(&self, path: &Path) -> Option<&ParsedFile> {
        self.analysis.files.get(self.position(path)?)
    }

    /// Returns the set, if its texts compile.
    pub(crate) fn compiled(&self) -> Option<&PolicySet> {
        self.analysis.outcome.as_ref()?.as_deref().ok()
    }

    /// Returns the names in a document.
    pub(crate) fn names(&self, path: &Path) -> Vec<Occurrence> {
        let Some(file) = self.text_of(path).filter(|file| !file.is_foreign()) else {
            return Vec::new();
        };
        occurrences(&file.parse().file, &self.declared())
    }

    /// Returns the names in all documents.
    pub(crate) fn all_names(&self) -> Vec<(&Path, &ParsedFile, Vec<Occurrence>)> {
        let declared = self.declared();
        let names = |file: &ParsedFile| occurrences(&file.parse().file, &declared);
        self.documents()
            .filter(|(_, file)| !file.is_foreign())
            .map(|(path, file)| (path, file, names(file)))
            .collect()
    }

    fn declared(&self) -> Declared {
        let mut declared = Declared::default();
        for file in &self.analysis.files {
            declared.add(&file.parse().file);
        }
        declared
    }
}
