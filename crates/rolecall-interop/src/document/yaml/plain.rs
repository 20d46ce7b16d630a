//! Plain scalars: the kinds that texts without quotes have.
//!
//! YAML 1.1 (<https://yaml.org/type/>) and the core schema of YAML 1.2 (section 10.3.2) differ in booleans
//! and in numbers other than plain decimal ones. Go's `go.yaml.in/yaml/v2` v2.4 (`resolve.go`) takes the
//! words of 1.1, and integers as `strconv.ParseInt` takes them with base 0 and without their `_`.

use super::Value;
use std::borrow::Cow;

/// Returns the value of a scalar without quotes.
pub(super) fn value(text: Cow<'_, str>) -> Value {
    match &*text {
        "" | "~" | "null" | "Null" | "NULL" => Value::Null,
        "true" | "True" | "TRUE" => Value::Bool(true),
        "false" | "False" | "FALSE" => Value::Bool(false),
        written if is_json_number(written) => Value::Number(text.into_owned()),
        written if is_word_of_one_version(written) || is_number_of_one_version(written) => {
            Value::Unsettled(text.into_owned())
        }
        _ => Value::Text(text.into_owned()),
    }
}

/// Returns whether all versions take a scalar as the same number in decimal notation.
fn is_json_number(written: &str) -> bool {
    let digits = written.strip_prefix('-').unwrap_or(written);
    let (whole, fraction) = match digits.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (digits, None),
    };
    let is_canonical = whole == "0" || !whole.starts_with('0');
    is_canonical && is_digits(whole) && fraction.is_none_or(is_digits)
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Returns whether a scalar is a boolean or a number by name, in some version only.
fn is_word_of_one_version(written: &str) -> bool {
    let booleans = [
        "y", "Y", "yes", "Yes", "YES", "on", "On", "ON", "n", "N", "no", "No", "NO", "off", "Off", "OFF",
    ];
    let unsigned = written.strip_prefix(['+', '-']).unwrap_or(written);
    booleans.contains(&written) || [".inf", ".Inf", ".INF", ".nan", ".NaN", ".NAN"].contains(&unsigned)
}

/// Returns whether a scalar is a number in some version, or not written as JSON writes it.
fn is_number_of_one_version(written: &str) -> bool {
    let unsigned = written
        .strip_prefix(['+', '-'])
        .unwrap_or(written)
        .replace('_', "");
    is_with_radix(&unsigned) || is_float(&unsigned) || is_sexagesimal(&unsigned)
}

/// Returns whether a number has a prefix such as `0x`.
fn is_with_radix(unsigned: &str) -> bool {
    let has = |prefixes: [&str; 2], radix: u32| {
        let digits = prefixes.iter().find_map(|prefix| unsigned.strip_prefix(prefix));
        digits.is_some_and(|digits| !digits.is_empty() && digits.chars().all(|c| c.is_digit(radix)))
    };
    has(["0x", "0X"], 16) || has(["0o", "0O"], 8) || has(["0b", "0B"], 2)
}

/// Returns whether a number is one of decimal digits, with a dot or an exponent or neither.
fn is_float(unsigned: &str) -> bool {
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (unsigned, None),
    };
    let mantissa_digits = mantissa.replacen('.', "", 1);
    let exponent_digits = exponent.map(|written| written.strip_prefix(['+', '-']).unwrap_or(written));
    is_digits(&mantissa_digits) && exponent_digits.is_none_or(is_digits)
}

/// Returns whether a scalar is a number with base 60, such as `1:30`.
fn is_sexagesimal(unsigned: &str) -> bool {
    let Some((first, rest)) = unsigned.split_once(':') else {
        return false;
    };
    let (rest, fraction) = rest.split_once('.').unwrap_or((rest, ""));
    let is_part = |part: &str| is_digits(part) && part.parse().is_ok_and(|number: u8| number < 60);
    is_digits(first) && rest.split(':').all(is_part) && fraction.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(words: &str) -> Vec<Value> {
        words.split(' ').map(|word| value(Cow::Borrowed(word))).collect()
    }

    #[test]
    fn settled_scalars_have_their_kind() {
        assert_eq!(kinds("~ null NULL"), [Value::Null, Value::Null, Value::Null]);
        assert_eq!(kinds("true FALSE"), [Value::Bool(true), Value::Bool(false)]);
        for number in "0 -0 12 -3 1.10 0.5 18446744073709551616".split(' ') {
            assert_eq!(value(Cow::Borrowed(number)), Value::Number(number.to_owned()));
        }
        for text in
            "nULL tRUE yEs - -- . 1.2.3 v1 0x 0o8 08h 1: :1 1:60:1 2012-10-17 1e 1ee1 e1 = << main".split(' ')
        {
            assert_eq!(value(Cow::Borrowed(text)), Value::Text(text.to_owned()));
        }
    }

    #[test]
    fn scalars_of_one_version_are_unsettled() {
        let words = "y NO on Off 012 08 +1 1_000 0o7 0x1F 0X1f 0b1 -0b1 1e3 1.5e+3 .5 1. +.5 .inf -.INF .nan 1:30 1:30.5 -1:5 1__";
        for word in words.split(' ') {
            assert_eq!(value(Cow::Borrowed(word)), Value::Unsettled(word.to_owned()));
        }
    }
}
