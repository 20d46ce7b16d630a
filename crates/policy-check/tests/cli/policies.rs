//! A folder of policies, and the command run in it.

use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::rc::Rc;
use tempfile::TempDir;

/// A policy set for a shop.
pub(crate) const SHOP: &str = include_str!("../cases/files/shop.policy");

/// A small policy set of its own.
pub(crate) const SMALL: &str = include_str!("../cases/files/small.policy");

/// A small policy set in which the linter finds nothing.
pub(crate) const TINY: &str = include_str!("../cases/files/tiny.policy");

/// A policy set in which the linter finds nothing.
pub(crate) const CLEAN: &str = include_str!("../cases/files/clean.policy");

/// A trust policy of AWS that lets strangers in.
pub(crate) const TRUST: &str = include_str!("../cases/files/trust.json");

/// A folder that is gone after the test.
#[derive(Clone)]
pub(crate) struct Folder(Rc<TempDir>, PathBuf);

/// What a run of the command came to.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Folder {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().to_path_buf();
        Self(Rc::new(folder), path)
    }

    /// A folder with some files.
    pub(crate) fn with(files: &[(&str, &str)]) -> Self {
        let folder = Self::new();
        for (name, text) in files {
            folder.write(name, text);
        }
        folder
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.1.join(name)
    }

    /// A folder inside of this one.
    pub(crate) fn below(&self, name: &str) -> Self {
        std::fs::create_dir_all(self.path(name)).unwrap();
        Self(Rc::clone(&self.0), self.path(name))
    }

    pub(crate) fn write(&self, name: &str, text: impl AsRef<[u8]>) {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    pub(crate) fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.path(name)).unwrap()
    }

    /// The command in this folder, as a script would start it.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_policy-check"));
        command.args(arguments).current_dir(&self.1);
        for variable in ["NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "CI", "TERM", "COLUMNS"] {
            command.env_remove(variable);
        }
        command
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Run {
        self.run_with(arguments, b"")
    }

    /// Runs the command with something on its standard input.
    pub(crate) fn run_with(&self, arguments: &[&str], stdin: &[u8]) -> Run {
        let mut command = self.command(arguments);
        command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut input = child.stdin.take().unwrap();
        // A command that does not read all of it is fine.
        drop(input.write_all(stdin));
        drop(input);
        let output = child.wait_with_output().unwrap();
        Run {
            code: output.status.code().unwrap(),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

impl Run {
    /// What was printed, if the command exited like this.
    #[track_caller]
    pub(crate) fn exits(self, code: i32) -> Self {
        assert_eq!(self.code, code, "{self:#?}");
        self
    }

    /// What was printed as JSON on one line.
    #[track_caller]
    pub(crate) fn json(&self) -> serde_json::Value {
        assert_eq!(self.out.matches('\n').count(), 1, "one line: {}", self.out);
        serde_json::from_str(&self.out).unwrap()
    }
}
