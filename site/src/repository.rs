//! The committed files of the repository.

use anyhow::{Context, Result, bail};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The committed files. An ignored file is not one of them, so that it never becomes public.
#[derive(Debug)]
pub(crate) struct Repository {
    root: PathBuf,
    files: BTreeSet<String>,
}

impl Repository {
    /// Lists the files with `git ls-files`.
    ///
    /// # Errors
    ///
    /// If git does not run, or the folder is not in a repository.
    pub(crate) fn open(root: &Path) -> Result<Self> {
        let mut git = Command::new("git");
        git.arg("-C").arg(root).args(["ls-files", "-z"]);
        let output = git.output().context("cannot run `git`: install it")?;
        if !output.status.success() {
            bail!(
                "`git ls-files` failed in `{}`: run this in a checkout",
                root.display()
            );
        }
        let names = String::from_utf8(output.stdout).context("a file name is not UTF-8: rename it")?;
        let names = names.split('\0').filter(|name| !name.is_empty());
        Ok(Self {
            root: root.to_owned(),
            files: names.map(str::to_owned).collect(),
        })
    }

    /// The path of a file on this machine.
    pub(crate) fn path(&self, file: &str) -> PathBuf {
        self.root.join(file)
    }

    /// Reads a text file.
    ///
    /// # Errors
    ///
    /// If it is not committed, or not readable as UTF-8.
    pub(crate) fn read(&self, file: &str) -> Result<String> {
        if !self.has(file) {
            bail!("`{file}` is not committed: fix its name, or `git add` it");
        }
        fs::read_to_string(self.path(file)).with_context(|| format!("cannot read `{file}`"))
    }

    /// Returns true for a committed file.
    pub(crate) fn has(&self, file: &str) -> bool {
        self.files.contains(file)
    }

    /// The committed files below a folder, in order. The root is the empty name.
    pub(crate) fn below<'a>(&'a self, folder: &'a str) -> impl Iterator<Item = &'a str> {
        let files = self.files.iter().map(String::as_str);
        files.filter(move |file| rest(file, folder).is_some())
    }

    /// The names of the files and folders directly in a folder. Those of folders end with `/`.
    pub(crate) fn entries(&self, folder: &str) -> BTreeSet<String> {
        let names = self.below(folder).filter_map(|file| rest(file, folder));
        let names = names.map(|name| match name.split_once('/') {
            Some((folder, _)) => format!("{folder}/"),
            None => name.to_owned(),
        });
        names.collect()
    }
}

/// The name of a file inside a folder that has it.
fn rest<'a>(file: &'a str, folder: &str) -> Option<&'a str> {
    match folder {
        "" => Some(file),
        folder => file.strip_prefix(folder)?.strip_prefix('/'),
    }
}
