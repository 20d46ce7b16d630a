//! Clients that people use, unmodified, at each door that they speak: each gets what its job may have, and shows a refusal
//! as one. Their outcomes are the table of `docs/clients.md`; `ROLECALL_BLESS=1` writes it.

use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::net::TcpListener;
use std::path::Path;
use std::thread::scope;

use jiff::Timestamp;
use rolecall::{Gate, KeySources, PolicySet, Source};
use serde_json::{Value, json};

use crate::support::clients::{Runtime, run_cases};
use crate::support::{Instance, Recorder, Server};
use crate::upstream::keys;

/// The roles of the table. `other` has a grant of each kind, too, and the jobs do not get it.
const POLICIES: &str = r#"
edition 2026

issuer down {
  url      "http://127.0.0.1:PORT"
  profile  gitlab-ci
  audience "https://sts.acme.example"
}

role deploy {
  allow from gitlab when project_id == "4242" && ref_protected
  allow from down when project_id == "4242" && ref_protected
  grant audience = "https://table.acme.example"
  grant aws_role = "arn:aws:iam::123456789012:role/table"
  grant gcp_provider = "//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/ci/providers/table"
  grant gcp_service_account = "table@acme.iam.gserviceaccount.com"
  grant azure_client = "aaaa9999-8888-7777-6666-55555555bbbb/0a1b2c3d-0000-4000-8000-000000000001"
  grant vault_role = "auth/jwt:table"
  grant secrets = "table/**"
}

role other {
  allow from gitlab when project_id == "1"
  grant audience = "https://other.acme.example"
  grant aws_role = "arn:aws:iam::123456789012:role/other"
  grant gcp_provider = "//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/ci/providers/other"
  grant gcp_service_account = "other@acme.iam.gserviceaccount.com"
  grant azure_client = "aaaa9999-8888-7777-6666-55555555bbbb/0a1b2c3d-0000-4000-8000-000000000002"
  grant vault_role = "auth/jwt:other"
  grant secrets = "other/**"
}
"#;

const MORE: &str = "[sessions]\nkeys = \"session-keys\"\n[secrets]\nfolder = \"secrets\"\n[tokens]\nttl = \"1h\"\n\
                    [fetch]\nallow_loopback_http = true\n";

/// The scripts in `tests/clients`.
const SCRIPTS: [(Runtime, &str); 18] = [
    (Runtime::Python, "python/with_authlib.py"),
    (Runtime::Python, "python/with_aws_command.py"),
    (Runtime::Python, "python/with_azure_identity.py"),
    (Runtime::Python, "python/with_boto3.py"),
    (Runtime::Python, "python/with_google_auth.py"),
    (Runtime::Python, "python/with_hvac.py"),
    (Runtime::Python, "python/with_msal.py"),
    (Runtime::Node, "node/with_actions_core.mjs"),
    (Runtime::Node, "node/with_aws_sdk.mjs"),
    (Runtime::Node, "node/with_azure_identity.mjs"),
    (Runtime::Node, "node/with_google_auth_library.mjs"),
    (Runtime::Node, "node/with_openid_client.mjs"),
    (Runtime::Go, "go/bin/aws"),
    (Runtime::Go, "go/bin/azure"),
    (Runtime::Go, "go/bin/google"),
    (Runtime::Go, "go/bin/openbao"),
    (Runtime::Go, "go/bin/vault"),
    (Runtime::Rust, "rust/target/debug/clients"),
];

/// The cases, in the order of the columns.
const CASES: [&str; 5] = ["obtained", "denied", "expired", "other role", "no keys"];

/// The reasons that the doors give in the cases after the first one.
fn reasons(way: &str) -> [&'static str; 4] {
    let (door, _) = way.split_once(',').unwrap_or((way, ""));
    match door {
        "token" => [
            "invalid_target",
            "has expired",
            "invalid_target",
            "temporarily_unavailable",
        ],
        "request" | "vault" => [
            "does not get what is asked for",
            "has expired",
            "does not get what is asked for",
            "cannot answer now",
        ],
        "aws" | "credentials" => [
            "AccessDenied",
            "ExpiredTokenException",
            "AccessDenied",
            "ServiceUnavailable",
        ],
        "gcp" => [
            "unauthorized_client",
            "invalid_grant",
            "unauthorized_client",
            "temporarily_unavailable",
        ],
        "azure" => ["AADSTS700213", "AADSTS700024", "AADSTS700213", "AADSTS90033"],
        other => panic!("{other}"),
    }
}

/// The server of the table, and what stands for the clouds behind it.
struct Stage {
    server: Server,
    /// Another instance, without TLS.
    second: Instance,
    aws: Recorder,
    /// The STS of AWS, at which a client uses the keys that it has.
    sts: Recorder,
    google: Recorder,
    down: String,
}

