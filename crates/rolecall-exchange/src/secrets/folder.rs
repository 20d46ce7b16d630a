//! Secrets in a folder: a file is one value, the field `value`, and a folder of files its fields.
//!
//! Each read opens the folder and the files again, so changes count at once. Paths are opened relative to the folder, and
//! the operating system keeps them below it: links inside it, as volumes of Kubernetes have them, are followed, and
//! none leads outside. The bytes of a file are the value, with its newline if it has one.

use std::collections::BTreeMap;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use cap_fs_ext::OpenOptionsSyncExt as _;
use cap_std::ambient_authority;
use cap_std::fs::{Dir, OpenOptions};

use super::{NotRead, Secret, Secrets};
use crate::failure::Failure;

/// The field of a secret that is a file.
const VALUE: &str = "value";
/// The maximum size of a value in bytes.
const MAX_VALUE: u64 = 64 * 1024;
/// The maximum number of entries of a folder that is a secret.
const MAX_ENTRIES: usize = 128;
/// The maximum length of a path in bytes.
const MAX_PATH: usize = 512;
/// The maximum length of a name in bytes.
const MAX_NAME: usize = 128;

/// A folder of secrets, whose own path may contain links.
#[derive(Debug)]
pub(crate) struct Folder(PathBuf);

/// The folder as it is for a read.
struct Opened(Dir);

impl Folder {
    /// Returns a folder that can be opened now.
    pub(crate) fn open(path: &Path) -> Result<Self, Failure> {
        let folder = Self(path.to_owned());
        folder.opened().map_err(|error| {
            Failure::new(format!("cannot read `{}`: {error}", path.display()))
                .help("name the folder of the secrets in `[secrets] folder`, and let this user read it")
        })?;
        Ok(folder)
    }

    fn opened(&self) -> io::Result<Opened> {
        Dir::open_ambient_dir(&self.0, ambient_authority()).map(Opened)
    }
}

impl Secrets for Folder {
    fn read(&self, path: &str) -> Result<Option<Secret>, NotRead> {
        let opened = self.opened();
        let opened =
            opened.map_err(|error| NotRead(format!("cannot read the folder of the secrets: {error}")))?;
        opened.secret(path)
    }
}

impl Opened {
    /// Reads a file and the time of its last change.
    fn file(&self, path: &str) -> Result<(String, i64), NotRead> {
        let failed = |error: io::Error| NotRead(format!("cannot read the secret `{path}`: {error}"));
        let wrong = |fault: &str| NotRead(format!("the secret `{path}` {fault}"));
        let mut options = OpenOptions::new();
        // A pipe under the name of a file does not block.
        options.read(true).nonblock(true);
        let file = self.0.open_with(path, &options).map_err(failed)?;
        let metadata = file.metadata().map_err(failed)?;
        if !metadata.is_file() {
            return Err(wrong("is not a file"));
        }
        let mut bytes = Vec::new();
        let mut bounded = file.take(MAX_VALUE.saturating_add(1));
        bounded.read_to_end(&mut bytes).map_err(failed)?;
        if u64::try_from(bytes.len()).unwrap_or(u64::MAX) > MAX_VALUE {
            return Err(wrong("has more than 64 KiB"));
        }
        let text = String::from_utf8(bytes).map_err(|_| wrong("is not UTF-8"))?;
        let changed = metadata.modified().map_err(failed)?.into_std();
        let changed = changed.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
        Ok((text, i64::try_from(changed).unwrap_or(i64::MAX)))
    }

    /// Reads the files of a folder. Hidden entries, folders and other names are not fields.
    fn fields(&self, path: &str) -> Result<Option<Secret>, NotRead> {
        let failed = |error: io::Error| NotRead(format!("cannot read the secret `{path}`: {error}"));
        let mut secret = Secret {
            fields: BTreeMap::new(),
            changed_at: 0,
        };
        for (at, entry) in self.0.read_dir(path).map_err(failed)?.enumerate() {
            if at >= MAX_ENTRIES {
                return Err(NotRead(format!(
                    "the secret `{path}` has more than {MAX_ENTRIES} files"
                )));
            }
            let name = entry.map_err(failed)?.file_name();
            let Some(name) = name.to_str().filter(|name| is_name(name)) else {
                continue;
            };
            let inside = format!("{path}/{name}");
            // A link that leads outside cannot be read, and so is not left out in silence.
            if !self.0.metadata(&inside).map_err(failed)?.is_file() {
                continue;
            }
            let (text, changed_at) = self.file(&inside)?;
            secret.fields.insert(name.to_owned(), text);
            secret.changed_at = secret.changed_at.max(changed_at);
        }
        Ok(Some(secret).filter(|secret| !secret.fields.is_empty()))
    }
}

