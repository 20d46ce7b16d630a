#!/usr/bin/env bash
# ureq 3.5.2 with the certificates of the operating system: a timeout that is set on a request, and not on the agent, makes
# each request build its TLS settings anew, which reads and parses all certificate authorities.
#
# Only requests without settings of their own store the TLS settings for later ones. If every request of an agent has a
# timeout of its own, none is stored: with a bundle of some 150 authorities, most of the CPU time of a request to loopback was
# spent on reading it. One earlier request without settings, or the timeout on the agent, avoids it.
set -euo pipefail
command -v python3 >/dev/null && command -v openssl >/dev/null || {
    echo "skipped: this needs python3 and openssl"
    exit 0
}
folder=$(mktemp -d)
server=
trap 'test -z "$server" || kill "$server"; rm -rf "$folder"' EXIT
cd "$folder"
mkdir src
cat >Cargo.toml <<'TOML'
[package]
name = "roots"
version = "0.0.0"
edition = "2024"

[dependencies]
ureq = { version = "=3.5.2", features = ["platform-verifier"] }
TOML
cat >src/main.rs <<'RUST'
use std::time::Duration;
use ureq::Agent;
use ureq::tls::{RootCerts, TlsConfig};

fn read_bytes() -> u64 {
    let io = std::fs::read_to_string("/proc/self/io").unwrap();
    let line = io.lines().find_map(|line| line.strip_prefix("rchar: ")).unwrap();
    line.parse().unwrap()
}

fn main() {
    let url = format!("https://localhost:{}/", std::env::args().nth(1).unwrap());
    let mut read = Vec::new();
    for on_request in [false, true] {
        let tls = TlsConfig::builder().root_certs(RootCerts::PlatformVerifier).build();
        let timeout = Some(Duration::from_secs(10));
        let agent = Agent::config_builder().tls_config(tls);
        let agent = if on_request { agent } else { agent.timeout_global(timeout) };
        let agent: Agent = agent.build().into();
        let before = read_bytes();
        for _ in 0..5 {
            let request = agent.get(&url);
            let answer = if on_request {
                request.config().timeout_global(timeout).build().call()
            } else {
                request.call()
            };
            assert_eq!(answer.unwrap().status(), 200);
        }
        read.push((read_bytes() - before) as f64);
    }
    let times = (read[1] / read[0]).round();
    println!("5 requests with a timeout each read {times} times as much as 5 with the agent's timeout");
}
RUST
openssl req -x509 -newkey rsa:2048 -nodes -keyout key.pem -out cert.pem -days 2 -subj /CN=localhost \
    -addext subjectAltName=DNS:localhost -addext basicConstraints=critical,CA:FALSE 2>/dev/null
for _ in $(seq 150); do cat cert.pem; done >bundle.pem
cat >server.py <<'PYTHON'
import http.server, ssl
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.send_header("content-length", "0")
        self.end_headers()
    def log_message(self, *_):
        pass
server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
tls.load_cert_chain("cert.pem", "key.pem")
server.socket = tls.wrap_socket(server.socket, server_side=True)
open("port.new", "w").write(str(server.server_port))
import os
os.rename("port.new", "port")
server.serve_forever()
PYTHON
cargo build --quiet
timeout 60 python3 server.py &
server=$!
for _ in $(seq 50); do test -e port && break; sleep 0.1; done
result=$(SSL_CERT_FILE="$folder/bundle.pem" target/debug/roots "$(cat port)")
echo "$result"
test "$result" = "5 requests with a timeout each read 5 times as much as 5 with the agent's timeout"
