//! Translation of foreign roles into the tree of our own language, with the locations of the foreign text.
//!
//! A source has a tree of its own, close to its text; this module is the only one that knows both it and our language.

mod aws;
mod azure;
mod claim;
mod condition;
mod coverage;
mod draft;
mod issuers;
mod layouts;
mod names;
mod octo_sts;
mod redaction;
mod shared;
mod vault;

pub use coverage::{Coverage, Fidelity, TranslatedRole};

use crate::content::Content;
use crate::document::DocumentError;
use crate::notice::Notice;
use aws::{Providers, Translator};
use draft::Draft;
use issuers::Issuers;
pub use issuers::Profiles;
use layouts::Guessed;
use rolecall_engine::{ParsedFile, PolicySet, Source};
use rolecall_syntax::Spanned;
use rolecall_syntax::ast::{File, Item};
use shared::{Place, Shared};
use std::mem;
use vault::Mounts;

/// A document whose source is recognised.
#[derive(Clone, Debug)]
pub struct ForeignFile {
    source: Source,
    content: Content,
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
        match Content::read(&source.text) {
            Ok(Some(content)) => Ok(Self { source, content }),
            Ok(None) => Err(ForeignError::NotRecognised),
            Err(error) => Err(ForeignError::Document(error)),
        }
    }
}

impl ForeignFile {
    /// Recognises a plan of Terraform, and returns the roles before it and those after it. All locations are in
    /// the text of the plan.
    ///
    /// # Errors
    /// The text is not a document, or not a plan.
    pub fn read_plan(source: &Source) -> Result<[Self; 2], ForeignError> {
        let side = |content| Self {
            source: source.clone(),
            content,
        };
        match Content::read_plan(&source.text) {
            Ok(Some(sides)) => Ok(sides.map(side)),
            Ok(None) => Err(ForeignError::NotRecognised),
            Err(error) => Err(ForeignError::Document(error)),
        }
    }
}

/// Translates documents together: a provider in one of them belongs to the roles in all.
pub fn translate(files: &[ForeignFile], profiles: &Profiles) -> Translation {
    let mut shared = Shared::new(profiles);
    let drafts = drafts(files, &mut shared);
    let Shared {
        issuers,
        missing,
        granted,
        ..
    } = shared;
    let mut translation = Translation {
        files: Vec::new(),
        notices: Vec::new(),
        coverage: Coverage::default(),
    };
    translation.coverage.missing.extend(missing.into_values());
    translation.coverage.granted = granted;
    for (number, file) in files.iter().enumerate() {
        let notices = file.content.notices().cloned();
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
        let text = redaction::visible(&file.source.text, &file.content.shown());
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

/// Translates the roles of each file, but for what depends on all of them.
fn drafts(files: &[ForeignFile], shared: &mut Shared<'_>) -> Vec<Vec<Draft>> {
    let contents = || files.iter().map(|file| &file.content);
    let providers = Providers::of(contents().map(|content| &content.aws));
    let mounts = Mounts::of(contents().map(|content| &content.vault));
    let mut all = Vec::with_capacity(files.len());
    for (number, ForeignFile { source, content }) in files.iter().enumerate() {
        let place = Place {
            number,
            file: &source.name,
        };
        let mut aws = Translator {
            providers: &providers,
            shared,
            place,
        };
        let mut drafts = aws.roles(&content.aws);
        drafts.extend(azure::roles(&content.azure, place, shared));
        drafts.extend(octo_sts::roles(&content.octo_sts, place, shared));
        drafts.extend(vault::roles(&content.vault, &mounts, place, shared));
        // A tree has its items in the order of the text.
        drafts.sort_by_key(|draft| draft.span.start);
        all.push(drafts);
    }
    all
}

/// The name and the visible text of a file, with the items of its roles.
type Tree = (Source, Vec<Spanned<Item>>);

/// Returns the files with their trees. An issuer belongs to the roles of several files: all of them are in the first one,
/// before its roles.
fn parsed(trees: Vec<Tree>, issuers: &Issuers<'_>, guessed: &Guessed) -> Vec<ParsedFile> {
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
fn compiled(trees: &[Tree], issuers: &Issuers<'_>) -> Option<PolicySet> {
    PolicySet::compile_files(parsed(trees.to_vec(), issuers, &Guessed::new())).ok()
}
