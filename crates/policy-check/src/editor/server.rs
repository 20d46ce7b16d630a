//! The server: messages of the editor, and answers (Language Server Protocol 3.17).

use super::lenses;
use super::structure::{folds, legend, semantic_tokens, symbols};
use super::text::Lines;
use super::uri::{path_of, uri_of};
use super::workspace::{OpenSet, Workspace};
use crate::failure::Failure;
use lsp_server::{Connection, ErrorCode, Message, Notification, Request, Response};
use lsp_types::notification::{
    DidChangeTextDocument, DidChangeWatchedFiles, DidCloseTextDocument, DidOpenTextDocument,
    DidSaveTextDocument, Notification as _, PublishDiagnostics, ShowMessage,
};
use lsp_types::request::{
    CodeActionRequest, CodeLensRequest, Completion, DocumentHighlightRequest, DocumentSymbolRequest,
    ExecuteCommand, FoldingRangeRequest, Formatting, GotoDefinition, HoverRequest, PrepareRenameRequest,
    References, Rename, Request as _, SemanticTokensFullRequest,
};
use lsp_types::*;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, from_value, to_value};
use std::collections::{BTreeSet, HashMap};
use std::path::{Path, PathBuf};

/// A server on one connection.
pub(crate) struct Server<'c> {
    connection: &'c Connection,
    workspace: Workspace,
    /// The versions of open documents.
    versions: HashMap<PathBuf, i32>,
    /// The documents that were shown with problems.
    shown: BTreeSet<String>,
}

/// Returns what the server can do.
pub(crate) fn capabilities() -> ServerCapabilities {
    ServerCapabilities {
        text_document_sync: Some(TextDocumentSyncCapability::Options(TextDocumentSyncOptions {
            open_close: Some(true),
            change: Some(TextDocumentSyncKind::INCREMENTAL),
            save: Some(TextDocumentSyncSaveOptions::Supported(true)),
            ..TextDocumentSyncOptions::default()
        })),
        code_action_provider: Some(CodeActionProviderCapability::Options(CodeActionOptions {
            code_action_kinds: Some(vec![CodeActionKind::QUICKFIX, CodeActionKind::SOURCE_FIX_ALL]),
            ..CodeActionOptions::default()
        })),
        code_lens_provider: Some(CodeLensOptions {
            resolve_provider: Some(false),
        }),
        completion_provider: Some(CompletionOptions {
            trigger_characters: Some(["\"", "#", ".", " "].map(str::to_owned).to_vec()),
            ..CompletionOptions::default()
        }),
        definition_provider: Some(OneOf::Left(true)),
        document_formatting_provider: Some(OneOf::Left(true)),
        document_highlight_provider: Some(OneOf::Left(true)),
        document_symbol_provider: Some(OneOf::Left(true)),
        execute_command_provider: Some(ExecuteCommandOptions {
            commands: lenses::COMMANDS.map(str::to_owned).to_vec(),
            ..ExecuteCommandOptions::default()
        }),
        folding_range_provider: Some(FoldingRangeProviderCapability::Simple(true)),
        hover_provider: Some(HoverProviderCapability::Simple(true)),
        references_provider: Some(OneOf::Left(true)),
        rename_provider: Some(OneOf::Right(RenameOptions {
            prepare_provider: Some(true),
            work_done_progress_options: WorkDoneProgressOptions::default(),
        })),
        semantic_tokens_provider: Some(SemanticTokensServerCapabilities::SemanticTokensOptions(
            SemanticTokensOptions {
                legend: legend(),
                full: Some(SemanticTokensFullOptions::Bool(true)),
                ..SemanticTokensOptions::default()
            },
        )),
        ..ServerCapabilities::default()
    }
}

/// Returns the folders that the editor has open.
pub(crate) fn roots(parameters: &InitializeParams) -> Vec<PathBuf> {
    let folders = parameters.workspace_folders.iter().flatten();
    let mut roots: Vec<PathBuf> = folders.filter_map(|folder| path_of(&folder.uri)).collect();
    #[allow(deprecated, reason = "older editors send only this")]
    if roots.is_empty() {
        roots.extend(parameters.root_uri.as_ref().and_then(path_of));
    }
    roots
}

/// The error of a request: a code of the protocol, and a message for people.
type RequestError = (ErrorCode, String);

impl<'c> Server<'c> {
    pub(crate) fn new(connection: &'c Connection, roots: Vec<PathBuf>) -> Self {
        Self {
            connection,
            workspace: Workspace::new(roots),
            versions: HashMap::new(),
            shown: BTreeSet::new(),
        }
    }

