//! Tests of the choice of a source.

#![allow(clippy::panic, clippy::unwrap_used, reason = "tests may end early")]

use std::fs;
use std::sync::Arc;

use rolecall_engine::Issuer;

use super::super::issuer_keys::{Find, IssuerKeys};
use super::super::scripted::{HandClock, Provider, jwk, key_set, kids};
use super::KeySources;
use crate::config::ConfigError;

const URL: &str = "https://ci.example";

fn issuer() -> Issuer {
    Issuer::new("ci", URL, "gitlab", vec!["rolecall".to_owned()])
}

#[test]
fn fixed_keys_need_nothing() {
    let clock = HandClock::new();
    let sources = KeySources::new()
        .otherwise(Provider::new(&["other"]))
        .fixed(URL, key_set(&["a"]));
    let keys = IssuerKeys::new(&issuer(), &sources, clock.clone(), Arc::new(())).unwrap();
    let Find::Ready(found) = keys.find(Some("nobody's"), clock.monotonic()) else {
        panic!("they are not there");
    };
    assert_eq!(kids(&found), ["a"]);
    clock.pass(2 * KeySources::LONGEST_STALE);
    assert!(keys.is_current(&found, clock.monotonic()));
    assert!(!keys.is_current(&Arc::new(key_set(&["a"])), clock.monotonic()));
    let status = keys.status(clock.monotonic());
    assert_eq!((status.usable, status.age, status.is_stale), (1, None, false));
}

#[test]
fn an_issuer_has_the_source_that_is_closest_to_it() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(
        folder.path().join("keys.json"),
        format!(r#"{{"keys":[{}]}}"#, jwk("file")),
    )
    .unwrap();
    let clock = HandClock::new();
    let kid = |sources: &KeySources, jwks: Option<&str>| {
        let mut issuer = issuer();
        issuer.jwks = jwks.map(str::to_owned);
        let keys = IssuerKeys::new(&issuer, sources, clock.clone(), Arc::new(()))?;
        let found = match keys.find(None, clock.monotonic()) {
            Find::Ready(keys) => Some(keys),
            Find::Pending(pending) => pending.wait().unwrap(),
            Find::Missing => None,
        };
        Ok(found.map(|keys| kids(&keys).concat()))
    };
    let found = |kid: &str| Ok(Some(kid.to_owned()));
    let none = KeySources::new().folder(folder.path());
    let no_source = ConfigError::NoKeySource {
        issuer: "ci".to_owned(),
    };
    assert_eq!(kid(&none, None), Err(no_source.clone()));
    assert_eq!(kid(&none, Some("https://ci.example/keys")), Err(no_source));
    assert_eq!(kid(&none, Some("keys.json")), found("file"));
    assert_eq!(kid(&none, Some("missing.json")), Ok(None));
    let path = folder.path().join("keys.json");
    assert_eq!(kid(&KeySources::new(), path.to_str()), found("file"));

    let rest = none.otherwise(Provider::new(&["rest"]));
    assert_eq!(kid(&rest, None), found("rest"));
    assert_eq!(kid(&rest, Some("https://ci.example/keys")), found("rest"));
    assert_eq!(kid(&rest, Some("keys.json")), found("file"));

    let own = rest.source(URL, Provider::new(&["own"]));
    assert_eq!(kid(&own, Some("keys.json")), found("own"));
    assert_eq!(
        kid(
            &own.clone().source(format!("{URL}/"), Provider::new(&["x"])),
            None
        ),
        found("own")
    );
    assert_eq!(kid(&own.fixed(URL, key_set(&["fixed"])), None), found("fixed"));
}
