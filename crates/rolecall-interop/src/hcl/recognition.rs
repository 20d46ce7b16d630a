//! Recognition of configurations, before they are parsed.

/// The types of blocks of a configuration, at its top. ("Configuration Syntax" and the reference of blocks.)
const BLOCKS: &[&str] = &[
    "check",
    "data",
    "ephemeral",
    "import",
    "locals",
    "module",
    "moved",
    "output",
    "provider",
    "removed",
    "resource",
    "terraform",
    "variable",
];

/// Returns whether a text is a configuration: the header of a block stands on a line without indentation.
///
/// No map or list of YAML has such a line: a text in it is indented. A configuration that is broken somewhere else is
/// still one, so that its error is about HCL.
pub(crate) fn is_configuration(text: &str) -> bool {
    text.trim_start_matches('\u{feff}').lines().any(is_header)
}

/// Returns whether a line begins a block of a configuration: `resource "aws_iam_role" "deploy" {`. No policy begins like that.
pub fn is_header(line: &str) -> bool {
    let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    let Some((before, _)) = line.split_once('{') else {
        return false;
    };
    let mut words = before.split([' ', '\t']).filter(|word| !word.is_empty());
    let is_label = |word: &str| {
        let quoted = word.strip_prefix('"').and_then(|word| word.strip_suffix('"'));
        quoted.unwrap_or(word).chars().all(is_name)
    };
    let is_indented = line.starts_with([' ', '\t']);
    !is_indented && words.next().is_some_and(|word| BLOCKS.contains(&word)) && words.all(is_label)
}

#[cfg(test)]
mod tests {
    use super::is_configuration;

    #[test]
    fn configurations_have_a_header() {
        let texts = [
            "resource \"aws_iam_role\" \"deploy\" {\n}\n",
            "\u{feff}# roles\nlocals {}",
            "variable \"repos\"{",
            "x = 1\r\ndata aws_iam_policy_document trust {\r\n",
            "terraform {",
        ];
        for text in texts {
            assert!(is_configuration(text), "{text}");
        }
        let others = [
            "",
            "resource: {a: 1}\n",
            "data:\n  main.tf: |\n    resource \"a\" \"b\" {\n    }\n",
            "issuer: https://gitlab.com\nlocals: {}\n",
            "role deploy {\n}\n",
            "# resource \"a\" \"b\" {\nsubject: a\n",
            "data: { locals {",
        ];
        for text in others {
            assert!(!is_configuration(text), "{text}");
        }
    }
}
