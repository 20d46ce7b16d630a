//! The server: messages of the editor, and answers (Language Server Protocol 3.17).

use super::edits::changed;
use super::uri::path_of;
use super::workspace::Workspace;
use lsp_server::{Connection, Message, Notification};
use lsp_types::notification::{
    self, DidChangeTextDocument, DidChangeWatchedFiles, DidCloseTextDocument, DidOpenTextDocument,
    DidSaveTextDocument, Notification as _, PublishDiagnostics, ShowMessage,
};
use lsp_types::{
    Diagnostic, DidChangeTextDocumentParams, DidCloseTextDocumentParams, DidOpenTextDocumentParams,
    MessageType, PublishDiagnosticsParams, ShowMessageParams, Uri,
};
use rolecall_report::failure::Failure;
use serde::Serialize;
use serde_json::from_value;
use std::collections::{BTreeSet, HashMap};
use std::path::PathBuf;
use std::str::FromStr;

/// A server on one connection.
pub(crate) struct Server<'c> {
    pub(super) connection: &'c Connection,
    pub(super) workspace: Workspace,
    /// The versions of open documents.
    versions: HashMap<PathBuf, i32>,
    /// The documents that were shown with problems.
    shown: BTreeSet<String>,
}

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
        // A document that is in no set any more has no problems.
        let is_gone = |key: &&String| {
            let path = Uri::from_str(key).ok().and_then(|uri| path_of(&uri));
            path.is_none_or(|path| self.workspace.set_of(&path).is_none())
        };
        let gone: Vec<String> = self.shown.iter().filter(is_gone).cloned().collect();
        found.extend(
            gone.iter()
                .filter_map(|key| Some((Uri::from_str(key).ok()?, Vec::new()))),
        );
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

    pub(super) fn notify<N: notification::Notification>(&self, parameters: &N::Params)
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
}
