//! Domains: the values of each type, as the engine enforces them. Outside of them every comparison is
//! UNKNOWN.

use super::literals::Literals;
use super::nfa::{Bytes, Nfa};
use super::number::Numbers;
use super::product::BinaryProduct;
use super::utf8::Utf8;
use crate::budget::Undecided;
use crate::dfa::{Dfa, build};
use crate::meter::Meter;
use rolecall_engine::ir::Order;
use rolecall_engine::{JsonForm, PathKind, Scalar};

/// Builds the automaton of the values of a type.
pub(super) fn domain(scalar: &Scalar, meter: &mut Meter) -> Result<Dfa, Undecided> {
    match scalar {
        Scalar::Bool(_) => build(&Literals::new([&b"true"[..], b"false"]), meter),
        Scalar::Enum { values, open: false } => {
            build(&Literals::new(values.iter().map(String::as_bytes)), meter)
        }
        Scalar::Id(JsonForm::Json) => numbers(0, meter),
        Scalar::Id(_) => build(&digits(), meter),
        Scalar::Int | Scalar::Time => numbers(i64::MIN, meter),
        Scalar::Path(PathKind::GithubRepository) => build(&names(2, false), meter),
        Scalar::Path(PathKind::GitlabNamespace) => build(&names(1, true), meter),
        Scalar::Path(PathKind::GitlabPath) => build(&names(2, true), meter),
        Scalar::Path(PathKind::Spiffe) => build(&spiffe_ids(), meter),
        Scalar::Path(_) => {
            let (text, path) = (build(&Utf8, meter)?, build(&segments(), meter)?);
            build(&BinaryProduct(&text, &path, |text, path| text && path), meter)
        }
        Scalar::Ref => {
            let (text, refused) = (build(&Utf8, meter)?, build(&refused_refs(), meter)?);
            build(
                &BinaryProduct(&text, &refused, |text, refused| text && !refused),
                meter,
            )
        }
        // Text and open enums. A type that this analysis does not know has no operators here.
        _ => build(&Utf8, meter),
    }
}

/// Returns the automaton of the numbers of 64 bits that are at least this one.
fn numbers(least: i64, meter: &mut Meter) -> Result<Dfa, Undecided> {
    let least = build(&Numbers::new(Order::GreaterEqual, least), meter)?;
    let most = build(&Numbers::new(Order::LessEqual, i64::MAX), meter)?;
    build(&BinaryProduct(&least, &most, |least, most| least && most), meter)
}

/// Returns the bytes of the names in paths of CI systems.
fn name_bytes() -> impl Iterator<Item = u8> {
    (0..=u8::MAX).filter(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-'))
}

/// Adds states that read one or more of these bytes, and returns the state after them.
fn one_or_more(nfa: &mut Nfa, from: usize, bytes: impl Iterator<Item = u8>) -> usize {
    let after = nfa.state();
    for byte in bytes {
        nfa.edge(from, Bytes::One(byte), true, after);
        nfa.edge(after, Bytes::One(byte), true, after);
    }
    after
}

/// Returns the automaton of so many names joined by `/`, or of more.
fn names(least: usize, more: bool) -> Nfa {
    let mut nfa = Nfa::new();
    let mut at = one_or_more(&mut nfa, 0, name_bytes());
    for _ in 1..least {
        let start = nfa.text(at, "/");
        at = one_or_more(&mut nfa, start, name_bytes());
    }
    if more {
        let start = nfa.text(at, "/");
        let after = one_or_more(&mut nfa, start, name_bytes());
        nfa.skip(after, at);
    }
    nfa.end = at;
    nfa
}

/// Returns the automaton of SPIFFE IDs. A segment `.` or `..` is not one.
fn spiffe_ids() -> Nfa {
    let mut nfa = Nfa::new();
    let domain = nfa.text(0, "spiffe://");
    let after = one_or_more(
        &mut nfa,
        domain,
        name_bytes().filter(|byte| !byte.is_ascii_uppercase()),
    );
    let start = nfa.text(after, "/");
    let name = segment(&mut nfa, start);
    nfa.skip(name, after);
    nfa.end = after;
    nfa
}

/// Adds states that read a name other than `.` and `..`, and returns the state after it.
fn segment(nfa: &mut Nfa, from: usize) -> usize {
    // The segment so far: one dot, two dots, or a name.
    let (one, two, name) = (nfa.state(), nfa.state(), nfa.state());
    nfa.edge(from, Bytes::One(b'.'), true, one);
    nfa.edge(one, Bytes::One(b'.'), true, two);
    nfa.edge(two, Bytes::One(b'.'), true, name);
    for byte in name_bytes() {
        nfa.edge(name, Bytes::One(byte), true, name);
        if byte != b'.' {
            for from in [from, one, two] {
                nfa.edge(from, Bytes::One(byte), true, name);
            }
        }
    }
    name
}

/// Returns the automaton of the values that may stand in a grant; of a path also those with `/`.
pub(super) fn safe(is_path: bool) -> Nfa {
    let mut nfa = Nfa::new();
    let start = nfa.state();
    nfa.skip(0, start);
    nfa.end = segment(&mut nfa, start);
    if is_path {
        let next = nfa.text(nfa.end, "/");
        nfa.skip(next, start);
    }
    nfa
}

/// Returns the automaton of one or more digits.
fn digits() -> Nfa {
    let mut nfa = Nfa::new();
    let end = nfa.state();
    for digit in b'0'..=b'9' {
        nfa.edge(0, Bytes::One(digit), true, end);
        nfa.edge(end, Bytes::One(digit), true, end);
    }
    nfa.end = end;
    nfa
}

/// Returns the automaton of non-empty segments joined by `/`, without `:`.
fn segments() -> Nfa {
    let mut nfa = Nfa::new();
    let end = nfa.state();
    nfa.edge(0, Bytes::Any, false, end);
    nfa.edge(end, Bytes::Any, false, end);
    nfa.edge(end, Bytes::One(b'/'), true, 0);
    nfa.end = end;
    nfa
}

/// Returns the automaton of the texts that git does not accept as the name of a ref: some characters, `..`
/// and `@{`, a part that is empty, begins with a dot or ends with `.lock`, a dot at the end, and `@`.
fn refused_refs() -> Nfa {
    let mut nfa = Nfa::new();
    // Any text, after which an error may follow; the start of a part; and any text after an error.
    let (inside, part, bad) = (nfa.state(), nfa.state(), nfa.state());
    nfa.skip(0, part);
    nfa.skip(part, inside);
    nfa.edge(inside, Bytes::Any, true, inside);
    nfa.edge(inside, Bytes::One(b'/'), true, part);
    nfa.edge(bad, Bytes::Any, true, bad);
    for byte in (0..=b' ').chain(*b"\x7f~^:?*[\\") {
        nfa.edge(inside, Bytes::One(byte), true, bad);
    }
    for text in ["..", "@{", ".lock/"] {
        let after = nfa.text(inside, text);
        nfa.skip(after, bad);
    }
    nfa.edge(part, Bytes::One(b'/'), true, bad);
    nfa.edge(part, Bytes::One(b'.'), true, bad);
    // Errors only at the end of the name.
    let end = nfa.state();
    nfa.skip(bad, end);
    nfa.skip(part, end);
    for (from, text) in [(inside, "."), (inside, ".lock"), (0, "@")] {
        let after = nfa.text(from, text);
        nfa.skip(after, end);
    }
    nfa.end = end;
    nfa
}
