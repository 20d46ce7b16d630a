//! Translation of foreign roles into the tree of our own language, with the locations of the foreign text.
//!
//! A source has a tree of its own, close to its text; this module is the only one that knows both it and our language.

mod aws;
mod claim;
mod condition;
mod coverage;
mod draft;
mod issuers;
mod layouts;
mod names;
mod redaction;

pub use coverage::{Coverage, Fidelity, TranslatedRole};

use crate::aws::Account;
use crate::document::DocumentError;
use crate::notice::Notice;
use aws::{Providers, Translator};
use draft::Draft;
use issuers::Issuers;
use layouts::Guessed;
use names::Names;
use rolecall_engine::{ParsedFile, PolicySet, Source};
use rolecall_syntax::Spanned;
use rolecall_syntax::ast::{File, Item};
use std::collections::BTreeMap;
use std::mem;

/// A document whose source is recognised.
#[derive(Clone, Debug)]
pub struct ForeignFile {
    source: Source,
    content: Account,
}

/// The reason why a file cannot be translated.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ForeignError {
    /// The text is not a document.
    Document(DocumentError),
    /// The document is of no known source.
    NotRecognised,
}

/// The translation of foreign files, in their order.
#[derive(Debug)]
#[non_exhaustive]
pub struct Translation {
    /// The files, each with its tree. They are compiled like policy files, as one set.
    pub files: Vec<ParsedFile>,
    /// The notices about each file, in the order of its text.
    pub notices: Vec<Vec<Notice>>,
    /// The roles, and the information that the files lack.
    pub coverage: Coverage,
}

impl ForeignFile {
    /// Recognises a document by its content.
    ///
    /// # Errors
    /// The text is not a document, or not one of a known source.
    pub fn read(source: Source) -> Result<Self, ForeignError> {
        match crate::aws::account(&source.text) {
            Ok(Some(content)) => Ok(Self { source, content }),
            Ok(None) => Err(ForeignError::NotRecognised),
            Err(error) => Err(ForeignError::Document(error)),
        }
    }
}

/// Translates documents together: a provider in one of them belongs to the roles in all.
pub fn translate(files: &[ForeignFile]) -> Translation {
    let (mut issuers, mut names, mut missing) = (Issuers::default(), Names::default(), BTreeMap::new());
    let providers = Providers::of(files.iter().map(|file| &file.content));
    let mut translator = Translator {
        providers: &providers,
        issuers: &mut issuers,
        names: &mut names,
        missing: &mut missing,
    };
    let contents = files.iter().enumerate();
    let drafts = contents.map(|(number, file)| translator.roles(number, &file.source.name, &file.content));
    let drafts: Vec<Vec<Draft>> = drafts.collect();
    let mut translation = Translation {
        files: Vec::new(),
        notices: Vec::new(),
        coverage: Coverage::default(),
    };
    translation.coverage.missing.extend(missing.into_values());
    for (number, file) in files.iter().enumerate() {
        let notices = file.content.notices.iter().cloned();
        translation
            .coverage
            .missing
            .extend(notices.map(|notice| (number, notice)));
    }
    let mut trees = Vec::new();
    for (file, drafts) in files.iter().zip(drafts) {
        let mut notices = Vec::new();
        let mut items = Vec::new();
        for draft in drafts {
            notices.extend(draft.notices.iter().cloned());
            let (item, summary) = draft.finish(&issuers);
            items.extend(item);
            translation.coverage.roles.push(summary);
        }
        notices.sort_by_key(|notice| notice.span);
        translation.notices.push(notices);
        let text = redaction::visible(&file.source.text, &file.content);
        trees.push((Source::new(file.source.name.as_str(), text), items));
    }
    let set = compiled(&trees, &issuers);
    let guessed = set.map(|set| layouts::guessed(&set)).unwrap_or_default();
    translation.files = parsed(trees, &issuers, &guessed);
    for (issuer, lines) in guessed {
        let assumed = lines.into_iter().map(|line| (issuer.clone(), line));
        translation.coverage.assumed.extend(assumed);
    }
    translation
}

/// The name and the visible text of a file, with the items of its roles.
type Tree = (Source, Vec<Spanned<Item>>);

/// Returns the files with their trees. An issuer belongs to the roles of several files: all of them are in the first one,
/// before its roles.
fn parsed(trees: Vec<Tree>, issuers: &Issuers, guessed: &Guessed) -> Vec<ParsedFile> {
    let mut issuers = issuers.items(guessed);
    let file = |(source, roles): Tree| {
        let mut items = mem::take(&mut issuers);
        items.extend(roles);
        let comments = Vec::new();
        ParsedFile::foreign(source, File { items, comments })
    };
    trees.into_iter().map(file).collect()
}

/// Compiles the files with the layouts of the profiles, if they have no errors. The caller compiles them again, and reports
/// the errors.
fn compiled(trees: &[Tree], issuers: &Issuers) -> Option<PolicySet> {
    PolicySet::compile_files(parsed(trees.to_vec(), issuers, &Guessed::new())).ok()
}
