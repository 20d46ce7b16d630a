//! An issuer for the tests of a service. **Not for production**: what a test issuer signs, it made up.
//!
//! The feature `testing` turns this module on. Name it in `[dev-dependencies]` only, so that the service itself
//! is built without it:
//!
//! ```toml
//! [dependencies]
//! rolecall = { … }
//!
//! [dev-dependencies]
//! rolecall = { …, features = ["testing"] }
//! ```
//!
//! A gate accepts the tokens of a test issuer only if it is built with the keys of that very issuer: each one
//! generates its own, which exist nowhere else and end with it.
//!
//! ```
//! use rolecall::testing::TestIssuer;
//! use rolecall::{Gate, PolicySet, Source};
//! use serde_json::json;
//!
//! # let policy = r#"
//! #     issuer gitlab { url "https://gitlab.com" profile gitlab-ci audience "https://deploy.acme.example" }
//! #     role deploy { allow from gitlab when project == "acme/shop" && ref_protected }
//! # "#;
//! // In a service: `policies_from_folder("policies/shop")?`.
//! let policies = PolicySet::compile([Source::new("shop.policy", policy)])?;
//! let gitlab = TestIssuer::of(&policies, "gitlab");
//! let gate = Gate::builder(policies, gitlab.keys()).build()?;
//!
//! let good = gitlab.token(json!({ "project_path": "acme/shop", "ref_protected": "true" }));
//! assert!(gate.authorize(&good, "deploy").is_ok());
//!
//! let feature = gitlab.token(json!({ "project_path": "acme/shop", "ref_protected": "false" }));
//! assert_eq!(gate.authorize(&feature, "deploy").unwrap_err().code(), "denied");
//!
//! let old = gitlab.token(json!({ "iat": 1_700_000_000, "exp": 1_700_000_300 }));
//! assert_eq!(gate.authorize(&old, "deploy").unwrap_err().code(), "expired");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

#![allow(clippy::expect_used, clippy::panic, reason = "a test may panic")]

mod test_key;

use std::fmt;

use rolecall_engine::{Issuer, PolicySet, TokenKind};
use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::base64url;
use crate::clock::{Clock, SystemClock};
use crate::key_set::KeySet;
use crate::keys::KeySources;
use test_key::TestKey;

/// The lifetime of a token in seconds, unless its claims say otherwise.
const LIFETIME: i64 = 300;

/// An issuer that signs any claims, instead of an issuer of a policy set. See the [module](self).
pub struct TestIssuer {
    url: String,
    audience: String,
    tokens: TokenKind,
    key: TestKey,
}

impl TestIssuer {
    /// Returns an issuer with the URL, the first audience and the kind of tokens of an issuer of these
    /// policies, and with a new key. It signs with ES256, or with RS256 if the policies do not allow that.
    ///
    /// # Panics
    /// If the policies have no issuer of this name, or it allows neither algorithm.
    #[must_use]
    #[track_caller]
    pub fn of(policies: &PolicySet, issuer: &str) -> Self {
        let Some(issuer) = policies.issuers().find(|known| known.name == issuer) else {
            panic!("the policies have no issuer `{issuer}`");
        };
        let Some(key) = TestKey::generate(|algorithm| issuer.allows(algorithm)) else {
            panic!("issuer `{}` allows neither ES256 nor RS256", issuer.name);
        };
        let Issuer { url, tokens, .. } = issuer;
        let audience = issuer.audiences.first();
        Self {
            url: url.clone(),
            audience: audience.expect("an issuer has an audience").clone(),
            tokens: *tokens,
            key,
        }
    }

    /// Returns key sources with the keys of this issuer alone. Those of others are added with
    /// [`KeySources::fixed`], [`url`](Self::url) and [`key_set`](Self::key_set).
    pub fn keys(&self) -> KeySources {
        KeySources::new().fixed(&self.url, self.key_set())
    }

    /// Returns the URL of the issuer.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Returns the public key.
    ///
    /// # Panics
    /// Never.
    #[must_use]
    pub fn key_set(&self) -> KeySet {
        KeySet::parse(self.jwks().as_bytes()).expect("a key set")
    }

    /// Returns the public key as a JSON key set (RFC 7517 section 5), for a file or a server.
    #[must_use]
    pub fn jwks(&self) -> String {
        let jwk = self.key.jwk(match self.tokens {
            TokenKind::JwtSvid => "jwt-svid",
            _ => "sig",
        });
        json!({ "keys": [jwk] }).to_string()
    }

    /// Returns a signed token with these claims: a JSON object, such as `serde_json::json!` makes.
    ///
    /// If they are not given, `iss` and `aud` are those of the policies, `iat` is now, `exp` is in five
    /// minutes, and `sub` is `test`. `null` counts as absent.
    ///
    /// # Panics
    /// If the claims are not a JSON object.
    #[must_use]
    #[track_caller]
    pub fn token(&self, claims: impl Serialize) -> String {
        let Ok(Value::Object(claims)) = serde_json::to_value(claims) else {
            panic!("the claims are not a JSON object");
        };
        let mut all = self.default_claims();
        all.extend(claims);
        let header = json!({ "alg": self.key.algorithm().name(), "kid": TestKey::KID, "typ": "JWT" });
        let parts = [header, Value::Object(all)].map(|part| base64url::encode(part.to_string().as_bytes()));
        let signed = parts.join(".");
        let signature = base64url::encode(&self.key.sign(signed.as_bytes()));
        format!("{signed}.{signature}")
    }

    fn default_claims(&self) -> Map<String, Value> {
        let now = SystemClock.now().wall.as_secs();
        let subject = match self.tokens {
            TokenKind::JwtSvid => "spiffe://test.example/test",
            _ => "test",
        };
        let claims = [
            ("iss", json!(self.url)),
            ("aud", json!(self.audience)),
            ("sub", json!(subject)),
            ("iat", json!(now)),
            ("exp", json!(now.saturating_add(LIFETIME))),
        ];
        claims
            .map(|(name, value)| (name.to_owned(), value))
            .into_iter()
            .collect()
    }
}

/// Shows the URL and the audience, but not the key.
impl fmt::Debug for TestIssuer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TestIssuer")
            .field("url", &self.url)
            .field("audience", &self.audience)
            .finish_non_exhaustive()
    }
}
