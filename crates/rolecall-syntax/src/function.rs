//! Functions and words of other languages, and the operators that mean the same.

use crate::regex::regex_of_string;

/// Returns the help for a function or a word of another language: the operator that means the same. `claim` is
/// what is compared and `text` what it is compared with, without its quotes, if they are known.
pub fn operator_for(word: &str, claim: Option<&str>, text: Option<&str>) -> Option<String> {
    let letters = word.chars().filter(|c| *c != '_');
    let word = letters.collect::<String>().to_ascii_lowercase();
    // In a pattern some characters have a meaning of their own.
    let plain = text.filter(|text| !text.is_empty() && !text.contains(['*', '?', '\\', '"', '{', '}', '$']));
    let (c, t) = (claim.unwrap_or("CLAIM"), plain.unwrap_or("…"));
    Some(match word.as_str() {
        "startswith" | "beginswith" | "hasprefix" => {
            let folder = t.trim_end_matches('/');
            let like = format!("write `{c} like \"{t}*\"`");
            match plain.is_none() || (folder.len() < t.len() && !folder.is_empty()) {
                true => format!(
                    "{like}, or, if `{c}` is a path, `{c} under \"{folder}\"` for all that is below it"
                ),
                false => like,
            }
        }
        "stringlike" => format!("write `{c} like \"{}\"`", text.unwrap_or("…*")),
        "endswith" | "hassuffix" => format!("write `{c} like \"*{t}\"`"),
        "contains" | "includes" | "indexof" | "has" => {
            format!("write `{c} like \"*{t}*\"`, or `{c} contains \"{t}\"` for a list")
        }
        "match" | "regex" | "regexp" | "rlike" => {
            let regex = text.and_then(regex_of_string);
            format!("write `{c} matches /{}/`", regex.as_deref().unwrap_or("…"))
        }
        "equals" | "eq" | "equal" | "stringequals" => format!("write `{c} == \"{t}\"`"),
        "ne" | "neq" | "differs" | "notequals" | "stringnotequals" => format!("write `{c} != \"{t}\"`"),
        "gt" => "write `>`".to_owned(),
        "lt" => "write `<`".to_owned(),
        "gte" | "ge" => "write `>=`".to_owned(),
        "lte" | "le" => "write `<=`".to_owned(),
        "exists" | "defined" | "isset" | "present" | "notnull" | "isnotnull" => format!("write `has {c}`"),
        "isnull" | "empty" | "isempty" => format!("write `!has {c}`"),
        "oneof" | "anyof" => format!("write `{c} in […]`"),
        _ => return None,
    })
}
