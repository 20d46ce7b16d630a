//! A server on loopback that stands for an upstream: it records requests, and answers as it is set to.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::{JoinHandle, sleep, spawn};
use std::time::Duration;

/// An answer of the recorder: a status, headers, and a body.
type Saying = (u16, String, String);

/// The answers of the recorder, by a part of the request's first line. No answer fits: none at all.
type Script = Arc<Mutex<Vec<(String, Saying)>>>;

pub(crate) struct Recorder {
    pub(crate) port: u16,
    requests: Arc<Mutex<Vec<String>>>,
    script: Script,
    stopped: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Recorder {
    pub(crate) fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let requests: Arc<Mutex<Vec<String>>> = Arc::default();
        let (script, stopped): (Script, Arc<AtomicBool>) = Default::default();
        let (seen, said, stop) = (Arc::clone(&requests), Arc::clone(&script), Arc::clone(&stopped));
        let thread = spawn(move || {
            for stream in listener.incoming() {
                if stop.load(Ordering::SeqCst) {
                    break;
                }
                let (stream, seen, said, stop) = (
                    stream.unwrap(),
                    Arc::clone(&seen),
                    Arc::clone(&said),
                    Arc::clone(&stop),
                );
                spawn(move || answer(stream, &seen, &said, &stop));
            }
        });
        Self {
            port,
            requests,
            script,
            stopped,
            thread: Some(thread),
        }
    }

    /// Sets the next answers.
    pub(crate) fn say(&self, status: u16, headers: &str, body: &str) {
        self.hang();
        self.say_to("", status, headers, body);
    }

    /// Sets the next answers to requests with this text in their first line. The first one that fits is given.
    pub(crate) fn say_to(&self, line: &str, status: u16, headers: &str, body: &str) {
        let saying = (status, headers.to_owned(), body.to_owned());
        self.script.lock().unwrap().push((line.to_owned(), saying));
    }

    /// Does not answer any more.
    pub(crate) fn hang(&self) {
        self.script.lock().unwrap().clear();
    }

    /// Returns the requests since the last call: each with its head and its body.
    pub(crate) fn take(&self) -> Vec<String> {
        std::mem::take(&mut *self.requests.lock().unwrap())
    }
}

impl Drop for Recorder {
    fn drop(&mut self) {
        self.stopped.store(true, Ordering::SeqCst);
        // It waits for a connection.
        let _ = TcpStream::connect(("127.0.0.1", self.port));
        let _ = self.thread.take().unwrap().join();
    }
}

fn answer(mut stream: TcpStream, seen: &Mutex<Vec<String>>, script: &Script, stopped: &AtomicBool) {
    stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
    let (mut text, mut buffer) = (String::new(), [0; 4096]);
    loop {
        let Ok(read @ 1..) = stream.read(&mut buffer) else {
            return;
        };
        // A client that begins with TLS is left.
        let Ok(part) = str::from_utf8(&buffer[..read]) else {
            return;
        };
        text.push_str(part);
        let Some((head, body)) = text.split_once("\r\n\r\n") else {
            continue;
        };
        let head = head.to_ascii_lowercase();
        let length = head.split_once("content-length: ").map_or("0", |(_, rest)| rest);
        let length: usize = length.lines().next().unwrap().parse().unwrap();
        if body.len() >= length {
            break;
        }
    }
    let first = text.lines().next().unwrap_or_default().to_owned();
    seen.lock().unwrap().push(text);
    let script = script.lock().unwrap().clone();
    let fitting = script.into_iter().find(|(line, _)| first.contains(line));
    let Some((_, (status, headers, body))) = fitting else {
        for _ in 0..200 {
            if stopped.load(Ordering::SeqCst) {
                return;
            }
            sleep(Duration::from_millis(50));
        }
        return;
    };
    let length = body.len();
    // The client may have ended the connection.
    let _ = write!(
        stream,
        "HTTP/1.1 {status} Said\r\n{headers}content-length: {length}\r\nconnection: close\r\n\r\n{body}"
    );
}