    /// Answers messages until the editor ends the server.
    pub(crate) fn run(&mut self) -> Result<(), Failure> {
        let outcome = self.workspace.reload();
        self.tell(outcome);
        self.publish();
        while let Ok(first) = self.connection.receiver.recv() {
            let mut next = Some(first);
            // All messages that wait count before the texts are analysed: typing is faster than a large set.
            while let Some(message) = next {
                match message {
                    Message::Request(request) => {
                        let ends = self.connection.handle_shutdown(&request);
                        if ends.map_err(|error| {
                            Failure::new(format!("the editor broke the protocol: {error}"))
                        })? {
                            return Ok(());
                        }
                        self.publish();
                        self.answer(request);
                    }
                    Message::Notification(notification) => self.notice(notification),
                    Message::Response(_) => {}
                }
                next = self.connection.receiver.try_recv().ok();
            }
            self.publish();
        }
        Ok(())
    }

    /// Analyses what changed, and sends the problems.
    fn publish(&mut self) {
        let mut found: Vec<(Uri, Vec<Diagnostic>)> = Vec::new();
        for set in self.workspace.analyze() {
            found.extend(set.diagnostics());
        }
        for (uri, diagnostics) in found {
            // A document that never had problems needs no message.
            let key = uri.as_str().to_owned();
            let was_shown = match diagnostics.is_empty() {
                true => self.shown.remove(&key),
                false => !self.shown.insert(key),
            };
            if diagnostics.is_empty() && !was_shown {
                continue;
            }
            let version = path_of(&uri).and_then(|path| self.versions.get(&path).copied());
            self.notify::<PublishDiagnostics>(&PublishDiagnosticsParams {
                uri,
                diagnostics,
                version,
            });
        }
    }

    fn notify<N: notification::Notification>(&self, parameters: &N::Params)
    where
        N::Params: Serialize,
    {
        let notification = Notification::new(N::METHOD.to_owned(), parameters);
        // Without the editor, nothing is left to do.
        drop(self.connection.sender.send(Message::Notification(notification)));
    }

    /// Shows a failure to the person.
    fn tell(&self, outcome: Result<(), Failure>) {
        if let Err(failure) = outcome {
            let help = failure.help.map_or(String::new(), |help| format!("; {help}"));
            self.notify::<ShowMessage>(&ShowMessageParams {
                typ: MessageType::WARNING,
                message: format!("{}{help}", failure.message),
            });
        }
    }

    fn notice(&mut self, notification: Notification) {
        let Notification { method, params } = notification;
        match method.as_str() {
            DidOpenTextDocument::METHOD => {
                let Ok(DidOpenTextDocumentParams { text_document }) = from_value(params) else {
                    return;
                };
                let Some(path) = path_of(&text_document.uri) else {
                    return;
                };
                self.versions.insert(path.clone(), text_document.version);
                let outcome = self.workspace.open(&path, &text_document.text);
                self.tell(outcome);
            }
            DidChangeTextDocument::METHOD => {
                let Ok(DidChangeTextDocumentParams {
                    text_document,
                    content_changes,
                }) = from_value(params)
                else {
                    return;
                };
                let Some(path) = path_of(&text_document.uri) else {
                    return;
                };
                let text = self.workspace.text(&path);
                let mut text = text.as_deref().unwrap_or_default().to_owned();
                for change in content_changes {
                    text = changed(&text, change);
                }
                self.versions.insert(path.clone(), text_document.version);
                let outcome = self.workspace.open(&path, &text);
                self.tell(outcome);
            }
            DidCloseTextDocument::METHOD => {
                let Ok(DidCloseTextDocumentParams { text_document }) = from_value(params) else {
                    return;
                };
                let Some(path) = path_of(&text_document.uri) else {
                    return;
                };
                self.versions.remove(&path);
                let outcome = self.workspace.close(&path);
                self.tell(outcome);
            }
            DidSaveTextDocument::METHOD | DidChangeWatchedFiles::METHOD => {
                let outcome = self.workspace.reload();
                self.tell(outcome);
            }
            _ => {}
        }
    }

