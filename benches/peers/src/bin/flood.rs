//! What a flood of tokens with invented keys costs those with good ones, and how many tokens are refused while a provider is
//! down.
//!
//! Provider, flood and good tokens share this machine. What a flood takes from everybody by being busy is seen when it is
//! sent to another gate of the same process; what is left is what it does to the gate.

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::{KeyPair, KeySize};
use aws_lc_rs::signature::{KeyPair as _, RSA_PKCS1_SHA256};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rolecall::{
    Clock, Denial, Event, Gate, HttpKeys, KeySources, Moment, Observer, PolicySet, Source, SystemClock,
    UnixTime,
};
use rolecall_benches::timing::cpu_time;
use rolecall_benches::{policy, token_claims};
use std::collections::BTreeMap;
use std::hash::{BuildHasher, RandomState};
use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

/// How many roles there are, and for how many projects there are tokens.
const ROLES: usize = 100;

/// How many good tokens take turns.
const TOKENS: usize = 5_000;

/// How many invented keys come each millisecond.
const INVENTED: u32 = 10;

/// How long a flood lasts. Good tokens alone are verified for half as long before it, and half as long after.
const FLOOD: Duration = Duration::from_secs(10);

fn main() {
    let key = KeyPair::generate(KeySize::Rsa2048).expect("a key");
    let server = Server::start(key_set(&key));
    let tokens: Vec<String> = (0..TOKENS).map(|n| token(&key, &server.url, n)).collect();
    flood(&server, &tokens);
    outage(server, &tokens);
}

fn flood(server: &Server, tokens: &[String]) {
    let [gate, other] = [(); 2].map(|()| gate(&server.url, SystemClock, ()));
    let verify = |time| {
        let (start, mut times) = (Instant::now(), Vec::new());
        while start.elapsed() < time {
            let n = times.len() % tokens.len();
            let answer = timed(&mut times, || gate.authorize(&tokens[n], &role(n)));
            assert!(is_verified(&answer), "{}", code(&answer));
        }
        times
    };
    let verify_beside = |flooded| {
        thread::scope(|scope| {
            let flood = scope.spawn(|| invent(flooded, &tokens[0]));
            (verify(FLOOD), flood.join().expect("a flood"))
        })
    };
    verify(FLOOD / 10);
    let mut without = verify(FLOOD / 2);
    let (with, (invented, codes)) = verify_beside(&gate);
    without.extend(verify(FLOOD / 2));
    let fetches = [&server.asked.discovery, &server.asked.jwks].map(|count| count.load(Ordering::Relaxed));
    let (beside, _) = verify_beside(&other);

    let (sent, seconds) = (invented.len(), FLOOD.as_secs());
    println!("a flood of {sent} tokens with invented keys in {seconds} s, all to one issuer");
    heading();
    let without = row("good, without a flood", without);
    let beside = row("good, a flood at another gate", beside);
    let with = row("good, a flood at this gate", with);
    row("of the flood", invented);
    println!("\n| good tokens take so many times as long | p50 | p99 | p50 of CPU time | p99 |");
    println!("|---|---:|---:|---:|---:|");
    for (name, times) in [
        ("as without a flood", without),
        ("as with one at another gate", beside),
    ] {
        let [a, b, c, d] = [0, 1, 2, 3].map(|place| with[place] / times[place]);
        println!("| {name} | {a:.2} | {b:.2} | {c:.2} | {d:.2} |");
    }
    println!("\nof the flood: {codes:?}");
    println!(
        "fetches made: {} of the discovery document, {} of the key set",
        fetches[0], fetches[1]
    );
}

