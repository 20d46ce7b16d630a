//! Fingerprints: names for findings that stay the same when lines move.

use crate::code::written;
use crate::finding::Finding;
use crate::surroundings::Surroundings;
use crate::text::plus;
use hashbrown::HashMap;
use rolecall_engine::{Arena, FileId, Location, ParsedFile, Source};
use xxhash_rust::xxh3::xxh3_128;

/// The names by which a finding is recognised in a later run, each of 32 hexadecimal digits.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Identity {
    /// A name of the finding. It depends on the rule, the file name, the item, and the text of the finding
    /// without spaces and comments, but not on its position in the file. A number distinguishes findings that
    /// have all of that in common.
    pub fingerprint: String,
    /// A hash of the text around the finding: its member of an item, such as a whole `allow`, with the
    /// conditions and sets that the member names. An accepted finding needs another review when the hash
    /// changes.
    pub context: String,
}

/// Returns the identity of each finding in some files, in order.
pub fn identities(findings: &[Finding], files: &Arena<FileId, ParsedFile>) -> Vec<Identity> {
    let mut surroundings = Surroundings::new(files);
    let found = findings
        .iter()
        .map(|finding| (finding.rule.name, finding.location));
    let fingerprints = named(found, files, &mut surroundings);
    let both = findings.iter().zip(fingerprints);
    let one = |(finding, fingerprint): (&Finding, String)| Identity {
        fingerprint,
        context: surroundings.context(finding.location),
    };
    both.map(one).collect()
}

/// Returns the fingerprints of problems that have a kind of rule and a location.
pub fn fingerprints_of<R: AsRef<str>>(
    found: impl IntoIterator<Item = (R, Location)>,
    files: &Arena<FileId, ParsedFile>,
) -> Vec<String> {
    named(found, files, &mut Surroundings::new(files))
}

fn named<R: AsRef<str>>(
    found: impl IntoIterator<Item = (R, Location)>,
    files: &Arena<FileId, ParsedFile>,
    surroundings: &mut Surroundings<'_>,
) -> Vec<String> {
    let mut seen: HashMap<String, usize> = HashMap::new();
    let name = |(rule, location): (R, Location)| {
        let Source { name: file, text, .. } = files[location.file()].source();
        let file = file.strip_prefix("./").unwrap_or(file).replace('\\', "/");
        let item = surroundings.item(location);
        let what = format!(
            "{}\0{file}\0{item}\0{}",
            rule.as_ref(),
            written(location.span().text(text))
        );
        let count = seen.entry(what.clone()).or_default();
        let name = format!("{:032x}", xxh3_128(format!("{what}\0{count}").as_bytes()));
        *count = plus(*count, 1);
        name
    };
    found.into_iter().map(name).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use rolecall_syntax::Span;

    #[test]
    fn names_and_contexts_tell_roles_apart() {
        let text = "role a { ttl 1h allow from g when x }\nrole b { allow from g when y }\n";
        let mut files = Arena::new();
        let file = files.push(ParsedFile::new(Source::new("a.policy", text)));
        let at = |what: &str, from: usize| {
            let start = from + text.get(from..).unwrap().find(what).unwrap();
            Location::new(file, Span::new(start, start + what.len()))
        };
        let second = text.find("role b").unwrap();
        let places = [at("allow from g", 0), at("allow from g", second)];
        let names = fingerprints_of(places.map(|location| ("r", location)), &files);
        assert_ne!(names[0], names[1]);
        // The other way round they are still the same.
        let other = text.replace("role a", "role c").replace("role b", "role a");
        let other = files.map(|_, _| ParsedFile::new(Source::new("a.policy", other.as_str())));
        assert_eq!(fingerprints_of([("r", places[1])], &other), names[..1]);
    }

    #[test]
    fn names_differ_where_anything_does() {
        let file = |name, text| ParsedFile::new(Source::new(name, text));
        let mut files = Arena::new();
        let a = files.push(file("./a.policy", "x x y"));
        let b = files.push(file("b.policy", "x"));
        let location = |file, start| Location::new(file, Span::new(start, start + 1));
        let found = [
            ("r", location(a, 0)),
            ("r", location(a, 2)),
            ("r", location(a, 4)),
            ("s", location(a, 0)),
            ("r", location(b, 0)),
        ];
        let names = fingerprints_of(found, &files);
        let mut different = names.clone();
        different.sort();
        different.dedup();
        assert_eq!(different.len(), found.len());
        let texts = [("a.policy", "\n\nx"), ("b.policy", "")];
        let mut texts = texts.into_iter();
        let same = files.map_while(|_, _| texts.next().map(|(name, text)| file(name, text)));
        assert_eq!(fingerprints_of([("r", location(a, 2))], &same), names[..1]);
    }
}
