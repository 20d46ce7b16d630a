//! A server on loopback with the policies, keys and job tokens of a test.

pub(crate) mod ci;
pub(crate) mod clients;
mod postgres;
mod recorder;
mod tls;

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::Arc;
use std::thread::sleep;
use std::time::{Duration, Instant};

use rolecall::testing::TestIssuer;
use rolecall::{Gate, KeySet, KeySources, PolicySet, Ruling, Source};
use serde_json::{Value, json};
use tempfile::TempDir;
use ureq::Agent;

pub(crate) use postgres::{Database, PASSWORD};
pub(crate) use recorder::Recorder;
pub(crate) use tls::{Instance, write_certificate};

/// The issuer of the servers under test. It is no address: the documents are fetched from the loopback address.
pub(crate) const ISSUER: &str = "https://sts.acme.example";

/// The policies of the servers under test.
pub(crate) const POLICIES: &str = r#"
edition 2026

issuer gitlab {
  url      "https://gitlab.com"
  profile  gitlab-ci
  audience ["https://sts.acme.example", "https://vault.acme.example"]
  jwks     "gitlab.json"
}

role deploy-production {
  ttl 10m
  allow from gitlab when project_id == "4242" && ref == "main" && ref_protected
  grant audience = "https://deploy.acme.example"
}

role deploy-aws {
  allow from gitlab when project_id == "4242" && ref == "main" && ref_protected
  grant audience = "sts.amazonaws.com"
  grant aws_role = "arn:aws:iam::123456789012:role/deploy"
}

role read-main {
  allow from gitlab when project_id == "4242" && ref_protected
  grant audience = "https://read.acme.example"
}

role read-all {
  allow from gitlab when project_id == "4242"
  grant audience = "https://read.acme.example"
}

role no-grant {
  allow from gitlab when project_id == "4242"
}
"#;

/// The doors of the servers under test.
const DOORS: &str = "[doors.token]\n[doors.request]\n";

/// A running server. It ends with this value.
pub(crate) struct Server {
    pub(crate) folder: TempDir,
    pub(crate) url: String,
    pub(crate) admin: String,
    gitlab: Arc<TestIssuer>,
    child: Child,
}

/// An answer: its status, its headers and its body.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: ureq::http::HeaderMap,
    pub(crate) text: String,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|_| panic!("{self:?}"))
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
}

/// Returns a command of the binary under test.
pub(crate) fn command(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_rolecall-exchange"));
    command.current_dir(folder).args(arguments);
    command
}

pub(crate) fn run(folder: &Path, arguments: &[&str]) -> Output {
    command(folder, arguments).output().unwrap()
}

/// A folder with everything that a server needs.
pub(crate) fn prepare(doors: &str, more: &str) -> (TempDir, TestIssuer) {
    prepare_policies(POLICIES, doors, more)
}

fn prepare_policies(policy: &str, doors: &str, more: &str) -> (TempDir, TestIssuer) {
    let folder = TempDir::new().unwrap();
    let path = |name: &str| folder.path().join(name);
    let policies = PolicySet::compile([Source::new("test.policy", policy)]).unwrap();
    let gitlab = TestIssuer::of(&policies, "gitlab");
    fs::create_dir(path("policies")).unwrap();
    fs::write(path("policies/test.policy"), policy).unwrap();
    fs::write(path("policies/gitlab.json"), gitlab.jwks()).unwrap();
    // Top-level keys come first.
    let config = format!(
        "issuer = \"{ISSUER}\"\npolicies = \"policies\"\n\
         [listen]\naddress = \"127.0.0.1:0\"\nadmin = \"127.0.0.1:0\"\n\
         [signing]\nkeys = \"keys\"\nalgorithm = \"ES256\"\n\
         [audit]\nfile = \"audit.jsonl\"\n{more}\n{doors}"
    );
    fs::write(path("exchange.toml"), config).unwrap();
    let made = run(folder.path(), &["keys", "new"]);
    assert!(made.status.success(), "{made:?}");
    if more.contains("[sessions]") {
        let made = run(folder.path(), &["keys", "new", "--sessions"]);
        assert!(made.status.success(), "{made:?}");
    }
    (folder, gitlab)
}

