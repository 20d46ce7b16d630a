//! Conditions and templates as formulas of SMT-LIB, written from the description of the language.
//!
//! Of each claim there are constants: whether the token has it, whether its value belongs to its type, and the value. A
//! condition becomes two formulas, when it is TRUE and when it is FALSE, by the table of three truths; a comparison is neither
//! unless the value belongs to the type.

use super::condition::{Comparison, Condition, Derivation, Filter, Part, elements};
use crate::support::regex::Regex;

/// What every formula begins with: the claims, and what is a token of the issuer that is meant for us.
pub fn prelude(layout: &[Derivation]) -> String {
    let mut text = "(set-logic ALL)\n".to_owned();
    let mut say = |line: String| {
        text.push_str(&line);
        text.push('\n');
    };
    for (claim, sort) in [
        ("p", "String"),
        ("parent", "String"),
        ("r", "String"),
        ("e", "String"),
        ("f", "String"),
        ("k", "String"),
        ("i", "String"),
        ("x", "String"),
        ("g", "String"),
        ("sub", "String"),
        ("b", "Bool"),
        ("n", "Int"),
        ("m", "Int"),
    ] {
        say(format!(
            "(declare-const {claim} {sort}) (declare-const has_{claim} Bool) (declare-const typed_{claim} Bool)"
        ));
        say(format!("(assert (=> typed_{claim} has_{claim}))"));
    }
    for (claim, domain) in [
        ("p", is_in("p", &Regex::path())),
        ("r", is_in("r", &Regex::git_ref())),
        ("k", "(or (= k \"a\") (= k \"b\"))".to_owned()),
        ("i", is_in("i", &Regex::Chars(vec![(0x30, 0x39)]).plus())),
        ("g", is_in("g", &repository())),
        ("n", int("n")),
        ("m", int("m")),
    ] {
        say(format!("(assert (=> typed_{claim} {domain}))"));
    }
    say("(declare-const null_x Bool) (assert (=> null_x (not has_x)))".to_owned());
    say("(declare-const address Bool) (declare-const network Bool)".to_owned());
    // The elements of a list, as far as anybody asks: for each kind, one that shows that there is such an element, and that
    // none of the kinds without one has.
    say("(declare-const has_l Bool) (declare-const typed_l Bool) (assert (=> typed_l has_l))".to_owned());
    let words = ["a", "b", "c"].map(|word| (word.to_owned(), Regex::text(word)));
    let patterns = elements().into_iter().enumerate();
    let patterns = patterns.map(|(number, pattern)| (number.to_string(), pattern.regex()));
    let kinds: Vec<(String, Regex)> = words.into_iter().chain(patterns).collect();
    for (kind, regex) in &kinds {
        say(format!(
            "(declare-const l_{kind} Bool) (declare-const l_one_{kind} String)"
        ));
        say(format!(
            "(assert (=> l_{kind} {}))",
            is_in(&format!("l_one_{kind}"), regex)
        ));
    }
    for (kind, _) in &kinds {
        for (other, regex) in kinds.iter().filter(|(other, _)| other != kind) {
            let is_other = is_in(&format!("l_one_{kind}"), regex);
            say(format!(
                "(assert (=> (and l_{kind} (not l_{other})) (not {is_other})))"
            ));
        }
    }
    // A token is only looked at if its one audience is one of the issuer's.
    say(
        "(define-fun typed_aud () Bool true) (declare-const aud_x Bool) (declare-const aud_y Bool)"
            .to_owned(),
    );
    say("(define-fun aud_z () Bool false) (assert (xor aud_x aud_y))".to_owned());
    // Where a path is cut for the filters.
    say("(declare-const p_parent String) (declare-const p_name String)".to_owned());
    say("(define-fun p_is_cut () Bool (str.contains p \"/\"))".to_owned());
    say("(assert (not (str.contains p_name \"/\")))".to_owned());
    say("(assert (= p (ite p_is_cut (str.++ p_parent \"/\" p_name) p_name)))".to_owned());
    // A derived claim can be compared if it is text and equals one of its derivations.
    say("(declare-const text_sub Bool) (declare-const text_parent Bool)".to_owned());
    let parent = "typed_p p_is_cut (= parent p_parent)";
    say(format!(
        "(assert (= typed_parent (and has_parent text_parent {parent})))"
    ));
    let ways: Vec<String> = layout.iter().map(made).collect();
    say(format!(
        "(assert (= typed_sub (and has_sub text_sub {})))",
        any(&ways)
    ));
    // Verification lets no token without a subject through.
    say("(assert (and has_sub text_sub (not (= sub \"\"))))".to_owned());
    text
}

