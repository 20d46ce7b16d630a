//! Requests to upstreams, by the client of `rolecall`: no redirect is followed, addresses are checked, and size and
//! time of an answer are bounded. A request is not repeated.

use std::sync::Arc;
use std::time::Duration;

use rolecall::{HttpClient, HttpRequest, HttpResponse};
use tokio::sync::Semaphore;
use tokio::time::timeout;

/// The maximum number of requests at a time, each of which has a thread.
const MAX_REQUESTS: usize = 64;

/// The client for upstreams.
#[derive(Debug)]
pub(crate) struct Upstream {
    client: HttpClient,
    places: Arc<Semaphore>,
}

/// A request: a `POST` if it has a body, else a `GET`.
pub(crate) struct Call {
    /// A URL of the configuration, and a path and a query behind it.
    pub(crate) url: String,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) body: Option<Vec<u8>>,
    /// The time in which the answer must be there.
    pub(crate) time: Duration,
    /// The maximum size of the answer's body in bytes.
    pub(crate) max_bytes: u64,
}

/// There is no answer: the upstream cannot be reached, is too slow or says too much.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct NoReply;

impl Upstream {
    pub(crate) fn new(client: HttpClient) -> Self {
        Self {
            client,
            places: Arc::new(Semaphore::new(MAX_REQUESTS)),
        }
    }

    /// Sends a request, and returns the answer whatever its status.
    ///
    /// # Errors
    /// [`NoReply`] if there is no answer within the limits.
    pub(crate) async fn send(&self, call: Call) -> Result<HttpResponse, NoReply> {
        let place = timeout(call.time, Arc::clone(&self.places).acquire_owned()).await;
        let place = place.map_err(|_| NoReply)?.map_err(|_| NoReply)?;
        // Without the query, which a client chooses.
        let shown = call.url.split('?').next().unwrap_or_default().to_owned();
        let client = self.client.clone();
        let asked = tokio::task::spawn_blocking(move || {
            // Kept until the thread ends, and not only until the caller does.
            let _place = place;
            let headers: Vec<(&str, &str)> = call
                .headers
                .iter()
                .map(|(name, value)| (*name, value.as_str()))
                .collect();
            client.send(&HttpRequest {
                url: &call.url,
                headers: &headers,
                body: call.body.as_deref(),
                timeout: call.time,
                max_bytes: call.max_bytes,
            })
        });
        let reply = asked.await.map_err(|_| NoReply)?;
        reply.map_err(|fault| {
            tracing::warn!(upstream = shown, %fault, "an upstream did not answer");
            NoReply
        })
    }
}