    fn answer(&mut self, request: Request) {
        let Request { id, method, params } = request;
        let result = match method.as_str() {
            CodeActionRequest::METHOD => of(params, |parameters| self.actions(parameters)),
            CodeLensRequest::METHOD => of(params, |CodeLensParams { text_document, .. }| {
                self.at(&text_document.uri, |set, path| Some(set.lenses(path)))
            }),
            Completion::METHOD => of(
                params,
                |CompletionParams {
                     text_document_position: place,
                     ..
                 }| {
                    self.at_place(&place, |set, path, offset| Some(set.completions(path, offset)))
                },
            ),
            DocumentHighlightRequest::METHOD => of(
                params,
                |DocumentHighlightParams {
                     text_document_position_params: place,
                     ..
                 }| {
                    self.at_place(&place, |set, path, offset| {
                        let name = set.name_at(path, offset)?;
                        let uri = uri_of(path)?;
                        let here = set
                            .places(path, &name, true)
                            .into_iter()
                            .filter(|place| place.uri == uri);
                        Some(
                            here.map(|place| DocumentHighlight {
                                range: place.range,
                                kind: None,
                            })
                            .collect::<Vec<_>>(),
                        )
                    })
                },
            ),
            DocumentSymbolRequest::METHOD => of(params, |DocumentSymbolParams { text_document, .. }| {
                self.at(&text_document.uri, |set, path| {
                    let file = set.document(path)?;
                    Some(symbols(&file.parse().file, &Lines::new(&file.source().text)))
                })
            }),
            ExecuteCommand::METHOD => of(params, |parameters: ExecuteCommandParams| {
                self.execute(&parameters)
            }),
            FoldingRangeRequest::METHOD => of(params, |FoldingRangeParams { text_document, .. }| {
                self.at(&text_document.uri, |set, path| {
                    let file = set.document(path)?;
                    Some(folds(&file.parse().file, &Lines::new(&file.source().text)))
                })
            }),
            Formatting::METHOD => of(params, |DocumentFormattingParams { text_document, .. }| {
                self.at(&text_document.uri, |set, path| {
                    let text = &set.document(path)?.source().text;
                    Some(replaced(text, &rolecall_syntax::format(text).ok()?))
                })
            }),
            GotoDefinition::METHOD => of(
                params,
                |GotoDefinitionParams {
                     text_document_position_params: place,
                     ..
                 }| {
                    self.at_place(&place, |set, path, offset| {
                        Some(set.places(path, &set.name_at(path, offset)?, false))
                    })
                },
            ),
            HoverRequest::METHOD => of(
                params,
                |HoverParams {
                     text_document_position_params: place,
                     ..
                 }| {
                    self.at_place(&place, |set, path, offset| {
                        let name = set.name_at(path, offset)?;
                        let value = set.hover(path, &name)?;
                        let lines = Lines::new(&set.document(path)?.source().text);
                        Some(Hover {
                            contents: HoverContents::Markup(MarkupContent {
                                kind: MarkupKind::Markdown,
                                value,
                            }),
                            range: Some(lines.range(name.span)),
                        })
                    })
                },
            ),
            PrepareRenameRequest::METHOD => of(params, |place: TextDocumentPositionParams| {
                let found = self.at_place(&place, |set, path, offset| {
                    let lines = Lines::new(&set.document(path)?.source().text);
                    Some(set.renamable(path, offset).map(|name| lines.range(name.span)))
                })?;
                found.transpose().map_err(refused)
            }),
            References::METHOD => of(
                params,
                |ReferenceParams {
                     text_document_position: place,
                     ..
                 }| {
                    self.at_place(&place, |set, path, offset| {
                        Some(set.places(path, &set.name_at(path, offset)?, true))
                    })
                },
            ),
            Rename::METHOD => of(
                params,
                |RenameParams {
                     text_document_position: place,
                     new_name,
                     ..
                 }| {
                    let found = self.at_place(&place, |set, path, offset| {
                        Some(set.rename(path, offset, &new_name))
                    })?;
                    found.transpose().map_err(refused)
                },
            ),
            SemanticTokensFullRequest::METHOD => {
                of(params, |SemanticTokensParams { text_document, .. }| {
                    self.at(&text_document.uri, |set, path| {
                        let lines = Lines::new(&set.document(path)?.source().text);
                        Some(SemanticTokens {
                            result_id: None,
                            data: semantic_tokens(&set.names(path), &lines),
                        })
                    })
                })
            }
            method => Err((ErrorCode::MethodNotFound, format!("`{method}` is not supported"))),
        };
        let response = match result {
            Ok(value) => Response::new_ok(id, value),
            Err((code, message)) => Response::new_err(id, code as i32, message),
        };
        drop(self.connection.sender.send(Message::Response(response)));
    }

