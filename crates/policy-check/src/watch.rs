//! Running an action again whenever a file changes.

use crate::console::Console;
use crate::input::is_stdin;
use crate::paths::Paths;
use notify::{Event, RecursiveMode, Watcher};
use rolecall::is_policy;
use rolecall_report::exit::Exit;
use rolecall_report::failure::Failure;
use rolecall_report::printable::printable;
use std::ffi::OsStr;
use std::path::PathBuf;
use std::sync::mpsc;
use std::time::Duration;

/// The time without changes before the action runs: editors write a file in several steps.
const CALM: Duration = Duration::from_millis(100);

/// Runs an action now, and again whenever a policy file or the configuration changes. Never ends by itself.
pub(crate) fn run(
    paths: &Paths,
    console: &mut Console,
    act: &mut dyn FnMut(&mut Console) -> Result<Exit, Failure>,
) -> Result<Exit, Failure> {
    let (sender, changes) = mpsc::channel();
    let mut watcher = notify::recommended_watcher(move |event: notify::Result<Event>| {
        if event.is_ok_and(|event| matters(&event)) {
            // Without a receiver, the event does not matter.
            let _ = sender.send(());
        }
    })
    .map_err(|error| failure(&error))?;
    for path in paths.all() {
        if is_stdin(path) {
            return Err(Failure::new("standard input cannot be watched").help("name files or folders"));
        }
        // An editor may replace the file by another one.
        let folder = if path.is_dir() {
            path.clone()
        } else {
            path.parent().map_or_else(PathBuf::new, PathBuf::from)
        };
        let folder = if folder.as_os_str().is_empty() {
            PathBuf::from(".")
        } else {
            folder
        };
        watcher
            .watch(&folder, RecursiveMode::Recursive)
            .map_err(|error| failure(&error))?;
    }
    loop {
        console.clear();
        if let Err(failure) = act(console) {
            console.fail(&failure);
        }
        console.complain("watching for changes; press Ctrl-C to stop\n");
        if changes.recv().is_err() {
            return Ok(Exit::Yes);
        }
        while changes.recv_timeout(CALM).is_ok() {}
    }
}

/// Returns whether an event changes a policy file, a token of a test or the configuration.
fn matters(event: &Event) -> bool {
    let is_ours = |path: &PathBuf| {
        let name = path.file_name().map(OsStr::to_string_lossy);
        // A Kubernetes volume changes by replacing a link to a folder.
        name.is_some_and(|name| {
            let is_other = |end: &&str| name.ends_with(end);
            is_policy(&name) || [".toml", ".json", ".jwt"].iter().any(is_other) || name == "..data"
        })
    };
    !event.kind.is_access() && event.paths.iter().any(is_ours)
}

fn failure(error: &notify::Error) -> Failure {
    Failure::new(format!(
        "cannot watch for changes: {}",
        printable(&error.to_string())
    ))
}
