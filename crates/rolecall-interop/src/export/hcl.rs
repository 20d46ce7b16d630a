//! Resources of Terraform, in HCL.

use serde_json::Value as Json;

/// Returns a resource. Values are expressions.
pub(super) fn resource(kind: &str, name: &str, members: &[(&str, String)]) -> String {
    let width = members
        .iter()
        .map(|(name, _)| name.len())
        .max()
        .unwrap_or_default();
    let lines = members
        .iter()
        .map(|(name, value)| format!("  {name:width$} = {value}\n"));
    format!(
        "resource \"{kind}\" \"{}\" {{\n{}}}\n",
        label(name),
        lines.collect::<String>()
    )
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
            let lines = members
                .iter()
                .map(|(name, member)| format!("{inner}{} = {}\n", text(name), below(member)));
            format!("{{\n{}{outer}}}", lines.collect::<String>())
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