    /// Answers about a document; null if it is in no set.
    fn at<T>(
        &self,
        uri: &Uri,
        answer: impl FnOnce(&OpenSet, &Path) -> Option<T>,
    ) -> Result<Option<T>, RequestError> {
        let path = path_of(uri);
        let found = path
            .as_deref()
            .and_then(|path| Some((self.workspace.set_of(path)?, path)));
        Ok(found.and_then(|(set, path)| answer(set, path)))
    }

    /// Answers about a place in a document.
    fn at_place<T>(
        &self,
        place: &TextDocumentPositionParams,
        answer: impl FnOnce(&OpenSet, &Path, usize) -> Option<T>,
    ) -> Result<Option<T>, RequestError> {
        self.at(&place.text_document.uri, |set, path| {
            let offset = Lines::new(&set.document(path)?.source().text).offset(place.position);
            answer(set, path, offset)
        })
    }

    fn actions(
        &self,
        parameters: CodeActionParams,
    ) -> Result<Option<Vec<CodeActionOrCommand>>, RequestError> {
        let CodeActionParams {
            text_document,
            range,
            context,
            ..
        } = parameters;
        let wants = |kind: &CodeActionKind| {
            context
                .only
                .as_ref()
                .is_none_or(|only| only.iter().any(|one| kind.as_str().starts_with(one.as_str())))
        };
        self.at(&text_document.uri, |set, path| {
            let mut actions = Vec::new();
            if wants(&CodeActionKind::QUICKFIX) {
                actions.extend(set.actions(path, range));
            }
            if let (true, Some(fixed)) = (wants(&CodeActionKind::SOURCE_FIX_ALL), set.fixed(path)) {
                let edits = replaced(&set.document(path)?.source().text, &fixed);
                actions.push(CodeActionOrCommand::CodeAction(CodeAction {
                    title: "fix all that changes no access".to_owned(),
                    kind: Some(CodeActionKind::SOURCE_FIX_ALL),
                    edit: Some(WorkspaceEdit {
                        changes: Some(HashMap::from([(text_document.uri.clone(), edits)])),
                        ..WorkspaceEdit::default()
                    }),
                    ..CodeAction::default()
                }));
            }
            Some(actions)
        })
    }

    /// Runs a command of a lens. Its text is the result, and is shown to the person.
    fn execute(&self, parameters: &ExecuteCommandParams) -> Result<Option<String>, RequestError> {
        let invalid = || {
            (
                ErrorCode::InvalidParams,
                "the command needs a document and a name".to_owned(),
            )
        };
        let (path, name) = lenses::arguments(&parameters.arguments).ok_or_else(invalid)?;
        let set = self.workspace.set_of(path).ok_or_else(invalid)?;
        let text = set.run(&parameters.command, name);
        if let Some(text) = &text {
            self.notify::<ShowMessage>(&ShowMessageParams {
                typ: MessageType::INFO,
                message: text.clone(),
            });
        }
        Ok(text)
    }
}

/// Answers a request with its parameters.
fn of<P: DeserializeOwned, T: Serialize>(
    parameters: Value,
    answer: impl FnOnce(P) -> Result<T, RequestError>,
) -> Result<Value, RequestError> {
    let parameters = from_value(parameters).map_err(|error| (ErrorCode::InvalidParams, error.to_string()))?;
    to_value(answer(parameters)?).map_err(|error| (ErrorCode::InternalError, error.to_string()))
}

fn refused(reason: &'static str) -> RequestError {
    (ErrorCode::RequestFailed, reason.to_owned())
}

/// Returns a text after a change.
fn changed(text: &str, change: TextDocumentContentChangeEvent) -> String {
    let Some(range) = change.range else {
        return change.text;
    };
    let lines = Lines::new(text);
    let (start, end) = (lines.offset(range.start), lines.offset(range.end));
    let before = text.get(..start).unwrap_or_default();
    let after = text.get(end.max(start)..).unwrap_or_default();
    format!("{before}{}{after}", change.text)
}

/// Returns the edits that replace a text by another one; none if they are equal.
fn replaced(old: &str, new: &str) -> Vec<TextEdit> {
    if old == new {
        return Vec::new();
    }
    let range = Lines::new(old).range(rolecall_syntax::Span::new(0, old.len()));
    let new_text = new.to_owned();
    vec![TextEdit { range, new_text }]
}
