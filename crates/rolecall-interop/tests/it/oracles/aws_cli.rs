//! The client of AWS applies an export to a server that keeps roles as IAM does (moto), and what it reads back has no drift.

use rolecall_engine::{PolicySet, Source};
use rolecall_interop::{ForeignFile, Form, Names, Target, constant_grants, drift, export};
use std::collections::BTreeMap;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::time::{Duration, Instant};

const POLICY: &str = r#"
    issuer gitlab {
      url "https://gitlab.com"
      profile gitlab-ci
      audience ["sts.amazonaws.com", "it's"]
      derive sub = "project_path:{project_path}:ref_type:{ref_type}:ref:{ref}"
    }
    role deploy {
      allow from gitlab when project == "acme/shop" && project_id == "4242" && ref_type == "branch" && ref like "it's \\*/*"
      allow from gitlab when project == "acme/shop" && ref_type == "tag" && ref_protected
      grant aws_role = "arn:aws:iam::123456789012:role/deploy"
    }
"#;

/// A server that ends with the test.
struct Server(Child);

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn programs() -> Option<PathBuf> {
    let is_full = std::env::var_os("ROLECALL_FULL").is_some_and(|value| value == "1");
    if !is_full || Command::new("python3").arg("--version").output().is_err() {
        println!("skipped: the client of AWS needs `ROLECALL_FULL=1` and Python");
        return None;
    }
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("aws-cli");
    let run = |program: &Path, arguments: &[&str]| {
        let done = Command::new(program).args(arguments).status().unwrap();
        assert!(done.success(), "{arguments:?}");
    };
    run(Path::new("python3"), &["-m", "venv", folder.to_str().unwrap()]);
    let packages = [
        "-m",
        "pip",
        "install",
        "--quiet",
        "awscli==1.44.40",
        "moto[server]==5.1.20",
    ];
    run(&folder.join("bin/python"), &packages);
    Some(folder)
}

#[test]
fn the_client_of_aws_applies_the_commands() {
    let Some(folder) = programs() else { return };
    let set = PolicySet::compile([Source::new("deploy.policy", POLICY)]).unwrap();
    let role = set.program().role("deploy").unwrap();
    let mut names = Names::new("deploy", constant_grants(set.program(), role));
    names.form = Form::Cli;
    let export = export(&set, role, Target::Aws, &names, BTreeMap::new()).unwrap();
    assert!(export.missed.is_none());
    let documents = export.documents.concat();
    for document in &documents {
        std::fs::write(folder.join(&document.name), &document.text).unwrap();
    }
    let port = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port()
        .to_string();
    let mut server = Command::new(folder.join("bin/moto_server"));
    let _server = Server(server.args(["-H", "127.0.0.1", "-p", &port]).spawn().unwrap());
    let address = format!("http://127.0.0.1:{port}");
    let path = format!("{}:/usr/bin:/bin", folder.join("bin").display());
    let shell = |script: &str| {
        let mut shell = Command::new("sh");
        shell.args(["-euc", script]).current_dir(&folder);
        shell
            .env("PATH", &path)
            .env("AWS_ENDPOINT_URL", &address)
            .env("AWS_DEFAULT_REGION", "us-east-1");
        shell
            .env("AWS_ACCESS_KEY_ID", "testing")
            .env("AWS_SECRET_ACCESS_KEY", "testing");
        shell.output().unwrap()
    };
    // The comments are the commands for what does not exist yet.
    let script = &documents.last().unwrap().text;
    let new: Vec<&str> = script
        .lines()
        .filter_map(|line| Some(line.strip_prefix("# ")?.split_once(": ")?.1))
        .collect();
    let [create_role, create_provider] = new.as_slice() else {
        panic!("{script}")
    };
    let until = Instant::now() + Duration::from_secs(60);
    loop {
        let created = shell(create_role);
        if created.status.success() {
            break;
        }
        assert!(
            Instant::now() < until,
            "{}",
            String::from_utf8_lossy(&created.stderr)
        );
        std::thread::sleep(Duration::from_millis(200));
    }
    for script in [*create_provider, script] {
        let done = shell(script);
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    }
    let live = [
        ("account.json", "aws iam list-roles --output json"),
        (
            "provider.json",
            "aws iam get-open-id-connect-provider --open-id-connect-provider-arn \
             arn:aws:iam::123456789012:oidc-provider/gitlab.com --output json",
        ),
    ];
    let live: Vec<ForeignFile> = live
        .into_iter()
        .map(|(name, command)| {
            let output = shell(command);
            assert!(
                output.status.success(),
                "{}",
                String::from_utf8_lossy(&output.stderr)
            );
            let text = String::from_utf8(output.stdout).unwrap();
            ForeignFile::read(Source::new(name, text)).unwrap()
        })
        .collect();
    let drift = drift(&set, &live, BTreeMap::new()).unwrap();
    let equal: Vec<&str> = drift
        .roles
        .iter()
        .filter(|role| role.is_equal())
        .map(|role| role.resource.name.as_str())
        .collect();
    assert_eq!(
        equal,
        ["arn:aws:iam::123456789012:role/deploy"],
        "{:?}",
        drift.roles
    );
    assert!(drift.audiences.is_empty(), "{:?}", drift.audiences);
}
