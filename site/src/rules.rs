//! The rule pages, in the groups of their generated index.

/// A group of rules.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Group {
    /// The name of the category.
    pub(crate) name: String,
    /// The names of the rules, whose pages are `NAME.md` beside the index.
    pub(crate) rules: Vec<String>,
}

/// Reads the groups of an index: headings `## CATEGORY: …`, and rows that begin with a link to a page.
pub(crate) fn groups(index: &str) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    for line in index.lines() {
        if let Some(heading) = line.strip_prefix("## ") {
            let name = heading.split(':').next().unwrap_or(heading).to_owned();
            let rules = Vec::new();
            groups.push(Group { name, rules });
        } else if let Some((rule, _)) = line
            .strip_prefix("| [")
            .and_then(|row| row.split_once(']'))
            .filter(|(rule, row)| row.starts_with(&format!("({rule}.md)")))
            && let Some(group) = groups.last_mut()
        {
            group.rules.push(rule.to_owned());
        }
    }
    groups.retain(|group| !group.rules.is_empty());
    groups
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_are_in_their_groups() {
        let index = "# Rules\n\n## identity: tokens\n\n| rule | finding |\n|---|---|\n| [any-ref](any-ref.md) | x |\n\n\
                     ## Out of scope\n\n| mistake | check |\n|---|---|\n| [a page](levels.md) | x |\n";
        let rules = vec!["any-ref".to_owned()];
        let name = "identity".to_owned();
        assert_eq!(groups(index), [Group { name, rules }]);
    }
}
