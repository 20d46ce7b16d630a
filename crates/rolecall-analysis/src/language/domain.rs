//! The values of each type, as the engine enforces them: outside of them every comparison is UNKNOWN.

use super::literals::Words;
use super::number::Numbers;
use super::set::Combined;
use crate::budget::{Meter, Reason};
use crate::dfa::{Dfa, build};
use rolecall_engine::Scalar;
use rolecall_engine::ir::Order;
use rolecall_engine::pattern::Regulars;

/// Segments joined by `/`, none empty, without `:`.
const PATH: &str = "[^/:]+(?:/[^/:]+)*";
const ID: &str = "[0-9]+";
/// Every text: `.` is not a line break.
const TEXT: &str = r"(?:.|\n)*";
/// What git does not accept as the name of a ref: a character, a part that is empty or begins with a dot, `..`, `@{`, an
/// end, a part that ends with `.lock`.
const NO_REF: &str = concat!(
    r"(?:.|\n)*[\x00-\x20\x7f~\^:?*\[\\](?:.|\n)*",
    r"|(?:(?:.|\n)*/)?[/.](?:.|\n)*",
    r"|(?:.|\n)*(?:\.\.|@\{)(?:.|\n)*",
    r"|(?:(?:.|\n)*[/.])?",
    r"|@",
    r"|(?:.|\n)*\.lock(?:/(?:.|\n)*)?",
);

/// The values of a type.
pub(super) fn domain(scalar: &Scalar, meter: &mut Meter) -> Result<Dfa, Reason> {
    match scalar {
        Scalar::Bool => build(&Words::new([&b"true"[..], b"false"]), meter),
        Scalar::Enum { values, open: false } => {
            build(&Words::new(values.iter().map(String::as_bytes)), meter)
        }
        Scalar::Id => regular(ID, meter),
        Scalar::Int | Scalar::Time => {
            let least = build(&Numbers::new(Order::GreaterEqual, i64::MIN), meter)?;
            let most = build(&Numbers::new(Order::LessEqual, i64::MAX), meter)?;
            build(&Combined(&least, &most, |least, most| least && most), meter)
        }
        Scalar::Path => regular(PATH, meter),
        Scalar::Ref => {
            let (text, refused) = (regular(TEXT, meter)?, regular(NO_REF, meter)?);
            build(
                &Combined(&text, &refused, |text, refused| text && !refused),
                meter,
            )
        }
        // Text and open enums; a type that is newer than this has no operators here.
        _ => regular(TEXT, meter),
    }
}

/// The language of one of the regexes above, by the automata of the engine.
fn regular(text: &str, meter: &mut Meter) -> Result<Dfa, Reason> {
    match Regulars::default().compile(text) {
        Ok(regular) => build(&regular, meter),
        Err(_) => Err(Reason::Automaton { limit: 0 }),
    }
}
