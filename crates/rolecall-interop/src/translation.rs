//! Translation of foreign roles into the tree of our own language, with the locations of the foreign text.
//!
//! A source has a tree of its own, close to its text; this module is the only one that knows both it and our language.

mod advice;
mod aws;
mod azure;
mod cel;
mod claim;
mod condition;
mod coverage;
mod draft;
mod drafts;
mod google;
mod issuers;
mod kubernetes;
mod layouts;
mod names;
mod octo_sts;
mod profiles;
mod redaction;
mod resource;
mod shared;
mod vault;

pub use advice::advice;
pub(crate) use claim::are_texts;
pub use coverage::{Coverage, Fact, Fidelity, TranslatedRole};
pub use resource::Resource;

use crate::content::Content;
use crate::document::DocumentError;
use crate::notice::Notice;
use crate::target::Target;
use drafts::Drafts;
use issuers::{Audiences, Issuers};
use layouts::Guessed;
pub use profiles::Profiles;
pub(crate) use profiles::profile;
use rolecall_engine::{ParsedFile, PolicySet, Source};
use rolecall_syntax::Spanned;
use rolecall_syntax::ast::{Comment, File, Item, RoleMember};
use std::mem;

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
#[derive(Debug, Default)]
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
    /// Returns the systems of which the document has parts.
    pub fn targets(&self) -> impl Iterator<Item = Target> {
        self.content.targets()
    }

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

/// Returns a text with blanks in place of its characters, and the same line breaks: a document that is not understood may
/// have secrets.
pub fn blanked(text: &str) -> String {
    redaction::visible(text, &[])
}

/// Translates documents together: a provider in one of them belongs to the roles in all.
pub fn translate(files: &[ForeignFile], profiles: &Profiles) -> Translation {
    let [translation] = translate_versions([(files, profiles)]);
    translation
}

/// Translates versions of documents, each with its profiles, to compare them. Each is a set of its own, and all have the
/// same issuers: with all the audiences and layouts that the roles of one of them need.
pub fn translate_versions<const N: usize>(versions: [(&[ForeignFile], &Profiles); N]) -> [Translation; N] {
    let mut audiences = Audiences::new();
    let drafts = versions.map(|(files, profiles)| {
        let audiences = &mut audiences;
        let mut issuers = Issuers { audiences, profiles };
        (Drafts::of(files, &mut issuers), profiles)
    });
    let mut guessed = Guessed::new();
    let finished = drafts.map(|(drafts, profiles)| {
        let audiences = &mut audiences;
        let issuers = Issuers { audiences, profiles };
        let (translation, trees) = drafts.finish(&issuers);
        for (issuer, lines) in compiled(&trees, &issuers)
            .map(|set| layouts::guessed(&set))
            .unwrap_or_default()
        {
            guessed.entry(issuer).or_default().extend(lines);
        }
        (translation, trees, profiles)
    });
    finished.map(|(mut translation, trees, profiles)| {
        let audiences = &mut audiences;
        let issuers = Issuers { audiences, profiles };
        translation.files = parsed(trees, issuers.items(&guessed));
        for (issuer, lines) in &guessed {
            if !profiles.is_declared(issuer) {
                let assumed = lines.iter().map(|line| (issuer.clone(), line.clone()));
                translation.coverage.assumed.extend(assumed);
            }
        }
        translation
    })
}

/// The parts of a translated file.
#[derive(Clone)]
struct Tree {
    /// The name and the visible text.
    source: Source,
    /// The items of the roles.
    items: Vec<Spanned<Item>>,
    comments: Vec<Spanned<Comment>>,
    /// The names of the roles that are refused.
    untranslated: Vec<String>,
}

/// Returns the files with their trees. An issuer belongs to the roles of several files: all of them are in the first one,
/// before its roles.
fn parsed(trees: Vec<Tree>, mut issuers: Vec<Spanned<Item>>) -> Vec<ParsedFile> {
    let file = |tree: Tree| {
        let mut items = mem::take(&mut issuers);
        items.extend(tree.items);
        let comments = tree.comments;
        ParsedFile::foreign(tree.source, File { items, comments }).with_untranslated(tree.untranslated)
    };
    trees.into_iter().map(file).collect()
}

/// Compiles the roles of the issuers whose layouts are guessed, with those of the profiles, if they have no errors. The
/// caller compiles all files again, and reports the errors.
fn compiled(trees: &[Tree], issuers: &Issuers<'_>) -> Option<PolicySet> {
    let mut trees = trees.to_vec();
    let mut items = issuers.items(&Guessed::new());
    let is_guessed = |issuer: &str| !issuers.profiles.is_declared(issuer);
    items.retain(|item| matches!(&item.node, Item::Issuer(issuer) if is_guessed(&issuer.name)));
    for tree in &mut trees {
        tree.items.retain_mut(|item| {
            let Item::Role(role) = &mut item.node else {
                return true;
            };
            role.members.retain(
                |member| matches!(&member.node, RoleMember::Allow(allow) if is_guessed(&allow.issuer.node)),
            );
            !role.members.is_empty()
        });
    }
    PolicySet::compile_files(parsed(trees, items)).ok()
}
