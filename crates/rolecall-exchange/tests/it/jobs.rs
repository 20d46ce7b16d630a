//! The GitLab component and the GitHub action, executed against a real exchange.

use std::fs;
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use rolecall::testing::TestIssuer;
use serde_json::{Value, json};

use crate::support::ci::{Ended, Runner, SHELLS, github_job, server};
use crate::support::{Recorder, Server};

const AUDIENCE: &str = "https://deploy.acme.example";

/// Policies for jobs of both CI systems.
pub(crate) const POLICY: &str = r#"
edition 2026

issuer gitlab {
  url "https://gitlab.com"
  profile gitlab-ci
  audience "https://sts.acme.example"
}

issuer github {
  url "https://token.actions.githubusercontent.com"
  profile github-actions
  audience "https://sts.acme.example"
}

condition main = project_id == "4242" && ref == "main" && ref_protected
condition github_main = repository_id == "456789" && ref == "refs/heads/main" && ref_protected

role deploy {
  allow from gitlab when main
  allow from github when github_main
  grant audience = "https://deploy.acme.example"
}

role read-one {
  allow from gitlab when main
  allow from github when github_main
  grant audience = "https://read.acme.example"
}

role read-two {
  allow from gitlab when main
  allow from github when github_main
  grant audience = "https://read.acme.example"
}
"#;

/// The two ways to a role token in a file.
#[derive(Clone, Copy, Debug)]
enum Way {
    Component(&'static [&'static str]),
    Action,
}

const WAYS: [Way; 3] = [Way::Component(SHELLS[0]), Way::Component(SHELLS[1]), Way::Action];

impl Way {
    /// Asks a URL with a job's token, and returns the file if there is one.
    fn ask(self, runner: &Runner, inputs: &Value, job: &str) -> (Ended, Option<String>) {
        match self {
            Self::Component(shell) => {
                let pipeline = json!({
                    "include": [{ "component": "x", "inputs": inputs }],
                    "deploy": { "extends": ".role-token", "script": ["printf '%s' \"$ROLE_TOKEN_FILE\""] },
                });
                let ended = runner.gitlab(shell, &pipeline, inputs["url"].as_str().unwrap(), job);
                let file = ended.out.clone();
                (ended, Some(file).filter(|file| !file.is_empty()))
            }
            Self::Action => {
                let issuer = Recorder::start();
                issuer.say(200, "", &json!({ "count": 1, "value": job }).to_string());
                let ended = runner.action(inputs, Some(&issuer));
                let asked = issuer.take();
                assert!(
                    asked
                        .iter()
                        .all(|text| text.contains("\r\nAuthorization: Bearer runner\r\n"))
                );
                assert!(
                    asked
                        .iter()
                        .all(|text| text.starts_with("GET /token?api-version=2.0&audience=http"))
                );
                ended
            }
        }
    }

    fn job(self, server: &Server, github: &TestIssuer, is_main: bool) -> String {
        let branch = if is_main { "main" } else { "try-it" };
        match self {
            Self::Component(_) => server.job(json!({ "ref": branch })),
            Self::Action => github_job(github, &format!("refs/heads/{branch}")),
        }
    }
}

/// Returns the texts without the commands to the runner that mask tokens.
fn shown(ended: &Ended) -> String {
    let lines = ended.out.lines().chain(ended.err.lines());
    let lines = lines.filter(|line| !line.starts_with("::add-mask::"));
    lines.map(|line| format!("{line}\n")).collect()
}

#[test]
fn a_job_has_a_role_token_in_a_file_and_nowhere_else() {
    let (server, github) = server(POLICY);
    for way in WAYS {
        let Some(runner) = Runner::new() else { return };
        let job = way.job(&server, &github, true);
        // A slash at the end is not part of the issuer's URL.
        let url = match way {
            Way::Component(_) => server.url.clone(),
            Way::Action => format!("{}/", server.url),
        };
        for (audience, role, got) in [
            (AUDIENCE, "", "deploy"),
            ("https://read.acme.example", "read-two", "read-two"),
        ] {
            let inputs = json!({ "url": url, "audience": audience, "role": role });
            let (ended, file) = way.ask(&runner, &inputs, &job);
            assert!(ended.is_success, "{way:?}: {ended:?}");
            let file = file.unwrap();
            let token = fs::read_to_string(&file).unwrap();
            let ruling = server.verify(&token, audience);
            assert_eq!(ruling.token().subject(), format!("role:{got}"));
            assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
            let folder = Path::new(&file).parent().unwrap();
            assert_eq!(fs::metadata(folder).unwrap().permissions().mode() & 0o777, 0o700);
            assert_eq!(fs::read_dir(folder).unwrap().count(), 1, "{way:?}");
            for secret in [&job, &token] {
                assert!(!shown(&ended).contains(secret.as_str()), "{way:?}: {ended:?}");
                assert!(!runner.calls().contains(secret.as_str()), "{}", runner.calls());
                let mask = format!("::add-mask::{secret}\n");
                assert!(matches!(way, Way::Component(_)) || ended.out.contains(&mask));
            }
        }
        assert!(runner.calls().contains("curl --silent"), "{}", runner.calls());
    }
}

