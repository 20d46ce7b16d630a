//! Changes of a folder, acted on once they have settled.

use rolecall_engine::Source;

use super::error::PolicyFilesError;

/// The files of a folder at one time, or the reason why there are none.
pub(crate) type Reading = Result<Vec<Source>, Vec<PolicyFilesError>>;

/// Compares the readings of a folder.
///
/// A checkout or an editor changes a folder in several steps, and a reading in between may see files of two
/// versions that were never meant to be together: a role of one with a set of the other. So a change counts
/// once two readings in a row are equal.
#[derive(Debug, Default)]
pub(crate) struct Settling {
    /// The last reading, if it is neither in use nor refused.
    last: Option<Reading>,
    /// The reading that was refused, so that it is reported once.
    refused: Option<Reading>,
}

impl Settling {
    /// Takes the next reading. Returns it if it is new and has settled.
    pub(crate) fn next<'a>(
        &mut self,
        reading: Reading,
        in_use: impl Iterator<Item = &'a Source>,
    ) -> Option<Reading> {
        let last = self.last.take();
        if reading.as_ref().is_ok_and(|sources| sources.iter().eq(in_use)) {
            self.refused = None;
            return None;
        }
        if self.refused.as_ref() == Some(&reading) {
            return None;
        }
        if last.as_ref() == Some(&reading) {
            return last;
        }
        self.last = Some(reading);
        None
    }

    /// Notes that a settled reading was refused.
    pub(crate) fn refuse(&mut self, reading: Reading) {
        self.refused = Some(reading);
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests may end early")]
mod tests {
    use super::*;

    fn files(text: &str) -> Reading {
        match text {
            "" => Err(vec![PolicyFilesError::Empty]),
            text => Ok(vec![Source::new("a.policy", text)]),
        }
    }

    /// Runs readings, each a letter, with `?` for one that fails. A settled capital letter is refused. Returns
    /// the settled ones.
    fn settled(readings: &str) -> String {
        let mut settling = Settling::default();
        let mut in_use = files("a").unwrap();
        let mut seen = String::new();
        for letter in readings.chars() {
            let text = letter.to_string().replace('?', "");
            let Some(reading) = settling.next(files(&text), in_use.iter()) else {
                continue;
            };
            seen.push(letter);
            assert_eq!(reading, files(&text));
            match reading {
                Ok(sources) if letter.is_lowercase() => in_use = sources,
                refused => settling.refuse(refused),
            }
        }
        seen
    }

    #[test]
    fn a_change_counts_once_it_is_seen_twice_in_a_row() {
        let rows = [
            ("aaa", ""),
            ("ab", ""),
            ("abb", "b"),
            ("abbbb", "b"),
            ("abcbcbc", ""),
            ("abaab", ""),
            ("abbaa", "ba"),
        ];
        for (readings, expected) in rows {
            assert_eq!(settled(readings), expected, "{readings}");
        }
    }

    #[test]
    fn a_folder_that_is_away_for_a_moment_is_not_reported() {
        for (readings, expected) in [
            ("a?a", ""),
            ("a?bb", "b"),
            ("a??", "?"),
            ("a????aa", "?"),
            ("a??bb", "?b"),
        ] {
            assert_eq!(settled(readings), expected, "{readings}");
        }
    }

    #[test]
    fn what_is_refused_is_reported_once_until_it_changes() {
        let rows = [
            ("aBBBB", "B"),
            ("aBBCC", "BC"),
            ("aBBCBB", "B"),
            ("aBBaBB", "BB"),
            ("aBBcc", "Bc"),
        ];
        for (readings, expected) in rows {
            assert_eq!(settled(readings), expected, "{readings}");
        }
    }
}
