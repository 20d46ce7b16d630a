//! A file of the log on the disk: appended to as a whole or not at all, and found again under its name.

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufReader, Seek as _, SeekFrom, Write as _};
use std::os::unix::fs::{MetadataExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

/// The open file that lines are appended to.
#[derive(Debug)]
pub(super) struct LogFile {
    file: File,
    path: PathBuf,
    /// The length up to the last whole line on the disk.
    length: u64,
}

/// The state of the name of the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Home {
    /// It is that of the open file.
    Same,
    /// Nothing has it: the file was moved away.
    Gone,
    /// Something else has it.
    Other,
}

impl LogFile {
    /// Opens a file that has lines. `None` if there is none, or an empty one.
    pub(super) fn open(path: &Path) -> io::Result<Option<Self>> {
        let metadata = match fs::metadata(path) {
            Ok(metadata) => metadata,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error),
        };
        // A pipe would block.
        if !metadata.is_file() {
            return Err(io::Error::other("it is not a file"));
        }
        if metadata.len() == 0 {
            return Ok(None);
        }
        Ok(Some(Self {
            file: OpenOptions::new().read(true).write(true).open(path)?,
            path: path.to_owned(),
            length: metadata.len(),
        }))
    }

    /// Writes the first lines of a file that comes next. It has the name of a file only when it is [installed].
    ///
    /// [installed]: Self::install
    pub(super) fn prepare(path: &Path, text: &str) -> io::Result<Self> {
        let mut options = OpenOptions::new();
        options
            .read(true)
            .write(true)
            .create(true)
            .truncate(true)
            .mode(0o600);
        let mut file = options.open(next(path))?;
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
        Ok(Self {
            file,
            path: path.to_owned(),
            length: length(text),
        })
    }

    /// Gives a prepared file its name. The file that has it gets another one before, which must be free.
    pub(super) fn install(&self, archive: Option<&Path>) -> io::Result<()> {
        if let Some(archive) = archive {
            // The lock of the log keeps other servers away.
            if fs::symlink_metadata(archive).is_ok() {
                let message = format!("`{}` is there already", archive.display());
                return Err(io::Error::new(io::ErrorKind::AlreadyExists, message));
            }
            fs::rename(&self.path, archive)?;
        }
        fs::rename(next(&self.path), &self.path)?;
        File::open(folder(&self.path))?.sync_all()
    }

    pub(super) fn reader(&self) -> BufReader<&File> {
        BufReader::new(&self.file)
    }

    pub(super) fn length(&self) -> u64 {
        self.length
    }

    /// Appends text, and returns when it is on the disk. If that fails, nothing of it stays.
    pub(super) fn append(&mut self, text: &str) -> io::Result<()> {
        // A cut that failed before is tried again.
        self.cut()?;
        let written = self
            .file
            .write_all(text.as_bytes())
            .and_then(|()| self.file.sync_data());
        if let Err(error) = written {
            // A part may be written, which the next line would follow.
            let _ = self.cut();
            return Err(error);
        }
        self.length = self.length.saturating_add(length(text));
        Ok(())
    }

    /// Cuts off what is after a length, and goes on from there.
    pub(super) fn cut_to(&mut self, length: u64) -> io::Result<()> {
        self.length = length;
        self.cut()
    }

    fn cut(&mut self) -> io::Result<()> {
        if self.file.seek(SeekFrom::End(0))? > self.length {
            self.file.set_len(self.length)?;
        }
        self.file.seek(SeekFrom::Start(self.length)).map(drop)
    }

    /// Returns whether the open file still has its name.
    pub(super) fn home(&self) -> io::Result<Home> {
        let own = self.file.metadata()?;
        match fs::metadata(&self.path) {
            Ok(found) if (found.dev(), found.ino()) == (own.dev(), own.ino()) => Ok(Home::Same),
            Ok(_) => Ok(Home::Other),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Home::Gone),
            Err(error) => Err(error),
        }
    }
}

fn length(text: &str) -> u64 {
    u64::try_from(text.len()).unwrap_or(u64::MAX)
}

fn folder(path: &Path) -> &Path {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    folder.unwrap_or(Path::new("."))
}

/// Returns the name of the file that is being prepared.
fn next(path: &Path) -> PathBuf {
    path.with_extension("next")
}

/// Returns the name of a finished file: that of the log, with the number of its first line.
pub(super) fn archive(path: &Path, first: u64) -> PathBuf {
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    let mut name = format!("{stem}-{first:012}");
    if let Some(extension) = path.extension() {
        name = format!("{name}.{}", extension.to_string_lossy());
    }
    path.with_file_name(name)
}

/// Returns the finished files of a log, with the numbers of their first lines, in order.
pub(super) fn archives(path: &Path) -> io::Result<Vec<(u64, PathBuf)>> {
    let mut found = Vec::new();
    let stem = path
        .file_stem()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned();
    for entry in fs::read_dir(folder(path))? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        let rest = name.strip_prefix(&stem).and_then(|rest| rest.strip_prefix('-'));
        let number = rest
            .and_then(|rest| rest.split('.').next())
            .and_then(|text| text.parse().ok());
        let Some(first) = number else { continue };
        let file = archive(path, first);
        if file.file_name().is_some_and(|own| *own == *name) {
            found.push((first, file));
        }
    }
    found.sort();
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finished_files_are_found_in_order_and_others_are_not() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("audit.jsonl");
        for name in [
            "audit.jsonl",
            "audit-000000000013.jsonl",
            "audit-000000000001.jsonl",
            "audit-1000000000000.jsonl",
            "audit-000000000002.json",
            "audit-2.jsonl",
            "audit-x.jsonl",
            "audits-000000000003.jsonl",
        ] {
            fs::write(folder.path().join(name), "").unwrap();
        }
        let found: Vec<u64> = archives(&path)
            .unwrap()
            .into_iter()
            .map(|(first, _)| first)
            .collect();
        assert_eq!(found, [1, 13, 1_000_000_000_000]);
    }

    #[test]
    fn a_moved_and_a_replaced_file_are_noticed() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("audit.jsonl");
        let mut file = LogFile::prepare(&path, "1\n").unwrap();
        file.install(None).unwrap();
        file.append("2\n").unwrap();
        assert_eq!(file.home().unwrap(), Home::Same);
        fs::rename(&path, folder.path().join("moved")).unwrap();
        assert_eq!(file.home().unwrap(), Home::Gone);
        fs::create_dir(&path).unwrap();
        assert_eq!(file.home().unwrap(), Home::Other);
        assert_eq!(fs::read(folder.path().join("moved")).unwrap(), b"1\n2\n");
        assert!(LogFile::open(&path).is_err());
    }
}
