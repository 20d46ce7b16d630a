//! Problems in documents, and the changes that resolve them.

use super::edits::workspace_edit;
use super::text::Lines;
use super::uri::uri_of;
use super::workspace::OpenSet;
use lsp_types::{
    CodeAction, CodeActionKind, CodeActionOrCommand, Diagnostic, DiagnosticRelatedInformation,
    DiagnosticSeverity, DiagnosticTag, Location, NumberOrString, Position, Range, TextEdit, Uri,
    WorkspaceEdit,
};
use rolecall_engine::{Note, Source};
use rolecall_lint::{Finding, Fix, Safety, Severity};
use rolecall_syntax::Span;
use std::path::Path;

/// The rules whose text has no effect, so that editors show it faded.
const UNUSED: [&str; 4] = [
    "unused-condition",
    "unused-issuer",
    "unused-profile",
    "unused-set",
];

impl OpenSet {
    /// Returns the problems of each document, also of those without any, by their URIs.
    pub(crate) fn diagnostics(&self) -> Vec<(Uri, Vec<Diagnostic>)> {
        if self.analysis.outcome.is_none() {
            // The text is not a document that says who gets roles, or not any more.
            let uris = self.paths().filter_map(uri_of);
            return uris.map(|uri| (uri, Vec::new())).collect();
        }
        let places = Places::new(self);
        let mut found: Vec<Vec<Diagnostic>> = places.files.iter().map(|_| Vec::new()).collect();
        let mut add = |file: usize, diagnostic: Diagnostic| {
            if let Some(found) = found.get_mut(file) {
                found.push(diagnostic);
            }
        };
        match &self.analysis.outcome {
            Some(Err(error)) => {
                for problem in &error.diagnostics {
                    let file = error.sources.position(problem.location.file());
                    let help = problem
                        .help
                        .as_ref()
                        .map_or(String::new(), |help| format!("\nhelp: {help}"));
                    let position = |note: &Note| error.sources.position(note.location.file());
                    add(
                        file,
                        Diagnostic {
                            range: places.range(file, problem.location.span()),
                            severity: Some(DiagnosticSeverity::ERROR),
                            code: Some(NumberOrString::String(problem.kind.code().to_owned())),
                            source: Some("policy-check".to_owned()),
                            message: format!("{}{help}", problem.message),
                            related_information: places.related(&problem.notes, position),
                            ..Diagnostic::default()
                        },
                    );
                }
            }
            Some(Ok(set)) => {
                let files = set.program().files();
                for finding in &self.analysis.findings {
                    let file = files.position(finding.location.file());
                    let position = |note: &Note| files.position(note.location.file());
                    add(
                        file,
                        Diagnostic {
                            range: places.range(file, finding.location.span()),
                            related_information: places.related(&finding.notes, position),
                            ..of_finding(finding)
                        },
                    );
                }
            }
            None => {}
        }
        let uris = places.files.iter().map(|(uri, _)| uri.clone());
        uris.zip(found)
            .filter_map(|(uri, found)| Some((uri?, found)))
            .collect()
    }

    /// Returns the changes for the problems that touch a range of a document: the fixes, and comments that allow a finding.
    pub(crate) fn actions(&self, path: &Path, range: Range) -> Vec<CodeActionOrCommand> {
        let places = Places::new(self);
        let (Some(set), Some(at)) = (self.compiled(), self.position(path)) else {
            return Vec::new();
        };
        let files = set.program().files();
        let touches = |finding: &&Finding| {
            let found = places.range(at, finding.location.span());
            let is_here = files.position(finding.location.file()) == at;
            is_here && found.start <= range.end && range.start <= found.end
        };
        let mut actions = Vec::new();
        for finding in self.analysis.findings.iter().filter(touches) {
            let diagnostic = Diagnostic {
                range: places.range(at, finding.location.span()),
                ..of_finding(finding)
            };
            if let Some(fix) = &finding.fix {
                actions.push(CodeActionOrCommand::CodeAction(CodeAction {
                    title: titled(fix),
                    kind: Some(CodeActionKind::QUICKFIX),
                    diagnostics: Some(vec![diagnostic.clone()]),
                    edit: Some(places.edit(fix, |file| files.position(file))),
                    is_preferred: Some(fix.safety == Safety::Safe),
                    ..CodeAction::default()
                }));
            }
            let is_foreign = set.program().is_foreign(finding.location.file());
            if let Some(edit) = places.allowing(at, finding).filter(|_| !is_foreign) {
                actions.push(CodeActionOrCommand::CodeAction(CodeAction {
                    title: format!("allow `{}` here, with a reason", finding.rule.name),
                    kind: Some(CodeActionKind::QUICKFIX),
                    diagnostics: Some(vec![diagnostic]),
                    edit: Some(edit),
                    ..CodeAction::default()
                }));
            }
        }
        actions
    }

