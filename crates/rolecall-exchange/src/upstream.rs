//! Requests to upstreams. This is the only file that connects to them.
//!
//! No redirect is followed, and size and time of an answer are bounded. A request is not repeated.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Semaphore;
use tokio::time::timeout;
use ureq::tls::{PemItem, RootCerts, TlsConfig, parse_pem};
use ureq::{Agent, Proxy};

use crate::config::Fetch;
use crate::failure::Failure;

/// The time in which an upstream must be connected.
const CONNECT_TIME: Duration = Duration::from_secs(3);
/// The time in which an answer must be there.
const TOTAL_TIME: Duration = Duration::from_secs(5);
/// The maximum size of an answer in bytes.
const MAX_BYTES: u64 = 64 * 1024;
/// The maximum number of requests at a time, each of which has a thread.
const MAX_REQUESTS: usize = 64;

/// The client for upstreams.
#[derive(Debug)]
pub(crate) struct Upstream {
    agent: Agent,
    proxy: Option<Proxy>,
    places: Arc<Semaphore>,
}

/// An answer, whatever its status.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) body: Vec<u8>,
}

/// There is no answer: the upstream cannot be reached, is too slow or says too much.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct NoReply;

impl Upstream {
    pub(crate) fn new(fetch: &Fetch) -> Result<Self, Failure> {
        let wrong = |error: &dyn std::fmt::Display| Failure::new(format!("cannot use `[fetch]`: {error}"));
        let roots = match &fetch.ca {
            None => RootCerts::PlatformVerifier,
            Some(path) => {
                let pem =
                    std::fs::read(path).map_err(|error| wrong(&format!("`{}`: {error}", path.display())))?;
                let items = parse_pem(&pem).filter_map(|item| match item {
                    Ok(PemItem::Certificate(certificate)) => Some(certificate),
                    _ => None,
                });
                RootCerts::from(items)
            }
        };
        let tls = TlsConfig::builder()
            .root_certs(roots)
            .unversioned_rustls_crypto_provider(Arc::new(rustls::crypto::aws_lc_rs::default_provider()))
            .build();
        let config = Agent::config_builder()
            .tls_config(tls)
            // Not from the environment.
            .proxy(None)
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .max_idle_connections(0)
            .timeout_connect(Some(CONNECT_TIME))
            .timeout_global(Some(TOTAL_TIME))
            .user_agent(concat!("rolecall/", env!("CARGO_PKG_VERSION")))
            .build();
        let proxy = fetch.proxy.as_deref().map(Proxy::new).transpose();
        Ok(Self {
            agent: config.into(),
            proxy: proxy.map_err(|_| wrong(&"`proxy` is not the URL of a proxy"))?,
            places: Arc::new(Semaphore::new(MAX_REQUESTS)),
        })
    }

    /// Posts a form.
    ///
    /// # Errors
    /// [`NoReply`] if there is no answer within the limits.
    pub(crate) async fn post_form(&self, url: &str, form: String) -> Result<Reply, NoReply> {
        let place = timeout(TOTAL_TIME, Arc::clone(&self.places).acquire_owned()).await;
        let place = place.map_err(|_| NoReply)?.map_err(|_| NoReply)?;
        // A loopback host is not one of the proxy.
        let proxy = self.proxy.clone().filter(|_| url.starts_with("https://"));
        let request = self.agent.post(url).config().proxy(proxy).build();
        let request = request.header("content-type", "application/x-www-form-urlencoded; charset=utf-8");
        let asked = tokio::task::spawn_blocking(move || {
            // Kept until the thread ends, and not only until the caller does.
            let _place = place;
            let mut response = request.send(form.as_str())?;
            let status = response.status().as_u16();
            let body = response.body_mut().with_config().limit(MAX_BYTES).read_to_vec()?;
            Ok::<_, ureq::Error>(Reply { status, body })
        });
        let reply = asked.await.map_err(|_| NoReply)?;
        reply.map_err(|error| {
            // The error of the library may have a part of what the server sent, but nothing of the request.
            tracing::warn!(upstream = url, %error, "an upstream did not answer");
            NoReply
        })
    }
}
