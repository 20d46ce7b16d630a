//! Unique names of the tests that `witness` prints.

use std::collections::HashSet;

/// The maximum number of characters of a condition in the name of a test.
const LONGEST: usize = 80;

/// The names of the tests of a role.
#[derive(Debug)]
pub(super) struct Names<'a> {
    role: &'a str,
    taken: HashSet<String>,
}

impl<'a> Names<'a> {
    /// Creates the names for a role's tests. `taken` are the names in use.
    pub(super) fn new(role: &'a str, taken: impl IntoIterator<Item = String>) -> Self {
        Self {
            role,
            taken: taken.into_iter().collect(),
        }
    }

    /// Returns the name of a test for a token that gets the role.
    pub(super) fn granted(&mut self) -> String {
        self.take(format!("{} is granted", self.role))
    }

    /// Returns the name of a test for a token that fails at a condition.
    pub(super) fn needs(&mut self, condition: &str) -> String {
        let mut short: String = condition.chars().take(LONGEST).collect();
        if short.len() < condition.len() {
            short.push_str("...");
        }
        self.take(format!("{} needs {short}", self.role))
    }

    fn take(&mut self, name: String) -> String {
        let numbered = (2_usize..).map(|number| format!("{name} ({number})"));
        let free = std::iter::once(name.clone())
            .chain(numbered)
            .find(|name| !self.taken.contains(name));
        let free = free.unwrap_or(name);
        self.taken.insert(free.clone());
        free
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_are_alike() {
        let mut names = Names::new("r", ["r is granted".to_owned()]);
        let taken = [
            names.granted(),
            names.needs("a"),
            names.granted(),
            names.granted(),
        ];
        assert_eq!(
            taken,
            [
                "r is granted (2)",
                "r needs a",
                "r is granted (3)",
                "r is granted (4)"
            ]
        );
        assert_eq!(
            names.needs(&"ä".repeat(90)),
            format!("r needs {}...", "ä".repeat(80))
        );
    }
}
