//! Doing something again whenever a file changes.

use std::path::PathBuf;
use std::sync::mpsc;
use std::time::Duration;

use notify::{Event, RecursiveMode, Watcher};
use rolecall::is_policy;

use crate::console::Console;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::input::is_stdin;
use crate::policy_files::Paths;
use crate::printable::printable;

/// Editors write a file in several steps: as long as they go on, nothing is done.
const CALM: Duration = Duration::from_millis(100);

/// Does something now, and again whenever one of the files changes or the configuration does. It never ends by itself.
pub(crate) fn run(
    paths: &Paths,
    console: &mut Console,
    act: &dyn Fn(&mut Console) -> Result<Exit, Failure>,
) -> Result<Exit, Failure> {
    let (sender, changes) = mpsc::channel();
    let mut watcher = notify::recommended_watcher(move |event: notify::Result<Event>| {
        if event.is_ok_and(|event| matters(&event)) {
            // Whoever stopped listening wants to know of nothing.
            let _ = sender.send(());
        }
    })
    .map_err(|error| failure(&error))?;
    for path in paths.all() {
        if is_stdin(path) {
            return Err(Failure::new("standard input cannot be watched").help("name files or folders"));
        }
        // An editor may put another file in the place of this one.
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

/// Whether something happened to a file of policies or to the configuration, other than that it was read.
fn matters(event: &Event) -> bool {
    let is_ours = |path: &PathBuf| {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        // A volume of Kubernetes changes by a link to a folder.
        is_policy(&name) || name.ends_with(".toml") || name == "..data"
    };
    !event.kind.is_access() && event.paths.iter().any(is_ours)
}

fn failure(error: &notify::Error) -> Failure {
    Failure::new(format!(
        "cannot watch for changes: {}",
        printable(&error.to_string())
    ))
}
