//! Limits of requests, in the form of each door.

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use serde_json::{Value, json};
use socket2::{Domain, Socket, Type};

use crate::outside;
use crate::support::{Answer, Server, command, prepare};

const DOORS: &str = "[doors.token]\n[doors.request]\n[doors.aws]\n[doors.gcp]\n[doors.azure]\n[doors.vault]\n[doors.octo_sts]\n[doors.authorize]\n[doors.credentials]\nupstream = \"https://sts.{region}.amazonaws.com\"\nregions = [\"eu-central-1\"]\n";

/// A path of each door that takes a body.
const WITH_BODY: [&str; 5] = [
    "/token",
    "/v1/token",
    "/tenant/oauth2/v2.0/token",
    "/",
    "/v1/auth/jwt/login",
];

fn server() -> Server {
    let more = "[sessions]\nkeys = \"session-keys\"\n[secrets]\nfolder = \"secrets\"\n";
    let prepared = prepare(DOORS, more);
    fs::create_dir(prepared.0.path().join("secrets")).unwrap();
    Server::of(prepared)
}

/// Returns the message of an error in the form of the door at a path.
fn message(path: &str, answer: &Answer) -> String {
    if path == "/" {
        return crate::aws::element(answer, "Message");
    }
    let body = answer.json();
    let text = |value: &Value| {
        value
            .as_str()
            .unwrap_or_else(|| panic!("{path}: {answer:?}"))
            .to_owned()
    };
    match path {
        "/v1/auth/jwt/login" => text(&body["errors"][0]),
        "/token" | "/v1/token" | "/tenant/oauth2/v2.0/token" => text(&body["error_description"]),
        path if path.contains("/serviceAccounts/") => text(&body["error"]["message"]),
        _ => text(&body["message"]),
    }
}

fn connect(server: &Server) -> TcpStream {
    let stream = TcpStream::connect(server.url.trim_start_matches("http://")).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    stream
}

#[test]
fn a_body_that_is_too_large_is_refused_in_the_form_of_the_door() {
    let server = server();
    let large = "x".repeat(65 * 1024);
    for path in WITH_BODY {
        let answer = server.post(path, &[], &large);
        assert!(matches!(answer.status, 400 | 413), "{path}: {answer:?}");
        assert!(message(path, &answer).contains("64 KiB"), "{path}: {answer:?}");
        assert!(!answer.header("x-request-id").is_empty());
    }
}

#[test]
fn a_method_that_a_path_does_not_have_is_refused_in_the_form_of_the_door() {
    let server = server();
    for path in [
        "/token",
        "/v1/token",
        "/",
        "/tenant/oauth2/v2.0/token",
        "/v1/projects/-/serviceAccounts/a@b:generateAccessToken",
        "/id-token",
        "/authorize",
        "/sts/exchange",
        "/aws/credentials/deploy-aws",
    ] {
        let answer = server.send("DELETE", path, &[], "");
        assert_eq!(answer.status, 405, "{path}: {answer:?}");
        assert!(!answer.header("allow").is_empty(), "{path}: {answer:?}");
        assert!(message(path, &answer).contains("method"), "{path}: {answer:?}");
    }
}

/// Begins as many requests as a peer may have under way, and sends nothing more.
fn crowd(server: &Server) -> Vec<TcpStream> {
    let begin = |_| {
        let mut stream = connect(server);
        let head = "POST /token HTTP/1.1\r\nhost: x\r\ncontent-length: 10\r\n\r\nx";
        stream.write_all(head.as_bytes()).unwrap();
        stream
    };
    (0..64).map(begin).collect()
}

/// Returns the refusal of a request for want of a place; `None` if there is a place until the end.
fn refused_until(server: &Server, path: &str, end: Instant) -> Option<Answer> {
    while Instant::now() < end {
        let answer = server.post(path, &[], "");
        if answer.header("retry-after") == "1" {
            return Some(answer);
        }
    }
    None
}

#[test]
fn a_body_that_does_not_come_closes_no_door_for_others() {
    let server = server();
    // The requests end after 5 seconds, and on a busy machine some have not begun by then.
    let (mut slow, answers) = (0..10)
        .find_map(|_| {
            let slow = crowd(&server);
            let end = Instant::now() + Duration::from_secs(4);
            let refused = WITH_BODY.map(|path| refused_until(&server, path, end));
            let refused: Option<Vec<Answer>> = refused.into_iter().collect();
            Some((slow, refused?))
        })
        .expect("a peer has more places");
    for (path, answer) in WITH_BODY.iter().zip(answers) {
        let status = if *path == "/" { 400 } else { 429 };
        assert_eq!(answer.status, status, "{path}: {answer:?}");
        assert!(
            message(path, &answer).contains("too many requests"),
            "{path}: {answer:?}"
        );
        if *path == "/" {
            assert_eq!(crate::aws::element(&answer, "Code"), "Throttling");
        }
    }
    // They are answered, too, and then there is room.
    for stream in &mut slow {
        let mut text = [0; 12];
        stream.read_exact(&mut text).unwrap();
        assert_eq!(&text, b"HTTP/1.1 408");
    }
    assert_eq!(server.post("/token", &[], "").status, 400);
}

