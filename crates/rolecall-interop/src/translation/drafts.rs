//! Drafts of the roles of some documents, in the order of the documents.

use super::aws::{Providers, Translator};
use super::draft::Draft;
use super::google::{self, Pools};
use super::issuers::Issuers;
use super::names::make_unique;
use super::shared::{Place, Shared};
use super::vault::Mounts;
use super::{
    Coverage, Fidelity, ForeignFile, Translation, Tree, azure, kubernetes, octo_sts, redaction, vault,
};
use rolecall_engine::Source;

/// The drafts of the roles of some documents, and what these lack.
pub(super) struct Drafts<'f> {
    /// The documents, each with its drafts in the order of its text.
    files: Vec<(&'f ForeignFile, Vec<Draft>)>,
    pools: Pools,
    coverage: Coverage,
}

impl<'f> Drafts<'f> {
    /// Translates the roles of each document, but for what depends on all issuers.
    pub(super) fn of(files: &'f [ForeignFile], issuers: &mut Issuers<'_>) -> Self {
        let contents = || files.iter().map(|file| &file.content);
        let providers = Providers::of(contents().map(|content| &content.aws));
        let mounts = Mounts::of(contents().map(|content| &content.vault));
        let mut shared = Shared::new(issuers);
        let pools = Pools::of(contents().map(|content| &content.google), &mut shared);
        let mut coverage = Coverage::default();
        let mut drafted = Vec::with_capacity(files.len());
        for (number, file) in files.iter().enumerate() {
            let content = &file.content;
            let place = Place {
                number,
                file: &file.source.name,
            };
            if content.aws.has_defaults {
                shared
                    .granted
                    .insert("the parameters of templates have their defaults");
            }
            let mut aws = Translator {
                providers: &providers,
                shared: &mut shared,
                place,
            };
            let mut drafts = aws.roles(&content.aws);
            drafts.extend(azure::roles(&content.azure, place, &mut shared));
            drafts.extend(google::roles(&content.google, &pools, place, &mut shared));
            drafts.extend(kubernetes::roles(&content.kubernetes, place, &mut shared));
            drafts.extend(octo_sts::roles(&content.octo_sts, place, &mut shared));
            drafts.extend(vault::roles(&content.vault, &mounts, place, &mut shared));
            // A tree has its items in the order of the text.
            drafts.sort_by_key(|draft| draft.span.start);
            drafted.push((file, drafts));
            coverage
                .missing
                .extend(content.notices().map(|notice| (number, notice.clone())));
        }
        make_unique(
            drafted
                .iter_mut()
                .map(|(file, drafts)| (file.source.name.as_ref(), drafts)),
        );
        coverage.missing.extend(shared.missing.into_values());
        coverage.granted = shared.granted;
        Self {
            files: drafted,
            pools,
            coverage,
        }
    }

    /// Returns the trees of the roles, and all of their translation but the files.
    pub(super) fn finish(self, issuers: &Issuers<'_>) -> (Translation, Vec<Tree>) {
        let mut translation = Translation {
            files: Vec::new(),
            notices: Vec::new(),
            coverage: self.coverage,
        };
        let mut trees = Vec::new();
        for (number, (file, drafts)) in self.files.into_iter().enumerate() {
            let (mut notices, mut items, mut untranslated) = (Vec::new(), Vec::new(), Vec::new());
            for definition in self.pools.definitions(number) {
                notices.extend(definition.notices);
                items.extend(definition.item);
            }
            for draft in drafts {
                notices.extend(draft.notices.iter().cloned());
                let (item, summary) = draft.finish(issuers);
                items.extend(item);
                if matches!(summary.fidelity, Fidelity::Refused(_)) {
                    untranslated.push(summary.name.clone());
                }
                translation.coverage.roles.push(summary);
            }
            items.sort_by_key(|item| item.span);
            notices.sort_by_key(|notice| notice.span);
            translation.notices.push(notices);
            let text = redaction::visible(&file.source.text, &file.content.shown());
            let source = Source::new(file.source.name.as_str(), text);
            trees.push(Tree {
                source,
                items,
                comments: file.content.comments.clone(),
                untranslated,
            });
        }
        (translation, trees)
    }
}
