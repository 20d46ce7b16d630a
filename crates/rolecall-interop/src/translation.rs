//! Translation of foreign roles into the tree of our own language, with the locations of the foreign text.
//!
//! A source has a tree of its own, close to its text; this module is the only one that knows both it and our language.

mod aws;
mod claim;
mod condition;
mod coverage;
mod draft;
mod issuers;
mod names;
mod redaction;

pub use coverage::{Coverage, Fidelity, TranslatedRole};

use crate::aws::Account;
use crate::document::DocumentError;
use crate::notice::Notice;
use aws::{Providers, Translator};
use draft::Draft;
use issuers::Issuers;
use names::Names;
use rolecall_engine::{ParsedFile, Source};
use rolecall_syntax::ast::File;
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
pub fn translate(files: Vec<ForeignFile>) -> Translation {
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
    // An issuer belongs to the roles of several files. All of them are in the first one, before its roles.
    let mut items = issuers.items();
    for (file, drafts) in files.into_iter().zip(drafts) {
        let mut notices = file.content.notices.clone();
        for draft in drafts {
            notices.extend(draft.notices.iter().cloned());
            let (item, summary) = draft.finish(&issuers);
            items.extend(item);
            translation.coverage.roles.push(summary);
        }
        notices.sort_by_key(|notice| notice.span);
        translation.notices.push(notices);
        let source = Source::new(
            file.source.name.as_str(),
            redaction::visible(&file.source.text, &file.content),
        );
        let tree = File {
            items: mem::take(&mut items),
            comments: Vec::new(),
        };
        translation.files.push(ParsedFile::foreign(source, tree));
    }
    translation
}