#[test]
fn requests_under_way_are_answered_when_the_server_stops() {
    let mut server = server();
    let mut stream = connect(&server);
    write!(
        stream,
        "POST /token HTTP/1.1\r\nhost: x\r\ncontent-length: 2\r\n\r\nx"
    )
    .unwrap();
    // The server has begun to read it.
    sleep(Duration::from_secs(1));
    server.signal("TERM");
    let end = Instant::now() + Duration::from_secs(3);
    while TcpStream::connect(server.url.trim_start_matches("http://")).is_ok() {
        assert!(Instant::now() < end, "it accepts connections");
        sleep(Duration::from_millis(20));
    }
    stream.write_all(b"y").unwrap();
    let mut text = String::new();
    stream.read_to_string(&mut text).unwrap();
    assert!(text.starts_with("HTTP/1.1 400"), "{text}");
    assert!(server.wait());
}

#[test]
fn a_log_that_cannot_be_written_stops_nothing() {
    let (folder, gitlab) = prepare("[doors.token]\n", "");
    let Ok(full) = fs::File::options().write(true).open("/dev/full") else {
        eprintln!("skipped: a full log needs /dev/full");
        return;
    };
    let mut child = command(folder.path(), &["serve", "--ready", "ready.json"])
        .stdout(Stdio::null())
        .stderr(full)
        .spawn()
        .unwrap();
    let end = Instant::now() + Duration::from_secs(20);
    while !folder.path().join("ready.json").exists() {
        assert!(Instant::now() < end, "it does not start");
        sleep(Duration::from_millis(20));
    }
    let ready: Value = serde_json::from_slice(&fs::read(folder.path().join("ready.json")).unwrap()).unwrap();
    let address = ready["url"]
        .as_str()
        .unwrap()
        .trim_start_matches("http://")
        .to_owned();
    // Longer than the pause after which keys are read again, which writes to the log, too.
    let until = Instant::now() + Duration::from_secs(5);
    while Instant::now() < until {
        let mut stream = TcpStream::connect(&address).unwrap();
        write!(
            stream,
            "GET /jwks HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n"
        )
        .unwrap();
        let mut text = String::new();
        stream.read_to_string(&mut text).unwrap();
        assert!(text.starts_with("HTTP/1.1 200"), "{text}");
        sleep(Duration::from_millis(100));
    }
    assert!(child.try_wait().unwrap().is_none());
    let job = gitlab.token(json!({ "project_id": "4242", "ref": "main", "ref_protected": "true" }));
    let body = format!(
        "grant_type=urn:ietf:params:oauth:grant-type:token-exchange&subject_token={job}\
         &subject_token_type=urn:ietf:params:oauth:token-type:jwt&audience=https://deploy.acme.example"
    );
    let mut stream = TcpStream::connect(&address).unwrap();
    let length = body.len();
    write!(stream, "POST /token HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-type: application/x-www-form-urlencoded\r\ncontent-length: {length}\r\n\r\n{body}").unwrap();
    let mut text = String::new();
    stream.read_to_string(&mut text).unwrap();
    assert!(text.starts_with("HTTP/1.1 200"), "{text}");
    child.kill().unwrap();
    child.wait().unwrap();
}

#[test]
fn ten_thousand_idle_connections_close_no_door_for_others() {
    const CONNECTIONS: u32 = 10_000;
    let raised = Command::new("sh").args(["-c", "ulimit -Hn"]).output().unwrap();
    let files = String::from_utf8(raised.stdout).unwrap();
    let files = files.trim().parse().unwrap_or(u32::MAX);
    if files < CONNECTIONS + 1_000 {
        return outside::skip(
            &format!("the system allows {files} file descriptors: 11000 are needed"),
            "ROLECALL_REQUIRE_CLIENTS",
        );
    }
    let limit = getrlimit(Resource::Nofile);
    setrlimit(
        Resource::Nofile,
        Rlimit {
            current: limit.maximum,
            ..limit
        },
    )
    .unwrap();
    let server = server();
    let address: SocketAddr = server.url.trim_start_matches("http://").parse().unwrap();
    // A peer has 256 of them.
    let open: Vec<Socket> = (0..CONNECTIONS)
        .map(|number| {
            let socket = Socket::new(Domain::IPV4, Type::STREAM, None).unwrap();
            let [_, _, high, low] = (number / 250 + 2).to_be_bytes();
            let own = SocketAddr::from(([127, 1, high, low], 0));
            socket.bind(&own.into()).unwrap();
            socket.connect(&address.into()).unwrap();
            socket
        })
        .collect();
    server.wait_until("the connections are not all open", |server| {
        let metrics = server.get_admin("/metrics").text;
        let line = metrics
            .lines()
            .find(|line| line.starts_with("rolecall_exchange_connections "));
        let count = line.and_then(|line| line.split(' ').nth(1)?.parse::<u32>().ok());
        count.is_some_and(|count| count >= CONNECTIONS)
    });
    assert_eq!(
        server
            .exchange(&server.job(json!({})), "https://deploy.acme.example")
            .status,
        200
    );
    drop(open);
}
