//! A gate with its issuer, and requests to it.

use axum::body::Body;
use http::{Request, Response};
use rolecall::testing::TestIssuer;
use rolecall::{FetchError, Fetched, Gate, Issuer, KeySource, KeySources, PolicySet, Source};
use rolecall_tower::HttpGate;
use serde_json::json;

pub(crate) const POLICY: &str = r#"
    issuer gitlab { url "https://gitlab.example" profile gitlab-ci audience "https://audience.example" }
    role deploy { allow from gitlab when project == "acme/shop" }
    role admin { allow from gitlab when project == "acme/admin" }
"#;

pub(crate) fn policies() -> PolicySet {
    PolicySet::compile([Source::new("test.policy", POLICY)]).unwrap()
}

/// A gate, and its issuer.
pub(crate) fn stage() -> (HttpGate, TestIssuer) {
    let policies = policies();
    let issuer = TestIssuer::of(&policies, "gitlab");
    let gate = Gate::builder(policies, issuer.keys()).build().unwrap();
    (HttpGate::new(gate), issuer)
}

/// A gate whose keys come from a source.
pub(crate) fn gate_with(source: impl KeySource) -> HttpGate {
    let keys = KeySources::new().otherwise(source);
    HttpGate::new(Gate::builder(policies(), keys).build().unwrap())
}

/// An issuer that is down.
pub(crate) struct Down;

impl KeySource for Down {
    fn fetch(&self, _issuer: &Issuer) -> Result<Fetched, FetchError> {
        Err(FetchError::NoUsableKey { skipped: 0 })
    }
}

/// A token that gets `deploy`, and not `admin`.
pub(crate) fn good(issuer: &TestIssuer) -> String {
    issuer.token(json!({ "project_path": "acme/shop", "sub": "canary" }))
}

pub(crate) fn request(authorization: &[&str], uri: &str) -> Request<Body> {
    let request = authorization.iter().fold(Request::post(uri), |request, value| {
        request.header("authorization", *value)
    });
    request.body(Body::empty()).unwrap()
}

pub(crate) fn header<'a, B>(response: &'a Response<B>, name: &str) -> Option<&'a str> {
    let mut values = response.headers().get_all(name).iter();
    let value = values.next().map(|value| value.to_str().unwrap());
    assert!(values.next().is_none(), "{name}");
    value
}
