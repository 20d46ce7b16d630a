//! Answers to the requests of an editor.

use super::edits::{replaced, workspace_edit};
use super::lenses;
use super::server::Server;
use super::structure::{folds, semantic_tokens, symbols};
use super::text::Lines;
use super::uri::{path_of, uri_of};
use super::workspace::OpenSet;
use lsp_server::{Message, Request, Response};
use lsp_types::notification::ShowMessage;
use lsp_types::request::{
    CodeActionRequest, CodeLensRequest, Completion, DocumentHighlightRequest, DocumentSymbolRequest,
    ExecuteCommand, FoldingRangeRequest, Formatting, GotoDefinition, HoverRequest, PrepareRenameRequest,
    References, Rename, Request as _, SemanticTokensFullRequest,
};
use lsp_types::{
    CodeAction, CodeActionKind, CodeActionOrCommand, CodeActionParams, CodeLensParams, CompletionParams,
    DocumentFormattingParams, DocumentHighlight, DocumentHighlightParams, DocumentSymbolParams,
    ExecuteCommandParams, FoldingRangeParams, GotoDefinitionParams, Hover, HoverContents, HoverParams,
    MarkupContent, MarkupKind, MessageType, ReferenceParams, RenameParams, SemanticTokens,
    SemanticTokensParams, ShowMessageParams, TextDocumentPositionParams, Uri,
};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, from_value, to_value};
use std::path::Path;

/// The error of a request: a code of the protocol, and a message for people.
type RequestError = (i32, String);

/// The method is not there (JSON-RPC 2.0 section 5.1).
const METHOD_NOT_FOUND: i32 = -32601;
/// The parameters are not those of the method (JSON-RPC 2.0 section 5.1).
const INVALID_PARAMS: i32 = -32602;
/// The answer cannot be written (JSON-RPC 2.0 section 5.1).
const INTERNAL_ERROR: i32 = -32603;
/// The request is right, and cannot be fulfilled (Language Server Protocol 3.17, error codes).
const REQUEST_FAILED: i32 = -32803;

impl Server<'_> {
    pub(super) fn answer(&self, request: Request) {
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
                    let file = set.text_of(path).filter(|file| !file.is_foreign())?;
                    Some(symbols(&file.parse().file, &Lines::new(&file.source().text)))
                })
            }),
            ExecuteCommand::METHOD => of(params, |parameters: ExecuteCommandParams| {
                self.execute(&parameters)
            }),
            FoldingRangeRequest::METHOD => of(params, |FoldingRangeParams { text_document, .. }| {
                self.at(&text_document.uri, |set, path| {
                    let file = set.text_of(path)?;
                    Some(folds(&file.parse().file, &Lines::new(&file.source().text)))
                })
            }),
            Formatting::METHOD => of(params, |DocumentFormattingParams { text_document, .. }| {
                self.at(&text_document.uri, |set, path| {
                    let text = &set.text_of(path)?.source().text;
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
                        let lines = Lines::new(&set.text_of(path)?.source().text);
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
                    let lines = Lines::new(&set.text_of(path)?.source().text);
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
                        let lines = Lines::new(&set.text_of(path)?.source().text);
                        Some(SemanticTokens {
                            result_id: None,
                            data: semantic_tokens(&set.names(path), &lines),
                        })
                    })
                })
            }
            method => Err((METHOD_NOT_FOUND, format!("`{method}` is not supported"))),
        };
        let response = match result {
            Ok(value) => Response::new_ok(id, value),
            Err((code, message)) => Response::new_err(id, code, message),
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
            let offset = Lines::new(&set.text_of(path)?.source().text).offset(place.position);
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
                let edits = replaced(&set.text_of(path)?.source().text, &fixed);
                let edits = edits.into_iter().map(|edit| (text_document.uri.clone(), edit));
                actions.push(CodeActionOrCommand::CodeAction(CodeAction {
                    title: "fix all that changes no access".to_owned(),
                    kind: Some(CodeActionKind::SOURCE_FIX_ALL),
                    edit: Some(workspace_edit(edits)),
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
                INVALID_PARAMS,
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
    let parameters = from_value(parameters).map_err(|error| (INVALID_PARAMS, error.to_string()))?;
    to_value(answer(parameters)?).map_err(|error| (INTERNAL_ERROR, error.to_string()))
}

fn refused(reason: &'static str) -> RequestError {
    (REQUEST_FAILED, reason.to_owned())
}