/// Sends tokens with invented keys at a steady pace. Tells how long each took, and how many got which answer.
fn invent(gate: &Gate, good: &str) -> (Vec<Time>, BTreeMap<&'static str, usize>) {
    let (_, rest) = good.split_once('.').expect("a token");
    let (random, start) = (RandomState::new(), Instant::now());
    let (mut times, mut codes) = (Vec::new(), BTreeMap::new());
    for millisecond in (1..).map(Duration::from_millis).take_while(|end| *end <= FLOOD) {
        for _ in 0..INVENTED {
            let kid = random.hash_one(times.len());
            let header = format!(r#"{{"kid":"{kid:016x}","typ":"JWT","alg":"RS256"}}"#);
            let token = format!("{}.{rest}", encode(header));
            let answer = timed(&mut times, || gate.authorize(&token, "role-0"));
            *codes.entry(code(&answer)).or_default() += 1;
        }
        thread::sleep(millisecond.saturating_sub(start.elapsed()));
    }
    (times, codes)
}

fn outage(server: Server, tokens: &[String]) {
    let (clock, failures) = (SkippingClock::new(), Failures::default());
    let gate = gate(&server.url, clock.clone(), failures.clone());
    assert!(is_verified(&gate.authorize(&tokens[0], "role-0")));
    server.stop();
    let (mut times, mut verified) = (Vec::new(), 0);
    // A token each second.
    for (n, token) in tokens[..3_600].iter().enumerate() {
        clock.seconds.fetch_add(1, Ordering::Relaxed);
        let answer = timed(&mut times, || gate.authorize(token, &role(n)));
        verified += usize::from(is_verified(&answer));
    }
    let refused = times.len() - verified;
    println!("\na provider that is down for 60 minutes, of a clock set by hand");
    heading();
    row("good, of a known key", times);
    println!("\n{verified} verified, {refused} refused");
    println!("fetches failed: {}", failures.0.load(Ordering::Relaxed));
}

/// How long something took: on the clock on the wall, and of this thread's own CPU time, which does not count what others do
/// on a shared machine.
type Time = (Duration, Duration);

fn timed<T>(times: &mut Vec<Time>, work: impl FnOnce() -> T) -> T {
    let (wall, cpu) = (Instant::now(), cpu_time());
    let done = work();
    times.push((wall.elapsed(), cpu_time() - cpu));
    done
}

fn heading() {
    println!("\n| tokens | how many | p50 | p99 | p50 of CPU time | p99 |");
    println!("|---|---:|---:|---:|---:|---:|");
}

/// Prints a row of a table, and returns its times in microseconds.
fn row(name: &str, times: Vec<Time>) -> [f64; 4] {
    let count = times.len();
    let (mut wall, mut cpu): (Vec<_>, Vec<_>) = times.into_iter().unzip();
    wall.sort();
    cpu.sort();
    let percentile =
        |times: &[Duration], percent: usize| times[count * percent / 100].as_nanos() as f64 / 1_000.0;
    let [a, b, c, d] =
        [(&wall, 50), (&wall, 99), (&cpu, 50), (&cpu, 99)].map(|(times, percent)| percentile(times, percent));
    println!("| {name} | {count} | {a:.1} µs | {b:.1} µs | {c:.1} µs | {d:.1} µs |");
    [a, b, c, d]
}

/// Whether the token was accepted, whatever the policies then said.
fn is_verified<T>(answer: &Result<T, Denial>) -> bool {
    !matches!(answer, Err(Denial::Token(_)))
}

fn code<T>(answer: &Result<T, Denial>) -> &'static str {
    answer.as_ref().map_or_else(Denial::code, |_| "allowed")
}

fn role(n: usize) -> String {
    format!("role-{}", n % ROLES)
}

/// A gate that remembers no token, so that each one is verified.
fn gate(url: &str, clock: impl Clock + Clone, observer: impl Observer) -> Gate {
    let text = policy(ROLES).replace("https://gitlab.com", url);
    let policies = PolicySet::compile([Source::new("flood.policy", text.as_str())]).expect("policies");
    let source = HttpKeys::new()
        .allow_loopback_http()
        .clock(Arc::new(clock.clone()));
    let gate = Gate::builder(policies, KeySources::new().otherwise(source));
    let gate = gate.cached_tokens(0).clock(clock).observer(observer);
    gate.build().expect("a gate")
}

/// The machine's calendar and the seconds that were skipped. The stopwatch moves by nothing else.
#[derive(Clone)]
struct SkippingClock {
    start: Instant,
    seconds: Arc<AtomicU64>,
}

impl SkippingClock {
    fn new() -> Self {
        Self {
            start: Instant::now(),
            seconds: Arc::default(),
        }
    }
}

