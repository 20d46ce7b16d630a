//! Freshness of a response (RFC 9111 section 4.2.1).

use std::time::Duration;

use ureq::http::HeaderMap;
use ureq::http::header::{AGE, CACHE_CONTROL};

/// The minimum freshness: keys are not fetched more often, whatever the server states.
const MIN: Duration = Duration::from_secs(60);

/// The maximum freshness: a withdrawn key is not trusted longer, whatever the server states.
pub(super) const MAX: Duration = Duration::from_secs(60 * 60);

/// Returns the time for which a response is fresh, from one minute to one hour, if its headers state one.
///
/// Of several directives the shortest time counts. Directives that cannot be parsed are ignored.
pub(super) fn freshness(headers: &HeaderMap) -> Option<Duration> {
    let lifetime = elements(headers, CACHE_CONTROL).filter_map(lifetime).min()?;
    // A response without a valid `Age` is fresh from the origin server (RFC 9111 section 4.2.3).
    let age = elements(headers, AGE).find_map(seconds).unwrap_or_default();
    // An age over the lifetime means that it is stale already.
    Some(lifetime.saturating_sub(age).clamp(MIN, MAX))
}

/// Returns the elements of a header, which may be on several lines (RFC 9110 section 5.6.1).
fn elements(headers: &HeaderMap, name: impl ureq::http::header::AsHeaderName) -> impl Iterator<Item = &str> {
    let lines = headers.get_all(name).into_iter();
    lines
        .filter_map(|line| line.to_str().ok())
        .flat_map(|line| line.split(','))
        .map(str::trim)
}

/// Returns the lifetime that a `Cache-Control` directive states (RFC 9111 section 5.2.2).
fn lifetime(directive: &str) -> Option<Duration> {
    let (name, value) = directive.split_once('=').unwrap_or((directive, ""));
    let is = |other| name.eq_ignore_ascii_case(other);
    if is("no-store") || is("no-cache") {
        Some(Duration::ZERO)
    } else if is("max-age") {
        let quoted = value.strip_prefix('"').and_then(|value| value.strip_suffix('"'));
        seconds(quoted.unwrap_or(value))
    } else {
        None
    }
}

/// Parses a number of seconds. A number that is too large counts as the largest (RFC 9111 section 1.2.2).
fn seconds(digits: &str) -> Option<Duration> {
    let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| Duration::from_secs(digits.parse().unwrap_or(u64::MAX)))
}

#[cfg(test)]
mod tests {
    use super::freshness;
    use ureq::http::{HeaderMap, HeaderName, HeaderValue};

    /// Header lines, separated by `;`, and the expected freshness in seconds.
    #[rustfmt::skip]
    const TABLE: &[(&str, Option<u64>)] = &[
        ("", None),
        ("cache-control:", None),
        ("cache-control: public", None),
        ("cache-control: max-age", None),
        ("cache-control: max-age=", None),
        ("cache-control: max-age=soon", None),
        ("cache-control: max-age=-1", None),
        ("cache-control: max-age=+600", None),
        ("cache-control: max-age=600.5", None),
        ("cache-control: max-age=0x600", None),
        ("cache-control: max-age = 600", None),
        ("cache-control: s-maxage=600", None),
        ("cache-control: x-max-age=600", None),
        ("cache-control: max-age=\"", None),
        ("cache-control: max-age=\"600", None),
        ("cache-control: ,,,", None),
        ("cache-control: \u{fc}", None),
        ("age: 100", None),
        ("expires: Thu, 01 Jan 2099 00:00:00 GMT", None),
        ("pragma: no-cache", None),
        ("cache-control: max-age=600", Some(600)),
        ("cache-control: MAX-AGE=600", Some(600)),
        ("cache-control: max-age=\"600\"", Some(600)),
        ("cache-control: max-age=0600", Some(600)),
        ("cache-control: public, max-age=600, must-revalidate", Some(600)),
        ("cache-control:max-age=600,public", Some(600)),
        ("cache-control: public; cache-control: max-age=600", Some(600)),
        ("cache-control: max-age=900, max-age=600", Some(600)),
        ("cache-control: max-age=soon, max-age=600", Some(600)),
        ("cache-control: max-age=0", Some(60)),
        ("cache-control: max-age=59", Some(60)),
        ("cache-control: max-age=61", Some(61)),
        ("cache-control: max-age=3599", Some(3599)),
        ("cache-control: max-age=3601", Some(3600)),
        ("cache-control: max-age=315360000", Some(3600)),
        ("cache-control: max-age=99999999999999999999999", Some(3600)),
        ("cache-control: no-store", Some(60)),
        ("cache-control: No-Store", Some(60)),
        ("cache-control: no-cache", Some(60)),
        ("cache-control: no-cache=\"set-cookie\", max-age=600", Some(60)),
        ("cache-control: no-store, max-age=600", Some(60)),
        ("cache-control: max-age=600; cache-control: no-store", Some(60)),
        ("cache-control: max-age=600; age: 100", Some(500)),
        ("cache-control: max-age=600; age: 0", Some(600)),
        ("cache-control: max-age=600; age: 9999", Some(60)),
        ("cache-control: max-age=600; age: old", Some(600)),
        ("cache-control: max-age=600; age: -100", Some(600)),
        ("cache-control: max-age=7200; age: 3700", Some(3500)),
        ("cache-control: max-age=600; age: 99999999999999999999999", Some(60)),
    ];

    #[test]
    fn what_servers_say_about_time_is_kept_within_bounds() {
        for (lines, expected) in TABLE {
            let mut headers = HeaderMap::new();
            for line in lines.split(';') {
                let Some((name, value)) = line.trim().split_once(':') else {
                    continue;
                };
                let name = HeaderName::from_bytes(name.as_bytes());
                let value = HeaderValue::from_bytes(value.trim().as_bytes());
                if let (Ok(name), Ok(value)) = (name, value) {
                    headers.append(name, value);
                }
            }
            let said = freshness(&headers).map(|time| time.as_secs());
            assert_eq!(said, *expected, "{lines}");
        }
    }
}
