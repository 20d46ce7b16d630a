//! A server as operators have it, for real clients: with TLS, by a CA of its own, and RS256. Some clients refuse plain http,
//! and some relying parties other algorithms.

use std::fs;
use std::net::TcpListener;
use std::path::Path;
use std::process::Child;
use std::sync::Arc;

use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair};
use rolecall::KeySet;
use serde_json::json;
use ureq::Agent;
use ureq::tls::{Certificate, RootCerts, TlsConfig};

use super::{Server, prepare, run, serve_configured};

/// Another instance of a server. It ends with this value.
pub(crate) struct Instance {
    child: Child,
    pub(crate) url: String,
}

impl Drop for Instance {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Server {
    /// Starts a server with TLS at `https://localhost`, which is its issuer, too, with these doors, more lines of
    /// configuration, and more policies.
    pub(crate) fn with_tls(doors: &str, more: &str, policies: &str) -> Self {
        let tls = "[listen.tls]\ncertificate = \"tls.crt\"\nkey = \"tls.key\"\n";
        let prepared = prepare(doors, &format!("{tls}{more}"));
        let path = |name: &str| prepared.0.path().join(name);
        write_certificate(prepared.0.path());
        fs::write(path("policies/more.policy"), policies).unwrap();
        fs::create_dir(path("secrets")).unwrap();
        // Free a moment ago.
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        drop(listener);
        let config = fs::read_to_string(path("exchange.toml")).unwrap();
        let config = config
            .replace("https://sts.acme.example", &format!("https://localhost:{port}"))
            .replacen("127.0.0.1:0", &format!("127.0.0.1:{port}"), 1)
            .replace("ES256", "RS256");
        fs::write(path("exchange.toml"), config).unwrap();
        // The first key signs at once, and a later one a day later.
        fs::remove_dir_all(path("keys")).unwrap();
        let made = run(prepared.0.path(), &["keys", "new"]);
        assert!(made.status.success(), "{made:?}");
        let mut server = Self::of(prepared);
        server.url = server.url.replace("127.0.0.1", "localhost");
        server
    }

    /// Starts another instance, which shares all files but its audit log: at plain http on loopback.
    pub(crate) fn second(&self) -> Instance {
        let config = fs::read_to_string(self.path("exchange.toml")).unwrap();
        let (_, address) = self.url.rsplit_once(':').unwrap();
        let config = config
            .replace("[listen.tls]\ncertificate = \"tls.crt\"\nkey = \"tls.key\"\n", "")
            .replacen(&format!("127.0.0.1:{address}"), "127.0.0.1:0", 1)
            .replace("audit.jsonl", "second.jsonl");
        fs::write(self.path("second.toml"), config).unwrap();
        let (child, url, _) = serve_configured(self.folder.path(), "second.toml");
        Instance { child, url }
    }

    /// Asks the door `token` with the command for jobs, which is told the CA and prints the role token.
    pub(crate) fn role_token(&self, audience: &str, role: &str) -> String {
        fs::write(self.path("command.jwt"), self.job(json!({}))).unwrap();
        let arguments = [
            "--audience",
            audience,
            "--role",
            role,
            "--token-file",
            "command.jwt",
            "--ca",
            "ca.pem",
        ];
        let output = run(
            self.folder.path(),
            &[&["token", "--url", &self.url][..], &arguments].concat(),
        );
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    }

    /// Returns the published keys.
    pub(crate) fn keys(&self) -> KeySet {
        self.fetched_keys().unwrap()
    }

    /// Returns the published keys, if the certificate of the server is one of the CA in `ca.pem`.
    pub(crate) fn fetched_keys(&self) -> Result<KeySet, ureq::Error> {
        let pem = fs::read(self.path("ca.pem")).unwrap();
        let ca = Certificate::from_pem(&pem).unwrap();
        let tls = TlsConfig::builder()
            .root_certs(RootCerts::new_with_certs(&[ca]))
            .unversioned_rustls_crypto_provider(Arc::new(rustls::crypto::aws_lc_rs::default_provider()));
        let config = Agent::config_builder().proxy(None).tls_config(tls.build());
        let agent: Agent = config.build().into();
        let mut answer = agent.get(format!("{}/jwks", self.url)).call()?;
        Ok(KeySet::parse(&answer.body_mut().read_to_vec()?).unwrap())
    }
}

/// Writes a certificate for `localhost`, its key, and the CA that issued it.
pub(crate) fn write_certificate(folder: &Path) {
    let mut params = CertificateParams::new(Vec::<String>::new()).unwrap();
    // With the names that both have by default, the other one would pass for self-signed.
    params.distinguished_name.push(DnType::CommonName, "test CA");
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let ca_key = KeyPair::generate().unwrap();
    let ca = params.self_signed(&ca_key).unwrap();
    let key = KeyPair::generate().unwrap();
    let leaf = CertificateParams::new(vec!["localhost".to_owned()]).unwrap();
    let leaf = leaf
        .signed_by(&key, &Issuer::from_params(&params, &ca_key))
        .unwrap();
    for (name, pem) in [
        ("ca.pem", ca.pem()),
        ("tls.crt", leaf.pem()),
        ("tls.key", key.serialize_pem()),
    ] {
        fs::write(folder.join(name), pem).unwrap();
    }
}
