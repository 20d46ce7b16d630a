//! URLs that may be fetched.

use std::net::IpAddr;

use rolecall_engine::{IssuerUrlFault, check_issuer_url};
use ureq::http::Uri;
use ureq::http::uri::Scheme;

use crate::keys::http_fault::HttpFault;

/// The maximum length of a host name (RFC 1035 section 2.3.4).
const MAX_HOST: usize = 253;

/// A URL that may be fetched: an issuer URL, optionally with a query.
#[derive(Debug)]
pub(super) struct Target {
    pub(super) uri: Uri,
    /// The host; an IPv6 address has no brackets.
    pub(super) host: String,
    pub(super) port: u16,
    /// True if the URL begins with `https://`.
    pub(super) secure: bool,
}

impl Target {
    /// Checks a URL. An `http` URL is refused, unless `loopback_http` is set and its host is a loopback one.
    pub(super) fn new(url: &str, loopback_http: bool) -> Result<Self, HttpFault> {
        let (base, query) = url.split_once('?').unwrap_or((url, ""));
        check_issuer_url(base).map_err(HttpFault::Url)?;
        if query.contains('#') {
            return Err(HttpFault::Url(IssuerUrlFault::QueryOrFragment));
        }
        let is_query_byte =
            |byte: u8| byte.is_ascii_alphanumeric() || b"-._~%!$&'()*+,;=:@/?".contains(&byte);
        if !query.bytes().all(is_query_byte) {
            return Err(HttpFault::Url(IssuerUrlFault::Character));
        }

        // From here on, only the parser of the HTTP library interprets the URL.
        let uri: Uri = url
            .parse()
            .map_err(|_| HttpFault::Url(IssuerUrlFault::Character))?;
        let secure = uri.scheme() == Some(&Scheme::HTTPS);
        if !secure && !loopback_http {
            return Err(HttpFault::Url(IssuerUrlFault::Scheme));
        }
        let host = uri.host().ok_or(HttpFault::Url(IssuerUrlFault::Host))?;
        let host = without_brackets(host).to_owned();
        if host.len() > MAX_HOST || is_legacy_address(&host) {
            return Err(HttpFault::Url(IssuerUrlFault::Host));
        }
        let port = uri.port_u16().unwrap_or(if secure { 443 } else { 80 });
        Ok(Self {
            uri,
            host,
            port,
            secure,
        })
    }

    /// Returns the address that the host is, if it is not a name.
    pub(super) fn address(&self) -> Option<IpAddr> {
        self.host.parse().ok()
    }
}

/// Returns a host without the brackets of an IPv6 address.
pub(super) fn without_brackets(host: &str) -> &str {
    let inner = host.strip_prefix('[').and_then(|host| host.strip_suffix(']'));
    inner.unwrap_or(host)
}

/// Returns whether a host is an IP address in a legacy notation (`0x7f.1`, `2130706433`, `0177.0.0.1`), which
/// some systems resolve. Host names do not end with a number.
fn is_legacy_address(host: &str) -> bool {
    let name = host.trim_end_matches('.');
    let last = name.rsplit_once('.').map_or(name, |(_, last)| last);
    let is_number = match last.strip_prefix("0x") {
        Some(digits) => digits.bytes().all(|byte| byte.is_ascii_hexdigit()),
        None => !last.is_empty() && last.bytes().all(|byte| byte.is_ascii_digit()),
    };
    is_number && host.parse::<IpAddr>().is_err()
}

#[cfg(test)]
mod tests {
    use super::Target;

    fn judge(url: &str) -> String {
        match Target::new(url, false) {
            Ok(target) => format!("{} {}", target.host, target.port),
            Err(fault) => fault.to_string(),
        }
    }

