//! Verification of AWS Signature Version 4, as SDKs sign requests to STS.
//!
//! Stricter than AWS: nothing is presigned, so there is no query; the digest of the body is computed here, and the one
//! that a client states is ignored; headers that are signed occur once; and `host`, the date and the session token are
//! signed.

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::hmac::{self, HMAC_SHA256};
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName};
use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use rolecall::UnixTime;

use super::AwsKeys;

/// The service that requests are signed for.
const SERVICE: &str = "sts";
/// The time in seconds by which the date of a request may differ from now.
const MAX_SKEW: i64 = 5 * 60;
/// The maximum length of the header `authorization`, and the maximum number of signed headers.
const MAX_LENGTH: usize = 2 * 1024;
const MAX_HEADERS: usize = 32;

const DATE: HeaderName = HeaderName::from_static("x-amz-date");
const TOKEN: HeaderName = HeaderName::from_static("x-amz-security-token");

/// A signed request whose signature is not verified yet.
#[derive(Debug)]
pub(crate) struct Signed<'a> {
    request: &'a Parts,
    access_key_id: &'a str,
    /// `DATE/REGION/SERVICE/aws4_request`.
    scope: [&'a str; 4],
    signed_headers: &'a str,
    signature: Vec<u8>,
    date: &'a str,
    /// The session token.
    pub(crate) token: &'a str,
}

/// The fault of a signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SignatureFault {
    /// The request is not signed.
    Missing,
    /// The signature is not of this form.
    Malformed,
    /// The date is not within five minutes from now.
    Skewed,
    /// The signature is not that of these keys for this request.
    Mismatch,
}

impl<'a> Signed<'a> {
    /// Reads the signature of a request.
    ///
    /// # Errors
    /// [`SignatureFault::Missing`] if there is none, and [`SignatureFault::Malformed`] if it is not of the form above.
    pub(crate) fn parse(request: &'a Parts) -> Result<Self, SignatureFault> {
        if !request.headers.contains_key(AUTHORIZATION) {
            return Err(SignatureFault::Missing);
        }
        Self::read(request).ok_or(SignatureFault::Malformed)
    }

    fn read(request: &'a Parts) -> Option<Self> {
        if request.uri.query().is_some_and(|query| !query.is_empty()) {
            return None;
        }
        let authorization = single(&request.headers, &AUTHORIZATION)?;
        if authorization.len() > MAX_LENGTH {
            return None;
        }
        let (mut credential, mut signed_headers, mut signature) = (None, None, None);
        for part in authorization.strip_prefix("AWS4-HMAC-SHA256 ")?.split(',') {
            let (name, value) = part.trim().split_once('=')?;
            let slot = match name {
                "Credential" => &mut credential,
                "SignedHeaders" => &mut signed_headers,
                "Signature" => &mut signature,
                _ => return None,
            };
            if slot.replace(value).is_some() {
                return None;
            }
        }
        let mut credential = credential?.split('/');
        let access_key_id = credential.next()?;
        let scope: Vec<&str> = credential.collect();
        let scope @ [day, region, service, end] = <[&str; 4]>::try_from(scope).ok()?;
        let is_region = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        let date = single(&request.headers, &DATE)?;
        let is_scope = service == SERVICE
            && end == "aws4_request"
            && !region.is_empty()
            && region.bytes().all(is_region)
            && date.split_once('T').is_some_and(|(before, _)| before == day);
        let signed_headers = signed_headers?;
        let names: Vec<&str> = signed_headers.split(';').collect();
        let is_signed = |wanted: &str| names.contains(&wanted);
        let is_list = names.len() <= MAX_HEADERS && names.is_sorted_by(|one, other| one < other);
        let all = is_signed("host") && is_signed(DATE.as_str()) && is_signed(TOKEN.as_str());
        if !is_scope || !is_list || !all {
            return None;
        }
        Some(Self {
            request,
            access_key_id,
            scope,
            signed_headers,
            signature: hex(signature?)?,
            date,
            token: single(&request.headers, &TOKEN)?,
        })
    }