impl Server {
    pub(crate) fn start() -> Self {
        Self::with(DOORS, "")
    }

    /// Starts a server with more keys at the beginning of its configuration.
    pub(crate) fn configured(top: &str) -> Self {
        let (folder, gitlab) = prepare(DOORS, "");
        let path = folder.path().join("exchange.toml");
        let config = fs::read_to_string(&path).unwrap();
        fs::write(&path, format!("{top}{config}")).unwrap();
        Self::of((folder, gitlab))
    }

    /// Starts a server with these doors, and more lines of configuration.
    pub(crate) fn with(doors: &str, more: &str) -> Self {
        Self::of(prepare(doors, more))
    }

    /// Starts a server with these doors, and more policies.
    pub(crate) fn with_policies(doors: &str, more: &str, policies: &str) -> Self {
        let prepared = prepare(doors, more);
        fs::write(prepared.0.path().join("policies/more.policy"), policies).unwrap();
        Self::of(prepared)
    }

    /// Starts the server of a prepared folder.
    pub(crate) fn of((folder, gitlab): (TempDir, TestIssuer)) -> Self {
        Self::at(folder, Arc::new(gitlab))
    }

    /// Starts the server of a prepared folder with a clock of its own, which goes by a file: `+10m` is ten minutes ahead.
    /// Without the library for it, `None`.
    pub(crate) fn with_clock((folder, gitlab): (TempDir, TestIssuer)) -> Option<Self> {
        let libraries = ["x86_64", "aarch64"].map(|machine| {
            PathBuf::from(format!(
                "/usr/lib/{machine}-linux-gnu/faketime/libfaketimeMT.so.1"
            ))
        });
        let Some(library) = libraries.iter().find(|library| library.exists()) else {
            clients::missing("no libfaketime: install Debian's package `libfaketime`");
            return None;
        };
        fs::write(folder.path().join("clock"), "+0").unwrap();
        let clock = folder.path().join("clock");
        let variables = [
            ("LD_PRELOAD", library.to_str().unwrap()),
            ("FAKETIME_TIMESTAMP_FILE", clock.to_str().unwrap()),
            ("FAKETIME_NO_CACHE", "1"),
            // A clock that is set changes the time of the day alone.
            ("FAKETIME_DONT_FAKE_MONOTONIC", "1"),
        ];
        let (child, url, admin) = serve_with(folder.path(), "exchange.toml", &variables);
        Some(Self {
            folder,
            url,
            admin,
            gitlab: Arc::new(gitlab),
            child,
        })
    }

    /// Starts a second instance of the server: with the same files, and a log of its own.
    pub(crate) fn beside(&self) -> Self {
        let folder = TempDir::new().unwrap();
        for name in [
            "policies",
            "keys",
            "session-keys",
            "secrets",
            "exchange.toml",
            "pg.url",
        ] {
            let copied = Command::new("cp")
                .arg("-r")
                .arg(self.path(name))
                .arg(folder.path())
                .status();
            assert!(copied.unwrap().success() || !self.path(name).exists());
        }
        Self::at(folder, Arc::clone(&self.gitlab))
    }

