//! Names for findings that stay the same when lines move.

use crate::finding::Finding;
use crate::suppression::members;
use hashbrown::HashMap;
use rolecall_engine::{Place, Source};
use rolecall_syntax::{Span, parse};
use xxhash_rust::xxh3::xxh3_128;

/// A name for each finding, 32 hexadecimal digits, in their order.
///
/// It depends on the rule, the name of the file, the item that it is in, and what is written there without its spaces and comments;
/// so it is the same as long as that is, wherever in the file it stands. Of findings that have all that in common, each also counts
/// those before it.
pub fn fingerprints(findings: &[Finding], sources: &[Source]) -> Vec<String> {
    let found = findings.iter().map(|finding| (finding.rule.name, finding.place));
    fingerprints_of(found, sources)
}

/// The same for whatever has something like a rule, and a place.
pub fn fingerprints_of<R: AsRef<str>>(
    found: impl IntoIterator<Item = (R, Place)>,
    sources: &[Source],
) -> Vec<String> {
    let mut seen: HashMap<String, usize> = HashMap::new();
    let mut surroundings = Surroundings::new(sources);
    let mut name = |(rule, place): (R, Place)| {
        let source = sources.get(place.file);
        let (file, text) = source.map_or(("", ""), |source| (source.name.as_str(), &source.text));
        let file = file.strip_prefix("./").unwrap_or(file).replace('\\', "/");
        let item = surroundings.item(place);
        let what = format!(
            "{}\0{file}\0{item}\0{}",
            rule.as_ref(),
            written(place.span.text(text))
        );
        let count = seen.entry(what.clone()).or_default();
        let name = format!("{:032x}", xxh3_128(format!("{what}\0{count}").as_bytes()));
        *count = count.saturating_add(1);
        name
    };
    found.into_iter().map(&mut name).collect()
}

/// The member of an item that each finding is in, such as a whole `allow`, without its spaces and comments; for others the item.
/// A finding that was judged to be right is another one when this has changed.
pub fn contexts(findings: &[Finding], sources: &[Source]) -> Vec<String> {
    let mut surroundings = Surroundings::new(sources);
    let places = findings.iter().map(|finding| finding.place);
    places.map(|place| surroundings.member(place)).collect()
}

/// The items and members around places. A file is read when the first of its places is asked for.
struct Surroundings<'s> {
    sources: &'s [Source],
    /// The spans of each file that was read: of items, and of their members.
    files: HashMap<usize, (Vec<Span>, Vec<Span>)>,
}

impl<'s> Surroundings<'s> {
    fn new(sources: &'s [Source]) -> Self {
        let files = HashMap::new();
        Self { sources, files }
    }

    /// The beginning of the item around a place, up to its `{` or `=`.
    fn item(&mut self, place: Place) -> String {
        let text = self.text(place);
        let Some(item) = around(&self.spans(place).0, place) else {
            return String::new();
        };
        let head = item.text(text).split(['{', '=', '\n']).next();
        written(head.unwrap_or_default())
    }

    /// The member around a place, or else the item.
    fn member(&mut self, place: Place) -> String {
        let text = self.text(place);
        let (items, members) = self.spans(place);
        let span = around(members, place).or_else(|| around(items, place));
        written(span.unwrap_or(place.span).text(text))
    }

    fn text(&self, place: Place) -> &'s str {
        self.sources.get(place.file).map_or("", |source| &source.text)
    }

    fn spans(&mut self, place: Place) -> &(Vec<Span>, Vec<Span>) {
        let text = self.text(place);
        self.files.entry(place.file).or_insert_with(|| {
            let file = parse(text).file;
            let items = file.items.iter().map(|item| item.span).collect();
            (items, members(&file).collect())
        })
    }
}

/// The span that a place begins in. The spans do not overlap, and are in their order.
fn around(spans: &[Span], place: Place) -> Option<Span> {
    let after = spans.partition_point(|span| span.start <= place.span.start);
    let span = *spans.get(after.checked_sub(1)?)?;
    (place.span.start < span.end).then_some(span)
}

