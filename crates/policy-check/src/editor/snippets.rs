//! Snippets of items and of their members.

use lsp_types::{CompletionItem, CompletionItemKind, InsertTextFormat};

/// A label and a text, with the places to fill in.
type Snippet = (&'static str, &'static str);

const ITEMS: [Snippet; 8] = [
    (
        "role",
        "role ${1:name} {\n  ttl 15m\n  allow from ${2:issuer} when $0\n}",
    ),
    (
        "issuer",
        "issuer ${1:gitlab} {\n  url \"${2:https://gitlab.com}\"\n  profile ${3:gitlab-ci}\n  audience \"$0\"\n}",
    ),
    ("condition", "condition ${1:name} = $0"),
    ("set", "set ${1:name} = [\"$0\"]"),
    ("guard", "guard ${1:name} for ${2:*} { $0 }"),
    (
        "test",
        "test \"${1:name}\" {\n  token ${2:issuer} { $3 }\n  expect allow $0\n}",
    ),
    ("assert", "assert \"${1:name}\" { ${2:*} implies $0 }"),
    (
        "profile",
        "profile ${1:name} extends ${2:gitlab-ci} {\n  claim $0: text\n}",
    ),
];

const OF_ROLE: [Snippet; 4] = [
    ("allow", "allow from ${1:issuer} when $0"),
    ("grant", "grant ${1:name} = \"$0\""),
    ("tags", "tags [$0]"),
    ("ttl", "ttl ${1:15m}$0"),
];

const OF_ISSUER: [Snippet; 10] = [
    ("algorithms", "algorithms [${1:RS256}]$0"),
    ("audience", "audience \"$0\""),
    ("authorized_party", "authorized_party \"$0\""),
    ("derive", "derive ${1:sub} = \"$0\""),
    ("jwks", "jwks \"${1:https://}$0\""),
    ("leeway", "leeway ${1:30s}$0"),
    ("max_age", "max_age ${1:24h}$0"),
    ("profile", "profile ${1:gitlab-ci}$0"),
    ("subject_limit", "subject_limit ${1:2048}$0"),
    ("url", "url \"${1:https://}$0\""),
];

const OF_PROFILE: [Snippet; 3] = [
    ("claim", "claim ${1:name}: ${2:text}$0"),
    ("derive", "derive ${1:name} = \"$0\""),
    ("shared", "shared \"${1:https://}$0\""),
];

const OF_TEST: [Snippet; 3] = [
    ("case", "case \"${1:name}\" { $2 } expect ${3:deny} $0"),
    ("expect", "expect ${1:allow} $0"),
    ("token", "token ${1:issuer} { $0 }"),
];

/// Returns the items that a file can have.
pub(super) fn items() -> Vec<CompletionItem> {
    completions(&ITEMS)
}

/// Returns the members of the item that a text ends in, if another member can follow.
pub(super) fn members(text: &str) -> Option<Vec<CompletionItem>> {
    // In the standard format, only items and their closing braces begin a line.
    let is_indented = |line: &str| line.trim_end().is_empty() || line.starts_with([' ', '\t']);
    let members = text
        .split_inclusive('\n')
        .rev()
        .take_while(|line| is_indented(line));
    let length: usize = members.map(str::len).sum();
    let (before, _) = text.split_at_checked(text.len().saturating_sub(length))?;
    let start = before.trim_end().rfind('\n').map_or(0, |at| at.saturating_add(1));
    let item = text.get(start..)?;
    let is_member = item.matches('{').count() == item.matches('}').count().saturating_add(1);
    let continues = ["when", "&&", "||", "!", "(", "[", ",", "=", "from"];
    let ends_open = continues.iter().any(|word| item.trim_end().ends_with(word));
    if !is_member || ends_open {
        return None;
    }
    Some(match item.split_whitespace().next()? {
        "role" => completions(&OF_ROLE),
        "issuer" => completions(&OF_ISSUER),
        "profile" => completions(&OF_PROFILE),
        "test" => completions(&OF_TEST),
        _ => return None,
    })
}

fn completions(snippets: &[Snippet]) -> Vec<CompletionItem> {
    let completion = |(label, text): &Snippet| CompletionItem {
        label: (*label).to_owned(),
        kind: Some(CompletionItemKind::SNIPPET),
        insert_text: Some((*text).to_owned()),
        insert_text_format: Some(InsertTextFormat::SNIPPET),
        ..CompletionItem::default()
    };
    snippets.iter().map(completion).collect()
}
