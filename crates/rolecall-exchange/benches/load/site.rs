//! A server under load: its folder, its process, and the tokens of its jobs.

use std::fs;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use rolecall::testing::TestIssuer;
use rolecall::{PolicySet, Source};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::issuer::Documents;

/// The audience of the role that all jobs get.
pub(crate) const AUDIENCE: &str = "https://deploy.acme.example";

const BINARY: &str = env!("CARGO_BIN_EXE_rolecall-exchange");

pub(crate) struct Site {
    pub(crate) folder: TempDir,
    pub(crate) address: String,
    pub(crate) documents: Documents,
    pub(crate) ci: TestIssuer,
    child: Child,
}

impl Site {
    /// Starts a server with this many roles, whose role tokens have this algorithm.
    pub(crate) fn start(roles: usize, algorithm: &str) -> Self {
        let folder = TempDir::new().unwrap();
        let path = |name: &str| folder.path().join(name);
        let documents = Documents::serve();
        let policy = policy(&documents.url);
        let set = PolicySet::compile([Source::new("load.policy", policy.as_str())]).unwrap();
        let ci = TestIssuer::of(&set, "ci");
        documents.publish(ci.jwks());
        fs::create_dir(path("policies")).unwrap();
        fs::write(path("policies/load.policy"), policy).unwrap();
        for (number, text) in others(roles).iter().enumerate() {
            fs::write(path(&format!("policies/others-{number}.policy")), text).unwrap();
        }
        let config = format!(
            "issuer = \"https://sts.acme.example\"\npolicies = \"policies\"\n\
             [listen]\naddress = \"127.0.0.1:0\"\nadmin = \"127.0.0.1:0\"\n\
             [fetch]\nallow_loopback_http = true\n\
             [signing]\nkeys = \"keys\"\nalgorithm = \"{algorithm}\"\n\
             [audit]\nfile = \"audit.jsonl\"\n[doors.token]\n"
        );
        fs::write(path("exchange.toml"), config).unwrap();
        run(folder.path(), &["keys", "new"]);
        let child = on_core(0, BINARY)
            .args(["serve", "--ready", "ready.json"])
            .current_dir(folder.path())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let end = Instant::now() + Duration::from_secs(600);
        while !path("ready.json").exists() {
            assert!(Instant::now() < end, "the server does not start");
            sleep(Duration::from_millis(20));
        }
        let ready: Value = serde_json::from_slice(&fs::read(path("ready.json")).unwrap()).unwrap();
        let address = ready["url"]
            .as_str()
            .unwrap()
            .trim_start_matches("http://")
            .to_owned();
        Self {
            folder,
            address,
            documents,
            ci,
            child,
        }
    }

    /// Returns requests of different jobs. More than the server remembers tokens of.
    pub(crate) fn requests(&self, count: usize, project: &str) -> Vec<Vec<u8>> {
        (0..count).map(|number| self.request(number, project)).collect()
    }

    fn request(&self, number: usize, project: &str) -> Vec<u8> {
        self.request_for(number, project, AUDIENCE)
    }

    /// Returns the request of a job for an audience.
    pub(crate) fn request_for(&self, number: usize, project: &str, audience: &str) -> Vec<u8> {
        let now = std::time::SystemTime::now()
            .duration_since(std::time::UNIX_EPOCH)
            .unwrap()
            .as_secs();
        let token = self.ci.token(json!({
            "exp": now + 3_000, "jti": format!("{project}-{number}"),
            "sub": "project_path:acme/shop:ref_type:branch:ref:main",
            "project_path": "acme/shop", "project_id": project, "namespace_path": "acme", "namespace_id": "7",
            "ref": "main", "ref_type": "branch", "ref_protected": "true", "pipeline_source": "push",
            "user_login": "ci", "user_id": "9", "runner_id": 3, "job_id": format!("{number}"),
        }));
        let body = format!(
            "grant_type=urn:ietf:params:oauth:grant-type:token-exchange&subject_token={token}\
             &subject_token_type=urn:ietf:params:oauth:token-type:jwt&audience={audience}"
        );
        let head = format!(
            "POST /token HTTP/1.1\r\nhost: {}\r\ncontent-type: application/x-www-form-urlencoded\r\ncontent-length: {}\r\n\r\n",
            self.address,
            body.len()
        );
        (head + &body).into_bytes()
    }

    /// Runs a command of the exchange in the folder.
    pub(crate) fn run(&self, arguments: &[&str]) {
        run(self.folder.path(), arguments);
    }

    /// Returns the memory of the server in MB: now, and at most.
    pub(crate) fn memory(&self) -> (u64, u64) {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let of = |name: &str| {
            let line = status.lines().find(|line| line.starts_with(name)).unwrap();
            line.split_whitespace().nth(1).unwrap().parse::<u64>().unwrap() / 1_024
        };
        (of("VmRSS:"), of("VmHWM:"))
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Returns a command that runs on one core.
pub(crate) fn on_core(core: usize, program: &str) -> Command {
    if Command::new("taskset").arg("--version").output().is_err() {
        return Command::new(program);
    }
    let mut command = Command::new("taskset");
    command.args(["-c", &core.to_string(), program]);
    command
}

/// Moves this process to a core.
pub(crate) fn move_to_core(core: usize) {
    let id = std::process::id().to_string();
    let _ = Command::new("taskset")
        .args(["-a", "-cp", &core.to_string(), &id])
        .output();
}

fn run(folder: &Path, arguments: &[&str]) {
    let output = Command::new(BINARY)
        .current_dir(folder)
        .args(arguments)
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
}

fn policy(url: &str) -> String {
    format!(
        "edition 2026\nissuer ci {{ url \"{url}\" profile gitlab-ci audience \"https://sts.acme.example\" algorithms [RS256] }}\n\
         role deploy {{ ttl 10m allow from ci when project_id == \"4242\" && ref == \"main\" && ref_protected \
         grant audience = \"{AUDIENCE}\" }}\n"
    )
}

/// Returns roles that no job gets, a thousand for each file.
fn others(roles: usize) -> Vec<String> {
    let numbers: Vec<usize> = (1..roles).collect();
    let role = |number: &usize| {
        format!(
            "role r{number} {{ allow from ci when project_id == \"{}\" && ref == \"main\" && ref_protected grant audience = \"https://r{number}.example\" }}\n",
            1_000_000 + number
        )
    };
    numbers
        .chunks(1_000)
        .map(|chunk| chunk.iter().map(role).collect())
        .collect()
}
