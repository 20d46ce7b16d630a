//! A PostgreSQL server on loopback, with a database for a test.

use std::env;
use std::fs;
use std::net::TcpListener;
use std::os::unix::fs::chown;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use tempfile::TempDir;

/// The password of the owner, which no log must have.
pub(crate) const PASSWORD: &str = "pa55w0rd-of-the-database";

pub(crate) struct Database {
    folder: TempDir,
    programs: PathBuf,
    port: u16,
    /// The user that it runs as: it refuses to run as root.
    user: Option<u32>,
    settings: Vec<String>,
    child: Option<Child>,
}

impl Database {
    /// Starts a server. Without PostgreSQL, it returns `None` and says so; with `ROLECALL_REQUIRE_POSTGRES=1` it fails.
    pub(crate) fn start() -> Option<Self> {
        Self::with(|_| Vec::new())
    }

    /// Starts a server with settings, whose files are in its folder.
    pub(crate) fn with(settings: impl FnOnce(&Path) -> Vec<String>) -> Option<Self> {
        let Some(programs) = programs() else {
            let why = "PostgreSQL is not installed";
            assert!(env::var_os("ROLECALL_REQUIRE_POSTGRES").is_none(), "{why}");
            eprintln!("skipped: {why}");
            return None;
        };
        let folder = TempDir::new().unwrap();
        let user =
            (id(&["-u"]) == Some(0)).then(|| id(&["-u", "postgres"]).or(id(&["-u", "nobody"])).unwrap());
        fs::write(folder.path().join("password"), PASSWORD).unwrap();
        // Free a moment ago.
        let port = TcpListener::bind("127.0.0.1:0")
            .unwrap()
            .local_addr()
            .unwrap()
            .port();
        let settings = settings(folder.path());
        for entry in fs::read_dir(folder.path()).unwrap() {
            chown(entry.unwrap().path(), user, None).unwrap();
        }
        chown(folder.path(), user, None).unwrap();
        let mut database = Self {
            folder,
            programs,
            port,
            user,
            settings,
            child: None,
        };
        let made = database
            .program("initdb")
            .args([
                "--username=owner",
                "--auth=scram-sha-256",
                "--pwfile=password",
                "--encoding=UTF8",
            ])
            .args(["--locale=C", "--no-sync", "--pgdata=data"])
            .output()
            .unwrap();
        assert!(made.status.success(), "{made:?}");
        database.resume();
        Some(database)
    }

    fn program(&self, name: &str) -> Command {
        let mut command = Command::new(self.programs.join(name));
        command
            .current_dir(self.folder.path())
            .env_clear()
            .env("PATH", env::var_os("PATH").unwrap_or_default());
        if let Some(user) = self.user {
            command.uid(user);
        }
        command
    }

    /// Starts the server, and waits until it answers.
    pub(crate) fn resume(&mut self) {
        let log = fs::File::options()
            .create(true)
            .append(true)
            .open(self.folder.path().join("log"))
            .unwrap();
        let mut command = self.program("postgres");
        command
            .args([
                "-D",
                "data",
                "-p",
                &self.port.to_string(),
                "-c",
                "listen_addresses=127.0.0.1",
            ])
            .args([
                "-c",
                "unix_socket_directories=",
                "-c",
                "fsync=off",
                "-c",
                "log_connections=on",
            ])
            .stdout(Stdio::null())
            .stderr(log);
        for setting in &self.settings {
            command.args(["-c", setting]);
        }
        self.child = Some(command.spawn().unwrap());
        let end = Instant::now() + Duration::from_secs(60);
        while self.ask(&self.url(), "SELECT 1").is_err() {
            let log = || fs::read_to_string(self.folder.path().join("log")).unwrap();
            assert!(Instant::now() < end, "PostgreSQL does not start: {}", log());
            sleep(Duration::from_millis(50));
        }
    }

    /// Ends the server at once, as a machine that fails does.
    pub(crate) fn stop(&mut self) {
        let Some(mut child) = self.child.take() else {
            return;
        };
        // An immediate shutdown, which ends its own processes, too.
        let id = child.id().to_string();
        assert!(
            Command::new("kill")
                .args(["-s", "QUIT", &id])
                .status()
                .unwrap()
                .success()
        );
        let end = Instant::now() + Duration::from_secs(30);
        while child.try_wait().unwrap().is_none() {
            if Instant::now() > end {
                let _ = child.kill();
            }
            sleep(Duration::from_millis(10));
        }
    }

    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    pub(crate) fn url(&self) -> String {
        format!("postgres://owner:{PASSWORD}@127.0.0.1:{}/postgres", self.port)
    }

    /// Returns what a statement answers, a row on each line.
    pub(crate) fn query(&self, statement: &str) -> String {
        self.ask(&self.url(), statement).unwrap()
    }

    /// Asks as the user of a URL.
    pub(crate) fn ask(&self, url: &str, statement: &str) -> Result<String, String> {
        let output = self
            .program("psql")
            .args(["-X", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-c", statement, url])
            .output()
            .unwrap();
        if output.status.success() {
            Ok(String::from_utf8(output.stdout).unwrap())
        } else {
            Err(String::from_utf8(output.stderr).unwrap())
        }
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        self.stop();
    }
}

/// Returns the folder of the programs: one of the path, or one where Debian has it.
fn programs() -> Option<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    let mut folders: Vec<PathBuf> = env::split_paths(&path).collect();
    let versions = fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten();
    folders.extend(versions.map(|version| version.path().join("bin")));
    let has_all = |folder: &PathBuf| {
        ["initdb", "postgres", "psql"]
            .iter()
            .all(|name| folder.join(name).exists())
    };
    folders.into_iter().find(has_all)
}

fn id(arguments: &[&str]) -> Option<u32> {
    let output = Command::new("id").args(arguments).output().unwrap();
    String::from_utf8(output.stdout).unwrap().trim().parse().ok()
}