impl Stage {
    fn start() -> Self {
        let (aws, sts, google) = (Recorder::start(), Recorder::start(), Recorder::start());
        let identity = "<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>of-aws</Arn><UserId>x</UserId>\
                        <Account>123456789012</Account></GetCallerIdentityResult></GetCallerIdentityResponse>";
        sts.say(200, "content-type: text/xml\r\n", identity);
        aws.say(200, "content-type: text/xml\r\n", &keys(3_600));
        let token = json!({ "access_token": "of-google", "expires_in": 3600, "token_type": "Bearer",
            "issued_token_type": "urn:ietf:params:oauth:token-type:access_token" });
        google.say(200, "content-type: application/json\r\n", &token.to_string());
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let closed = listener.local_addr().unwrap().port().to_string();
        drop(listener);
        let doors = format!(
            "[doors.token]\n[doors.request]\n[doors.aws]\n[doors.gcp]\n[doors.azure]\n[doors.vault]\n\
             [doors.credentials]\nupstream = \"http://127.0.0.1:{{region}}\"\nregions = [\"{}\"]\n",
            aws.port
        );
        let server = Server::with_tls(&doors, MORE, &POLICIES.replace("PORT", &closed));
        let secret = server.path("secrets/table");
        fs::create_dir_all(secret.join("db")).unwrap();
        fs::write(secret.join("db/password"), "pw").unwrap();
        Self {
            second: server.second(),
            server,
            aws,
            sts,
            google,
            down: format!("http://127.0.0.1:{closed}"),
        }
    }

    /// Returns the cases, each with a token of its own in a file.
    fn cases(&self) -> Vec<Value> {
        let now = Timestamp::now().as_second();
        let case = |name: &str, mut changes: Value, role: &str| {
            let (token, tenant) = ("exp", "aaaa9999-8888-7777-6666-55555555bbbb");
            if changes.get(token).is_none() {
                changes[token] = json!(now + 3_500);
            }
            let file = self.server.path(&format!("{name}.jwt"));
            fs::write(&file, self.server.job(changes)).unwrap();
            json!({
                "case": name,
                "url": self.server.url,
                "loopback": self.second.url,
                "job": file,
                "audience": format!("https://{role}.acme.example"),
                "aws_role": format!("arn:aws:iam::123456789012:role/{role}"),
                "credentials": if role == "table" { "deploy" } else { role },
                "google_provider": format!("//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/ci/providers/{role}"),
                "google_account": format!("{role}@acme.iam.gserviceaccount.com"),
                "aws_sts": format!("http://127.0.0.1:{}", self.sts.port),
                "google_sts": format!("http://127.0.0.1:{}/v1/token", self.google.port),
                "azure_tenant": tenant,
                "azure_client": format!("0a1b2c3d-0000-4000-8000-00000000000{}", if role == "table" { 1 } else { 2 }),
                "vault_role": role,
                "vault_secret": format!("{role}/db"),
            })
        };
        let expired = json!({ "iat": 1_700_000_000, "exp": 1_700_000_300 });
        vec![
            case(CASES[0], json!({}), "table"),
            case(CASES[1], json!({ "project_id": "7" }), "table"),
            case(CASES[2], expired, "table"),
            case(CASES[3], json!({}), "other"),
            case(CASES[4], json!({ "iss": self.down }), "table"),
        ]
    }

    /// Checks what a client got.
    fn check(&self, way: &str, got: &str) {
        match way {
            "credentials" | "credentials, on loopback" => assert!(got.contains("ASIAEXAMPLE"), "{got}"),
            "credentials, on loopback, then AWS" => assert_eq!(got, "of-aws"),
            "vault" | "vault, inline" => assert_eq!(got, "pw"),
            "request, then Google's STS" => assert_eq!(got, "of-google"),
            "aws" | "aws, as in GitLab's tutorial" => assert!(
                got.starts_with("arn:aws:sts::123456789012:assumed-role/table/"),
                "{got}"
            ),
            "gcp" => self.check_token(got, "urn:rolecall:gcp:gcp"),
            "token" | "request" | "azure" | "gcp, service account" => {
                self.check_token(got, "https://table.acme.example");
            }
            other => panic!("{other}: {got}"),
        }
    }

    /// Checks what the clouds were asked: once for each client that was let in, and with role tokens alone.
    fn check_requests(&self, ways: &BTreeMap<(String, String), Vec<Value>>) {
        let of = |wanted: &str| {
            let got = |answers: &[Value]| answers.iter().any(|answer| answer.get("got").is_some());
            ways.iter()
                .filter(|((way, _), answers)| way.starts_with(wanted) && got(answers))
                .count()
        };
        let role_token = |request: &String, name: &str, audience: &str| {
            let (_, body) = request.split_once("\r\n\r\n").unwrap();
            let form: BTreeMap<String, String> =
                form_urlencoded::parse(body.as_bytes()).into_owned().collect();
            self.check_token(&form[name], audience);
        };
        let requests = self.aws.take();
        assert_eq!(requests.len(), of("credentials"));
        for request in &requests {
            role_token(request, "WebIdentityToken", "sts.amazonaws.com");
        }
        let requests = self.google.take();
        assert_eq!(requests.len(), of("request, then Google's STS"));
        for request in &requests {
            role_token(request, "subject_token", "https://table.acme.example");
        }
        let requests = self.sts.take();
        assert_eq!(requests.len(), of("credentials, on loopback, then AWS"));
        for request in &requests {
            assert!(request.contains("Credential=ASIAEXAMPLE/"), "{request}");
        }
    }

