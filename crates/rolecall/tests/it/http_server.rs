//! A server on this machine that answers as a test says, over plain HTTP or TLS.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, OnceLock};
use std::thread;
use std::time::{Duration, Instant};

use rolecall::{Clock, HttpKeys, Issuer, Moment, UnixTime};
use rustls::{ServerConfig, ServerConnection, StreamOwned};

/// The key of RFC 7515 appendix A.3, in a set.
pub(crate) const KEYS: &str = r#"{"keys":[{"kty":"EC","crv":"P-256","alg":"ES256","use":"sig","kid":"a",
    "x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}]}"#;

/// What the server does when it was asked.
#[derive(Clone)]
pub(crate) enum Answer {
    /// Sends this and closes the connection.
    Bytes(Vec<u8>),
    /// Closes the connection.
    Close,
    /// Sends the first, and the second again and again until nobody listens.
    Endless(Vec<u8>, Vec<u8>),
    /// Closes the connection before it has read the question, so that the other side sees a reset.
    Reset,
}

impl Answer {
    /// A whole answer. The headers stand on lines of their own.
    pub(crate) fn new(status: &str, headers: &str, body: impl AsRef<[u8]>) -> Self {
        let body = body.as_ref();
        let mut headers: Vec<_> = headers.lines().map(str::trim).map(str::to_owned).collect();
        headers.push(format!("content-length: {}", body.len()));
        let head = format!("HTTP/1.1 {status}\r\n{}\r\n\r\n", headers.join("\r\n"));
        Self::Bytes([head.as_bytes(), body].concat())
    }

    /// A good answer.
    pub(crate) fn json(body: impl AsRef<[u8]>) -> Self {
        Self::new("200 OK", "content-type: application/json", body)
    }
}

/// What the server was asked.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    /// The first line.
    pub(crate) line: String,
    /// The other lines, in small letters and in order.
    pub(crate) headers: Vec<String>,
}

pub(crate) struct Server {
    pub(crate) port: u16,
    requests: Arc<Mutex<Vec<Request>>>,
}

type Script = dyn Fn(usize, &str) -> Answer + Send + Sync;

impl Server {
    /// A server that answers by a script, which is given the number of the request, from 0, and its path.
    pub(crate) fn start(script: impl Fn(usize, &str) -> Answer + Send + Sync + 'static) -> Self {
        Self::serve(None, Arc::new(script))
    }

    /// The same over TLS.
    pub(crate) fn secure(
        tls: ServerConfig,
        script: impl Fn(usize, &str) -> Answer + Send + Sync + 'static,
    ) -> Self {
        Self::serve(Some(Arc::new(tls)), Arc::new(script))
    }

    fn serve(tls: Option<Arc<ServerConfig>>, script: Arc<Script>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let requests = Arc::new(Mutex::new(Vec::new()));
        let seen = requests.clone();
        thread::spawn(move || {
            for stream in listener.incoming() {
                let (tls, script, seen) = (tls.clone(), script.clone(), seen.clone());
                let stream = stream.unwrap();
                thread::spawn(move || match tls {
                    None => converse(stream, &*script, &seen, &|stream| {
                        let _ = stream.shutdown(Shutdown::Write);
                    }),
                    Some(tls) => {
                        let connection = ServerConnection::new(tls).unwrap();
                        let stream = StreamOwned::new(connection, stream);
                        converse(stream, &*script, &seen, &|stream| {
                            stream.conn.send_close_notify();
                            let _ = stream.flush();
                        });
                    }
                });
            }
        });
        Self { port, requests }
    }

    /// The URL of a path, over plain HTTP.
    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    /// What was asked so far.
    pub(crate) fn requests(&self) -> Vec<Request> {
        self.requests.lock().unwrap().clone()
    }

    /// The paths that were asked for so far.
    pub(crate) fn paths(&self) -> Vec<String> {
        let requests = self.requests();
        let path = |request: &Request| request.line.split(' ').nth(1).unwrap_or_default().to_owned();
        requests.iter().map(path).collect()
    }
}

