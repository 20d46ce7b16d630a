//! Tokens that octo-sts refuses under any policy (`pkg/oidcvalidate/validate.go` at v0.8.0).
//!
//! The classes are the characters for which Go's `unicode.IsPrint` is true, without those that octo-sts
//! refuses by name.

/// The class of the characters that a subject can have.
pub const SUBJECT_CHARACTER: &str = r#"[\p{L}\p{M}\p{N}\p{P}\p{S}&&[^"'`\\<>;&$(){}\[\]]]"#;
/// The class of the characters that an audience can have. A token is refused if one of its audiences has
/// another one.
pub const AUDIENCE_CHARACTER: &str = r#"[\p{L}\p{M}\p{N}\p{P}\p{S}&&[^"'`\\<>;|&$(){}\[\]@]]"#;
/// The greatest number of characters of a subject, an audience and an issuer. They have at least one.
pub const MAX_CHARACTERS: usize = 255;

/// Returns whether octo-sts surely refuses a subject.
pub(crate) fn refuses_subject(subject: &str) -> bool {
    is_refused(subject, "\"'`\\<>;&$(){}[]")
}

/// Returns whether octo-sts surely refuses an audience.
pub(crate) fn refuses_audience(audience: &str) -> bool {
    is_refused(audience, "\"'`\\<>;|&$(){}[]@")
}

/// Returns whether octo-sts surely refuses an issuer. It takes URLs with `https`, or with `http` on the
/// machine itself.
pub(super) fn refuses_issuer(issuer: &str) -> bool {
    let scheme = issuer
        .split_once("://")
        .map(|(scheme, _)| scheme.to_ascii_lowercase());
    let is_web = matches!(scheme.as_deref(), Some("https" | "http"));
    !is_web || is_refused(issuer, "?#")
}

fn is_refused(text: &str, characters: &str) -> bool {
    let is_bad = |c: char| c.is_control() || c.is_whitespace() || characters.contains(c);
    text.chars().any(is_bad) || text.chars().nth(MAX_CHARACTERS).is_some()
}
