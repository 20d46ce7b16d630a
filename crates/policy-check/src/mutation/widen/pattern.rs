//! Wider patterns.

use rolecall_syntax::Str;
use rolecall_syntax::ast::{Operand, Operator};

/// The characters that end a name in a path, a `sub` or a version.
const SEPARATORS: [char; 6] = ['/', ':', '-', '.', '_', '@'];

/// Returns the pattern of all texts that begin with a literal, or with the value of a parameter.
pub(super) fn begins(operand: &Operand) -> Option<Operand> {
    match operand {
        Operand::Text(text) if !text.raw().contains(['*', '?']) => text_of(&format!("{}*", text.raw())),
        Operand::Reference(path) => text_of(&format!("{{{}}}*", path.as_name()?)),
        _ => None,
    }
}

fn text_of(raw: &str) -> Option<Operand> {
    Str::new(raw).ok().map(Operand::Text)
}

/// Returns wider patterns, each with its operator.
pub(super) fn wider_patterns(operator: Operator, operand: &Operand) -> Vec<(Operator, Operand)> {
    let text = match operand {
        Operand::Text(text) => text.raw().to_owned(),
        Operand::Reference(path) => match path.as_name() {
            Some(name) => format!("{{{name}}}"),
            None => return Vec::new(),
        },
        Operand::Regex(regex) => {
            let wider = wider_regexes(regex).into_iter();
            return wider.map(|wider| (operator, Operand::Regex(wider))).collect();
        }
        _ => return Vec::new(),
    };
    let (operator, end) = match operator {
        Operator::Like | Operator::ContainsLike => (operator, after_separator(&text)),
        Operator::Glob | Operator::ContainsGlob => (operator, deeper(&text)),
        Operator::Under => (Operator::Like, Some(format!("{text}*"))),
        Operator::ContainsUnder => (Operator::ContainsLike, Some(format!("{text}*"))),
        _ => return Vec::new(),
    };
    let longer = text.contains('?').then(|| with_stars(&text));
    let wider = end.into_iter().chain(unanchored(&text)).chain(longer);
    let wider = wider.filter_map(|raw| text_of(&raw));
    wider.map(|wider| (operator, wider)).collect()
}

/// Returns a `like` pattern without the separator before its `*`.
fn after_separator(text: &str) -> Option<String> {
    match text.strip_suffix('*') {
        Some(start) => {
            let start = start.strip_suffix(SEPARATORS).filter(|start| !start.is_empty())?;
            Some(format!("{start}*"))
        }
        None => Some(format!("{text}*")),
    }
}

/// Returns a `glob` pattern that goes on at its end, or into folders.
fn deeper(text: &str) -> Option<String> {
    match text.strip_suffix("/**") {
        Some(start) => Some(format!("{start}*/**")),
        None if text.ends_with("/*") || !text.ends_with('*') => Some(format!("{text}*")),
        None => None,
    }
}

/// Returns a pattern that ends in a name with `*` behind, with one before the name, too.
fn unanchored(text: &str) -> Option<String> {
    let start = text.rfind(SEPARATORS).map_or(0, |at| at.saturating_add(1));
    let (before, name) = text.split_at_checked(start)?;
    let is_begun = name.ends_with('*') && !name.starts_with(['*', '?', '{', '\\']);
    is_begun.then(|| format!("{before}*{name}"))
}

/// Returns a pattern with a `*` for each run of `?`.
pub(crate) fn with_stars(text: &str) -> String {
    let mut wider = String::new();
    let mut is_mark = false;
    for c in text.chars() {
        match c {
            '?' if wider.ends_with('*') => {}
            '?' => wider.push('*'),
            '*' if is_mark => {}
            c => wider.push(c),
        }
        is_mark = c == '?';
    }
    wider
}

/// Returns a regex that goes on at its end, and one for each class or escaped character that is any character instead. A
/// class gets capitals and `/`, too, which are its usual mistakes.
fn wider_regexes(regex: &str) -> Vec<String> {
    let mut wider = vec![format!("(?:{regex}).*")];
    let mut chars = regex.char_indices();
    let mut class = None;
    while let Some((at, c)) = chars.next() {
        let part = match (c, class) {
            ('\\', start) => {
                let Some((next, escaped)) = chars.next() else {
                    break;
                };
                let end = next.saturating_add(escaped.len_utf8());
                match (start, escaped) {
                    (None, 'd' | 'w' | '.') => Some((at, end)),
                    _ => None,
                }
            }
            ('[', None) => {
                class = Some(at);
                None
            }
            (']', Some(start)) => {
                class = None;
                Some((start, at.saturating_add(1)))
            }
            _ => None,
        };
        let Some((start, end)) = part else {
            continue;
        };
        let [before, inside, after] =
            [regex.get(..start), regex.get(start..end), regex.get(end..)].map(Option::unwrap_or_default);
        wider.push(format!("{before}.{after}"));
        if let Some(inside) = inside.strip_prefix('[').filter(|inside| !inside.starts_with('^')) {
            for more in ["A-Z", r"\/"] {
                wider.push(format!("{before}[{more}{inside}{after}"));
            }
        }
    }
    wider
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_and_escapes_become_any_character() {
        assert_eq!(
            wider_regexes(r"v\d+\.[a-z\]]\/x"),
            [
                r"(?:v\d+\.[a-z\]]\/x).*",
                r"v.+\.[a-z\]]\/x",
                r"v\d+.[a-z\]]\/x",
                r"v\d+\..\/x",
                r"v\d+\.[A-Za-z\]]\/x",
                r"v\d+\.[\/a-z\]]\/x",
            ]
        );
    }

    #[test]
    fn question_marks_become_stars() {
        let wider = |operator, raw: &str| {
            let texts = wider_patterns(operator, &text_of(raw).expect("a text")).into_iter();
            let texts = texts.filter_map(|(_, wider)| match wider {
                Operand::Text(text) => Some(text.raw().to_owned()),
                _ => None,
            });
            texts.collect::<Vec<_>>()
        };
        assert_eq!(wider(Operator::Glob, "a/20??.*"), ["a/20*.*"]);
        assert_eq!(wider(Operator::Like, "a/?"), ["a/?*", "a/*"]);
        assert_eq!(wider(Operator::Glob, "a/**"), ["a*/**"]);
        assert_eq!(wider(Operator::Glob, "a/v*"), ["a/*v*"]);
        assert_eq!(wider(Operator::Like, "v*"), ["*v*"]);
        assert_eq!(wider(Operator::Under, "a"), ["a*"]);
    }
}
