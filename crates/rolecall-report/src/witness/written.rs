//! The tests that `witness` adds to a file.

use crate::location::count;
use crate::printable::printable;
use crate::style::{GOOD, paint};
use serde::Serialize;

/// The tests in a file.
#[derive(Debug, Serialize)]
pub(super) struct Written {
    file: String,
    /// The names of the added tests.
    tests: Vec<String>,
    /// The number of tests that the policy set had already.
    existing: usize,
}

impl Written {
    pub(super) fn new(file: String, tests: Vec<String>, existing: usize) -> Self {
        Self {
            file,
            tests,
            existing,
        }
    }

    /// Writes the names of the tests below their number.
    pub(super) fn write(&self, text: &mut String) {
        let existing = match self.existing {
            0 => String::new(),
            1 => "; 1 is there already".to_owned(),
            existing => format!("; {existing} are there already"),
        };
        let added = format!("added {}", count(self.tests.len(), "test"));
        text.push_str(&format!("{} to {}{existing}\n", paint(GOOD, added), self.file));
        for test in &self.tests {
            text.push_str(&format!("  {}\n", printable(test)));
        }
    }
}
