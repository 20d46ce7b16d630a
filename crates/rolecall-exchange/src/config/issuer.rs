//! The exchange's own issuer URL: the `iss` of role tokens.

use rolecall_engine::check_issuer_url;
use serde::Deserialize;

/// The maximum length in bytes that all relying parties take (octo-sts: 255).
const MAX_LENGTH: usize = 255;

/// A URL that each relying party takes as an issuer: https, without a port, a query, or a slash at the end.
///
/// With a loopback host, which no relying party can reach, it is for tests: `http` and a port are accepted.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub(crate) struct IssuerUrl(String);

impl IssuerUrl {
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the path without a slash at the end; empty if there is none.
    pub(crate) fn path(&self) -> &str {
        let rest = self.0.split_once("://").map_or("", |(_, rest)| rest);
        rest.find('/').and_then(|at| rest.get(at..)).unwrap_or_default()
    }

    /// Returns whether another URL means this issuer: the letter case, the default port and slashes at the end are
    /// ignored. An exchange never trusts itself, so this errs on the side of "the same".
    pub(crate) fn is_same(&self, other: &str) -> bool {
        normal(&self.0) == normal(other)
    }
}

/// Returns a URL in lower case, without its scheme, a default port and slashes at the end.
fn normal(url: &str) -> String {
    let url = url.trim().to_ascii_lowercase();
    let (scheme, rest) = url.split_once("://").unwrap_or(("", &url));
    let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
    let port = if scheme == "http" { ":80" } else { ":443" };
    let authority = authority.strip_suffix(port).unwrap_or(authority);
    let authority = authority.trim_end_matches('.');
    format!("{authority}/{}", path.trim_matches('/'))
}

impl TryFrom<String> for IssuerUrl {
    type Error = String;

    fn try_from(url: String) -> Result<Self, String> {
        let refuse = |rule: &str| Err(format!("`issuer` is `{url}`: {rule}"));
        if let Err(fault) = check_issuer_url(&url) {
            return refuse(&fault.to_string());
        }
        if url.len() > MAX_LENGTH {
            return refuse("it must have at most 255 bytes");
        }
        if url.split('/').any(|segment| segment.starts_with([':', '*'])) {
            return refuse("no segment of its path may begin with `:` or `*`");
        }
        if url.ends_with('/') {
            return refuse("it must not end with `/`");
        }
        let rest = url.split_once("://").map_or("", |(_, rest)| rest);
        let authority = rest.split('/').next().unwrap_or_default();
        let is_loopback = check_issuer_url(&format!("http://{authority}")).is_ok();
        let port = authority.rsplit_once(':').map(|(_, port)| port);
        if !is_loopback && port.is_some_and(|port| !port.ends_with(']')) {
            return refuse("it must have no port: AWS takes none");
        }
        Ok(Self(url))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> Result<IssuerUrl, String> {
        IssuerUrl::try_from(text.to_owned())
    }

    #[test]
    fn urls_that_some_relying_party_refuses_are_refused() {
        for good in [
            "https://sts.acme.example",
            "https://acme.example/sts/ci",
            "http://127.0.0.1:8080",
            "http://localhost:1",
            "https://localhost:8443",
        ] {
            assert!(url(good).is_ok(), "{good}");
        }
        let long = format!("https://acme.example/{}", "a".repeat(255));
        for bad in [
            "http://sts.acme.example",
            "https://sts.acme.example:8443",
            "https://sts.acme.example/",
            "https://sts.acme.example?x",
            "https://user@sts.acme.example",
            "https://STS.acme.example",
            "sts.acme.example",
            "",
            &long,
        ] {
            assert!(url(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn other_spellings_of_the_issuer_are_the_same() {
        let own = url("https://sts.acme.example/ci").unwrap();
        for same in [
            "https://sts.acme.example/ci",
            "https://STS.Acme.example/ci/",
            "https://sts.acme.example:443/CI",
            "http://sts.acme.example/ci",
            "https://sts.acme.example./ci",
        ] {
            assert!(own.is_same(same), "{same}");
        }
        for other in [
            "https://sts.acme.example",
            "https://sts.acme.example/ci/x",
            "https://acme.example/ci",
        ] {
            assert!(!own.is_same(other), "{other}");
        }
        assert_eq!(own.path(), "/ci");
        assert_eq!(
            url("https://sts.acme.example").map(|url| url.path().to_owned()),
            Ok(String::new())
        );
    }
}
