//! A CI system on loopback: its documents, which can be taken away.

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

/// The documents of an issuer.
pub(crate) struct Documents {
    pub(crate) url: String,
    is_down: Arc<AtomicBool>,
    keys: Arc<std::sync::Mutex<String>>,
}

impl Documents {
    /// Serves documents on a port of their own, until the process ends.
    pub(crate) fn serve() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let (is_down, keys) = (Arc::new(AtomicBool::new(false)), Arc::default());
        let served = Self {
            url: url.clone(),
            is_down: Arc::clone(&is_down),
            keys: Arc::clone(&keys),
        };
        thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                if is_down.load(Ordering::SeqCst) {
                    continue;
                }
                let mut request = [0; 4_096];
                let length = stream.read(&mut request).unwrap_or(0);
                let body = if request[..length].starts_with(b"GET /jwks ") {
                    keys.lock().unwrap().clone()
                } else {
                    format!("{{\"issuer\":\"{url}\",\"jwks_uri\":\"{url}/jwks\"}}")
                };
                let head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncache-control: max-age=20\r\nconnection: close";
                let _ = write!(stream, "{head}\r\ncontent-length: {}\r\n\r\n{body}", body.len());
            }
        });
        served
    }

    /// Sets the key set.
    pub(crate) fn publish(&self, jwks: String) {
        *self.keys.lock().unwrap() = jwks;
    }

    /// Takes the documents away, or brings them back.
    pub(crate) fn set_down(&self, is_down: bool) {
        self.is_down.store(is_down, Ordering::SeqCst);
    }
}