    /// Verifies a role token, as a service would that trusts the exchange.
    fn check_token(&self, token: &str, audience: &str) {
        let issuer = &self.server.url;
        let policy = format!(
            "edition 2026\n\
             issuer exchange {{ url \"{issuer}\" profile rolecall audience \"{audience}\" }}\n\
             role any {{ allow from exchange when role_name like \"*\" }}\n"
        );
        let policies = PolicySet::compile([Source::new("service.policy", policy.as_str())]).unwrap();
        let gate = Gate::builder(policies, KeySources::new().fixed(issuer, self.server.keys()));
        let ruling = gate.build().unwrap().authorize(token, "any").unwrap();
        assert_eq!(ruling.token().subject(), "role:deploy");
    }

    /// Checks a client's outcomes at a door, and returns its row of the table.
    fn row(&self, client: &str, way: &str, answers: &[Value]) -> String {
        let mut row = format!("| {client} | {way} |");
        assert_eq!(answers.len(), CASES.len(), "{client}, {way}");
        let mut reasons = reasons(way).into_iter();
        for (answer, case) in answers.iter().zip(CASES) {
            assert_eq!(answer["case"], case, "{answer}");
            if let Some(got) = answer["got"].as_str() {
                assert_eq!(case, CASES[0], "{answer}");
                self.check(way, got);
                row.push_str(" yes |");
                continue;
            }
            let text = |name: &str| answer[name].as_str().unwrap_or_else(|| panic!("{answer}"));
            let (class, message) = (text("error"), text("message"));
            assert!(!message.contains("eyJ"), "a token in an error: {answer}");
            if message.contains("CERTIFICATE_VERIFY_FAILED") {
                row.push_str(" cannot: does not take the CA |");
                continue;
            }
            let reason = reasons.next().unwrap_or_else(|| panic!("{answer}"));
            let status = || {
                ["400", "401", "403", "503"]
                    .into_iter()
                    .find(|status| message.contains(status))
            };
            let shown = if message.contains(reason) {
                reason
            } else {
                status().unwrap_or("no reason")
            };
            row.push_str(&format!(" `{class}`: {shown} |"));
        }
        row
    }
}

#[test]
fn each_client_gets_its_own_and_shows_refusals() {
    let stage = Stage::start();
    let cases = stage.cases();
    // Those of each runtime one after the other.
    let of_runtime = |runtime: Runtime| {
        let scripts = SCRIPTS.into_iter().filter(move |(one, _)| *one == runtime);
        scripts
            .map(|(runtime, script)| run_cases(runtime, script, &stage.server, &cases))
            .collect::<Vec<_>>()
    };
    let answers: Vec<Option<Vec<Value>>> = scope(|scope| {
        let runtimes = [Runtime::Python, Runtime::Node, Runtime::Go, Runtime::Rust];
        let threads = runtimes.map(|one| scope.spawn(move || of_runtime(one)));
        threads
            .into_iter()
            .flat_map(|thread| thread.join().unwrap())
            .collect()
    });
    let all = answers.iter().all(Option::is_some);
    let mut ways = BTreeMap::<(String, String), Vec<Value>>::new();
    for answer in answers.into_iter().flatten().flatten() {
        let text = |name: &str| answer[name].as_str().unwrap().to_owned();
        ways.entry((text("way"), text("client")))
            .or_default()
            .push(answer);
    }
    let rows: Vec<String> = ways
        .iter()
        .map(|((way, client), answers)| stage.row(client, way, answers))
        .collect();
    stage.check_requests(&ways);
    compare(&rows, all);
}

/// Compares rows with those of the page. If all clients are here, the page has no others.
fn compare(rows: &[String], all: bool) {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/clients.md");
    let page = fs::read_to_string(&file).unwrap();
    let (before, table) = page.split_once("|---|---|---|---|---|---|---|\n").unwrap();
    let (table, after) = table.split_once("\n\n").unwrap();
    if all && env::var_os("ROLECALL_BLESS").is_some() {
        let text = format!(
            "{before}|---|---|---|---|---|---|---|\n{}\n\n{after}",
            rows.join("\n")
        );
        fs::write(&file, text).unwrap();
        return;
    }
    let written: Vec<&str> = table.lines().collect();
    for row in rows {
        assert!(
            written.contains(&row.as_str()),
            "not in docs/clients.md; ROLECALL_BLESS=1 writes it:\n{row}"
        );
    }
    assert!(!all || written == rows, "docs/clients.md has other rows");
}