    /// Returns the text of a document with all fixes that change no access.
    pub(crate) fn fixed(&self, path: &Path) -> Option<String> {
        let set = self.compiled()?;
        let file = set.program().files().id_at(self.position(path)?)?;
        let fixes = self
            .analysis
            .findings
            .iter()
            .filter_map(|finding| finding.fix.as_ref());
        let fixes = fixes.filter(|fix| fix.safety == Safety::Safe);
        let text = &self.text_of(path)?.source().text;
        let (fixed, made) = rolecall_lint::apply(file, text, fixes);
        (made > 0).then_some(fixed)
    }
}

fn titled(fix: &Fix) -> String {
    match fix.safety {
        Safety::Safe => fix.message.clone(),
        Safety::Unsafe => format!("{} (changes access)", fix.message),
    }
}

fn of_finding(finding: &Finding) -> Diagnostic {
    let mut message = finding.message.clone();
    if let Some(label) = &finding.label {
        message += &format!("\n{label}");
    }
    if let Some(witness) = &finding.witness {
        let claims = witness.claims();
        let token: Vec<String> = claims
            .members()
            .map(|(name, value)| format!("{name}: {value}"))
            .collect();
        message += &format!("\ntoken: {}", token.join(", "));
    }
    if let Some(help) = &finding.help {
        message += &format!("\nhelp: {help}");
    }
    let is_unused = UNUSED.contains(&finding.rule.name);
    Diagnostic {
        severity: Some(match finding.severity {
            Severity::High => DiagnosticSeverity::ERROR,
            Severity::Medium => DiagnosticSeverity::WARNING,
            Severity::Low => DiagnosticSeverity::INFORMATION,
            Severity::Info => DiagnosticSeverity::HINT,
        }),
        code: Some(NumberOrString::String(finding.rule.name.to_owned())),
        source: Some("policy-check".to_owned()),
        message,
        tags: is_unused.then(|| vec![DiagnosticTag::UNNECESSARY]),
        ..Diagnostic::default()
    }
}

/// The documents of a set, with the lines of their texts.
struct Places<'s> {
    files: Vec<(Option<Uri>, Lines<'s>)>,
    sources: Vec<&'s Source>,
}

impl<'s> Places<'s> {
    fn new(set: &'s OpenSet) -> Self {
        let documents = || set.documents();
        Self {
            files: documents()
                .map(|(path, file)| (uri_of(path), Lines::new(&file.source().text)))
                .collect(),
            sources: documents().map(|(_, file)| file.source()).collect(),
        }
    }

    fn range(&self, file: usize, span: Span) -> Range {
        let lines = self.files.get(file).map(|(_, lines)| lines.range(span));
        lines.unwrap_or_default()
    }

    fn related(
        &self,
        notes: &[Note],
        position: impl Fn(&Note) -> usize,
    ) -> Option<Vec<DiagnosticRelatedInformation>> {
        let related = notes.iter().filter_map(|note| {
            let file = position(note);
            let (uri, lines) = self.files.get(file)?;
            Some(DiagnosticRelatedInformation {
                location: Location {
                    uri: uri.clone()?,
                    range: lines.range(note.location.span()),
                },
                message: note.message.clone(),
            })
        });
        Some(related.collect())
    }

    /// Returns a fix as an edit of the workspace.
    fn edit(&self, fix: &Fix, position: impl Fn(rolecall_engine::FileId) -> usize) -> WorkspaceEdit {
        let edits = fix.edits.iter().filter_map(|edit| {
            let (uri, lines) = self.files.get(position(edit.location.file()))?;
            let range = lines.range(edit.location.span());
            let new_text = edit.text.clone();
            Some((uri.clone()?, TextEdit { range, new_text }))
        });
        workspace_edit(edits)
    }

    /// Returns an edit that adds a comment which allows a finding, above its line and as far to the right.
    fn allowing(&self, file: usize, finding: &Finding) -> Option<WorkspaceEdit> {
        let (Some(uri), lines) = self.files.get(file)? else {
            return None;
        };
        let start = finding.location.span().start;
        let line = Position {
            character: 0,
            ..lines.position(start)
        };
        let text = &self.sources.get(file)?.text;
        let begin = lines.offset(line);
        let indent: String = text
            .get(begin..)?
            .chars()
            .take_while(|c| matches!(c, ' ' | '\t'))
            .collect();
        let edit = TextEdit {
            range: Range {
                start: line,
                end: line,
            },
            new_text: format!("{indent}// policy-check: allow({}) REASON\n", finding.rule.name),
        };
        Some(workspace_edit([(uri.clone(), edit)]))
    }
}
