//! A watched folder, changed in the ways in which folders really change.

use std::fs;
use std::path::Path;
use std::sync::Mutex;
use std::sync::mpsc::{self, Receiver, Sender};
use std::time::Duration;

use rolecall::{Event, Gate, KeySources, Observer, PolicyWatch, WatchError, policies_from_folder};
use tempfile::TempDir;

use crate::stage::jwk;
use crate::support::key_set;

const ISSUER: &str = "issuer ci { url \"https://ci.example\" profile generic audience \"sts\" }\n";

/// Only a test that hangs waits for so long.
const FOREVER: Duration = Duration::from_secs(120);

fn role(name: &str) -> String {
    format!("role {name} {{ allow from ci when sub == \"{name}\" }}\n")
}

/// Reports the events about policies. It panics at the word `panic`.
struct Reporter(Mutex<Sender<String>>);

impl Observer for Reporter {
    fn observe(&self, event: &Event<'_>) {
        let line = match event {
            Event::PoliciesReplaced { roles } => format!("{roles} roles"),
            Event::RolesRemoved { roles } => format!("without {}", roles.join(", ")),
            Event::PoliciesNotReplaced { error } => error.to_string(),
            _ => return,
        };
        let is_panic = line.contains("panic");
        let _ = self.0.lock().unwrap().send(line);
        if is_panic {
            std::panic::panic_any("an observer panics");
        }
    }
}

/// A watched folder with `issuer.policy` and `roles.policy`.
struct Stage {
    folder: TempDir,
    gate: Gate,
    events: Receiver<String>,
    watch: PolicyWatch,
}

/// A gate for the policies in a folder.
fn gate(folder: &Path) -> (Gate, Receiver<String>) {
    let (sender, events) = mpsc::channel();
    let keys = KeySources::new().fixed("https://ci.example", key_set(&[jwk()]));
    let builder = Gate::builder(policies_from_folder(folder).unwrap(), keys);
    let gate = builder.observer(Reporter(Mutex::new(sender))).build();
    (gate.unwrap(), events)
}

fn stage() -> Stage {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("issuer.policy"), ISSUER).unwrap();
    fs::write(folder.path().join("roles.policy"), role("old")).unwrap();
    let (gate, events) = gate(folder.path());
    let watch = gate.watch(folder.path()).unwrap();
    Stage {
        folder,
        gate,
        events,
        watch,
    }
}

impl Stage {
    fn write(&self, name: &str, text: &str) {
        fs::write(self.folder.path().join(name), text).unwrap();
    }

    #[track_caller]
    fn expect(&self, events: &[&str]) {
        for event in events {
            assert_eq!(self.events.recv_timeout(FOREVER).as_deref(), Ok(*event));
        }
    }
}

#[test]
fn changed_added_and_removed_files_are_used() {
    let stage = stage();
    // The policies in use are those of the folder, so nothing is replaced at first.
    stage.write("more.policy", &role("more"));
    stage.expect(&["2 roles"]);
    stage.write("roles.policy", &role("new"));
    stage.expect(&["2 roles", "without old"]);
    assert!(stage.gate.has_role("new") && !stage.gate.has_role("old"));
    fs::remove_file(stage.folder.path().join("more.policy")).unwrap();
    stage.expect(&["1 roles", "without more"]);
}

#[test]
fn a_file_may_be_replaced_by_another() {
    let stage = stage();
    stage.write(".roles.policy.swp", &role("new"));
    let path = |name| stage.folder.path().join(name);
    fs::rename(path(".roles.policy.swp"), path("roles.policy")).unwrap();
    stage.expect(&["1 roles", "without old"]);
}

#[test]
fn what_cannot_be_used_is_reported_and_the_policies_stay() {
    let stage = stage();
    stage.write("roles.policy", "");
    stage.expect(&["the policies of the folder have no role"]);
    stage.write("roles.policy", "role old { allow from nowhere }");
    let error = stage.events.recv_timeout(FOREVER).unwrap();
    assert!(error.starts_with("roles.policy:1:"), "{error}");
    stage.write(
        "roles.policy",
        &format!(
            "issuer other {{ url \"https://other.example\" profile generic audience \"sts\" }}\n{}",
            role("old")
        ),
    );
    let error = stage.events.recv_timeout(FOREVER).unwrap();
    assert!(error.contains("other"), "{error}");
    for name in ["issuer.policy", "roles.policy"] {
        fs::remove_file(stage.folder.path().join(name)).unwrap();
    }
    stage.expect(&["there are no `.policy` files in the folder"]);
    assert!(stage.gate.has_role("old"));

    stage.write("issuer.policy", ISSUER);
    stage.write("roles.policy", &role("new"));
    stage.expect(&["1 roles", "without old"]);
}