impl Clock for SkippingClock {
    fn now(&self) -> Moment {
        let seconds = self.seconds.load(Ordering::Relaxed);
        Moment {
            wall: UnixTime::from_secs(SystemClock.now().wall.as_secs() + seconds as i64),
            monotonic: self.start + Duration::from_secs(seconds),
        }
    }
}

/// How many fetches failed.
#[derive(Clone, Default)]
struct Failures(Arc<AtomicU64>);

impl Observer for Failures {
    fn observe(&self, event: &Event<'_>) {
        if matches!(event, Event::KeysNotFetched { .. }) {
            self.0.fetch_add(1, Ordering::Relaxed);
        }
    }
}

/// A provider of one key set.
struct Server {
    url: String,
    address: SocketAddr,
    asked: Arc<Asked>,
    stopping: Arc<AtomicBool>,
    thread: JoinHandle<()>,
}

/// How often its documents were asked for.
#[derive(Default)]
struct Asked {
    discovery: AtomicU64,
    jwks: AtomicU64,
}

impl Server {
    fn start(key_set: String) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("an address");
        let url = format!("http://{address}");
        let discovery = format!(r#"{{"issuer":"{url}","jwks_uri":"{url}/jwks"}}"#);
        let (asked, stopping) = (Arc::new(Asked::default()), Arc::new(AtomicBool::new(false)));
        let (counts, stop) = (Arc::clone(&asked), Arc::clone(&stopping));
        let thread = thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                if stop.load(Ordering::Relaxed) {
                    break;
                }
                let _ = answer(stream, &discovery, &key_set, &counts);
            }
        });
        Self {
            url,
            address,
            asked,
            stopping,
            thread,
        }
    }

    /// Nobody listens any more.
    fn stop(self) {
        self.stopping.store(true, Ordering::Relaxed);
        TcpStream::connect(self.address).expect("a connection");
        self.thread.join().expect("a server");
    }
}

/// Answers one question.
fn answer(mut stream: TcpStream, discovery: &str, key_set: &str, asked: &Asked) -> std::io::Result<()> {
    let mut lines = BufReader::new(stream.try_clone()?).lines();
    let first = lines.next().transpose()?.unwrap_or_default();
    while lines.next().transpose()?.is_some_and(|line| !line.is_empty()) {}
    let (count, body) = if first.starts_with("GET /jwks ") {
        (&asked.jwks, key_set)
    } else {
        (&asked.discovery, discovery)
    };
    count.fetch_add(1, Ordering::Relaxed);
    let length = body.len();
    write!(
        stream,
        "HTTP/1.1 200 OK\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{body}"
    )
}

fn encode(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

fn key_set(key: &KeyPair) -> String {
    // An RSAPublicKey of 2,048 bits: nine bytes of DER, the modulus, and then 65537.
    let modulus = encode(&key.public_key().as_ref()[9..265]);
    format!(
        r#"{{"keys":[{{"kty":"RSA","use":"sig","alg":"RS256","kid":"flood","n":"{modulus}","e":"AQAB"}}]}}"#
    )
}

/// A token of GitLab's size of a role's project, good for two hours.
fn token(key: &KeyPair, url: &str, n: usize) -> String {
    let now = SystemClock.now().wall.as_secs();
    let members = token_claims(n % ROLES)
        .into_iter()
        .map(|(name, value)| match name {
            "iss" => format!(r#""iss":"{url}""#),
            "exp" => format!(r#""exp":{}"#, now + 7_200),
            "iat" | "nbf" => format!(r#""{name}":{now}"#),
            "jti" => format!(r#""jti":"{n}""#),
            _ => format!(r#""{name}":{value}"#),
        });
    let payload = format!("{{{}}}", members.collect::<Vec<_>>().join(","));
    let header = encode(r#"{"kid":"flood","typ":"JWT","alg":"RS256"}"#);
    let message = format!("{header}.{}", encode(payload));
    let mut signature = vec![0; key.public_modulus_len()];
    key.sign(
        &RSA_PKCS1_SHA256,
        &SystemRandom::new(),
        message.as_bytes(),
        &mut signature,
    )
    .expect("a signature");
    format!("{message}.{}", encode(signature))
}
