//! The time from a keystroke in an editor to its diagnostics: `keystroke POLICY-CHECK`, the command of a release build.

#![allow(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a bench prints, and cannot run without its input"
)]

use lsp_server::{Message, Notification, Request};
use rolecall_benches::timing::time;
use serde_json::{Value, json};
use std::fmt::Write as _;
use std::io::BufReader;
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::Instant;

const ROLES: usize = 1_000;
/// The numbers of roles in each file that are measured.
const EACH: [usize; 2] = [50, ROLES];
const KEYSTROKES: usize = 41;
/// The role that is edited, in the middle of its file.
const EDITED: usize = 25;

fn main() {
    let command = std::env::args().nth(1).expect("the path of `policy-check`");
    for each in EACH {
        let folder = tempfile::tempdir().expect("a folder");
        write(folder.path(), each);
        let mut editor = Editor::start(&command, folder.path());
        let mut times: Vec<f64> = (0..KEYSTROKES).map(|number| editor.keystroke(number)).collect();
        editor.end();
        times.sort_by(f64::total_cmp);
        let at = |share: usize| {
            times
                .get(KEYSTROKES * share / 100)
                .map_or_else(String::new, |spent| time(*spent))
        };
        println!("{each} roles in a file: median {}, 95 % {}", at(50), at(95));
    }
}

/// Writes the issuer, and the roles with two tests each.
fn write(folder: &Path, each: usize) {
    let issuer = "edition 2026\n\nissuer gitlab { url \"https://gitlab.example\" profile gitlab-ci audience \"https://sts.acme.example\" }\n";
    std::fs::write(folder.join("issuer.policy"), issuer).expect("a file");
    for first in (0..ROLES).step_by(each) {
        let text: String = (first..first + each).map(role).collect();
        let name = format!("roles-{first}.policy");
        // A document without any problem gets no message.
        let unused = format!("condition unused-{first} = ref == \"main\"\n");
        std::fs::write(folder.join(name), format!("edition 2026\n\n{unused}{text}")).expect("a file");
    }
}

fn role(number: usize) -> String {
    let mut text = format!("\nrole deploy-{number} {{\n  ttl 15m\n");
    let project = format!("acme/group-{}/service-{number}", number % 40);
    let conditions =
        "pipeline_source == \"push\" && ref_type == \"branch\" && ref == \"main\" && ref_protected";
    writeln!(
        text,
        "  allow from gitlab when project == \"{project}\" && project_id == \"{number}\" && {conditions}"
    )
    .expect("text");
    let claims = format!(
        "project_path = \"{project}\", project_id = \"{number}\", pipeline_source = \"push\", ref = \"main\", ref_type = \"branch\""
    );
    for (name, protected, expected) in [("main", "true", "allow"), ("another branch", "false", "deny")] {
        let token = format!("token gitlab {{ {claims}, ref_protected = \"{protected}\" }}");
        write!(
            text,
            "}}\n\ntest \"{name} of {number}\" {{\n  {token}\n  expect {expected} deploy-{number}\n"
        )
        .expect("text");
    }
    text + "}\n"
}

/// An editor in which one document is open.
struct Editor {
    server: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
    uri: String,
    /// The position of the text that is edited: the end of the project.
    line: usize,
    character: usize,
}

impl Editor {
    fn start(command: &str, folder: &Path) -> Self {
        let mut server = Command::new(command);
        server.arg("lsp").stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut server = server.spawn().expect("the server starts");
        let path = folder.join("roles-0.policy");
        let text = std::fs::read_to_string(&path).expect("a file");
        let project = format!("/service-{EDITED}\"");
        let (line, found) = text
            .lines()
            .enumerate()
            .find_map(|(line, text)| Some((line, text.find(&project)?)))
            .expect("the role");
        let mut editor = Self {
            input: server.stdin.take().expect("a pipe"),
            output: BufReader::new(server.stdout.take().expect("a pipe")),
            server,
            uri: format!("file://{}", path.display()),
            line,
            character: found + project.len() - 1,
        };
        let root = json!([{ "uri": format!("file://{}", folder.display()), "name": "acme" }]);
        let parameters = json!({ "processId": null, "workspaceFolders": root, "capabilities": {} });
        editor.ask("initialize", parameters);
        editor.tell("initialized", json!({}));
        let document = json!({ "uri": editor.uri, "languageId": "policy", "version": 0, "text": text });
        editor.tell("textDocument/didOpen", json!({ "textDocument": document }));
        // The text of before is open when the first keystroke comes.
        editor.ask(
            "textDocument/foldingRange",
            json!({ "textDocument": { "uri": editor.uri } }),
        );
        editor
    }

    /// Writes a character, or deletes it. Returns the nanoseconds until the problems are there.
    fn keystroke(&mut self, number: usize) -> f64 {
        let position = |character| json!({ "line": self.line, "character": character });
        let (end, text) = match number % 2 {
            0 => (self.character, "x"),
            _ => (self.character + 1, ""),
        };
        let range = json!({ "start": position(self.character), "end": position(end) });
        let start = Instant::now();
        self.tell(
            "textDocument/didChange",
            json!({
                "textDocument": { "uri": self.uri, "version": number + 1 },
                "contentChanges": [{ "range": range, "text": text }],
            }),
        );
        loop {
            let Message::Notification(Notification { method, params }) = self.read() else {
                continue;
            };
            let is_current = params.get("version").and_then(Value::as_u64) == u64::try_from(number + 1).ok();
            if method == "textDocument/publishDiagnostics" && is_current {
                return start.elapsed().as_secs_f64() * 1e9;
            }
        }
    }

    fn tell(&mut self, method: &str, parameters: Value) {
        let message = Notification::new(method.to_owned(), parameters);
        Message::Notification(message)
            .write(&mut self.input)
            .expect("the server reads");
    }

    fn ask(&mut self, method: &str, parameters: Value) {
        let message = Request::new(0.into(), method.to_owned(), parameters);
        Message::Request(message)
            .write(&mut self.input)
            .expect("the server reads");
        while !matches!(self.read(), Message::Response(_)) {}
    }

    fn read(&mut self) -> Message {
        Message::read(&mut self.output)
            .expect("a message")
            .expect("the server runs")
    }

    fn end(mut self) {
        self.ask("shutdown", Value::Null);
        self.tell("exit", Value::Null);
        self.server.wait().expect("the server ends");
    }
}