/// Letters, digits, `.`, `_` and `-`.
fn name() -> Regex {
    let ranges = [('-', '.'), ('0', '9'), ('A', 'Z'), ('_', '_'), ('a', 'z')];
    Regex::Chars(ranges.map(|(from, to)| (from.into(), to.into())).to_vec()).plus()
}

/// The name of a GitHub repository.
fn repository() -> Regex {
    name().then(Regex::text("/")).then(name())
}

/// A claim may stand in a grant: it can be compared, and its text has safe characters.
pub fn fits(claim: &str, is_path: bool) -> String {
    let segment = || name().without(Regex::Either(vec![Regex::text("."), Regex::text("..")]));
    let more = Regex::text("/").then(segment()).star();
    let safe = if is_path { segment().then(more) } else { segment() };
    all(&[format!("typed_{claim}"), is_in(claim, &safe)])
}

fn int(claim: &str) -> String {
    format!("(and (<= (- 9223372036854775808) {claim}) (<= {claim} 9223372036854775807))")
}

/// `sub` is what a derivation makes of the claims, and its condition is TRUE.
fn made(derivation: &Derivation) -> String {
    let (is_there, text) = template(&derivation.parts);
    let when = derivation.when.as_ref().map(|when| truth(when).0);
    all(&[
        is_there,
        when.unwrap_or_else(|| "true".to_owned()),
        format!("(= sub {text})"),
    ])
}

/// Whether a template has a value, and which.
fn template(parts: &[Part]) -> (String, String) {
    let (mut there, mut texts) = (Vec::new(), vec!["\"\"".to_owned()]);
    for part in parts {
        match part {
            Part::Text(text) => texts.push(literal(text)),
            Part::Claim(claim, filter) => {
                there.push(format!("typed_{claim}"));
                texts.push(match (*claim, filter) {
                    (claim, Filter::ColonEncoded) => format!("(str.replace_all {claim} \":\" \"%3A\")"),
                    ("p", Filter::Name) => "p_name".to_owned(),
                    ("p", Filter::Parent) => {
                        there.push("p_is_cut".to_owned());
                        "p_parent".to_owned()
                    }
                    ("b", _) => "(ite b \"true\" \"false\")".to_owned(),
                    ("n", _) => {
                        "(ite (>= n 0) (str.from_int n) (str.++ \"-\" (str.from_int (- n))))".to_owned()
                    }
                    (claim, _) => claim.to_owned(),
                });
            }
            Part::Optional(inner) => {
                let claims = inner.iter().filter_map(|part| match part {
                    Part::Claim(claim, _) => Some(format!("has_{claim}")),
                    Part::Optional(_) | Part::Text(_) => None,
                });
                let present = all(&claims.collect::<Vec<_>>());
                let (is_there, text) = template(inner);
                there.push(format!("(=> {present} {is_there})"));
                texts.push(format!("(ite {present} {text} \"\")"));
            }
        }
    }
    (all(&there), format!("(str.++ {})", texts.join(" ")))
}

/// When a condition is TRUE, and when it is FALSE.
pub fn truth(condition: &Condition) -> (String, String) {
    match condition {
        Condition::All(parts) => {
            let (yes, no): (Vec<String>, Vec<String>) = parts.iter().map(truth).unzip();
            (all(&yes), any(&no))
        }
        Condition::Any(parts) => {
            let (yes, no): (Vec<String>, Vec<String>) = parts.iter().map(truth).unzip();
            (any(&yes), all(&no))
        }
        Condition::Is(Comparison::External(text)) => ((*text).to_owned(), format!("(not {text})")),
        Condition::Is(Comparison::Null(claim)) => (format!("null_{claim}"), format!("(not null_{claim})")),
        Condition::Is(Comparison::Has(claim)) => (format!("has_{claim}"), format!("(not has_{claim})")),
        Condition::Is(comparison) => {
            let (typed, holds) = said(comparison);
            (
                all(&[typed.clone(), holds.clone()]),
                all(&[typed, format!("(not {holds})")]),
            )
        }
        Condition::Not(part) => {
            let (yes, no) = truth(part);
            (no, yes)
        }
    }
}

