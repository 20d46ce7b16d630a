//! The conditions of AWS, Google Cloud and Azure, with what they mean where a claim is absent.

use super::condition::Condition::{self, All, Any, Differs, Lacks, Matches, OneOf};
use serde_json::Value;

/// The condition of a vector.
pub(crate) fn translate(condition: &Value) -> Condition {
    let text = |name: &str| condition[name].as_str().map(str::to_owned);
    let pattern = || text("pattern").expect("a pattern");
    match condition["consumer"].as_str() {
        Some("aws-all") => {
            let parts = condition["of"].as_array().expect("conditions");
            All(parts.iter().map(translate).collect())
        }
        Some(operator @ ("aws-stringequals" | "aws-stringlike")) => {
            let claim = text("claim").expect("a claim");
            let holds = if operator == "aws-stringequals" {
                OneOf(claim.clone(), texts(&condition["pattern"]))
            } else {
                assert!(!condition["pattern"].to_string().contains("${"), "a variable");
                Condition::like(claim.clone(), texts(&condition["pattern"]))
            };
            match text("qualifier").as_deref() {
                // Whatever is not there fulfils it.
                Some("ForAllValues") => Any(vec![Lacks(claim), holds]),
                Some("ForAnyValue") | None => holds,
                Some(other) => panic!("{other} is unknown"),
            }
        }
        Some("azure-fic-exact") => OneOf(text("claim").expect("a claim"), vec![pattern()]),
        Some("azure-fic-flexible") => flexible(&pattern()),
        Some("gcp-cel") => All(cel(&pattern())),
        other => panic!("{other:?} is unknown"),
    }
}

/// One text or several.
fn texts(value: &Value) -> Vec<String> {
    let text = |value: &Value| value.as_str().expect("a text").to_owned();
    value
        .as_array()
        .map_or_else(|| vec![text(value)], |list| list.iter().map(text).collect())
}

/// `claims['NAME'] eq|matches 'TEXT'`, joined by `and`.
fn flexible(expression: &str) -> Condition {
    let mut rest = Reader(expression);
    let mut parts = Vec::new();
    loop {
        rest.expect("claims[");
        let claim = rest.quoted();
        rest.expect("] ");
        let operator = rest.word();
        rest.expect(" ");
        let text = rest.quoted();
        parts.push(match operator.as_str() {
            "eq" => OneOf(claim, vec![text]),
            "matches" => Condition::like(claim, vec![text]),
            other => panic!("{other} is unknown"),
        });
        if rest.0.is_empty() {
            return All(parts);
        }
        rest.expect(" and ");
    }
}

/// The comparisons of a CEL expression that must all hold. What a comparison with an absent claim is, an error, is neither
/// it nor its opposite here, and lets nobody in.
fn cel(expression: &str) -> Vec<Condition> {
    let mut rest = Reader(expression);
    let mut parts = Vec::new();
    loop {
        rest.expect("assertion");
        let claim = if rest.accept("[") {
            let claim = rest.quoted();
            rest.expect("]");
            claim
        } else {
            rest.expect(".");
            rest.word()
        };
        parts.push(if rest.accept(" == ") {
            OneOf(claim, vec![rest.quoted()])
        } else if rest.accept(" != ") {
            Differs(claim, rest.quoted())
        } else if rest.accept(" in [") {
            let mut texts = vec![rest.quoted()];
            while rest.accept(", ") {
                texts.push(rest.quoted());
            }
            rest.expect("]");
            OneOf(claim, texts)
        } else if rest.accept(".startsWith(") {
            let start = rest.quoted();
            assert!(!start.contains(['*', '?']), "a wildcard would be one here");
            rest.expect(")");
            Condition::like(claim, vec![format!("{start}*")])
        } else {
            rest.expect(".matches(");
            let regex = rest.quoted();
            rest.expect(")");
            Matches(claim, whole(&regex))
        });
        if rest.0.is_empty() {
            return parts;
        }
        rest.expect(" && ");
    }
}

/// A regex for the whole value that fits where another is found in it.
fn whole(regex: &str) -> String {
    let (start, rest) = regex
        .strip_prefix('^')
        .map_or((r"[\s\S]*", regex), |rest| ("", rest));
    let (rest, end) = rest
        .strip_suffix('$')
        .map_or((rest, r"[\s\S]*"), |rest| (rest, ""));
    assert!(!rest.contains(['^', '$', '|', '(']), "{regex} is not understood");
    format!("{start}{rest}{end}")
}

/// Reads an expression from its start.
struct Reader<'e>(&'e str);

impl Reader<'_> {
    fn accept(&mut self, text: &str) -> bool {
        let rest = self.0.strip_prefix(text);
        self.0 = rest.unwrap_or(self.0);
        rest.is_some()
    }

    fn expect(&mut self, text: &str) {
        assert!(self.accept(text), "`{text}` is expected before `{}`", self.0);
    }

    fn word(&mut self) -> String {
        let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_';
        let end = self.0.find(|c| !is_word(c)).unwrap_or(self.0.len());
        let (word, rest) = self.0.split_at(end);
        self.0 = rest;
        word.to_owned()
    }

    /// A text in single quotes without escapes.
    fn quoted(&mut self) -> String {
        self.expect("'");
        let (text, rest) = self.0.split_once('\'').expect("the end of a text");
        assert!(!text.contains('\\') && !rest.starts_with('\''), "an escape");
        self.0 = rest;
        text.to_owned()
    }
}
