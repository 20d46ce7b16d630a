//! A real provider, the gates that trust it, and the time, which is skipped by hand.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use rolecall::{
    Clock, Event, Gate, HttpKeys, KeySources, Moment, Observer, PolicySet, Source, SystemClock, UnixTime,
};
use serde_json::{Value, json};

use super::process::Provider;

pub(crate) const ALGORITHMS: [&str; 3] = ["RS256", "ES256", "EdDSA"];

/// How long a token of most tests lives, in seconds: longer than any of them lasts, with the time that is skipped.
pub(crate) const LIFETIME: u64 = 2 * 60 * 60;

/// The machine's clock, and the time that was skipped. The stopwatch moves by nothing else, so that the schedule of keys
/// depends on the test alone.
#[derive(Clone)]
pub(crate) struct SkippingClock {
    start: Instant,
    skipped: Arc<Mutex<Duration>>,
}

impl SkippingClock {
    fn new() -> Self {
        Self {
            start: Instant::now(),
            skipped: Arc::default(),
        }
    }

    pub(crate) fn skip(&self, time: Duration) {
        *self.skipped.lock().unwrap() += time;
    }
}

impl Clock for SkippingClock {
    fn now(&self) -> Moment {
        let skipped = *self.skipped.lock().unwrap();
        let seconds = i64::try_from(skipped.as_secs()).unwrap();
        Moment {
            wall: UnixTime::from_secs(SystemClock.now().wall.as_secs() + seconds),
            monotonic: self.start + skipped,
        }
    }
}

/// Remembers why keys could not be read.
#[derive(Clone, Default)]
pub(crate) struct FetchErrors(pub(crate) Arc<Mutex<Vec<&'static str>>>);

impl Observer for FetchErrors {
    fn observe(&self, event: &Event<'_>) {
        if let Event::KeysNotFetched { error, .. } = event {
            self.0.lock().unwrap().push(error.code());
        }
    }
}

/// A provider, and what its gates have in common.
pub(crate) struct Stage {
    pub(crate) provider: Provider,
    pub(crate) clock: SkippingClock,
    pub(crate) errors: FetchErrors,
}

impl Stage {
    /// None if there is no provider.
    pub(crate) fn new() -> Option<Self> {
        Some(Self {
            provider: Provider::start()?,
            clock: SkippingClock::new(),
            errors: FetchErrors::default(),
        })
    }

    pub(crate) fn gate(&self) -> Gate {
        self.gate_for(&self.provider.url, 1_024)
    }

    /// A gate that remembers no token.
    pub(crate) fn forgetful_gate(&self) -> Gate {
        self.gate_for(&self.provider.url, 0)
    }

    pub(crate) fn gate_for(&self, url: &str, cached_tokens: usize) -> Gate {
        let policy = format!(
            r#"
            issuer ci {{ url "{url}" profile gitlab-ci audience "rolecall" }}
            role deploy {{ allow from ci when project == "group/project" grant path = "apps/{{project_path}}" }}
            "#
        );
        let policies = PolicySet::compile([Source::new("test.policy", policy.as_str())]).unwrap();
        let source = HttpKeys::new()
            .allow_loopback_http()
            .clock(Arc::new(self.clock.clone()));
        Gate::builder(policies, KeySources::new().otherwise(source))
            .cached_tokens(cached_tokens)
            .clock(self.clock.clone())
            .observer(self.errors.clone())
            .build()
            .unwrap()
    }

    /// A new token of a job that may deploy.
    pub(crate) fn token(&self, algorithm: &str) -> String {
        self.provider
            .issue(algorithm, "rolecall", LIFETIME, &job("group/project"))
    }

    /// New keys, which sign from now on, beside the old ones.
    pub(crate) fn rotate(&self) {
        self.provider.publish_keys();
        self.provider.sign_with_newest();
    }

    pub(crate) fn key_sets_asked_for(&self) -> u64 {
        self.provider.requests().1
    }
}

/// The claims of a job of a project.
pub(crate) fn job(project: &str) -> Value {
    json!({
        "sub": format!("project_path:{project}:ref_type:branch:ref:main"),
        "project_path": project,
        "ref": "main",
        "ref_type": "branch",
        "ref_protected": "true",
    })
}
