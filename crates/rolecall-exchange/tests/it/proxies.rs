//! Proxies in front of a service, with the configuration of `docs/proxies.md`: the door `authorize` decides who passes.

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use serde_json::json;

use crate::guides::{block, guide};
use crate::support::clients::{folder, missing};
use crate::support::{Recorder, Server};

/// A proxy in front of a service that records what it is asked.
struct Proxy {
    child: Child,
    port: u16,
    server: Server,
    service: Recorder,
    down: String,
}

impl Proxy {
    /// Starts a proxy, or reports that it is not here.
    fn start(
        program: &str,
        language: &str,
        arguments: &[&str],
        wrap: impl Fn(&str, u16) -> String,
    ) -> Option<Self> {
        if Command::new(program)
            .arg("version")
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .is_err()
        {
            missing(&format!("`{program}` is not installed"));
            return None;
        }
        let free = || {
            let listener = TcpListener::bind("127.0.0.1:0").unwrap();
            listener.local_addr().unwrap().port()
        };
        let down = format!("http://127.0.0.1:{}", free());
        let policy = format!(
            "edition 2026\n\
             issuer down {{ url \"{down}\" profile gitlab-ci audience \"https://sts.acme.example\" }}\n\
             role down {{ allow from down when project_id == \"1\" }}\n"
        );
        let fetch = "[fetch]\nallow_loopback_http = true\n";
        let server = Server::with_policies("[doors.authorize]\n", fetch, &policy);
        let service = Recorder::start();
        service.say(200, "", "of the service");
        let (port, page) = (free(), guide("proxies.md"));
        let config = block(&page, language)
            .replace("https://sts.acme.example", &server.url)
            .replace("127.0.0.1:3000", &format!("127.0.0.1:{}", service.port));
        let file = server.path("proxy.yml");
        fs::write(&file, wrap(&config, port)).unwrap();
        let log = fs::File::create(server.path("proxy.log")).unwrap();
        let child = Command::new(program)
            .args(
                arguments
                    .iter()
                    .map(|text| text.replace("PORT", &port.to_string())),
            )
            .current_dir(server.folder.path())
            .env("HOME", server.folder.path())
            .env("XDG_CONFIG_HOME", server.folder.path())
            .env("XDG_DATA_HOME", server.folder.path())
            .env("no_proxy", "*")
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .unwrap();
        let proxy = Self {
            child,
            port,
            server,
            service,
            down,
        };
        let end = Instant::now() + Duration::from_secs(30);
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            let log = || fs::read_to_string(proxy.server.path("proxy.log"));
            assert!(Instant::now() < end, "{program} does not start: {:?}", log());
            sleep(Duration::from_millis(20));
        }
        Some(proxy)
    }

    /// Sends a request with these lines in its head, and returns the status, the whole answer in lower case, and what the
    /// service was asked.
    fn ask(&self, line: &str, headers: &[&str], body: &str) -> (u16, String, Vec<String>) {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
        let mut head = format!("{line} HTTP/1.1\r\nHost: deploy.acme.example\r\nConnection: close\r\n");
        for header in headers {
            head.push_str(&format!("{header}\r\n"));
        }
        let request = format!("{head}Content-Length: {}\r\n\r\n{body}", body.len());
        // At once: a proxy that refuses the first line closes the connection before the others come.
        stream.write_all(request.as_bytes()).unwrap();
        let mut text = String::new();
        stream.read_to_string(&mut text).unwrap();
        let status = text.split(' ').nth(1).unwrap().parse().unwrap();
        (status, text.to_ascii_lowercase(), self.service.take())
    }

    fn check_answers(&self, unavailable: u16) {
        let bearer = |changes| format!("Authorization: Bearer {}", self.server.job(changes));
        let good = bearer(json!({}));
        let (status, text, seen) = self.ask("GET /path?x=y", &[&good], "");
        assert!(status == 200 && text.contains("of the service"), "{text}");
        assert!(seen[0].starts_with("GET /path?x=y HTTP/1."), "{seen:?}");
        let (status, _, seen) = self.ask("POST /path", &[&good], "a body");
        assert_eq!(status, 200);
        assert!(seen[0].ends_with("\r\n\r\na body"), "{seen:?}");
        let expired = json!({ "iat": 1_700_000_000, "exp": 1_700_000_300 });
        let unknown_keys = json!({ "iss": self.down, "project_id": "1" });
        for (header, wanted, said) in [
            (bearer(json!({ "project_id": "1" })), 403, ""),
            (bearer(expired), 401, "invalid_token"),
            ("Authorization: Bearer x".to_owned(), 401, "invalid_token"),
            (
                "Authorization: Basic Zm9vOmJhcg==".to_owned(),
                401,
                "bearer realm=",
            ),
            ("X-None: 1".to_owned(), 401, "bearer realm="),
            (bearer(unknown_keys), unavailable, ""),
        ] {
            let (status, text, seen) = self.ask("GET /path", &[&header], "");
            assert_eq!(status, wanted, "{header}: {text}");
            assert!(text.contains(said), "{header}: {text}");
            assert!(seen.is_empty(), "{header}: {seen:?}");
        }
    }

    /// Checks that nothing that a client sends chooses the role, or is taken for the answer of the exchange.
    fn check_forgeries(&self) {
        // The job gets `no-grant`, but not the role of the proxy.
        let other = format!(
            "Authorization: Bearer {}",
            self.server.job(json!({ "ref_protected": "false", "ref": "dev" }))
        );
        let headers = [
            other.as_str(),
            "X-Rolecall-Role: deploy-production",
            "X-Rolecall-Subject: root",
            "X-Original-URI: /authorize?role=no-grant",
            "X-Original-URL: /authorize?role=no-grant",
            "X-Rewrite-URL: /authorize?role=no-grant",
            "X-Forwarded-Uri: /authorize?role=no-grant",
            "X-Forwarded-Method: GET",
            "X-Auth-Request-Redirect: /authorize?role=no-grant",
            "X-HTTP-Method-Override: GET",
        ];
        for line in [
            "GET /",
            "GET /?role=no-grant",
            "GET /authorize?role=no-grant",
            "GET /%3frole=no-grant",
            "GET /x%0d%0a?role=no-grant",
            "GET /path%23?role=no-grant&role=deploy-production",
        ] {
            let (status, text, seen) = self.ask(line, &headers, "");
            assert_eq!(status, 403, "{line}: {text}");
            assert!(seen.is_empty(), "{line}: {seen:?}");
        }
        // The place where nginx asks the exchange is not for clients.
        let (status, _, seen) = self.ask("GET /_rolecall?role=no-grant", &headers, "");
        assert!(status == 404 || status == 403, "{status}");
        assert!(seen.is_empty(), "{seen:?}");
        // Two tokens are not one that passes.
        let good = format!("Authorization: Bearer {}", self.server.job(json!({})));
        for pair in [[good.as_str(), &other], [&other, &good]] {
            let (status, text, seen) = self.ask("GET /", &pair, "");
            assert!(status == 400 || status == 401, "{text}");
            assert!(seen.is_empty(), "{seen:?}");
        }
    }

    /// Checks that the service sees the answer of the exchange alone.
    fn check_headers(&self) {
        let forged = [
            "X-Rolecall-Role: admin",
            "x-rolecall-role: admin",
            "X_Rolecall_Role: admin",
            "X-Rolecall-Subject: admin",
            "X_Rolecall_Subject: admin",
        ];
        for (subject, wanted) in [
            ("project_path:acme/shop", "project_path:acme/shop"),
            ("a b%", "a%20b%25"),
        ] {
            let good = format!(
                "Authorization: Bearer {}",
                self.server.job(json!({ "sub": subject }))
            );
            let mut headers = vec![good.as_str()];
            headers.extend(forged);
            let (status, text, seen) = self.ask("GET /", &headers, "");
            assert_eq!(status, 200, "{text}");
            let seen = seen[0].to_ascii_lowercase();
            assert!(!seen.contains("admin") && !seen.contains("eyj"), "{seen}");
            let values = |name: &str| -> Vec<String> {
                let lines = seen.lines().filter_map(|line| line.strip_prefix(name));
                lines
                    .map(|value| value.trim().to_owned())
                    .filter(|value| !value.is_empty())
                    .collect()
            };
            assert_eq!(values("x-rolecall-role:"), ["deploy-production"], "{seen}");
            assert_eq!(values("x-rolecall-subject:"), [wanted], "{seen}");
        }
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        // nginx ends its workers when it is told, and not when it is killed.
        let told = Command::new("kill").arg(self.child.id().to_string()).status();
        if !told.is_ok_and(|status| status.success()) {
            let _ = self.child.kill();
        }
        let _ = self.child.wait();
    }
}