    /// Verifies the signature over the request with this body.
    ///
    /// # Errors
    /// [`SignatureFault`] if it is not one of these keys, or not of now.
    pub(crate) fn verify(&self, keys: &AwsKeys, body: &[u8], now: UnixTime) -> Result<(), SignatureFault> {
        let time = time(self.date).ok_or(SignatureFault::Malformed)?;
        if time.as_second().abs_diff(now.as_secs()) > MAX_SKEW.unsigned_abs() {
            return Err(SignatureFault::Skewed);
        }
        if self.access_key_id != keys.access_key_id {
            return Err(SignatureFault::Mismatch);
        }
        let canonical = self.canonical(body).ok_or(SignatureFault::Malformed)?;
        let text = format!(
            "AWS4-HMAC-SHA256\n{}\n{}\n{}",
            self.date,
            self.scope.join("/"),
            hex_digest(canonical.as_bytes())
        );
        let first = format!("AWS4{}", keys.secret).into_bytes();
        let key = self.scope.iter().fold(first, |key, part| {
            let key = hmac::Key::new(HMAC_SHA256, &key);
            hmac::sign(&key, part.as_bytes()).as_ref().to_vec()
        });
        // In constant time.
        hmac::verify(
            &hmac::Key::new(HMAC_SHA256, &key),
            text.as_bytes(),
            &self.signature,
        )
        .map_err(|_| SignatureFault::Mismatch)
    }

    /// Returns the canonical request.
    fn canonical(&self, body: &[u8]) -> Option<String> {
        let mut headers = String::new();
        for name in self.signed_headers.split(';') {
            let value = single(
                &self.request.headers,
                &HeaderName::from_bytes(name.as_bytes()).ok()?,
            )?;
            let words: Vec<&str> = value.split_ascii_whitespace().collect();
            headers = format!("{headers}{name}:{}\n", words.join(" "));
        }
        Some(format!(
            "{}\n{}\n\n{headers}\n{}\n{}",
            self.request.method,
            encoded(self.request.uri.path()),
            self.signed_headers,
            hex_digest(body)
        ))
    }
}

/// Returns the value of a header that occurs once.
fn single<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    let mut values = headers.get_all(name).iter();
    let value = values.next()?.to_str().ok()?;
    values.next().is_none().then_some(value)
}

/// Returns a path as requests to services other than S3 sign it: encoded once more than it is sent.
fn encoded(path: &str) -> String {
    let encode = |byte: u8| match byte {
        b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
            char::from(byte).to_string()
        }
        _ => format!("%{byte:02X}"),
    };
    path.bytes().map(encode).collect()
}

/// Returns the time of a date of the form `20260304T050607Z`.
fn time(date: &str) -> Option<Timestamp> {
    if date.len() != 16 {
        return None;
    }
    let date = DateTime::strptime("%Y%m%dT%H%M%SZ", date).ok()?;
    Some(date.to_zoned(TimeZone::UTC).ok()?.timestamp())
}

