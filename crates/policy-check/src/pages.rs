//! The URL of the published rule pages.

use rolecall_report::printable::printable;
use schemars::JsonSchema;
use serde::Deserialize;

/// An `http` or `https` URL of plain characters, without user, query and fragment. Its path may have a place for the name of a
/// rule, `{rule}`.
// It becomes part of links in terminals, Markdown and SARIF, so it must not contain anything that ends a
// link.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(try_from = "String")]
#[schemars(extend("pattern" = r"^https?://[A-Za-z0-9.-]+(:[0-9]{1,5})?(/[A-Za-z0-9._~%+,=:@/-]*(\{rule\}[A-Za-z0-9._~%+,=:@/-]*)?)?$"))]
pub(crate) struct Pages(String);

impl Pages {
    /// Returns the URL.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for Pages {
    type Error = String;

    fn try_from(url: String) -> Result<Self, String> {
        if is_plain_url(&url) {
            return Ok(Self(url));
        }
        Err(format!(
            "`pages` cannot be `{}`: write `https://HOST/PATH`, with only letters, digits, `-._~%+,=:@/` and one `{{rule}}`",
            printable(&url)
        ))
    }
}

/// Returns whether a URL has only a scheme, a host, and optionally a port and a path. The name of a rule becomes a part of the
/// path: a query or a fragment would swallow it.
fn is_plain_url(url: &str) -> bool {
    let rest = url
        .strip_prefix("https://")
        .or_else(|| url.strip_prefix("http://"));
    let Some(rest) = rest else {
        return false;
    };
    let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
    let (host, port) = match authority.split_once(':') {
        Some((host, port)) => (host, Some(port)),
        None => (authority, None),
    };
    let only = |text: &str, marks: &str| {
        text.chars()
            .all(|c| c.is_ascii_alphanumeric() || marks.contains(c))
    };
    let is_port =
        |port: &str| port.bytes().all(|digit| digit.is_ascii_digit()) && port.parse::<u16>().is_ok();
    !host.is_empty()
        && only(host, ".-")
        && port.is_none_or(is_port)
        && only(&path.replacen("{rule}", "", 1), "-._~%+,=:@/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_urls_are_taken() {
        for url in [
            "https://docs.acme.example",
            "https://docs.acme.example/",
            "http://localhost:8080/rules/v1.2/",
            "https://a.example/@scope/a%20b/-/blob/main/docs",
            "https://a.example/rules/{rule}.html",
        ] {
            assert!(is_plain_url(url), "{url}");
        }
        for url in [
            "",
            "docs",
            "//a.example",
            "javascript:alert(1)",
            "file:///etc/passwd",
            "HTTPS://a.example",
            "https://",
            "https://{rule}.example/",
            "https://a.example/{rule}/{rule}",
            "https://a.example/{name}",
            "https:///path",
            "https://user@a.example",
            "https://user:secret@a.example/",
            "https://a.example:",
            "https://a.example:+80",
            "https://a.example:65536",
            "https://a.example:80:80",
            "https://[::1]/",
            "https://a.example/?a=b",
            "https://a.example/#a",
            "https://a.example/a b",
            "https://a.example/a\n",
            "https://a.example/\u{1b}\\",
            "https://a.example/\u{7}",
            "https://a.example/>",
            "https://a.example/<",
            "https://a.example/)",
            "https://a.example/\"",
            "https://a.example/`",
            "https://a.example/\\",
            "https://a.example/&lt;",
            "https://a.example/ü",
            "https://ä.example/",
        ] {
            assert!(!is_plain_url(url), "{url}");
        }
    }
}
