//! Issuers that no verifier takes on.

use std::time::Duration;

use rolecall::{Algorithm, ConfigError, Issuer, TokenKind, Verifier};

fn issuer(url: &str) -> Issuer {
    Issuer::new("ci", url, "gitlab", vec!["rolecall".to_owned()])
}

fn refuse(change: impl FnOnce(&mut Issuer)) -> ConfigError {
    let mut issuer = issuer("https://ci.example");
    change(&mut issuer);
    Verifier::new([issuer]).map(|_| ()).unwrap_err()
}

#[test]
fn a_loose_issuer_is_refused() {
    let issuer = || "ci".to_owned();
    assert_eq!(
        refuse(|i| i.audiences.clear()),
        ConfigError::NoAudience { issuer: issuer() }
    );
    assert_eq!(
        refuse(|i| i.audiences.push(String::new())),
        ConfigError::NoAudience { issuer: issuer() }
    );
    assert_eq!(
        refuse(|i| i.algorithms.clear()),
        ConfigError::NoAlgorithm { issuer: issuer() }
    );
    let svids_with_ed25519 = |i: &mut Issuer| {
        i.tokens = TokenKind::JwtSvid;
        i.algorithms = vec![Algorithm::EdDSA];
    };
    assert_eq!(
        refuse(svids_with_ed25519),
        ConfigError::NoAlgorithm { issuer: issuer() }
    );
    assert_eq!(
        refuse(|i| i.authorized_party = Some(String::new())),
        ConfigError::EmptyAuthorizedParty { issuer: issuer() }
    );
    for subject_limit in [0, 8193, usize::MAX] {
        let error = refuse(|i| i.subject_limit = subject_limit);
        assert_eq!(
            error.to_string(),
            format!("issuer `ci` has a subject_limit of {subject_limit}; it must be 1 to 8192")
        );
    }
    for leeway in [
        Duration::from_secs(301),
        Duration::from_millis(300_001),
        Duration::MAX,
    ] {
        let error = refuse(|i| i.leeway = leeway);
        assert_eq!(
            error,
            ConfigError::LeewayTooLong {
                issuer: issuer(),
                leeway
            }
        );
    }
    for max_age in [
        Duration::ZERO,
        Duration::from_millis(999),
        Duration::from_secs(2_592_001),
        Duration::MAX,
    ] {
        let error = refuse(|i| i.max_age = max_age);
        assert_eq!(
            error,
            ConfigError::MaxAgeOutOfRange {
                issuer: issuer(),
                max_age
            }
        );
    }
}

#[test]
fn the_bounds_themselves_are_taken() {
    let mut issuer = issuer("https://ci.example");
    issuer.leeway = Issuer::LONGEST_LEEWAY;
    issuer.max_age = Issuer::LONGEST_MAX_AGE;
    issuer.subject_limit = Issuer::LARGEST_SUBJECT_LIMIT;
    assert!(Verifier::new([issuer]).is_ok());
}

#[test]
fn two_issuers_of_one_url_are_refused() {
    let issuers = || {
        [
            issuer("https://b.example"),
            issuer("https://a.example"),
            issuer("https://b.example/"),
        ]
    };
    let verifier = Verifier::new(issuers()).unwrap();
    let urls: Vec<_> = verifier.issuers().map(|issuer| issuer.url.as_str()).collect();
    assert_eq!(
        urls,
        ["https://a.example", "https://b.example", "https://b.example/"]
    );

    let error = Verifier::new(issuers().into_iter().chain([issuer("https://a.example")]))
        .map(|_| ())
        .unwrap_err();
    assert_eq!(
        error,
        ConfigError::DuplicateUrl {
            url: "https://a.example".to_owned()
        }
    );
    assert_eq!(error.to_string(), "two issuers have the URL `https://a.example`");
}

#[test]
fn these_urls_are_taken() {
    for url in [
        "https://gitlab.com",
        "https://token.actions.githubusercontent.com",
        "https://oidc.circleci.com/org/d5a1b2c3-0000-4000-8000-000000000000",
        "https://gitlab.example:8443/gitlab/",
        "https://[2001:db8::1]:8443",
        "https://user-content.example/a%20b/~c",
        "http://localhost:3000",
        "http://127.0.0.1",
        "http://127.1.2.3:80/x",
        "http://[::1]:9000",
    ] {
        Verifier::new([issuer(url)]).unwrap_or_else(|error| panic!("{error}"));
    }
}

#[test]
fn these_urls_are_refused() {
    for url in [
        "",
        "https://",
        "https:///path",
        "https:gitlab.com",
        "HTTPS://gitlab.com",
        "gitlab.com",
        "ftp://gitlab.com",
        "http://gitlab.com",
        "http://localhost.evil.example",
        "http://127.0.0.1.evil.example",
        "http://127.0.0.1@evil.example",
        "http://10.0.0.1",
        "http://[::2]",
        "https://user@gitlab.com",
        "https://user:password@gitlab.com",
        "https://gitlab.com?x=1",
        "https://gitlab.com/?x=1",
        "https://gitlab.com#x",
        "https://gitlab.com/#",
        "https://gitlab.com:",
        "https://gitlab.com:x",
        "https://gitlab.com:+443",
        "https://gitlab.com:65536",
        "https://gitlab.com:443:443",
        "https://gitl\u{430}b.com",
        "https://gitlab.com/\u{fc}",
        "https://gitlab .com",
        "https://gitlab.com/ ",
        " https://gitlab.com",
        "https://gitlab.com\n",
        "https://gitlab.com\\x",
        "https://[2001:db8::1",
        "https://[gitlab.com]",
        "https://*.example",
        "https://GitLab.com",
    ] {
        let error = Verifier::new([issuer(url)]).map(|_| ()).unwrap_err();
        assert!(
            matches!(&error, ConfigError::Url { issuer, url: own, .. } if issuer == "ci" && own == url),
            "{error}"
        );
    }
}
