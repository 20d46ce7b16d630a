//! SPIFFE IDs, the subjects of JWT-SVIDs.

/// The maximum length of a trust domain in bytes (SPIFFE-ID section 2.3).
const MAX_TRUST_DOMAIN: usize = 255;

/// Returns whether a text is a SPIFFE ID (SPIFFE-ID section 2): `spiffe://`, a trust domain, and segments, of
/// which none is empty or a relative one.
///
/// Its characters are plain, so that each ID has one spelling: no capitals in the trust domain, no escapes, no
/// user, port, query or fragment.
pub(crate) fn is_spiffe_id(text: &str) -> bool {
    let Some(id) = text.strip_prefix("spiffe://") else {
        return false;
    };
    let mut parts = id.split('/');
    let is_trust_domain = |name: &str| {
        let is_plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || is_mark(byte);
        (1..=MAX_TRUST_DOMAIN).contains(&name.len()) && name.bytes().all(is_plain)
    };
    let is_segment = |segment: &str| {
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || is_mark(byte);
        !matches!(segment, "" | "." | "..") && segment.bytes().all(is_plain)
    };
    parts.next().is_some_and(is_trust_domain) && parts.all(is_segment)
}

fn is_mark(byte: u8) -> bool {
    matches!(byte, b'-' | b'.' | b'_')
}

#[cfg(test)]
mod tests {
    use super::is_spiffe_id;

    #[test]
    fn ids_have_one_spelling() {
        for id in [
            "spiffe://example.org",
            "spiffe://example.org/ns/staging/sa/default",
            "spiffe://k8s-west_1.example.com/9eebccd2-12bf-40a6-b262-65fe0487d453",
            "spiffe://example.org/A.b_c-1/...",
        ] {
            assert!(is_spiffe_id(id), "{id}");
        }
        let long = format!("spiffe://{}/a", "a".repeat(256));
        for text in [
            "",
            "spiffe://",
            "spiffe:///a",
            "Spiffe://example.org/a",
            "https://example.org/a",
            "spiffe:example.org/a",
            "spiffe://Example.org/a",
            "spiffe://user@example.org/a",
            "spiffe://example.org:443/a",
            "spiffe://example.org/",
            "spiffe://example.org/a/",
            "spiffe://example.org//a",
            "spiffe://example.org/./a",
            "spiffe://example.org/a/..",
            "spiffe://example.org/a%2Fb",
            "spiffe://example.org/a?b",
            "spiffe://example.org/a#b",
            "spiffe://example.org/é",
            "spiffe://example.org/a b",
            " spiffe://example.org/a",
            "spiffe://example.org/a\n",
            long.as_str(),
        ] {
            assert!(!is_spiffe_id(text), "{text}");
        }
    }
}