impl Opened {
    fn secret(&self, path: &str) -> Result<Option<Secret>, NotRead> {
        if path.len() > MAX_PATH || !path.split('/').all(is_name) {
            return Ok(None);
        }
        let metadata = match self.0.metadata(path) {
            Ok(metadata) => metadata,
            Err(error)
                if matches!(
                    error.kind(),
                    io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
                ) =>
            {
                return Ok(None);
            }
            Err(error) => return Err(NotRead(format!("cannot read the secret `{path}`: {error}"))),
        };
        if metadata.is_dir() {
            return self.fields(path);
        }
        let (text, changed_at) = self.file(path)?;
        let fields = BTreeMap::from([(VALUE.to_owned(), text)]);
        Ok(Some(Secret { fields, changed_at }))
    }
}

/// Returns whether a text is a name of a secret or a field: not hidden, not empty, without special characters.
fn is_name(text: &str) -> bool {
    let is_ours = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
    !text.is_empty() && text.len() <= MAX_NAME && !text.starts_with('.') && text.bytes().all(is_ours)
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::symlink;

    use super::*;

    #[test]
    fn files_are_values_and_folders_have_fields_and_nothing_leads_outside() {
        let outer = tempfile::tempdir().unwrap();
        let path = |name: &str| outer.path().join(name);
        fs::create_dir_all(path("secrets/ci/..data")).unwrap();
        fs::create_dir_all(path("secrets/empty/below")).unwrap();
        fs::create_dir_all(path("secrets/leak")).unwrap();
        fs::write(path("outside"), "outside").unwrap();
        fs::write(path("secrets/token"), "t0p\n").unwrap();
        fs::write(path("secrets/.hidden"), "hidden").unwrap();
        fs::write(path("secrets/binary"), [0xff, 0xfe]).unwrap();
        fs::write(path("secrets/large"), "x".repeat(64 * 1024 + 1)).unwrap();
        // As volumes of Kubernetes have them.
        fs::write(path("secrets/ci/..data/password"), "pw").unwrap();
        symlink("..data/password", path("secrets/ci/password")).unwrap();
        fs::write(path("secrets/ci/user"), "me").unwrap();
        symlink("../../outside", path("secrets/leak/field")).unwrap();
        symlink(path("outside"), path("secrets/absolute")).unwrap();
        let folder = Folder::open(&path("secrets")).unwrap();
        let fields = |name: &str| {
            let secret = folder.read(name).unwrap()?;
            Some(
                secret
                    .fields
                    .into_iter()
                    .map(|(name, text)| format!("{name}={text}"))
                    .collect::<Vec<_>>(),
            )
        };
        assert_eq!(fields("token"), Some(vec!["value=t0p\n".to_owned()]));
        assert_eq!(
            fields("ci"),
            Some(vec!["password=pw".to_owned(), "user=me".to_owned()])
        );
        assert_eq!(fields("ci/user"), Some(vec!["value=me".to_owned()]));
        let long = "x/".repeat(300) + "x";
        for none in [
            "",
            "/",
            "none",
            "none/x",
            "token/x",
            "empty",
            ".hidden",
            "ci/..data/password",
            "../outside",
            "ci/../token",
            "ci//user",
            "ci/",
            "./token",
            "/token",
            "a b",
            "a\0b",
            "ci\\user",
            &long,
        ] {
            assert_eq!(fields(none), None, "{none}");
        }
        for bad in ["absolute", "leak", "leak/field", "binary", "large"] {
            let error = folder.read(bad).unwrap_err();
            assert!(!error.0.contains("xxxx"), "{bad}: {error}");
        }
        let shown = format!("{:?}", folder.read("token").unwrap());
        assert!(!shown.contains("t0p"), "{shown}");
    }
}
