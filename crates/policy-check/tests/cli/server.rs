//! A server on this machine that has some documents.

use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair};
use rustls::crypto::aws_lc_rs;
use rustls::pki_types::PrivateKeyDer;
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

/// A server, and what it was asked.
pub(crate) struct Server {
    port: u16,
    asked: Arc<Mutex<Vec<String>>>,
}

type Answer = dyn Fn(&str) -> String + Send + Sync;

/// A good answer.
pub(crate) fn json(body: &str) -> String {
    answer(
        "200 OK",
        "content-type: application/json\r\ncache-control: max-age=600",
        body,
    )
}

/// An answer.
pub(crate) fn answer(status: &str, headers: &str, body: &str) -> String {
    let length = body.len();
    format!("HTTP/1.1 {status}\r\n{headers}\r\ncontent-length: {length}\r\n\r\n{body}")
}

/// A discovery document.
pub(crate) fn discovery(issuer: &str, jwks_uri: &str) -> String {
    json(&format!(r#"{{"issuer":"{issuer}","jwks_uri":"{jwks_uri}"}}"#))
}

/// An answer that there is nothing.
pub(crate) fn nothing() -> String {
    answer("404 Not Found", "content-type: text/html", "<h1>no</h1>")
}

impl Server {
    /// A server that answers by the path, given its own URL.
    pub(crate) fn start(script: impl Fn(&str, &str) -> String + Send + Sync + 'static) -> Self {
        Self::serve("http", None, script)
    }

    /// The same over TLS, and the certificate of the authority of this name that vouches for it.
    pub(crate) fn secure(
        authority: &str,
        script: impl Fn(&str, &str) -> String + Send + Sync + 'static,
    ) -> (Self, String) {
        let (tls, authority) = identity(authority);
        (Self::serve("https", Some(tls), script), authority)
    }

    /// A server that always answers the same.
    pub(crate) fn always(answer: String) -> Self {
        Self::start(move |_, _| answer.clone())
    }

    fn serve(
        scheme: &str,
        tls: Option<Arc<ServerConfig>>,
        script: impl Fn(&str, &str) -> String + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let asked = Arc::new(Mutex::new(Vec::new()));
        let seen = asked.clone();
        let own = format!("{scheme}://127.0.0.1:{port}");
        let script: Arc<Answer> = Arc::new(move |path| script(&own, path));
        thread::spawn(move || {
            for stream in listener.incoming() {
                let (stream, tls, script, seen) =
                    (stream.unwrap(), tls.clone(), script.clone(), seen.clone());
                thread::spawn(move || match tls {
                    None => converse(stream, &*script, &seen, &|stream: &mut TcpStream| {
                        let _ = stream.shutdown(Shutdown::Write);
                    }),
                    Some(tls) => {
                        let stream = StreamOwned::new(ServerConnection::new(tls).unwrap(), stream);
                        converse(stream, &*script, &seen, &|stream| {
                            stream.conn.send_close_notify();
                            let _ = stream.flush();
                        });
                    }
                });
            }
        });
        Self { port, asked }
    }

    /// A text with `PORT` for its port, which is another each time.
    pub(crate) fn forget_port(&self, text: &str) -> String {
        text.replace(&format!(":{}", self.port), ":PORT")
    }

    /// The URL of a path.
    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    /// The same over TLS.
    pub(crate) fn secure_url(&self, path: &str) -> String {
        format!("https://127.0.0.1:{}{path}", self.port)
    }

    /// The targets that were asked for so far.
    pub(crate) fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }
}

/// Answers one question.
fn converse<S: Read + Write>(
    mut stream: S,
    script: &Answer,
    seen: &Mutex<Vec<String>>,
    finish: &dyn Fn(&mut S),
) {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        if stream.read_exact(&mut byte).is_err() {
            return;
        }
        head.extend(byte);
    }
    let head = String::from_utf8(head).unwrap();
    let target = head.split(' ').nth(1).unwrap().to_owned();
    seen.lock().unwrap().push(target.clone());
    let _ = stream.write_all(script(&target).as_bytes());
    let _ = stream.flush();
    finish(&mut stream);
    // Whoever closes first without having read everything breaks the connection: let it be the client.
    let _ = stream.read(&mut [0; 1]);
}

/// The certificate of a server on this machine, and that of its authority.
fn identity(name: &str) -> (Arc<ServerConfig>, String) {
    let key = KeyPair::generate().unwrap();
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.distinguished_name.push(DnType::CommonName, name);
    let pem = params.self_signed(&key).unwrap().pem();
    let authority = Issuer::new(params, key);

    let key = KeyPair::generate().unwrap();
    let params = CertificateParams::new(["127.0.0.1", "localhost"].map(str::to_owned)).unwrap();
    let certificate = params.signed_by(&key, &authority).unwrap().der().clone();
    let key = PrivateKeyDer::Pkcs8(key.serialize_der().into());
    let config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_protocol_versions(rustls::ALL_VERSIONS)
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key)
        .unwrap();
    (Arc::new(config), pem)
}
