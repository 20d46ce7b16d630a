//! Resources of Terraform, in HCL.

use serde_json::Value as Json;

/// The names of members, and their values, which are expressions.
type Members<'m> = &'m [(&'m str, String)];

/// Returns a resource.
pub(super) fn resource(kind: &str, name: &str, members: Members<'_>) -> String {
    resource_with_block(kind, name, members, None)
}

/// Returns a resource with a block at its end.
pub(super) fn resource_with_block(
    kind: &str,
    name: &str,
    members: Members<'_>,
    block: Option<(&str, Members<'_>)>,
) -> String {
    let lines = |members: Members<'_>, indent| {
        let members = members
            .iter()
            .map(|(name, value)| ((*name).to_owned(), value.clone()));
        aligned(&members.collect::<Vec<_>>(), indent)
    };
    let block = block.map_or_else(String::new, |(name, members)| {
        format!("  {name} {{\n{}  }}\n", lines(members, "    "))
    });
    let (label, members) = (label(name), lines(members, "  "));
    format!("resource \"{kind}\" \"{label}\" {{\n{members}{block}}}\n")
}

/// Returns lines of members, aligned as `terraform fmt` does: those next to each other whose values have one line.
fn aligned(members: &[(String, String)], indent: &str) -> String {
    let mut lines = String::new();
    let mut rest = members;
    while !rest.is_empty() {
        let first = rest.iter().position(|(_, value)| value.contains('\n'));
        // A value with several lines is on its own.
        let end = first.map_or(rest.len(), |first| first.max(1));
        let (group, after) = rest.split_at(end.min(rest.len()));
        let width = group.iter().map(|(name, _)| name.chars().count()).max();
        let width = width.unwrap_or_default();
        for (name, value) in group {
            lines.push_str(&format!("{indent}{name:width$} = {value}\n"));
        }
        rest = after;
    }
    lines
}

/// Returns the name of a resource for a name with any characters.
pub(super) fn label(name: &str) -> String {
    let plain = |c: char| {
        if c.is_ascii_alphanumeric() || c == '_' || c == '-' {
            c
        } else {
            '_'
        }
    };
    let label: String = name.chars().map(plain).collect();
    match label.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') {
        true => label,
        false => format!("_{label}"),
    }
}

/// Returns a value as an expression, whose lines after the first one are indented by some levels.
pub(super) fn value(json: &Json, levels: usize) -> String {
    let (inner, outer) = ("  ".repeat(levels.saturating_add(1)), "  ".repeat(levels));
    let below = |json: &Json| value(json, levels.saturating_add(1));
    match json {
        Json::Array(elements) if elements.is_empty() => "[]".to_owned(),
        Json::Array(elements) => {
            let lines = elements
                .iter()
                .map(|element| format!("{inner}{},\n", below(element)));
            format!("[\n{}{outer}]", lines.collect::<String>())
        }
        Json::Object(members) => {
            let members = members.iter().map(|(name, member)| (text(name), below(member)));
            format!("{{\n{}{outer}}}", aligned(&members.collect::<Vec<_>>(), &inner))
        }
        Json::String(written) => text(written),
        other => other.to_string(),
    }
}

/// Returns a text in quotes.
pub(super) fn text(text: &str) -> String {
    let escaped = |c: char| match c {
        '"' => "\\\"".to_owned(),
        '\\' => "\\\\".to_owned(),
        '\n' => "\\n".to_owned(),
        '\r' => "\\r".to_owned(),
        '\t' => "\\t".to_owned(),
        c if c.is_control() => format!("\\u{:04x}", u32::from(c)),
        c => c.to_string(),
    };
    let escaped: String = text.chars().map(escaped).collect();
    format!("\"{}\"", escaped.replace("${", "$${").replace("%{", "%%{"))
}

/// Returns the file of some resources.
pub(super) fn file(resources: &[String]) -> String {
    resources.join("\n")
}
