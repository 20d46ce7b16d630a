//! The layer: which requests get through, and that it is a good service of tower.

use std::convert::Infallible;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex};
use std::task::{Context, Poll};

use axum::body::Body;
use http::{Request, Response, StatusCode};
use rolecall::testing::TestIssuer;
use rolecall::{FetchError, Fetched, Issuer, KeySource, Ruling};
use rolecall_tower::{GuardLayer, Refusal, RefusalReason};
use tower::{Layer, Service, ServiceExt, service_fn};

use crate::stage::{gate_with, good, policies, request, stage};

async fn subject(request: Request<Body>) -> Result<Response<Body>, Infallible> {
    let ruling = request.extensions().get::<Ruling>().unwrap();
    let subject = ruling.token().subject().to_owned();
    Ok(Response::new(Body::from(subject)))
}

#[tokio::test]
async fn a_ruling_goes_with_the_request() {
    let (gate, issuer) = stage();
    let token = format!("Bearer {}", good(&issuer));
    for (role, status) in [("deploy", StatusCode::OK), ("admin", StatusCode::FORBIDDEN)] {
        let service = GuardLayer::new(gate.clone(), role)
            .unwrap()
            .layer(service_fn(subject));
        let response = service.oneshot(request(&[&token], "/")).await.unwrap();
        assert_eq!(response.status(), status);
    }
}

#[tokio::test]
async fn the_role_may_depend_on_the_request() {
    let (gate, issuer) = stage();
    let token = format!("Bearer {}", good(&issuer));
    let layer = GuardLayer::by_request(gate, |parts| parts.uri.path().trim_matches('/').to_owned());
    for (path, status) in [("/deploy", 200), ("/admin", 403), ("/nobody", 403), ("/", 403)] {
        let service = layer.layer(service_fn(subject));
        let response = service.oneshot(request(&[&token], path)).await.unwrap();
        assert_eq!(response.status(), status, "{path}");
    }
}

#[test]
fn a_role_that_the_policies_do_not_have_is_found_at_the_start() {
    let (gate, _) = stage();
    let error = GuardLayer::new(gate.clone(), "depoly\n").unwrap_err();
    assert_eq!(error.to_string(), r"the policies have no role `depoly\n`");
    assert!(gate.clone().require("deploy").is_ok() && gate.require("").is_err());
}

#[tokio::test]
async fn a_layer_around_it_finds_the_refusal() {
    let (gate, _) = stage();
    let service = GuardLayer::new(gate, "deploy")
        .unwrap()
        .layer(service_fn(subject));
    let response = service.oneshot(request(&[], "/")).await.unwrap();
    let refusal = response.extensions().get::<Refusal>().unwrap();
    assert!(matches!(refusal.reason(), RefusalReason::NoCredentials));
}

/// A service that must be ready before each call, as one with a limit is. A clone is not ready.
#[derive(Default)]
struct Strict {
    is_ready: bool,
}

impl Clone for Strict {
    fn clone(&self) -> Self {
        Self::default()
    }
}

impl Service<Request<Body>> for Strict {
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = std::future::Ready<Result<Response<Body>, Infallible>>;

    fn poll_ready(&mut self, _context: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.is_ready = true;
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, _request: Request<Body>) -> Self::Future {
        assert!(std::mem::take(&mut self.is_ready), "it was not ready");
        std::future::ready(Ok(Response::default()))
    }
}

#[tokio::test]
async fn the_service_that_is_ready_answers() {
    let (gate, issuer) = stage();
    let token = format!("Bearer {}", good(&issuer));
    let mut service = GuardLayer::new(gate, "deploy").unwrap().layer(Strict::default());
    for _ in 0..3 {
        let ready = service.ready().await.unwrap();
        let response = ready.call(request(&[&token], "/")).await.unwrap();
        assert_eq!(response.status(), StatusCode::OK);
    }
    // Two calls whose futures run in the other order.
    let first = service.ready().await.unwrap().call(request(&[&token], "/"));
    let second = service.ready().await.unwrap().call(request(&[&token], "/"));
    assert_eq!(second.await.unwrap().status(), StatusCode::OK);
    assert_eq!(first.await.unwrap().status(), StatusCode::OK);
}

/// An issuer whose keys are fetched when the test says so.
struct Slow {
    issuer: TestIssuer,
    released: Arc<(Mutex<bool>, Condvar)>,
}

impl KeySource for Slow {
    fn fetch(&self, _issuer: &Issuer) -> Result<Fetched, FetchError> {
        let (released, changed) = &*self.released;
        let released = released.lock().unwrap();
        drop(changed.wait_while(released, |released| !*released).unwrap());
        Ok(Fetched {
            keys: self.issuer.key_set(),
            max_age: None,
        })
    }
}

/// On a runtime with one thread, which would hang if the guard blocked it.
#[tokio::test]
async fn other_tasks_run_while_keys_are_fetched() {
    let released = Arc::new((Mutex::new(false), Condvar::new()));
    let issuer = TestIssuer::of(&policies(), "gitlab");
    let token = format!("Bearer {}", good(&issuer));
    let gate = gate_with(Slow {
        issuer,
        released: Arc::clone(&released),
    });
    let service = GuardLayer::new(gate, "deploy")
        .unwrap()
        .layer(service_fn(subject));
    let is_answered = Arc::new(AtomicBool::new(false));
    let answered = Arc::clone(&is_answered);
    let guarded = tokio::spawn(async move {
        let response = service.oneshot(request(&[&token], "/")).await.unwrap();
        answered.store(true, Ordering::Relaxed);
        response.status()
    });
    for _ in 0..100 {
        tokio::task::yield_now().await;
    }
    assert!(!is_answered.load(Ordering::Relaxed));
    *released.0.lock().unwrap() = true;
    released.1.notify_all();
    assert_eq!(guarded.await.unwrap(), StatusCode::OK);
}
