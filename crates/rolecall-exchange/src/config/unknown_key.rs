//! Suggestions for misspelt keys.

/// Returns the known name that is most like the unknown one in serde's message, if one is alike.
///
/// The message lists the names: "unknown field `isuer`, expected one of `issuer`, `listen`".
pub(super) fn suggestion(message: &str) -> Option<&str> {
    let mut quoted = message.split('`').skip(1).step_by(2);
    if !message.starts_with("unknown ") {
        return None;
    }
    let unknown = quoted.next()?;
    let distance = |known: &&str| strsim::damerau_levenshtein(unknown, known);
    quoted
        .min_by_key(distance)
        .filter(|known| distance(known) <= known.len().div_ceil(3))
}

#[cfg(test)]
mod tests {
    use super::suggestion;

    #[test]
    fn a_misspelt_name_is_found_and_another_is_not() {
        for (message, wanted) in [
            (
                "unknown field `isuer`, expected one of `issuer`, `listen`",
                Some("issuer"),
            ),
            (
                "unknown variant `tokne`, expected one of `token`, `request`",
                Some("token"),
            ),
            ("unknown field `colour`, expected one of `issuer`, `listen`", None),
            ("unknown field `ttl`, there are no fields", None),
            ("invalid type: integer `5`, expected a string", None),
        ] {
            assert_eq!(suggestion(message), wanted, "{message}");
        }
    }
}
