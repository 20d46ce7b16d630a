//! Metrics: the names of all of them, and their text for `/metrics`.
//!
//! Labels are names of the configuration and of the policies, and codes. They are never texts of tokens or requests.

use metrics::{counter, gauge};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};

use crate::failure::Failure;

/// The metrics of this process.
#[derive(Clone, Debug)]
pub(crate) struct Telemetry(PrometheusHandle);

impl Telemetry {
    /// Begins to record.
    pub(crate) fn start() -> Result<Self, Failure> {
        let recorder = PrometheusBuilder::new().build_recorder();
        let handle = recorder.handle();
        metrics::set_global_recorder(recorder)
            .map_err(|error| Failure::new(format!("cannot record metrics: {error}")))?;
        Ok(Self(handle))
    }

    /// Returns the metrics in the text format of Prometheus.
    pub(crate) fn text(&self) -> String {
        self.0.run_upkeep();
        self.0.render()
    }
}

pub(crate) fn granted(door: &str) {
    counter!("rolecall_exchange_grants_total", "door" => door.to_owned()).increment(1);
}

pub(crate) fn refused(door: &str, reason: &'static str) {
    counter!("rolecall_exchange_refusals_total", "door" => door.to_owned(), "reason" => reason).increment(1);
}

/// Counts a request to the upstream of a door.
pub(crate) fn asked(door: &str, is_answered: bool) {
    let outcome = if is_answered { "answered" } else { "not_answered" };
    counter!("rolecall_exchange_upstream_requests_total", "door" => door.to_owned(), "outcome" => outcome)
        .increment(1);
}

/// Counts a connection or a request over a limit.
pub(crate) fn limited(limit: &'static str) {
    counter!("rolecall_exchange_limited_total", "limit" => limit).increment(1);
}

pub(crate) fn connections(open: usize) {
    gauge!("rolecall_exchange_connections").set(number(open));
}

/// Notes the age of the key that signs, in seconds; there is none if no key signs.
pub(crate) fn signing_key_age(seconds: Option<i64>) {
    let seconds = seconds.and_then(|seconds| usize::try_from(seconds).ok());
    gauge!("rolecall_exchange_signing_key_present").set(number(usize::from(seconds.is_some())));
    gauge!("rolecall_exchange_signing_key_age_seconds").set(number(seconds.unwrap_or_default()));
}

/// Notes whether files are not used as they are on disk: `policies`, `last_good`,
/// `keys`, `session_keys` or `certificate`.
pub(crate) fn stale(what: &'static str, is_stale: bool) {
    gauge!("rolecall_exchange_stale", "what" => what).set(number(usize::from(is_stale)));
}

/// Notes the keys of an issuer of the policies.
pub(crate) fn issuer_keys(issuer: &str, usable: usize, is_stale: bool, failures: u32) {
    let label = || issuer.to_owned();
    gauge!("rolecall_exchange_issuer_keys", "issuer" => label()).set(number(usable));
    gauge!("rolecall_exchange_issuer_keys_stale", "issuer" => label()).set(number(usize::from(is_stale)));
    gauge!("rolecall_exchange_issuer_key_failures", "issuer" => label()).set(f64::from(failures));
}

/// Counts an answer that the memory of used tokens did not give.
pub(crate) fn store_failed(store: &'static str) {
    counter!("rolecall_exchange_store_failures_total", "store" => store).increment(1);
}

/// Counts a write of the audit log that failed.
pub(crate) fn audit_failed() {
    counter!("rolecall_exchange_audit_failures_total").increment(1);
}

/// Counts a failure to copy the audit log to the database.
pub(crate) fn copy_failed() {
    counter!("rolecall_exchange_audit_copy_failures_total").increment(1);
}

/// Notes whether the audit log can be written, and the number of lines that are not in the database yet, if it is copied.
pub(crate) fn audit(is_written: bool, lag: Option<u64>) {
    gauge!("rolecall_exchange_audit_failing").set(number(usize::from(!is_written)));
    if let Some(lag) = lag {
        gauge!("rolecall_exchange_audit_copy_lag_lines")
            .set(number(usize::try_from(lag).unwrap_or(usize::MAX)));
    }
}

/// Returns a number as metrics have it. Above four billion it stays at that.
fn number(count: usize) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}
