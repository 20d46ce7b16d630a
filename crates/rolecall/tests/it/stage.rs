//! A gate with everything around it set by hand: policies, keys, clock.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use rolecall::{
    Algorithm, Clock, Denial, FetchError, Fetched, Gate, Issuer, KeySet, KeySetError, KeySource, KeySources,
    Moment, PolicySet, Roles, Ruling, Source, UnixTime,
};
use serde_json::{Value, json};

use crate::support::{NOW, URL, claims, signer};

/// The policies of most tests.
pub(crate) const POLICY: &str = r#"
    issuer gitlab { url "https://gitlab.example" profile gitlab-ci audience "rolecall" }
    role deploy { allow from gitlab when project == "group/project" grant path = "apps/{project_path}" }
    role read { allow from gitlab when project under "group" }
    role admin { allow from gitlab when project == "group/admin" }
"#;

pub(crate) fn policies(text: &str) -> PolicySet {
    PolicySet::compile([Source::new("test.policy", text)]).unwrap_or_else(|error| panic!("{error}"))
}

/// A clock that is set by hand. Both of its times can be.
#[derive(Clone)]
pub(crate) struct HandClock(Arc<Mutex<Moment>>);

impl HandClock {
    pub(crate) fn new() -> Self {
        Self(Arc::new(Mutex::new(Moment {
            wall: UnixTime::from_secs(NOW),
            monotonic: Instant::now(),
        })))
    }

    /// Lets time pass.
    pub(crate) fn pass(&self, time: Duration) {
        let mut moment = self.0.lock().unwrap();
        let seconds = i64::try_from(time.as_secs()).unwrap();
        moment.wall = UnixTime::from_secs(moment.wall.as_secs() + seconds);
        moment.monotonic += time;
    }

    /// Sets the calendar, and lets no time pass.
    pub(crate) fn set(&self, seconds: i64) {
        self.0.lock().unwrap().wall = UnixTime::from_secs(seconds);
    }
}

impl Clock for HandClock {
    fn now(&self) -> Moment {
        *self.0.lock().unwrap()
    }
}

/// A provider whose keys are changed by hand, and which can be down.
#[derive(Clone)]
pub(crate) struct Provider(Arc<Mutex<(Option<Vec<Value>>, usize)>>);

impl Provider {
    pub(crate) fn new(keys: Vec<Value>) -> Self {
        Self(Arc::new(Mutex::new((Some(keys), 0))))
    }

    /// Has other keys from now on; none at all means that it is down.
    pub(crate) fn publish(&self, keys: Option<Vec<Value>>) {
        self.0.lock().unwrap().0 = keys;
    }

    /// How often it was asked.
    pub(crate) fn asked(&self) -> usize {
        self.0.lock().unwrap().1
    }
}

impl KeySource for Provider {
    fn fetch(&self, _issuer: &Issuer) -> Result<Fetched, FetchError> {
        let mut state = self.0.lock().unwrap();
        state.1 += 1;
        let keys = state
            .0
            .clone()
            .ok_or(FetchError::KeySet(KeySetError::NoKeyList))?;
        Ok(Fetched {
            keys: KeySet::parse(json!({ "keys": keys }).to_string().as_bytes()).unwrap(),
            max_age: None,
        })
    }
}

/// A token of the usual claims, changed, signed with the usual key of Ed25519.
pub(crate) fn token(change: impl FnOnce(&mut Value)) -> String {
    let mut claims = claims();
    change(&mut claims);
    signer(Algorithm::EdDSA).token(r#"{"alg":"EdDSA","kid":"key"}"#, claims.to_string())
}

pub(crate) fn jwk() -> Value {
    signer(Algorithm::EdDSA).jwk("key")
}

/// A gate, and what is around it.
pub(crate) struct Stage {
    pub(crate) gate: Gate,
    pub(crate) clock: HandClock,
    pub(crate) provider: Provider,
}

pub(crate) fn stage() -> Stage {
    let (clock, provider) = (HandClock::new(), Provider::new(vec![jwk()]));
    let sources = KeySources::new().source(URL, provider.clone());
    let gate = Gate::builder(policies(POLICY), sources)
        .clock(clock.clone())
        .build()
        .unwrap();
    Stage {
        gate,
        clock,
        provider,
    }
}

/// What came of a question, in a word.
pub(crate) fn code(answer: Result<Ruling, Denial>) -> &'static str {
    answer.map_or_else(|denial| denial.code(), |_| "allowed")
}

/// The names of the roles.
pub(crate) fn names(roles: &Roles) -> Vec<&str> {
    roles
        .iter()
        .map(|decision| &*decision.role().unwrap().name)
        .collect()
}
