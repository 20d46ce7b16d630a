//! Names of translated roles. Each has its own.

use std::collections::HashSet;

/// The names that are taken.
#[derive(Debug, Default)]
pub(super) struct Names {
    taken: HashSet<String>,
}

impl Names {
    /// Returns the name `SYSTEM:OWNER/NAME` of a role, or as much of it as its document says. A document that does not name
    /// the role gives it its own name.
    pub(super) fn of_role(
        &mut self,
        system: &str,
        owner: Option<&str>,
        name: Option<&str>,
        file: &str,
    ) -> String {
        let known = match (owner, name) {
            (Some(owner), Some(name)) => format!("{system}:{owner}/{name}"),
            (None, Some(name)) => format!("{system}:{name}"),
            (_, None) => format!("{system}:{}", stem(file)),
        };
        let in_file = format!("{known}@{file}");
        self.take([known, in_file])
    }

    /// Returns the name of a role in a document that names it, but perhaps not its owner: then the owner is the document.
    pub(super) fn in_file(&mut self, system: &str, owner: Option<&str>, name: &str, file: &str) -> String {
        self.of_role(
            system,
            Some(owner.unwrap_or_else(|| stem(file))),
            Some(name),
            file,
        )
    }

    /// Returns the first of some names that is free. If none is, the last one gets a number.
    fn take(&mut self, candidates: [String; 2]) -> String {
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

/// Returns the name of a file without its folders and endings.
fn stem(path: &str) -> &str {
    let name = path.rsplit(['/', '\\']).next().unwrap_or(path);
    name.split_once('.').map_or(name, |(stem, _)| stem)
}