    #[test]
    fn a_url_has_one_host_and_one_port() {
        let long = format!("https://{}/", "a".repeat(253));
        let rows = [
            ("https://gitlab.example", "gitlab.example 443"),
            (
                "https://gitlab.example:8443/keys?v=1&x=%20/?",
                "gitlab.example 8443",
            ),
            ("https://gitlab.example./keys", "gitlab.example. 443"),
            ("https://10.1.2.3/keys", "10.1.2.3 443"),
            ("https://[2001:db8::1]:444/keys", "2001:db8::1 444"),
            ("https://127.0.0.1.example/", "127.0.0.1.example 443"),
            ("https://[::ffff:127.0.0.1]/", "::ffff:127.0.0.1 443"),
            ("https://0xcafe.example/", "0xcafe.example 443"),
        ];
        for (url, expected) in rows {
            assert_eq!(judge(url), expected, "{url}");
        }
        assert!(judge(&long).ends_with(" 443"));
    }

    #[test]
    fn urls_that_break_a_rule_are_refused() {
        let long = format!("https://{}/", "a".repeat(254));
        let rows = [
            ("", "https"),
            ("keys.json", "https"),
            ("/keys.json", "https"),
            ("//keys.example/keys", "https"),
            ("http://keys.example/keys", "https"),
            ("http://127.0.0.1/keys", "https"),
            ("http://localhost/keys", "https"),
            ("HTTPS://keys.example/keys", "https"),
            (" https://keys.example/keys", "https"),
            ("ftp://keys.example/keys", "https"),
            ("file:///etc/passwd", "https"),
            ("data:application/json,{}", "https"),
            ("ws://keys.example/keys", "https"),
            ("wss://keys.example/keys", "https"),
            ("unix:///var/run/docker.sock", "https"),
            ("gopher://keys.example/1", "https"),
            ("https:/keys.example/keys", "https"),
            ("https://", "host"),
            ("https:///keys", "host"),
            ("https://?keys", "host"),
            ("https://:443/keys", "host"),
            ("https://keys.example:/keys", "host"),
            ("https://keys.example:65536/keys", "host"),
            ("https://keys.example:+443/keys", "host"),
            ("https://keys.example:0x1bb/keys", "host"),
            ("https://keys_example/keys", "host"),
            ("https://k\u{e9}ys.example/keys", "host"),
            ("https://keys.example\u{2044}keys", "host"),
            ("https://keys.example%2eevil/keys", "host"),
            ("https://keys.example\\.evil/keys", "host"),
            ("https://[::1/keys", "host"),
            ("https://[::1%25lo]/keys", "host"),
            ("https://[v1.x]/keys", "host"),
            ("https://2130706433/keys", "host"),
            ("https://0x7f000001/keys", "host"),
            ("https://0x7f.1/keys", "host"),
            ("https://0177.0.0.1/keys", "host"),
            ("https://127.1/keys", "host"),
            ("https://127.0.0.1./keys", "host"),
            ("https://127.0.0.256/keys", "host"),
            ("https://0x/keys", "host"),
            (&long, "host"),
            ("https://Keys.example/keys", "lower case"),
            ("https://user@keys.example/keys", "user"),
            ("https://user:word@keys.example/keys", "user"),
            ("https://keys.example@evil.example/keys", "user"),
            ("https://keys.example/keys#fragment", "fragment"),
            ("https://keys.example/keys?query#fragment", "fragment"),
            ("https://keys.example#@evil.example/keys", "fragment"),
            ("https://keys.example/k\u{e9}ys", "characters"),
            ("https://keys.example/keys\r\nx: y", "characters"),
            ("https://keys.example/keys?a b", "characters"),
            ("https://keys.example/keys?\r\nx: y", "characters"),
            ("https://keys.example/a\\b", "characters"),
            ("https://keys.example/a\0b", "characters"),
            ("https://keys.example/keys ", "characters"),
        ];
        for (url, expected) in rows {
            let judgement = judge(url);
            assert!(
                judgement.starts_with("the URL is not valid: "),
                "{url:?}: {judgement}"
            );
            assert!(judgement.contains(expected), "{url:?}: {judgement}");
        }
    }

    #[test]
    fn plain_http_is_for_this_machine_alone() {
        for url in ["http://127.0.0.1:8080/", "http://localhost/", "http://[::1]/"] {
            assert!(Target::new(url, true).is_ok_and(|target| !target.secure), "{url}");
        }
        for url in [
            "http://keys.example/",
            "http://10.0.0.1/",
            "http://localhost.example/",
        ] {
            assert!(Target::new(url, true).is_err(), "{url}");
        }
    }
}
