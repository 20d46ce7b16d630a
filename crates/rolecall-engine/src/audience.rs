//! The audience rule: a token must be meant for one audience alone.

use crate::document::Json;

/// Returns the only audience of a token, given the value of its `aud` (RFC 7519 section 4.1.3): the string,
/// or the string that every entry of the list repeats. Returns `None` for several audiences, an empty list
/// and every other type.
///
/// A token that other services also accept could be sent here by any of them, so a token with several
/// audiences counts as meant for none, whichever of them are configured.
pub fn only_audience(aud: Json<'_>) -> Option<&str> {
    match aud {
        Json::List(mut entries) => {
            let first = entries.next()?;
            first.as_text().filter(|_| entries.all(|entry| entry == first))
        }
        aud => aud.as_text(),
    }
}

#[cfg(test)]
mod tests {
    use super::only_audience;
    use crate::document::Document;
    use crate::json::JsonLimits;

    #[test]
    fn a_token_has_one_audience_or_none() {
        let rows = [
            (r#""sts""#, Some("sts")),
            (r#"["sts"]"#, Some("sts")),
            (r#"["sts", "sts"]"#, Some("sts")),
            (r#"["sts", "other"]"#, None),
            (r#"["other", "sts"]"#, None),
            (r#"["sts", "sts", "other"]"#, None),
            (r#"["sts", 5]"#, None),
            (r#"[["sts"]]"#, None),
            ("[5]", None),
            ("[]", None),
            (r#"{"sts": true}"#, None),
            ("5", None),
            ("null", None),
        ];
        for (aud, expected) in rows {
            let claims = format!(r#"{{"aud": {aud}}}"#).into_bytes();
            let claims = Document::parse(claims, &JsonLimits::CLAIMS);
            let only = claims
                .as_ref()
                .ok()
                .and_then(|claims| claims.members().get("aud"));
            assert!(only.is_some(), "{aud}");
            assert_eq!(only.and_then(only_audience), expected, "{aud}");
        }
    }
}
