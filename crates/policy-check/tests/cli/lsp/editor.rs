//! An editor that speaks the protocol over the pipes of the server.

use std::cmp::Reverse;
use std::collections::HashMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::ops::Range;
use std::process::{Child, ChildStdin, ChildStdout, Stdio};

use serde_json::{Value, json};

use crate::policies::Folder;

/// A server, and what it sent.
pub(super) struct Editor {
    pub(super) folder: Folder,
    server: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
    last: i64,
    /// The problems that were sent last, by document.
    problems: HashMap<String, Value>,
    /// The texts of open documents.
    texts: HashMap<String, String>,
    pub(super) messages: Vec<String>,
}

impl Editor {
    pub(super) fn new(folder: Folder) -> Self {
        let mut command = folder.command(&["lsp"]);
        command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::inherit());
        let mut server = command.spawn().unwrap();
        let input = server.stdin.take().unwrap();
        let output = BufReader::new(server.stdout.take().unwrap());
        let mut editor = Self {
            folder,
            server,
            input,
            output,
            last: 0,
            problems: HashMap::new(),
            texts: HashMap::new(),
            messages: Vec::new(),
        };
        let folders = json!([{"uri": editor.uri(""), "name": "acme"}]);
        let parameters = json!({"processId": null, "workspaceFolders": folders, "capabilities": {}});
        let answer = editor.ask("initialize", &parameters);
        assert_eq!(answer["serverInfo"]["name"], "policy-check");
        assert_eq!(answer["capabilities"]["hoverProvider"], true);
        editor.tell("initialized", &json!({}));
        editor
    }

    pub(super) fn uri(&self, name: &str) -> String {
        format!("file://{}", self.folder.path(name).display())
    }

    fn send(&mut self, message: &Value) {
        let text = message.to_string();
        write!(self.input, "Content-Length: {}\r\n\r\n{text}", text.len()).unwrap();
        self.input.flush().unwrap();
    }

    pub(super) fn tell(&mut self, method: &str, parameters: &Value) {
        self.send(&json!({"jsonrpc": "2.0", "method": method, "params": parameters}));
    }

    fn read(&mut self) -> Value {
        let mut length = 0;
        loop {
            let mut line = String::new();
            assert_ne!(self.output.read_line(&mut line).unwrap(), 0, "the server ended");
            match line.trim().split_once(": ") {
                Some(("Content-Length", bytes)) => length = bytes.parse().unwrap(),
                Some(_) => {}
                None => break,
            }
        }
        let mut bytes = vec![0; length];
        self.output.read_exact(&mut bytes).unwrap();
        serde_json::from_slice(&bytes).unwrap()
    }

    /// Asks, and returns the whole response. What the server sends before it is kept.
    pub(super) fn response(&mut self, method: &str, parameters: &Value) -> Value {
        self.last += 1;
        let id = self.last;
        self.send(&json!({"jsonrpc": "2.0", "id": id, "method": method, "params": parameters}));
        loop {
            let message = self.read();
            if message["id"] == id {
                return message;
            }
            let parameters = &message["params"];
            match message["method"].as_str() {
                Some("textDocument/publishDiagnostics") => {
                    let uri = parameters["uri"].as_str().unwrap().to_owned();
                    self.problems.insert(uri, parameters["diagnostics"].clone());
                }
                Some("window/showMessage") => {
                    self.messages
                        .push(parameters["message"].as_str().unwrap().to_owned());
                }
                other => panic!("{other:?}"),
            }
        }
    }

    pub(super) fn ask(&mut self, method: &str, parameters: &Value) -> Value {
        let mut response = self.response(method, parameters);
        assert!(response.get("error").is_none(), "{response}");
        response["result"].take()
    }

    pub(super) fn open(&mut self, name: &str, text: &str) {
        let uri = self.uri(name);
        self.texts.insert(name.to_owned(), text.to_owned());
        let document = json!({"uri": uri, "languageId": "policy", "version": 1, "text": text});
        self.tell("textDocument/didOpen", &json!({"textDocument": document}));
    }

    /// Closes a document, which has a text on disk.
    pub(super) fn close(&mut self, name: &str, text: &str) {
        let uri = self.uri(name);
        self.texts.insert(name.to_owned(), text.to_owned());
        self.tell("textDocument/didClose", &json!({"textDocument": {"uri": uri}}));
    }

    /// Replaces a part of an open document, as an editor does while a person types.
    pub(super) fn edit(&mut self, name: &str, old: &str, new: &str) {
        let text = self.text(name);
        let start = text.find(old).unwrap_or_else(|| panic!("no `{old}` in {text}"));
        let range = json!({"start": position(&text, start), "end": position(&text, start + old.len())});
        self.texts.insert(name.to_owned(), text.replacen(old, new, 1));
        let document = json!({"uri": self.uri(name), "version": 2});
        let changes = json!([{"range": range, "text": new}]);
        self.tell(
            "textDocument/didChange",
            &json!({"textDocument": document, "contentChanges": changes}),
        );
    }

    /// Writes a file to disk.
    pub(super) fn write(&self, name: &str, text: &str) {
        self.folder.write(name, text);
    }

    /// The text of a document, as it is in the editor or else on disk.
    pub(super) fn text(&self, name: &str) -> String {
        self.texts
            .get(name)
            .cloned()
            .unwrap_or_else(|| self.folder.read(name))
    }

    /// The codes of the problems of a document, with the texts that they are about.
    pub(super) fn problems(&mut self, name: &str) -> Vec<(String, String)> {
        // Answers come after the problems of the texts before them.
        let uri = self.uri(name);
        self.ask(
            "textDocument/foldingRange",
            &json!({"textDocument": {"uri": uri}}),
        );
        let text = self.text(name);
        let found = self.problems.get(&uri).and_then(Value::as_array);
        let one = |problem: &Value| {
            let span = span(&text, &problem["range"]);
            (
                problem["code"].as_str().unwrap().to_owned(),
                text[span].to_owned(),
            )
        };
        found.into_iter().flatten().map(one).collect()
    }

    /// The number of problems of a document that were sent last.
    pub(super) fn sent(&self, name: &str) -> usize {
        let found = self.problems.get(&self.uri(name)).and_then(Value::as_array);
        found.map_or(0, Vec::len)
    }

    /// Asks about the first place of a text in a document; `|` in it is the place of the cursor.
    pub(super) fn at(&mut self, method: &str, name: &str, place: &str, more: &Value) -> Value {
        let (before, after) = place.split_once('|').unwrap_or(("", place));
        let text = self.text(name);
        let start = text.find(&format!("{before}{after}"));
        let start = start.unwrap_or_else(|| panic!("no `{place}` in {text}"));
        let position = position(&text, start + before.len());
        let mut parameters = json!({"textDocument": {"uri": self.uri(name)}, "position": position});
        let all = parameters.as_object_mut().unwrap();
        all.extend(more.as_object().unwrap().clone());
        self.ask(method, &parameters)
    }

    pub(super) fn hover(&mut self, name: &str, place: &str) -> String {
        let answer = self.at("textDocument/hover", name, place, &json!({}));
        answer["contents"]["value"]
            .as_str()
            .unwrap_or_default()
            .to_owned()
    }

    pub(super) fn completions(&mut self, name: &str, place: &str) -> Vec<String> {
        let answer = self.at("textDocument/completion", name, place, &json!({}));
        let labels = answer.as_array().unwrap().iter();
        labels
            .map(|item| item["label"].as_str().unwrap().to_owned())
            .collect()
    }

    pub(super) fn lenses(&mut self, name: &str) -> Vec<Value> {
        let uri = self.uri(name);
        let lenses = self.ask("textDocument/codeLens", &json!({"textDocument": {"uri": uri}}));
        lenses.as_array().unwrap().clone()
    }

    /// Runs the command of a lens. The person sees its text, too.
    pub(super) fn run(&mut self, lens: &Value) -> String {
        let command = &lens["command"];
        let parameters = json!({"command": command["command"], "arguments": command["arguments"]});
        let text = self.ask("workspace/executeCommand", &parameters);
        assert_eq!(self.messages.last().map(String::as_str), text.as_str());
        text.as_str().unwrap().to_owned()
    }

    /// Applies the edits of an answer to the documents.
    pub(super) fn apply(&mut self, edit: &Value) {
        for (uri, edits) in edit["changes"].as_object().unwrap() {
            let folder = self.uri("");
            let name = uri.strip_prefix(&folder).unwrap();
            let name = name.trim_start_matches('/').to_owned();
            let mut text = self.text(&name);
            let mut edits: Vec<Value> = edits.as_array().unwrap().clone();
            edits.sort_by_key(|edit| Reverse(span(&text, &edit["range"]).start));
            for edit in edits {
                text.replace_range(span(&text, &edit["range"]), edit["newText"].as_str().unwrap());
            }
            self.open(&name, &text);
        }
    }

    pub(super) fn end(mut self) {
        self.ask("shutdown", &json!(null));
        self.tell("exit", &json!(null));
        assert!(self.server.wait().unwrap().success());
    }
}

impl Drop for Editor {
    fn drop(&mut self) {
        // After a failed test, it may still be there.
        drop(self.server.kill());
    }
}

/// The position of a byte: its line, and the UTF-16 code units before it.
pub(super) fn position(text: &str, offset: usize) -> Value {
    let before = &text[..offset];
    let line = before.matches('\n').count();
    let start = before.rfind('\n').map_or(0, |at| at + 1);
    json!({"line": line, "character": before[start..].encode_utf16().count()})
}

/// The bytes of a range.
pub(super) fn span(text: &str, range: &Value) -> Range<usize> {
    let offset = |position: &Value| {
        let number = |name: &str| usize::try_from(position[name].as_u64().unwrap()).unwrap();
        let start: usize = text
            .split_inclusive('\n')
            .take(number("line"))
            .map(str::len)
            .sum();
        let mut left = number("character");
        let mut offset = start;
        for c in text[start..].chars() {
            let Some(rest) = left.checked_sub(c.len_utf16()) else {
                break;
            };
            if left == 0 {
                break;
            }
            left = rest;
            offset += c.len_utf8();
        }
        offset
    };
    offset(&range["start"])..offset(&range["end"])
}
