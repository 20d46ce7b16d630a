//! Unique names of the tests in reports.

use std::collections::HashSet;

/// The maximum number of characters of a condition in the name of a test.
const LONGEST: usize = 80;

/// The names of the tests of a policy set.
#[derive(Debug)]
pub struct Names {
    taken: HashSet<String>,
}

impl Names {
    /// Creates the names for new tests. `taken` are the names in use.
    pub fn new(taken: impl IntoIterator<Item = String>) -> Self {
        Self {
            taken: taken.into_iter().collect(),
        }
    }

    /// Returns the name of a test for a token that gets a role.
    pub fn granted(&mut self, role: &str) -> String {
        self.take(format!("{role} is granted"))
    }

    /// Returns the name of a test for a token that gets a role because of a condition.
    pub fn granted_by(&mut self, role: &str, condition: &str) -> String {
        self.take(format!("{role} is granted by {}", short(condition)))
    }

    /// Returns the name of a test for a token that fails at a condition of a role.
    pub fn needs(&mut self, role: &str, condition: &str) -> String {
        self.take(format!("{role} needs {}", short(condition)))
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

fn short(condition: &str) -> String {
    let mut short: String = condition.chars().take(LONGEST).collect();
    if short.len() < condition.len() {
        short.push_str("...");
    }
    short
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_are_alike() {
        let mut names = Names::new(["r is granted".to_owned()]);
        let taken = [
            names.granted("r"),
            names.needs("r", "a"),
            names.granted("r"),
            names.granted("r"),
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
            names.needs("r", &"ä".repeat(90)),
            format!("r needs {}...", "ä".repeat(80))
        );
    }
}