#[test]
fn the_folder_itself_may_be_replaced() {
    let stage = stage();
    let (path, away) = (stage.folder.path(), stage.folder.path().with_extension("away"));
    fs::rename(path, &away).unwrap();
    stage.expect(&["cannot read the folder: it does not exist"]);
    assert!(stage.gate.has_role("old"));
    fs::create_dir(path).unwrap();
    stage.write("all.policy", &format!("{ISSUER}{}", role("new")));
    stage.expect(&["1 roles", "without old"]);
    fs::remove_dir_all(away).unwrap();
}

/// A volume of Kubernetes: the files are links through `..data`, which is replaced by a rename.
#[cfg(unix)]
#[test]
fn a_volume_of_kubernetes_may_change() {
    use std::os::unix::fs::symlink;
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    let publish = |version: &str, name: &str| {
        fs::create_dir(path(version)).unwrap();
        let text = format!("{ISSUER}{}", role(name));
        fs::write(path(&format!("{version}/all.policy")), text).unwrap();
        symlink(version, path("..data_tmp")).unwrap();
        fs::rename(path("..data_tmp"), path("..data")).unwrap();
    };
    publish("..1", "old");
    symlink("..data/all.policy", path("all.policy")).unwrap();
    let (gate, events) = gate(folder.path());
    let watch = gate.watch(folder.path()).unwrap();
    publish("..2", "new");
    fs::remove_dir_all(path("..1")).unwrap();
    let told: Vec<_> = (0..2).map_while(|_| events.recv_timeout(FOREVER).ok()).collect();
    assert_eq!(told, ["1 roles", "without old"]);
    drop(watch);
}

#[test]
fn a_folder_that_cannot_be_used_is_an_error_at_once() {
    let stage = stage();
    let error = stage.gate.watch(stage.folder.path().join("nowhere")).unwrap_err();
    assert_eq!(error.to_string(), "cannot read the folder: it does not exist");
    let empty = tempfile::tempdir().unwrap();
    let error = stage.gate.watch(empty.path()).unwrap_err();
    assert!(matches!(error, WatchError::Folder(_)), "{error}");
    assert!(stage.gate.has_role("old"));
}

/// What changes between the first reading and the watch is not missed.
#[test]
fn a_watch_begins_with_the_policies_of_the_folder() {
    let Stage {
        folder,
        gate,
        events,
        watch,
    } = stage();
    drop(watch);
    fs::write(folder.path().join("roles.policy"), role("new")).unwrap();
    let _watch = gate.watch(folder.path()).unwrap();
    assert!(gate.has_role("new"));
    assert_eq!(events.try_recv().as_deref(), Ok("1 roles"));
}

#[test]
fn a_panic_of_the_observer_does_not_end_the_watch() {
    let stage = stage();
    stage.write("roles.policy", "role old { allow from panic }");
    let error = stage.events.recv_timeout(FOREVER).unwrap();
    assert!(error.contains("panic"), "{error}");
    stage.write("roles.policy", &role("new"));
    loop {
        match stage.events.recv_timeout(FOREVER).as_deref() {
            Ok("without old") => return,
            Ok(_) => {}
            Err(error) => panic!("{error}"),
        }
    }
}

/// The thread has a clone of the gate, and with it the sender of the events.
#[test]
fn the_thread_ends_with_the_handle() {
    let Stage {
        folder,
        gate,
        events,
        watch,
    } = stage();
    drop(gate);
    fs::write(folder.path().join("roles.policy"), role("new")).unwrap();
    assert_eq!(events.recv_timeout(FOREVER).as_deref(), Ok("1 roles"));
    drop(watch);
    while events.recv_timeout(FOREVER).is_ok() {}
    assert_eq!(
        events.recv_timeout(Duration::ZERO),
        Err(mpsc::RecvTimeoutError::Disconnected)
    );
    drop(folder);
}
