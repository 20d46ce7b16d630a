//! Lines of the log for the copy in the database, read from its files, of which some may be finished.

use std::fs::File;
use std::io::{self, BufRead as _, BufReader, Read as _, Seek as _, SeekFrom};
use std::path::{Path, PathBuf};

use super::Link;
use super::log_file::archives;
use super::verify::MAX_LINE;

/// The maximum number of lines and of their bytes that are read together.
const MAX_LINES: usize = 500;
const MAX_BYTES: usize = 1024 * 1024;

/// The files of a log, and the place of the next line in them.
#[derive(Debug)]
pub(super) struct Source {
    path: PathBuf,
    /// The number of the next line.
    pub(super) next: u64,
    /// The open file, and the end of the last line that was read from it.
    open: Option<(BufReader<File>, u64)>,
}

/// A line with its number.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Line {
    pub(super) number: u64,
    pub(super) text: String,
}

impl Source {
    pub(super) fn new(path: &Path) -> Self {
        Self {
            path: path.to_owned(),
            next: 1,
            open: None,
        }
    }

    /// Goes to a line.
    pub(super) fn seek(&mut self, number: u64) {
        (self.next, self.open) = (number, None);
    }

    /// Reads the next lines, up to one that is on the disk: a later one may be cut off again. Lines that are in no file any
    /// more are left out.
    ///
    /// # Errors
    /// [`io::Error`] if a line cannot be read, or is in no file.
    pub(super) fn read(&mut self, until: u64) -> io::Result<Vec<Line>> {
        let (mut lines, mut size) = (Vec::new(), 0_usize);
        let mut is_new = false;
        // What was read ahead may have changed.
        if let Some((file, end)) = &mut self.open {
            file.seek(SeekFrom::Start(*end))?;
        }
        while self.next <= until && lines.len() < MAX_LINES && size < MAX_BYTES {
            let Some((file, end)) = &mut self.open else {
                self.open = Some((self.find()?, 0));
                is_new = true;
                continue;
            };
            let mut text = String::new();
            file.by_ref().take(MAX_LINE).read_line(&mut text)?;
            let Some(line) = text.strip_suffix('\n') else {
                // The next line is in the next file.
                if is_new {
                    return Err(io::Error::other(format!("line {} is in no file", self.next)));
                }
                self.open = None;
                continue;
            };
            let link: Link = serde_json::from_str(line)?;
            if link.line > until {
                // It may be cut off again, and is read later.
                break;
            }
            *end = end.saturating_add(u64::try_from(text.len()).unwrap_or(u64::MAX));
            if link.line < self.next {
                continue;
            }
            if link.line > self.next {
                tracing::error!(
                    from = self.next,
                    to = link.line,
                    "audit lines are in no file, and are not copied"
                );
            }
            is_new = false;
            self.next = link.line.saturating_add(1);
            size = size.saturating_add(line.len());
            lines.push(Line {
                number: link.line,
                text: line.to_owned(),
            });
        }
        Ok(lines)
    }

    /// Opens the file that has the next line: the last one that begins with it or before it. If all begin after it, the first one.
    fn find(&self) -> io::Result<BufReader<File>> {
        let mut files = archives(&self.path)?;
        if let Some(first) = first_line(&self.path)? {
            files.push((first, self.path.clone()));
        }
        let found = files.iter().rfind(|(first, _)| *first <= self.next);
        let (_, path) = found
            .or(files.first())
            .ok_or_else(|| io::Error::other("no file of the log exists"))?;
        File::open(path).map(BufReader::new)
    }
}

/// Returns the number of a file's first line. `None` if it has none, or was moved away.
fn first_line(path: &Path) -> io::Result<Option<u64>> {
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    let mut text = String::new();
    BufReader::new(file).take(MAX_LINE).read_line(&mut text)?;
    Ok(serde_json::from_str::<Link>(&text).ok().map(|link| link.line))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn text(lines: std::ops::RangeInclusive<u64>) -> String {
        lines
            .map(|n| format!("{{\"line\":{n},\"before\":\"\"}}\n"))
            .collect()
    }

    #[test]
    fn lines_are_read_once_over_files_that_are_finished_meanwhile() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("audit.jsonl");
        let mut source = Source::new(&path);
        let read = |source: &mut Source, until| -> Vec<u64> {
            let lines = source.read(until).unwrap();
            lines.into_iter().map(|line| line.number).collect()
        };
        fs::write(&path, text(1..=3) + "{\"line\":4,\"bef").unwrap();
        assert_eq!(read(&mut source, 2), [1, 2]);
        assert_eq!(read(&mut source, 3), [3]);
        assert!(read(&mut source, 3).is_empty());
        // The line that was not finished is another one later, in another file.
        fs::write(&path, text(1..=4)).unwrap();
        fs::rename(&path, folder.path().join("audit-000000000001.jsonl")).unwrap();
        fs::write(&path, text(5..=6)).unwrap();
        assert_eq!(read(&mut source, 6), [4, 5, 6]);
        source.seek(3);
        assert_eq!(read(&mut source, 6), [3, 4, 5, 6]);
        // Files that are gone are left out.
        fs::remove_file(folder.path().join("audit-000000000001.jsonl")).unwrap();
        source.seek(2);
        assert_eq!(read(&mut source, 6), [5, 6]);
        source.seek(7);
        assert!(source.read(7).is_err());
    }
}
