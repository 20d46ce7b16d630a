//! Names of translated roles. Each has its own.

use std::collections::HashSet;

/// The names that are taken.
#[derive(Debug, Default)]
pub(super) struct Names {
    taken: HashSet<String>,
}

impl Names {
    /// Returns the first of some names that is free. If none is, the last one gets a number.
    pub(super) fn take(&mut self, candidates: impl IntoIterator<Item = String>) -> String {
        let mut last = String::new();
        for candidate in candidates {
            if self.taken.insert(candidate.clone()) {
                return candidate;
            }
            last = candidate;
        }
        for number in 2_u64.. {
            let numbered = format!("{last}~{number}");
            if self.taken.insert(numbered.clone()) {
                return numbered;
            }
        }
        last
    }
}