    fn at(folder: TempDir, gitlab: Arc<TestIssuer>) -> Self {
        let (child, url, admin) = serve(folder.path());
        Self {
            folder,
            url,
            admin,
            gitlab,
            child,
        }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Sends a signal by its name.
    pub(crate) fn signal(&self, name: &str) {
        let status = Command::new("kill")
            .args(["-s", name, &self.id().to_string()])
            .status();
        assert!(status.unwrap().success());
    }

    /// Ends the server at once, as a machine that fails does, and starts it again.
    pub(crate) fn crash_and_restart(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
        let (child, url, admin) = serve(self.folder.path());
        (self.child, self.url, self.admin) = (child, url, admin);
    }

    /// Ends the server as an orchestrator does: all lines of the audit log are then on the disk.
    pub(crate) fn stop(&mut self) {
        self.signal("TERM");
        assert!(self.wait());
    }

    /// Waits until the server has ended, and returns whether it succeeded.
    pub(crate) fn wait(&mut self) -> bool {
        let end = Instant::now() + Duration::from_secs(40);
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status.success();
            }
            assert!(Instant::now() < end, "the server does not end");
            sleep(Duration::from_millis(20));
        }
    }

    /// Returns a job's token that gets all roles, with these claims changed.
    #[allow(clippy::needless_pass_by_value, reason = "callers write `json!`")]
    pub(crate) fn job(&self, changes: Value) -> String {
        let mut claims = json!({
            "sub": "project_path:acme/shop:ref_type:branch:ref:main",
            "project_path": "acme/shop",
            "project_id": "4242",
            "namespace_path": "acme",
            "ref": "main",
            "ref_type": "branch",
            "ref_protected": "true",
            "jti": format!("job-{}", next()),
        });
        for (name, value) in changes.as_object().unwrap() {
            claims[name] = value.clone();
        }
        self.gitlab.token(claims)
    }

    pub(crate) fn get(&self, path: &str, headers: &[(&str, &str)]) -> Answer {
        let mut request = agent().get(format!("{}{path}", self.url));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        answer(request.call())
    }

    /// Sends a body of a media type.
    pub(crate) fn send(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Answer {
        let mut request = ureq::http::Request::builder()
            .method(method)
            .uri(format!("{}{path}", self.url));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        answer(agent().run(request.body(body.to_owned()).unwrap()))
    }

    /// Sends a request whose method and path are sent as they are, with a token of Vault's, and returns the status and all
    /// that follows it.
    pub(crate) fn raw(&self, method: &str, path: &str, token: &str) -> (u16, String) {
        let mut stream = TcpStream::connect(self.url.trim_start_matches("http://")).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
        let head = format!("host: x\r\nx-vault-token: {token}\r\nconnection: close\r\ncontent-length: 0");
        write!(stream, "{method} {path} HTTP/1.1\r\n{head}\r\n\r\n").unwrap();
        let mut text = String::new();
        stream.read_to_string(&mut text).unwrap();
        let status = text.split(' ').nth(1).unwrap().parse().unwrap();
        (status, text)
    }

    pub(crate) fn post_form(&self, path: &str, form: &[(&str, &str)]) -> Answer {
        let url = format!("{}{path}", self.url);
        answer(agent().post(url).send_form(form.iter().copied()))
    }

    /// Posts a body with these headers.
    pub(crate) fn post(&self, path: &str, headers: &[(&str, &str)], body: &str) -> Answer {
        let mut request = agent().post(format!("{}{path}", self.url));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        answer(request.send(body))
    }

    pub(crate) fn get_admin(&self, path: &str) -> Answer {
        answer(agent().get(format!("{}{path}", self.admin)).call())
    }

    /// Asks at the address for the documents alone.
    pub(crate) fn get_public(&self, path: &str) -> Answer {
        let ready: Value = serde_json::from_slice(&fs::read(self.path("ready.json")).unwrap()).unwrap();
        let public = ready["public"].as_str().unwrap();
        answer(agent().get(format!("{public}{path}")).call())
    }

    /// Asks the door `token` for a role token with this audience.
    pub(crate) fn exchange(&self, job: &str, audience: &str) -> Answer {
        exchange(&self.url, job, audience).unwrap()
    }

    /// Verifies a role token as a service would that trusts the exchange, and returns the ruling on it.
    pub(crate) fn verify(&self, role_token: &str, audience: &str) -> Ruling {
        let policy = format!(
            "edition 2026\n\
             issuer exchange {{ url \"{ISSUER}\" profile rolecall audience \"{audience}\" }}\n\
             role any {{ allow from exchange when role_name like \"*\" }}\n"
        );
        let policies = PolicySet::compile([Source::new("service.policy", policy.as_str())]).unwrap();
        let keys = KeySet::parse(self.get("/jwks", &[]).text.as_bytes()).unwrap();
        let gate = Gate::builder(policies, KeySources::new().fixed(ISSUER, keys));
        gate.build().unwrap().authorize(role_token, "any").unwrap()
    }

    /// Returns the lines of the audit log, without its checkpoints.
    pub(crate) fn audit(&self) -> Vec<Value> {
        let text = fs::read_to_string(self.path("audit.jsonl")).unwrap();
        text.lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .filter(|line: &Value| line["outcome"] != "checkpoint")
            .collect()
    }

    /// Returns the files of the audit log in order: the finished ones first.
    pub(crate) fn logs(&self) -> Vec<String> {
        let entries = fs::read_dir(self.folder.path()).unwrap();
        let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let mut names: Vec<String> = names.filter(|name| name.starts_with("audit-")).collect();
        names.sort();
        names.push("audit.jsonl".to_owned());
        names
    }

    /// Waits until something holds.
    pub(crate) fn wait_until(&self, what: &str, mut holds: impl FnMut(&Self) -> bool) {
        let end = Instant::now() + Duration::from_secs(60);
        while !holds(self) {
            let log = || fs::read_to_string(self.path("log")).unwrap_or_default();
            assert!(Instant::now() < end, "{what}: {}", log());
            sleep(Duration::from_millis(50));
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Starts a server, and returns it with its addresses when it answers.
fn serve(folder: &Path) -> (Child, String, String) {
    serve_configured(folder, "exchange.toml")
}

/// Starts a server with this file as its configuration.
fn serve_configured(folder: &Path, config: &str) -> (Child, String, String) {
    serve_with(folder, config, &[])
}

/// Starts a server with these environment variables, too.
fn serve_with(folder: &Path, config: &str, variables: &[(&str, &str)]) -> (Child, String, String) {
    let ready = folder.join("ready.json");
    let _ = fs::remove_file(&ready);
    let log = fs::File::options()
        .create(true)
        .append(true)
        .open(folder.join("log"));
    // A write over a limit of size then fails as on a full disk, and does not end the process.
    let binary = env!("CARGO_BIN_EXE_rolecall-exchange");
    let script = "trap '' XFSZ; exec \"$0\" serve --config \"$1\" --ready ready.json";
    let child = Command::new("sh")
        .current_dir(folder)
        .args(["-c", script, binary, config])
        .envs(variables.iter().copied())
        .stdout(Stdio::null())
        .stderr(log.unwrap())
        .spawn()
        .unwrap();
    let end = Instant::now() + Duration::from_secs(20);
    while !ready.exists() {
        let log = || fs::read_to_string(folder.join("log")).unwrap_or_default();
        assert!(Instant::now() < end, "the server does not start: {}", log());
        sleep(Duration::from_millis(5));
    }
    let ready: Value = serde_json::from_slice(&fs::read(&ready).unwrap()).unwrap();
    let address = |name: &str| ready[name].as_str().unwrap().to_owned();
    (child, address("url"), address("admin"))
}

/// Asks the door `token` of a server that may end meanwhile.
pub(crate) fn exchange(url: &str, job: &str, audience: &str) -> Result<Answer, ureq::Error> {
    let form = [
        ("grant_type", "urn:ietf:params:oauth:grant-type:token-exchange"),
        ("subject_token", job),
        ("subject_token_type", "urn:ietf:params:oauth:token-type:jwt"),
        ("audience", audience),
    ];
    read(agent().post(format!("{url}/token")).send_form(form)?)
}

/// Returns a client without proxies that returns all answers.
fn agent() -> Agent {
    let config = Agent::config_builder()
        .http_status_as_error(false)
        .proxy(None)
        .timeout_global(Some(Duration::from_secs(40)));
    config.build().into()
}

fn answer(result: Result<ureq::http::Response<ureq::Body>, ureq::Error>) -> Answer {
    result.and_then(read).unwrap()
}

fn read(response: ureq::http::Response<ureq::Body>) -> Result<Answer, ureq::Error> {
    let (parts, mut body) = response.into_parts();
    Ok(Answer {
        status: parts.status.as_u16(),
        headers: parts.headers,
        text: body.read_to_string()?,
    })
}

/// A number that is different each time.
fn next() -> u64 {
    static NEXT: std::sync::atomic::AtomicU64 = std::sync::atomic::AtomicU64::new(0);
    NEXT.fetch_add(1, std::sync::atomic::Ordering::Relaxed)
}
