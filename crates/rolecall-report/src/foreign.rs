//! Files in other languages: translated, with what their translation does not cover.

use crate::texts::Texts;
use rolecall_engine::ir::Program;
use rolecall_engine::{
    Arena, Diagnostic, ErrorKind, FileId, Location, ParsedFile, PolicySet, RoleId, Source,
};
use rolecall_interop::{
    Clauses, Coverage, Fidelity, ForeignError, ForeignFile, Import, Notice, NoticeKind, Profiles,
    TranslatedRole, Translation, advice, import, translate_versions,
};
use rolecall_lint::{Finding, LintReport, Linter, Part, Settings};
use rolecall_syntax::SyntaxError;
use std::collections::{BTreeSet, HashMap};

/// The files of a set that are in other languages.
#[derive(Debug, Default)]
pub struct Foreign {
    /// The positions of the files in the set, because each compiled set has its own ids.
    positions: Vec<usize>,
    /// The translation of the files, in the same order.
    translation: Translation,
}

impl Foreign {
    /// Translates some files of versions of a set. Returns the errors of those that are of no known source, too.
    pub fn translate<const N: usize>(versions: [(&Texts, &Profiles); N]) -> [(Self, Vec<Diagnostic>); N] {
        Self::of(versions.map(|(texts, profiles)| (Read::new(texts.foreign(), texts.sources()), profiles)))
    }

    /// Translates a plan of Terraform, which is the only file of a set, as it is before and after it.
    pub fn of_plan(texts: &Texts, profiles: &Profiles) -> [(Self, Vec<Diagnostic>); 2] {
        let (foreign, sources) = (texts.foreign(), texts.sources());
        let plan = foreign
            .first()
            .map(|(id, source)| (*id, ForeignFile::read_plan(source)));
        let read = match plan {
            Some((id, Ok(sides))) => sides.map(|file| Read {
                files: vec![file],
                positions: vec![sources.position(id)],
                errors: Vec::new(),
            }),
            Some((id, Err(ForeignError::Document(error)))) => {
                let errors = vec![diagnostic(id, ForeignError::Document(error))];
                [Read::failed(errors.clone()), Read::failed(errors)]
            }
            _ => {
                let start = sources
                    .ids()
                    .next()
                    .map(|id| Location::new(id, rolecall_syntax::Span::default()));
                let message = "this is not a plan of Terraform";
                let help = "write it with `terraform show -json PLAN`";
                let error = start.map(|start| Diagnostic::new(ErrorKind::Syntax, start, message).help(help));
                let errors: Vec<Diagnostic> = error.into_iter().collect();
                [Read::failed(errors.clone()), Read::failed(errors)]
            }
        };
        Self::of(read.map(|read| (read, profiles)))
    }

    fn of<const N: usize>(read: [(Read, &Profiles); N]) -> [(Self, Vec<Diagnostic>); N] {
        let versions = read.each_ref();
        let translations = translate_versions(versions.map(|(read, profiles)| (&*read.files, *profiles)));
        let mut translations = translations.into_iter();
        read.map(|(read, _)| {
            let foreign = Self {
                positions: read.positions,
                translation: translations.next().unwrap_or_default(),
            };
            (foreign, read.errors)
        })
    }

    /// Returns true if the set has no files in other languages.
    pub fn is_empty(&self) -> bool {
        self.positions.is_empty()
    }

    /// Returns the number of files in other languages.
    pub fn count(&self) -> usize {
        self.positions.len()
    }

    /// Returns the roles, and what could not be decided about them.
    pub fn coverage(&self) -> &Coverage {
        &self.translation.coverage
    }

    /// Returns the names of the roles that other tokens get in their source.
    pub fn inexact(&self) -> BTreeSet<&str> {
        let roles = self.coverage().roles.iter();
        let inexact = roles.filter(|role| role.fidelity != Fidelity::Exact);
        inexact.map(|role| role.name.as_str()).collect()
    }

    /// Returns the location of all that a document says of a role.
    pub fn location(&self, program: &Program, role: &TranslatedRole) -> Option<Location> {
        let position = self.positions.get(role.file)?;
        Some(Location::new(program.files().id_at(*position)?, role.span))
    }

    /// Lints a policy set that was compiled from these files. `run` runs the rules on some roles and on the whole set.
    pub fn lint(
        &self,
        set: &PolicySet,
        files: &[ParsedFile],
        settings: &Settings,
        run: impl FnOnce(&Linter<'_>, &[RoleId]) -> Vec<Part>,
    ) -> LintReport {
        let linter = Linter::with_files(set, files, settings);
        let roles: Vec<RoleId> = set.program().roles().ids().collect();
        let mut parts = run(&linter, &roles);
        parts.push(Part::foreign(self.findings(set.program())));
        let mut report = linter.finish(parts);
        for finding in &mut report.findings {
            if let Some(wanting) = finding.wanting.take() {
                finding.help = advice(&wanting.role, &wanting.issuer, &wanting.claims);
            }
        }
        report
    }

    /// Writes policy files for the roles.
    pub fn import(&self, clauses: Clauses) -> Result<Import, Vec<SyntaxError>> {
        import(&self.translation, clauses)
    }

    /// Returns the notices as findings. All reasons why roles are not translated are findings of one rule.
    fn findings(&self, program: &Program) -> Vec<Finding> {
        let finding = |(file, notice): (&usize, &Notice)| {
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
        self.positions
            .iter()
            .zip(&self.translation.notices)
            .flat_map(|(file, notices)| notices.iter().map(move |notice| (file, notice)))
            .filter_map(finding)
            .collect()
    }

    /// Returns the files of the set, in their order.
    pub fn files(&self, sources: Arena<FileId, Source>) -> Vec<ParsedFile> {
        let files = self.positions.iter().copied().zip(&self.translation.files);
        let files: HashMap<usize, &ParsedFile> = files.collect();
        let file = |(position, source)| match files.get(&position) {
            Some(translated) => ParsedFile::clone(translated),
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
    fn failed(errors: Vec<Diagnostic>) -> Self {
        Self {
            files: Vec::new(),
            positions: Vec::new(),
            errors,
        }
    }

    fn new(foreign: &[(FileId, Source)], sources: &Arena<FileId, Source>) -> Self {
        let (mut files, mut positions, mut errors) = (Vec::new(), Vec::new(), Vec::new());
        for (id, source) in foreign {
            match ForeignFile::read(source.clone()) {
                Ok(file) => {
                    files.push(file);
                    positions.push(sources.position(*id));
                }
                Err(error) => errors.push(diagnostic(*id, error)),
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
                "name a trust policy, or a document as `aws iam`, `gcloud`, `az`, `vault read` or `terraform show -json` prints it",
            )
        }
    }
}