/// Answers one question.
fn converse<S: Read + Write>(
    mut stream: S,
    script: &Script,
    seen: &Mutex<Vec<Request>>,
    finish: &dyn Fn(&mut S),
) {
    // A reset is scripted before the question is known.
    let number = seen.lock().unwrap().len();
    if matches!(script(number, ""), Answer::Reset) {
        let line = "reset".to_owned();
        let headers = Vec::new();
        seen.lock().unwrap().push(Request { line, headers });
        let _ = stream.read(&mut [0; 1]);
        return;
    }
    let Some(request) = request(&mut stream) else {
        return;
    };
    let path = request.line.split(' ').nth(1).unwrap_or_default().to_owned();
    let number = {
        let mut seen = seen.lock().unwrap();
        seen.push(request);
        seen.len() - 1
    };
    match script(number, &path) {
        Answer::Bytes(bytes) => {
            let _ = stream.write_all(&bytes);
        }
        Answer::Endless(first, again) => {
            let _ = stream.write_all(&first);
            while stream.write_all(&again).is_ok() {}
        }
        Answer::Close | Answer::Reset => {}
    }
    let _ = stream.flush();
    finish(&mut stream);
    // Whoever closes first without having read everything breaks the connection: let it be the client.
    let _ = stream.read(&mut [0; 1]);
}

/// Reads the head of a question.
pub(crate) fn request(stream: &mut impl Read) -> Option<Request> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        stream.read_exact(&mut byte).ok()?;
        head.extend(byte);
    }
    let head = String::from_utf8(head).unwrap();
    let mut lines = head.trim_end().lines().map(str::to_owned);
    let line = lines.next()?;
    let headers = lines.map(|line| line.to_lowercase()).collect();
    Some(Request { line, headers })
}

/// A source that asks servers on this machine over plain HTTP.
pub(crate) fn source() -> HttpKeys {
    HttpKeys::new().allow_loopback_http()
}

/// An issuer that says itself where its keys are.
pub(crate) fn issuer(url: &str) -> Issuer {
    Issuer::new("gitlab", url, "gitlab", vec!["rolecall".to_owned()])
}

/// An issuer whose keys are here.
pub(crate) fn issuer_with_keys_at(url: &str) -> Issuer {
    let mut issuer = issuer("https://ci.example");
    issuer.jwks = Some(url.to_owned());
    issuer
}

/// A discovery document.
pub(crate) fn document(issuer: &str, jwks_uri: &str) -> String {
    format!(r#"{{"issuer":"{issuer}","jwks_uri":"{jwks_uri}","response_types_supported":["id_token"]}}"#)
}

/// A provider whose documents are made by a function of the server's own URL, the number of the request, and the path.
pub(crate) fn provider(script: impl Fn(&str, usize, &str) -> Answer + Send + Sync + 'static) -> Server {
    let url = Arc::new(OnceLock::<String>::new());
    let own = url.clone();
    let server = Server::start(move |number, path| script(own.wait(), number, path));
    url.set(server.url("")).unwrap();
    server
}

/// A provider as it should be, whose issuer has this path.
pub(crate) fn good_provider(path: &'static str) -> Server {
    provider(move |url, _, asked| {
        if asked.ends_with("/.well-known/openid-configuration") {
            Answer::json(document(&format!("{url}{path}"), &format!("{url}/keys")))
        } else {
            Answer::json(KEYS)
        }
    })
}

/// A clock that is set by hand.
pub(crate) struct HandClock(Mutex<Moment>);

impl HandClock {
    pub(crate) fn new() -> Arc<Self> {
        let wall = UnixTime::from_secs(1_800_000_000);
        let monotonic = Instant::now();
        Arc::new(Self(Mutex::new(Moment { wall, monotonic })))
    }

    pub(crate) fn advance(&self, seconds: u64) {
        self.0.lock().unwrap().monotonic += Duration::from_secs(seconds);
    }
}

impl Clock for HandClock {
    fn now(&self) -> Moment {
        *self.0.lock().unwrap()
    }
}

/// A tunnel to a server, as a proxy makes it. It gives back what it was asked first.
pub(crate) fn tunnel(server: u16) -> (u16, Arc<Mutex<Vec<Request>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let requests = Arc::new(Mutex::new(Vec::new()));
    let seen = requests.clone();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut client = stream.unwrap();
            seen.lock().unwrap().extend(request(&mut client));
            client.write_all(b"HTTP/1.1 200 Connected\r\n\r\n").unwrap();
            let server = TcpStream::connect(("127.0.0.1", server)).unwrap();
            for (mut from, mut to) in [
                (client.try_clone().unwrap(), server.try_clone().unwrap()),
                (server, client),
            ] {
                thread::spawn(move || {
                    let _ = std::io::copy(&mut from, &mut to);
                    let _ = to.shutdown(Shutdown::Write);
                });
            }
        }
    });
    (port, requests)
}
