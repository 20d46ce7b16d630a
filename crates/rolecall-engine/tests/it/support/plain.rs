//! Plain second implementations of what the matcher and the reference evaluation share, so that a test which compares those
//! two cannot see its faults: the domains of types, patterns, and templates. Each is written without a look at the engine.

use std::collections::BTreeMap;

/// Returns true if a text is segments joined by `/`, none empty, without `:`.
pub fn is_path(text: &str) -> bool {
    let mut is_empty = true;
    for c in text.chars() {
        match c {
            ':' => return false,
            '/' if is_empty => return false,
            '/' => is_empty = true,
            _ => is_empty = false,
        }
    }
    !is_empty
}

/// Returns true if `git check-ref-format --allow-onelevel` accepts a name: its rules in the order of its manual.
pub fn is_ref(name: &str) -> bool {
    let has_bad_part = name
        .split('/')
        .any(|part| part.starts_with('.') || part.ends_with(".lock"));
    let is_bad_char = |c: char| u32::from(c) < 0x20 || c == '\u{7f}' || " ~^:?*[\\".contains(c);
    !(has_bad_part
        || name.contains("..")
        || name.contains(is_bad_char)
        || name.starts_with('/')
        || name.ends_with('/')
        || name.contains("//")
        || name.ends_with('.')
        || name.contains("@{")
        || name == "@"
        || name.is_empty())
}

/// Returns true if a text is digits, at least one.
pub fn is_id(text: &str) -> bool {
    let mut chars = text.chars().peekable();
    chars.peek().is_some() && chars.all(|c| "0123456789".contains(c))
}

/// Returns true if characters fit a flat wildcard: tries each `*` with each number of characters.
pub fn like(pattern: &[char], value: &[char]) -> bool {
    match pattern {
        [] => value.is_empty(),
        ['*', rest @ ..] => (0..=value.len()).any(|taken| like(rest, &value[taken..])),
        ['?', rest @ ..] => !value.is_empty() && like(rest, &value[1..]),
        [c, rest @ ..] => value.first() == Some(c) && like(rest, &value[1..]),
    }
}

/// Returns true if segments fit a glob: tries each `**` with each number of segments.
fn segments(pattern: &[&str], value: &[&str]) -> bool {
    let chars = |text: &str| text.chars().collect::<Vec<_>>();
    match pattern {
        [] => value.is_empty(),
        ["**"] => !value.is_empty() && value.iter().all(|segment| !segment.is_empty()),
        ["**", rest @ ..] => (0..=value.len())
            .take_while(|taken| value[..*taken].iter().all(|segment| !segment.is_empty()))
            .any(|taken| segments(rest, &value[taken..])),
        [segment, rest @ ..] => {
            let first = value.first();
            first.is_some_and(|first| like(&chars(segment), &chars(first))) && segments(rest, &value[1..])
        }
    }
}

/// Returns true if a value fits a glob without escapes.
pub fn glob(pattern: &str, value: &str) -> bool {
    let fields: Vec<&str> = pattern.split(':').collect();
    let values: Vec<&str> = value.split(':').collect();
    fields.len() == values.len()
        && fields.iter().zip(values).all(|(field, value)| {
            let field: Vec<&str> = field.split('/').collect();
            segments(&field, &value.split('/').collect::<Vec<_>>())
        })
}

/// Returns true if a value is a path or below it.
pub fn under(path: &str, value: &str) -> bool {
    value == path || value.starts_with(&format!("{path}/"))
}

/// Returns what the library of regexes makes of a regex for the whole value, with ASCII classes.
pub fn regex(text: &str) -> regex::Regex {
    let ascii = text.replace(r"\w", "[0-9A-Za-z_]").replace(r"\d", "[0-9]");
    regex::Regex::new(&format!(r"\A(?:{ascii})\z")).expect("a regex")
}

/// A part of a template. What a policy writes is its [`source`].
#[derive(Clone, Debug)]
pub enum Piece {
    Claim(&'static str, Option<&'static str>),
    Optional(Vec<Self>),
    Text(&'static str),
}

/// Returns a template as a policy writes it.
pub fn source(pieces: &[Piece]) -> String {
    let one = |piece: &Piece| match piece {
        Piece::Claim(claim, None) => format!("{{{claim}}}"),
        Piece::Claim(claim, Some(filter)) => format!("{{{claim}|{filter}}}"),
        Piece::Optional(inner) => format!("[{}]", source(inner)),
        Piece::Text(text) => (*text).to_owned(),
    };
    pieces.iter().map(one).collect()
}

/// Returns a template filled in with the claims of a token, which are all well typed; `None` if one has no value.
pub fn render(pieces: &[Piece], claims: &BTreeMap<&str, String>) -> Option<String> {
    let mut text = String::new();
    for piece in pieces {
        match piece {
            Piece::Text(literal) => text += literal,
            Piece::Claim(claim, filter) => {
                let value = claims.get(claim)?;
                let segments: Vec<&str> = value.split('/').collect();
                text += &match *filter {
                    None => value.clone(),
                    Some("name") => segments[segments.len() - 1].to_owned(),
                    Some("parent") if segments.len() == 1 => return None,
                    Some("parent") => segments[..segments.len() - 1].join("/"),
                    Some("colon-encoded") => value.split(':').collect::<Vec<_>>().join("%3A"),
                    Some(filter) => panic!("no filter {filter}"),
                };
            }
            Piece::Optional(inner) => {
                let has =
                    |piece: &Piece| !matches!(piece, Piece::Claim(claim, _) if !claims.contains_key(claim));
                if inner.iter().all(has) {
                    text += &render(inner, claims)?;
                }
            }
        }
    }
    Some(text)
}