/// Whether the claims of a comparison can be compared, and what it says of their values.
fn said(comparison: &Comparison) -> (String, String) {
    let typed = |claim: &str| format!("typed_{claim}");
    let turned = |holds: String, wanted: bool| if wanted { holds } else { format!("(not {holds})") };
    match comparison {
        Comparison::Contains {
            claim,
            all: each,
            words,
        } => {
            let words: Vec<String> = words.iter().map(|word| format!("{claim}_{word}")).collect();
            (typed(claim), if *each { all(&words) } else { any(&words) })
        }
        Comparison::ContainsPattern(element) => (typed("l"), format!("l_{element}")),
        Comparison::Filled { claim, parts, wanted } => {
            let (is_there, text) = template(parts);
            (
                all(&[typed(claim), is_there]),
                turned(format!("(= {claim} {text})"), *wanted),
            )
        }
        Comparison::Equals { claim, words, wanted } => {
            let equal = |word: &&str| format!("(= {claim} {})", literal(word));
            let one = any(&words.iter().map(equal).collect::<Vec<_>>());
            (typed(claim), turned(one, *wanted))
        }
        Comparison::Fits { claim, pattern } => (typed(claim), is_in(claim, &pattern.regex())),
        // The truth of the others does not depend on a type.
        Comparison::Flag(claim)
        | Comparison::Has(claim)
        | Comparison::Null(claim)
        | Comparison::External(claim) => (typed(claim), (*claim).to_owned()),
        Comparison::Order {
            claim,
            operator,
            number,
        } => {
            let size = number.unsigned_abs();
            let number = if *number < 0 {
                format!("(- {size})")
            } else {
                size.to_string()
            };
            let holds = match *operator {
                "==" => format!("(= {claim} {number})"),
                "!=" => format!("(not (= {claim} {number}))"),
                operator => format!("({operator} {claim} {number})"),
            };
            (typed(claim), holds)
        }
        Comparison::Same { left, right, wanted } => {
            let both = all(&[typed(left), typed(right)]);
            (both, turned(format!("(= {left} {right})"), *wanted))
        }
    }
}

/// Each of these.
pub fn all(parts: &[String]) -> String {
    format!("(and true {})", parts.join(" "))
}

/// One of these.
pub fn any(parts: &[String]) -> String {
    format!("(or false {})", parts.join(" "))
}

fn is_in(claim: &str, regex: &Regex) -> String {
    format!("(str.in_re {claim} {})", language(regex))
}

fn language(regex: &Regex) -> String {
    let many = |operator: &str, parts: &[Regex]| match parts {
        [] => "(str.to_re \"\")".to_owned(),
        [one] => language(one),
        parts => format!(
            "({operator} {})",
            parts.iter().map(language).collect::<Vec<_>>().join(" ")
        ),
    };
    match regex {
        Regex::Chars(ranges) => {
            let range = |(from, to): &(u32, u32)| format!("(re.range \"\\u{{{from:x}}}\" \"\\u{{{to:x}}}\")");
            match ranges.as_slice() {
                [(0, crate::support::regex::LAST)] => "re.allchar".to_owned(),
                [one] => range(one),
                ranges => format!(
                    "(re.union {})",
                    ranges.iter().map(range).collect::<Vec<_>>().join(" ")
                ),
            }
        }
        Regex::Concat(parts) => many("re.++", parts),
        Regex::Without(one, other) => format!("(re.diff {} {})", language(one), language(other)),
        Regex::Either(parts) => many("re.union", parts),
        Regex::Star(part) => format!("(re.* {})", language(part)),
        Regex::Text(text) => format!("(str.to_re {})", literal(text)),
    }
}

fn literal(text: &str) -> String {
    let mut literal = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => literal.push_str("\"\""),
            '\\' => literal.push_str("\\u{5c}"),
            ' '..='~' => literal.push(c),
            c => literal.push_str(&format!("\\u{{{:x}}}", u32::from(c))),
        }
    }
    literal + "\""
}