fn hex_digest(bytes: &[u8]) -> String {
    let digest = digest(&SHA256, bytes);
    digest.as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Returns the bytes of a signature, which is 64 lower-case hexadecimal digits.
fn hex(text: &str) -> Option<Vec<u8>> {
    let digit = |byte: u8| match byte {
        b'0'..=b'9' => byte.checked_sub(b'0'),
        b'a'..=b'f' => byte.checked_sub(b'a')?.checked_add(10),
        _ => None,
    };
    if text.len() != 64 {
        return None;
    }
    let pairs = text.as_bytes().chunks(2).map(|pair| match pair {
        [high, low] => Some((digit(*high)? << 4) | digit(*low)?),
        _ => None,
    });
    pairs.collect()
}

#[cfg(test)]
mod tests {
    use axum::http::Request;

    use super::*;

    const NOW: UnixTime = UnixTime::from_secs(1_772_600_767);
    const BODY: &str = "Action=GetCallerIdentity&Version=2011-06-15";

    fn keys() -> AwsKeys {
        AwsKeys {
            access_key_id: "ASIAEXAMPLEEXAMPLE00".to_owned(),
            secret: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY".to_owned(),
            role_arn: String::new(),
            session_name: String::new(),
        }
    }

    fn headers(host: &str, signed: &str, signature: &str) -> Vec<(String, String)> {
        let authorization = format!(
            "AWS4-HMAC-SHA256 Credential=ASIAEXAMPLEEXAMPLE00/20260304/eu-central-1/sts/aws4_request, \
             SignedHeaders={signed}, Signature={signature}"
        );
        [
            ("host", host),
            ("content-type", "application/x-www-form-urlencoded; charset=utf-8"),
            ("x-amz-date", "20260304T050607Z"),
            ("x-amz-security-token", "sealed-session_token"),
            ("x-odd", "  two   spaces "),
            ("authorization", &authorization),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .into()
    }

    fn verify_at(
        uri: &str,
        headers: &[(String, String)],
        body: &str,
        now: UnixTime,
    ) -> Result<(), SignatureFault> {
        let mut request = Request::post(uri);
        for (name, value) in headers {
            request = request.header(name, value);
        }
        let (parts, ()) = request.body(()).unwrap().into_parts();
        Signed::parse(&parts)?.verify(&keys(), body.as_bytes(), now)
    }

    const LIST: &str = "content-type;host;x-amz-date;x-amz-security-token";
    const SIGNATURE: &str = "f72dd83408c2eab3a547933ce08101e4f3a7035b2f4bc91137e0ccc57aee8844";

    fn verify(uri: &str, headers: &[(String, String)], body: &str) -> Result<(), SignatureFault> {
        verify_at(uri, headers, body, NOW)
    }

    /// The signatures are those of botocore 1.44.8.
    #[test]
    fn signatures_of_botocore_are_verified() {
        for (host, uri, signed, signature, body) in [
            ("127.0.0.1:8080", "/", LIST, SIGNATURE, BODY),
            (
                "sts.acme.example",
                "/aws",
                LIST,
                "2a8cf9b44be681d911afb875c9a43248e318854e6c2b35a24f83de0694aaa9f8",
                BODY,
            ),
            (
                "sts.acme.example",
                "/a%20b/aws/",
                "content-type;host;x-amz-date;x-amz-security-token;x-odd",
                "72ba9d47d6b02038f85ac33e3e00ec5dd5eccb88b78f89d85fa024e48197867b",
                "",
            ),
        ] {
            assert_eq!(
                verify(uri, &headers(host, signed, signature), body),
                Ok(()),
                "{uri}"
            );
        }
    }

    #[test]
    fn anything_that_is_signed_and_changed_is_refused() {
        let good = headers("127.0.0.1:8080", LIST, SIGNATURE);
        let mismatch = Err(SignatureFault::Mismatch);
        assert_eq!(verify("/", &good, &format!("{BODY}&x=1")), mismatch);
        assert_eq!(verify("/aws", &good, BODY), mismatch);
        for (name, value) in [
            ("host", "127.0.0.1:8081"),
            ("content-type", "text/plain"),
            ("x-amz-security-token", "sealed-session_tokeN"),
            ("x-amz-date", "20260304T050608Z"),
        ] {
            let mut other = good.clone();
            other.iter_mut().find(|(known, _)| known == name).unwrap().1 = value.to_owned();
            assert_eq!(verify("/", &other, BODY), mismatch, "{name}");
        }
        for (from, to) in [
            ("f72d", "e72d"),
            ("eu-central-1", "eu-central-2"),
            ("LE00/", "LE01/"),
        ] {
            let mut other = good.clone();
            other[5].1 = other[5].1.replace(from, to);
            assert_eq!(verify("/", &other, BODY), mismatch, "{to}");
        }
        for (seconds, wanted) in [(300, Ok(())), (301, Err(SignatureFault::Skewed))] {
            for now in [1_772_600_767 + seconds, 1_772_600_767 - seconds] {
                assert_eq!(verify_at("/", &good, BODY, UnixTime::from_secs(now)), wanted);
            }
        }
    }

    #[test]
    fn other_forms_are_refused() {
        let good = headers("127.0.0.1:8080", LIST, SIGNATURE);
        assert_eq!(verify("/", &good[..5], BODY), Err(SignatureFault::Missing));
        let malformed = Err(SignatureFault::Malformed);
        assert_eq!(verify("/?X-Amz-Signature=1", &good, BODY), malformed);
        for (from, to) in [
            ("AWS4-HMAC-SHA256 ", "AWS4-ECDSA-P256-SHA256 "),
            ("AWS4-HMAC-SHA256 ", "Bearer "),
            ("/sts/", "/s3/"),
            ("/20260304/", "/20260305/"),
            ("aws4_request", "aws4_request/x"),
            ("content-type;host;", "host;content-type;"),
            ("content-type;host;", "host;host;"),
            ("host;", ""),
            ("x-amz-date;", ""),
            (";x-amz-security-token", ""),
            ("Signature=f", "Signature=F"),
            ("Signature=f7", "Signature="),
            (", Signature", ", Other=1, Signature"),
            (", Signature", ", Signature=1, Signature"),
        ] {
            let mut other = good.clone();
            assert!(other[5].1.contains(from), "{from}");
            other[5].1 = other[5].1.replace(from, to);
            assert_eq!(verify("/", &other, BODY), malformed, "{to}");
        }
        for at in [0, 2, 3, 5] {
            let mut twice = good.clone();
            twice.push(good[at].clone());
            assert_eq!(verify("/", &twice, BODY), malformed, "{at}");
        }
        for date in [
            "20260304T0506077",
            "2026-03-04T05:06",
            "20260304T",
            "20260304T+50607Z",
        ] {
            let mut other = good.clone();
            other[2].1 = date.to_owned();
            assert_eq!(verify("/", &other, BODY), malformed, "{date}");
        }
    }
}
