//! Files in other languages: translated, with what their translation does not cover.

use rolecall_engine::ir::Program;
use rolecall_engine::{Arena, Diagnostic, ErrorKind, FileId, Location, ParsedFile, Source};
use rolecall_interop::{
    Coverage, Fidelity, ForeignError, ForeignFile, Notice, NoticeKind, Profiles, Translation,
    translate_versions,
};
use rolecall_lint::Finding;
use std::collections::HashMap;

/// The files of a set that are in other languages.
#[derive(Debug, Default)]
pub(crate) struct Foreign {
    /// By their positions in the set, because each compiled set has its own ids.
    files: HashMap<usize, ParsedFile>,
    /// The notices about parts of the files, each with the position of its file.
    notices: Vec<(usize, Notice)>,
    /// The roles, and what could not be decided about them.
    pub(crate) coverage: Coverage,
}

impl Foreign {
    /// Translates some files of versions of a set. Returns the errors of those that are of no known source, too.
    pub(crate) fn translate<const N: usize>(
        versions: [(&[FileId], &Arena<FileId, Source>); N],
        profiles: &Profiles,
    ) -> [(Self, Vec<Diagnostic>); N] {
        let read = versions.map(|(foreign, sources)| Read::new(foreign, sources));
        let translations = translate_versions(read.each_ref().map(|read| read.files.as_slice()), profiles);
        let mut translations = translations.into_iter();
        read.map(|read| {
            let translation = translations.next();
            (
                translation
                    .map(|one| Self::new(&read.positions, one))
                    .unwrap_or_default(),
                read.errors,
            )
        })
    }

    fn new(positions: &[usize], translation: Translation) -> Self {
        let notices = positions.iter().zip(translation.notices);
        let notices = notices.flat_map(|(file, notices)| notices.into_iter().map(|notice| (*file, notice)));
        Self {
            notices: notices.collect(),
            files: positions.iter().copied().zip(translation.files).collect(),
            coverage: translation.coverage,
        }
    }

    /// Returns true if the set has no files in other languages.
    pub(crate) fn is_empty(&self) -> bool {
        self.files.is_empty()
    }

    /// Returns the first reason why a proof about the roles is none about their sources: a role that is not translated
    /// exactly and could contradict it, or information that the files lack.
    pub(crate) fn gap(&self) -> Option<String> {
        let mut roles = self.coverage.roles.iter();
        let inexact = roles.find(|role| !matches!(role.fidelity, Fidelity::Exact | Fidelity::NotForTokens));
        let inexact = inexact.map(|role| {
            format!(
                "`{}` is not translated exactly, and could contradict it",
                role.name
            )
        });
        inexact.or_else(|| Some(self.coverage.missing.first()?.1.message.clone()))
    }

    /// Returns the notices as findings. All reasons why roles are not translated are findings of one rule.
    pub(crate) fn findings(&self, program: &Program) -> Vec<Finding> {
        let finding = |(file, notice): &(usize, Notice)| {
            let rule = match notice.kind {
                NoticeKind::Refused => "untranslated-role",
                NoticeKind::Narrower | NoticeKind::Wider => "inexact-role",
                NoticeKind::Odd => notice.code,
            };
            let location = Location::new(program.files().id_at(*file)?, notice.span);
            let finding =
                rolecall_lint::foreign(rule, location, notice.message.as_str(), notice.help.as_str());
            debug_assert!(finding.is_some(), "the notice `{rule}` has a rule");
            finding
        };
        self.notices.iter().filter_map(finding).collect()
    }

    /// Returns the files of the set, in their order.
    pub(crate) fn files(&self, sources: Arena<FileId, Source>) -> Vec<ParsedFile> {
        let file = |(position, source)| match self.files.get(&position) {
            Some(translated) => translated.clone(),
            None => ParsedFile::new(source),
        };
        sources.into_iter().enumerate().map(file).collect()
    }
}

/// The files of a set that are in other languages, with their positions in the set.
struct Read {
    files: Vec<ForeignFile>,
    positions: Vec<usize>,
    /// The errors of those that are of no known source.
    errors: Vec<Diagnostic>,
}

impl Read {
    fn new(foreign: &[FileId], sources: &Arena<FileId, Source>) -> Self {
        let (mut files, mut positions, mut errors) = (Vec::new(), Vec::new(), Vec::new());
        for id in foreign.iter().copied() {
            match ForeignFile::read(sources[id].clone()) {
                Ok(file) => {
                    files.push(file);
                    positions.push(sources.position(id));
                }
                Err(error) => errors.push(diagnostic(id, error)),
            }
        }
        Self {
            files,
            positions,
            errors,
        }
    }
}

/// Returns the error of a file that is not translated.
fn diagnostic(file: FileId, error: ForeignError) -> Diagnostic {
    let start = Location::new(file, rolecall_syntax::Span::default());
    match error {
        ForeignError::Document(error) => {
            Diagnostic::new(ErrorKind::Syntax, Location::new(file, error.span), error.message)
                .help("fix it; a policy begins with an item instead, such as `role`")
        }
        _ => {
            let message = "this is not a document that says who gets roles";
            Diagnostic::new(ErrorKind::Syntax, start, message).help(
                "name a trust policy of AWS, the output of `aws iam get-account-authorization-details`, a role of Vault as \
                 `vault read -format=json` prints it, or a policy of octo-sts",
            )
        }
    }
}