/// A text without its comments, and with one space wherever it has some; a text that is nothing but a comment, as it is.
fn written(text: &str) -> String {
    let words = |text: &str| text.split_whitespace().collect::<Vec<&str>>().join(" ");
    let code = words(&without_comments(text));
    if code.is_empty() { words(text) } else { code }
}

/// The text with a space in the place of each comment. What looks like one in a string or a regular expression is none.
fn without_comments(text: &str) -> String {
    let mut code = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let length = if rest.starts_with("//") {
            code.push(' ');
            rest = rest
                .find('\n')
                .and_then(|end| rest.get(end..))
                .unwrap_or_default();
            continue;
        } else if rest.starts_with("/*") {
            code.push(' ');
            rest = rest.split_once("*/").map_or("", |(_, after)| after);
            continue;
        } else if first == '"' || first == '/' {
            quoted(rest, first)
        } else {
            first.len_utf8()
        };
        let (taken, after) = rest.split_at_checked(length).unwrap_or((rest, ""));
        code.push_str(taken);
        rest = after;
    }
    code
}

/// How many bytes belong to what begins with a quote and ends with the same one on this line, or else to the quote.
fn quoted(text: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            '\n' => break,
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            c if c == quote => return at.saturating_add(quote.len_utf8()),
            _ => {}
        }
    }
    quote.len_utf8()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_do_not_count() {
        for (text, code) in [
            ("a  &&\n\tb", "a && b"),
            ("a // not b\n  && c", "a && c"),
            ("a /* not\n b */ && c", "a && c"),
            (
                r#"url "https://ci.example" // really"#,
                r#"url "https://ci.example""#,
            ),
            (r#"a == "\"//" // b"#, r#"a == "\"//""#),
            (r"a matches /x\/*\// // b", r"a matches /x\/*\//"),
            ("// policy-check: allow(x) why", "// policy-check: allow(x) why"),
            ("/* open", "/* open"),
            ("\"open // end", "\"open"),
            ("", ""),
        ] {
            assert_eq!(written(text), code, "{text}");
        }
    }

    #[test]
    fn names_and_contexts_tell_roles_apart() {
        let text = "role a { ttl 1h allow from g when x }\nrole b { allow from g when y }\n";
        let sources = [Source::new("a.policy", text)];
        let at = |what: &str, from: usize| {
            let start = from + text.get(from..).unwrap().find(what).unwrap();
            Place::new(0, Span::new(start, start + what.len()))
        };
        let second = text.find("role b").unwrap();
        let places = [at("allow from g", 0), at("allow from g", second)];
        let names = fingerprints_of(places.map(|place| ("r", place)), &sources);
        assert_ne!(names[0], names[1]);
        // The other way round they are still the same.
        let other = [Source::new(
            "a.policy",
            text.replace("role a", "role c").replace("role b", "role a"),
        )];
        assert_eq!(fingerprints_of([("r", places[1])], &other), names[..1]);
        let mut surroundings = Surroundings::new(&sources);
        assert_eq!(surroundings.item(places[1]), "role b");
        assert_eq!(surroundings.member(places[0]), "allow from g when x");
        assert_eq!(
            surroundings.member(Place::new(0, Span::new(0, 1))),
            "role a { ttl 1h allow from g when x }"
        );
    }

    #[test]
    fn names_differ_where_anything_does() {
        let sources = [Source::new("./a.policy", "x x y"), Source::new("b.policy", "x")];
        let place = |file, start| Place::new(file, Span::new(start, start + 1));
        let found = [
            ("r", place(0, 0)),
            ("r", place(0, 2)),
            ("r", place(0, 4)),
            ("s", place(0, 0)),
            ("r", place(1, 0)),
        ];
        let names = fingerprints_of(found, &sources);
        let mut different = names.clone();
        different.sort();
        different.dedup();
        assert_eq!(different.len(), found.len());
        let same = [Source::new("a.policy", "\n\nx"), Source::new("b.policy", "")];
        assert_eq!(fingerprints_of([("r", place(0, 2))], &same), names[..1]);
    }
}
