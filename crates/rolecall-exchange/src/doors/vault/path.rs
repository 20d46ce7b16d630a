//! Paths that have one reading only.

/// The maximum number of segments.
const MAX_SEGMENTS: usize = 32;

/// Returns the segments of a path. A slash at the end is ignored, as Vault does.
///
/// `None` for a path that two readers could take for different ones: with an empty segment, `.` or `..`, an encoded
/// slash, a backslash, a control character, or bytes that are not UTF-8.
pub(super) fn segments(raw: &str) -> Option<Vec<String>> {
    let raw = raw.strip_suffix('/').unwrap_or(raw);
    let segments: Option<Vec<String>> = raw.split('/').map(segment).collect();
    segments.filter(|segments| segments.len() <= MAX_SEGMENTS)
}

/// Returns a path of segments for a URL: each reader decodes it to these segments again.
pub(super) fn encoded(segments: &[&str]) -> String {
    let mut path = String::new();
    for segment in segments {
        path.push('/');
        for byte in segment.bytes() {
            match byte {
                byte if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) => {
                    path.push(char::from(byte));
                }
                byte => path.push_str(&format!("%{byte:02X}")),
            }
        }
    }
    path
}

fn segment(raw: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(raw.len());
    let mut rest = raw.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'%' => {
                let digits = [rest.next()?, rest.next()?];
                let digits = str::from_utf8(&digits).ok()?;
                // `from_str_radix` also takes a sign.
                let are_digits = digits.bytes().all(|digit| digit.is_ascii_hexdigit());
                u8::from_str_radix(digits, 16).ok().filter(|_| are_digits)?
            }
            byte => byte,
        });
    }
    let text = String::from_utf8(bytes).ok()?;
    let is_plain = !matches!(text.as_str(), "" | "." | "..")
        && !text.contains(|c: char| matches!(c, '/' | '\\') || c.is_control());
    is_plain.then_some(text)
}

#[cfg(test)]
mod tests {
    use super::{encoded, segments};

    #[test]
    fn an_encoded_path_is_read_as_its_segments() {
        let odd = ["a b", "%2f", "ü?#", "x;y=1", "a.b-c_~"];
        let path = encoded(&odd);
        assert_eq!(path, "/a%20b/%252f/%C3%BC%3F%23/x%3By%3D1/a.b-c_~");
        assert_eq!(segments(path.trim_start_matches('/')).unwrap(), odd);
    }

    #[test]
    fn a_path_has_one_reading_or_none() {
        assert_eq!(
            segments("secret/data/ci%2Ddb/"),
            Some(vec!["secret".into(), "data".into(), "ci-db".into()])
        );
        assert_eq!(segments("a%20b"), Some(vec!["a b".into()]));
        let long = "a/".repeat(40);
        for bad in [
            "",
            "/",
            "//",
            "a//b",
            "a/../b",
            "..",
            "a/./b",
            "a/%2e%2e/b",
            "a/.%2E",
            "a%2fb",
            "a%2Fb",
            "a%5cb",
            "a\\b",
            "a%00",
            "a%0a",
            "a%",
            "a%2",
            "a%zz",
            "a%+1",
            "a%ff",
            "a//",
            &long,
        ] {
            assert_eq!(segments(bad), None, "{bad}");
        }
        // What is encoded twice is a name with a percent sign, and not decoded again.
        assert_eq!(segments("a%252fb"), Some(vec!["a%2fb".into()]));
    }
}