#[test]
fn a_refusal_fails_the_job_with_its_reason_and_its_request() {
    let (mut server, github) = server(POLICY);
    let mut shown_texts = Vec::new();
    for way in WAYS {
        let Some(runner) = Runner::new() else { return };
        for (audience, role, is_main) in [
            (AUDIENCE, "", false),
            (AUDIENCE, "read-one", true),
            ("https://read.acme.example", "", true),
            ("https://none.acme.example", "", true),
        ] {
            let inputs = json!({ "url": server.url, "audience": audience, "role": role });
            let (ended, file) = way.ask(&runner, &inputs, &way.job(&server, &github, is_main));
            assert!(!ended.is_success && file.is_none(), "{way:?}: {ended:?}");
            let shown = shown(&ended);
            assert!(
                shown.contains("answers with status 403, and no role token: the token"),
                "{shown}"
            );
            shown_texts.push(shown);
        }
        let leftover = runner.path("project.tmp/role-token");
        assert!(!leftover.exists());
    }
    server.stop();
    let lines = server.audit();
    for shown in shown_texts {
        let named =
            |line: &&Value| shown.contains(&format!("(request {})", line["request"].as_str().unwrap_or("-")));
        assert!(lines.iter().any(|line| named(&line)), "{shown}: {lines:?}");
    }
}

#[test]
fn only_errors_of_the_server_are_asked_again() {
    let exchange = Recorder::start();
    for way in WAYS {
        for (status, headers, body, times, message) in [
            (
                503,
                "",
                r#"{"message":"not now"}"#,
                4,
                "status 503, and no role token: not now (request unknown)",
            ),
            (
                403,
                "X-Request-Id: r1\r\n",
                r#"{"message":"no"}"#,
                1,
                "status 403, and no role token: no (request r1)",
            ),
            (
                302,
                "location: /id-token\r\n",
                "",
                1,
                "status 302, and no role token: ",
            ),
            (
                200,
                "",
                r#"{"value":"a b"}"#,
                1,
                "status 200, and no role token: ",
            ),
            // Commands to the runner stay on the line of the error.
            (
                400,
                "",
                "50%\n::warning::x\r\n::error::y\u{1b}[0m",
                1,
                "status 400, and no role token: 50",
            ),
        ] {
            let Some(runner) = Runner::new() else { return };
            exchange.say(status, headers, body);
            let url = format!("http://127.0.0.1:{}", exchange.port);
            let inputs = json!({ "url": url, "audience": AUDIENCE });
            let (ended, file) = way.ask(&runner, &inputs, "a.b.c");
            assert!(!ended.is_success && file.is_none(), "{way:?}: {ended:?}");
            let shown = shown(&ended);
            assert!(shown.contains(message), "{way:?}: {shown}");
            assert_eq!(shown.lines().count(), 1, "{way:?}: {shown}");
            assert!(!shown.contains('\u{1b}'));
            let asked = exchange.take();
            assert_eq!(asked.len(), times, "{way:?} {status}: {asked:?}");
            let query = "GET /id-token?audience=https%3a%2f%2fdeploy.acme.example HTTP/1.1\r\n";
            assert!(
                asked
                    .iter()
                    .all(|text| text.to_lowercase().starts_with(&query.to_lowercase())),
                "{asked:?}"
            );
        }
    }
}

#[test]
fn an_exchange_that_is_down_fails_the_job() {
    // Free a moment ago.
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    for way in WAYS {
        let Some(runner) = Runner::new() else { return };
        let inputs = json!({ "url": url, "audience": AUDIENCE });
        let (ended, file) = way.ask(&runner, &inputs, "a.b.c");
        assert!(!ended.is_success && file.is_none(), "{way:?}: {ended:?}");
        let message = format!("{url} cannot be asked: curl: (7)");
        assert!(shown(&ended).contains(&message), "{way:?}: {ended:?}");
    }
}

#[test]
fn wrong_inputs_fail_before_a_request() {
    for (url, audience, message) in [
        ("http://sts.acme.example", AUDIENCE, "not a URL with https"),
        ("http://127.0.0.1:1@sts.acme.example", AUDIENCE, "has a character"),
        ("https://sts.acme.example/?x=", AUDIENCE, "has a character"),
        ("https://sts.acme.example --insecure", AUDIENCE, "has a character"),
        ("https://sts.acme.example$(id)", AUDIENCE, "has a character"),
        ("https://", AUDIENCE, "not a URL with https"),
        ("https://sts.acme.example", "", "`audience` is"),
    ] {
        for way in WAYS {
            let Some(runner) = Runner::new() else { return };
            let (ended, file) = way.ask(&runner, &json!({ "url": url, "audience": audience }), "a.b.c");
            assert!(!ended.is_success && file.is_none(), "{way:?}: {ended:?}");
            assert!(shown(&ended).contains(message), "{way:?} {url}: {ended:?}");
            assert!(!runner.calls().contains("curl"), "{}", runner.calls());
        }
    }
    let Some(runner) = Runner::new() else { return };
    let inputs = json!({ "url": "https://sts.acme.example", "audience": AUDIENCE });
    let (ended, _) = runner.action(&inputs, None);
    assert!(
        !ended.is_success && ended.out.contains("`permissions: id-token: write`"),
        "{ended:?}"
    );
    let (ended, _) = Way::Component(SHELLS[0]).ask(&runner, &inputs, "");
    assert!(
        !ended.is_success && ended.err.contains("`id_tokens`"),
        "{ended:?}"
    );
}
