//! The values of each type, as the engine enforces them: outside of them every comparison is UNKNOWN.

use super::characters::Characters;
use super::literals::Words;
use super::nfa::{Bytes, Nfa};
use super::number::Numbers;
use super::set::Combined;
use crate::budget::Undecided;
use crate::dfa::{Dfa, build};
use crate::meter::Meter;
use rolecall_engine::Scalar;
use rolecall_engine::ir::Order;

/// The values of a type.
pub(super) fn domain(scalar: &Scalar, meter: &mut Meter) -> Result<Dfa, Undecided> {
    match scalar {
        Scalar::Bool => build(&Words::new([&b"true"[..], b"false"]), meter),
        Scalar::Enum { values, open: false } => {
            build(&Words::new(values.iter().map(String::as_bytes)), meter)
        }
        Scalar::Id => build(&digits(), meter),
        Scalar::Int | Scalar::Time => {
            let least = build(&Numbers::new(Order::GreaterEqual, i64::MIN), meter)?;
            let most = build(&Numbers::new(Order::LessEqual, i64::MAX), meter)?;
            build(&Combined(&least, &most, |least, most| least && most), meter)
        }
        Scalar::Path => {
            let (text, path) = (build(&Characters, meter)?, build(&segments(), meter)?);
            build(&Combined(&text, &path, |text, path| text && path), meter)
        }
        Scalar::Ref => {
            let (text, refused) = (build(&Characters, meter)?, build(&no_ref(), meter)?);
            build(
                &Combined(&text, &refused, |text, refused| text && !refused),
                meter,
            )
        }
        // Text and open enums; a type that is newer than this has no operators here.
        _ => build(&Characters, meter),
    }
}

/// One digit or more.
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

/// Segments joined by `/`, none empty, without `:`.
fn segments() -> Nfa {
    let mut nfa = Nfa::new();
    let end = nfa.state();
    nfa.edge(0, Bytes::Any, false, end);
    nfa.edge(end, Bytes::Any, false, end);
    nfa.edge(end, Bytes::One(b'/'), true, 0);
    nfa.end = end;
    nfa
}

/// What git does not accept as the name of a ref: some characters, `..` and `@{`, a part that is empty, begins with a dot or
/// ends with `.lock`, a dot at the end, and `@`.
fn no_ref() -> Nfa {
    let mut nfa = Nfa::new();
    // Any text, which something bad may follow; where a part begins; and any text after something bad.
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
    // What is bad only at the end: nothing may follow.
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