fn nginx() -> Option<Proxy> {
    let arguments = ["-p", ".", "-c", "proxy.yml", "-e", "stderr"];
    Proxy::start("nginx", "nginx", &arguments, |server, port| {
        let server = server.replace("listen 443 ssl", &format!("listen 127.0.0.1:{port}"));
        let temporary: String = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
            .iter()
            .map(|name| format!("{name}_temp_path {name};\n"))
            .collect();
        // Without its own user, and in the foreground.
        format!(
            "daemon off;\nworker_processes 1;\npid nginx.pid;\nerror_log stderr;\nevents {{}}\n\
             http {{\naccess_log off;\n{temporary}{server}\n}}\n"
        )
    })
}

fn caddy() -> Option<Proxy> {
    let arguments = ["run", "--config", "proxy.yml", "--adapter", "caddyfile"];
    Proxy::start("caddy", "caddy", &arguments, |site, port| {
        let site = site.replace(
            "deploy.acme.example",
            &format!("http://deploy.acme.example:{port}"),
        );
        format!("{{\n\tadmin off\n\tauto_https off\n\tdefault_bind 127.0.0.1\n}}\n{site}")
    })
}

/// Traefik from the module of its project, which `tests/clients/install --all` builds.
fn traefik() -> Option<Proxy> {
    let program = folder().join("go/bin/traefik");
    let arguments = [
        "--entrypoints.web.address=127.0.0.1:PORT",
        "--providers.file.filename=proxy.yml",
        "--global.checknewversion=false",
    ];
    let program = program.to_str().unwrap();
    let proxy = Proxy::start(program, "yaml", &arguments, |config, _| config.to_owned())?;
    // It listens before it has read its routes.
    let end = Instant::now() + Duration::from_secs(30);
    while proxy.ask("GET /", &[], "").0 == 404 {
        assert!(Instant::now() < end, "traefik has no routes");
        sleep(Duration::from_millis(50));
    }
    Some(proxy)
}

#[test]
fn nginx_lets_the_role_pass_alone() {
    let Some(proxy) = nginx() else { return };
    proxy.check_answers(500);
    proxy.check_forgeries();
    proxy.check_headers();
}

#[test]
fn traefik_lets_the_role_pass_alone() {
    let Some(proxy) = traefik() else { return };
    proxy.check_answers(503);
    proxy.check_forgeries();
    proxy.check_headers();
}

#[test]
fn caddy_lets_the_role_pass_alone() {
    let Some(proxy) = caddy() else { return };
    proxy.check_answers(503);
    proxy.check_forgeries();
    proxy.check_headers();
}
