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
use rolecall_engine::Scalar;
use rolecall_engine::ir::Order;

/// Builds the automaton of the values of a type.
pub(super) fn domain(scalar: &Scalar, meter: &mut Meter) -> Result<Dfa, Undecided> {
    match scalar {
        Scalar::Bool => build(&Literals::new([&b"true"[..], b"false"]), meter),
        Scalar::Enum { values, open: false } => {
            build(&Literals::new(values.iter().map(String::as_bytes)), meter)
        }
        Scalar::Id => build(&digits(), meter),
        Scalar::Int | Scalar::Time => {
            let least = build(&Numbers::new(Order::GreaterEqual, i64::MIN), meter)?;
            let most = build(&Numbers::new(Order::LessEqual, i64::MAX), meter)?;
            build(&BinaryProduct(&least, &most, |least, most| least && most), meter)
        }
        Scalar::Path => {
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
