//! A client that is cheap enough not to be what is measured: one thread, some connections, no parsing beyond the end of
//! an answer. It sleeps while there is nothing to do: on a machine with a quota of processor time, one that spins takes
//! the server's.

use std::io::{ErrorKind, Read as _, Write as _};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};

pub(crate) struct Connection {
    stream: TcpStream,
    /// What has come of an answer.
    buffer: Vec<u8>,
    /// The time when the request that is under way was due.
    due: Option<Instant>,
}

impl Connection {
    pub(crate) fn open(address: &str) -> Self {
        let stream = TcpStream::connect(address).unwrap();
        stream.set_nodelay(true).unwrap();
        stream.set_nonblocking(true).unwrap();
        Self {
            stream,
            buffer: Vec::with_capacity(8_192),
            due: None,
        }
    }

    pub(crate) fn is_idle(&self) -> bool {
        self.due.is_none()
    }

    pub(crate) fn send(&mut self, request: &[u8], due: Instant) {
        let mut rest = request;
        while !rest.is_empty() {
            match self.stream.write(rest) {
                Ok(length) => rest = &rest[length..],
                Err(error) if error.kind() == ErrorKind::WouldBlock => {}
                Err(error) => panic!("{error}"),
            }
        }
        self.due = Some(due);
    }

    /// Returns the status, the body and the time since the request was due, if the answer is there.
    pub(crate) fn answer(&mut self) -> Option<(u16, Vec<u8>, Duration)> {
        let due = self.due?;
        let mut part = [0; 8_192];
        match self.stream.read(&mut part) {
            Ok(0) => panic!("the server closed a connection"),
            Ok(length) => self.buffer.extend_from_slice(&part[..length]),
            Err(error) if error.kind() == ErrorKind::WouldBlock => return None,
            Err(error) => panic!("{error}"),
        }
        let head = self.buffer.windows(4).position(|four| four == b"\r\n\r\n")? + 4;
        let text = std::str::from_utf8(&self.buffer[..head]).unwrap();
        let length = text
            .lines()
            .find_map(|line| line.strip_prefix("content-length: "));
        let length: usize = length.map_or(0, |length| length.parse().unwrap());
        if self.buffer.len() < head + length {
            return None;
        }
        let status = text[9..12].parse().unwrap();
        let body = self.buffer[head..head + length].to_vec();
        self.buffer.clear();
        self.due = None;
        Some((status, body, due.elapsed()))
    }
}

/// Waits until an answer is there, or until a request is due for which a connection is free.
fn wait(open: &[(Connection, usize)], due: Option<Instant>) {
    let has_idle = open.iter().any(|(connection, _)| connection.is_idle());
    let left = match due {
        _ if !has_idle => None,
        None => Some(Duration::ZERO),
        Some(due) => Some(due.saturating_duration_since(Instant::now())),
    };
    let left = left.map(|left| Timespec::try_from(left).unwrap());
    let mut files: Vec<PollFd<'_>> = open
        .iter()
        .map(|(connection, _)| PollFd::new(&connection.stream, PollFlags::IN))
        .collect();
    poll(&mut files, left.as_ref()).unwrap();
}

/// Sends requests for a time, and hands each answer on. With a rate, a request is due at its time whether or not those
/// before it are answered; without one, each connection always has a request under way.
pub(crate) fn drive(
    address: &str,
    connections: usize,
    requests: &[Vec<u8>],
    rate: Option<f64>,
    time: Duration,
    mut seen: impl FnMut(usize, u16, &[u8], Duration),
) {
    let mut open: Vec<(Connection, usize)> =
        (0..connections).map(|_| (Connection::open(address), 0)).collect();
    let (start, mut sent) = (Instant::now(), 0_usize);
    loop {
        wait(
            &open,
            rate.map(|rate| start + Duration::from_secs_f64(sent as f64 / rate)),
        );
        let now = Instant::now();
        let is_over = now.duration_since(start) >= time;
        let mut busy = 0;
        // In turn: the server closes a connection that is idle for long.
        open.rotate_left(1);
        for (connection, which) in &mut open {
            if let Some((status, body, latency)) = connection.answer() {
                seen(*which, status, &body, latency);
            }
            let due = rate.map_or(now, |rate| start + Duration::from_secs_f64(sent as f64 / rate));
            if connection.is_idle() && !is_over && due <= now {
                *which = sent % requests.len();
                connection.send(&requests[*which], due);
                sent += 1;
            }
            busy += usize::from(!connection.is_idle());
        }
        if is_over && busy == 0 {
            return;
        }
    }
}
