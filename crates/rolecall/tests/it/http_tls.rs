//! Keys over `https`: whose certificates are trusted, which versions are spoken, and what a proxy sees.

use std::sync::{Arc, LazyLock, OnceLock};

use crate::http_server::{Answer, KEYS, Server, document, issuer, issuer_with_keys_at, tunnel};
use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, date_time_ymd};
use rolecall::{
    CertificateFault, FetchError, HttpFault, HttpKeys, HttpSetupError, IssuerDocument, KeySource,
};
use rustls::crypto::aws_lc_rs;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ServerConfig, SupportedProtocolVersion};

/// An authority for certificates.
struct Authority {
    pem: String,
    issuer: Issuer<'static, KeyPair>,
}

impl Authority {
    fn new(name: &str) -> Self {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.distinguished_name.push(DnType::CommonName, name);
        let pem = params.self_signed(&key).unwrap().pem();
        let issuer = Issuer::new(params, key);
        Self { pem, issuer }
    }
}

/// The authority that is trusted.
static TRUSTED: LazyLock<Authority> = LazyLock::new(|| Authority::new("trusted"));

/// A server's certificates and key.
struct Identity(Vec<CertificateDer<'static>>, KeyPair);

/// A certificate of an authority for `localhost` and 127.0.0.1, changed.
fn identity(authority: &Authority, change: fn(&mut CertificateParams)) -> Identity {
    let key = KeyPair::generate().unwrap();
    let names = ["localhost", "127.0.0.1", "keys.internal"].map(str::to_owned);
    let mut params = CertificateParams::new(names).unwrap();
    change(&mut params);
    let certificate = params.signed_by(&key, &authority.issuer).unwrap();
    Identity(vec![certificate.der().clone()], key)
}

fn config(identity: &Identity, versions: &[&'static SupportedProtocolVersion]) -> ServerConfig {
    let key = PrivateKeyDer::Pkcs8(identity.1.serialize_der().into());
    ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_protocol_versions(versions)
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(identity.0.clone(), key)
        .unwrap()
}

fn server(identity: &Identity) -> Server {
    Server::secure(config(identity, rustls::ALL_VERSIONS), |_, _| Answer::json(KEYS))
}

/// A source that trusts the authority and may ask this machine.
fn source() -> HttpKeys {
    let source = HttpKeys::new().roots(TRUSTED.pem.as_bytes()).unwrap();
    source.allow_private("localhost").allow_private("127.0.0.1")
}

fn ask(source: &HttpKeys, host: &str, server: &Server) -> Result<usize, HttpFault> {
    let issuer = issuer_with_keys_at(&format!("https://{host}:{}/keys", server.port));
    match source.fetch(&issuer) {
        Ok(fetched) => Ok(fetched.keys.len()),
        Err(FetchError::Http { document, fault }) => {
            assert_eq!(document, IssuerDocument::KeySet);
            Err(fault)
        }
        Err(error) => panic!("{error}"),
    }
}

#[test]
fn a_server_with_a_certificate_of_a_trusted_authority_is_accepted() {
    let server = server(&identity(&TRUSTED, |_| {}));
    assert_eq!(ask(&source(), "localhost", &server), Ok(1));
    assert_eq!(ask(&source(), "127.0.0.1", &server), Ok(1));
    assert_eq!(server.paths(), ["/keys", "/keys"]);
    let host = format!("host: localhost:{}", server.port);
    assert!(server.requests()[0].headers.contains(&host));
}

#[test]
fn bad_certificates_are_refused_before_anything_is_asked() {
    let unknown = Authority::new("unknown");
    let namesake = Authority::new("trusted");
    let own_key = KeyPair::generate().unwrap();
    let own = CertificateParams::new(["localhost".to_owned()]).unwrap();
    let own = own.self_signed(&own_key).unwrap();
    let of_leaf = {
        // A certificate for a host, used to vouch for another.
        let key = KeyPair::generate().unwrap();
        let params = CertificateParams::new(["evil.example".to_owned()]).unwrap();
        let middle = params.signed_by(&key, &TRUSTED.issuer).unwrap();
        let issuer = Issuer::new(params, key);
        let pem = String::new();
        let Identity(mut chain, key) = identity(&Authority { pem, issuer }, |_| {});
        chain.push(middle.der().clone());
        Identity(chain, key)
    };
    let long_ago = |params: &mut CertificateParams| {
        params.not_before = date_time_ymd(2000, 1, 1);
        params.not_after = date_time_ymd(2001, 1, 1);
    };
    let not_yet = |params: &mut CertificateParams| params.not_before = date_time_ymd(3000, 1, 1);
    #[rustfmt::skip]
    let rows = [
        ("expired", identity(&TRUSTED, long_ago), Some(CertificateFault::Expired)),
        ("not yet valid", identity(&TRUSTED, not_yet), Some(CertificateFault::NotYetValid)),
        ("other host", identity(&TRUSTED, |params| rename(params, "ci.example")), Some(CertificateFault::OtherHost)),
        ("wildcard", identity(&TRUSTED, |params| rename(params, "*.localhost")), Some(CertificateFault::OtherHost)),
        ("only an address", identity(&TRUSTED, |params| rename(params, "127.0.0.1")), Some(CertificateFault::OtherHost)),
        ("no name", identity(&TRUSTED, |params| params.subject_alt_names.clear()), None),
        ("self-signed", Identity(vec![own.der().clone()], own_key), Some(CertificateFault::UnknownAuthority)),
        ("unknown authority", identity(&unknown, |_| {}), Some(CertificateFault::UnknownAuthority)),
        ("authority of the same name", identity(&namesake, |_| {}), None),
        ("authority that is a host", of_leaf, None),
        ("for clients", identity(&TRUSTED, |params| params.extended_key_usages = vec![rcgen::ExtendedKeyUsagePurpose::ClientAuth]), None),
    ];
    for (name, identity, expected) in rows {
        let server = server(&identity);
        let fault = ask(&source(), "localhost", &server).unwrap_err();
        match expected {
            Some(expected) => assert_eq!(fault, HttpFault::Certificate(expected), "{name}"),
            None => assert_eq!(fault.code(), "certificate", "{name}"),
        }
        assert_eq!(server.requests().len(), 0, "{name}");
    }
}

fn rename(params: &mut CertificateParams, name: &str) {
    params.subject_alt_names = CertificateParams::new([name.to_owned()])
        .unwrap()
        .subject_alt_names;
}

#[test]
fn an_authority_of_ones_own_is_not_trusted_unless_asked_for() {
    let server = server(&identity(&TRUSTED, |_| {}));
    let platform = HttpKeys::new().allow_private("localhost");
    let fault = ask(&platform, "localhost", &server).unwrap_err();
    // Where no certificates are installed, nobody is trusted at all.
    let unknown = HttpFault::Certificate(CertificateFault::UnknownAuthority);
    assert!([unknown, HttpFault::NoRoots].contains(&fault), "{fault}");
    assert!(fault.help().is_some());
}

#[test]
fn hosts_of_ones_own_are_not_asked_unless_allowed() {
    let server = server(&identity(&TRUSTED, |_| {}));
    let strict = HttpKeys::new().roots(TRUSTED.pem.as_bytes()).unwrap();
    for host in ["localhost", "127.0.0.1"] {
        let fault = ask(&strict, host, &server).unwrap_err();
        let host = host.to_owned();
        assert_eq!(fault, HttpFault::Address { host });
    }
    assert_eq!(server.requests().len(), 0);
}

/// An issuer writes its discovery document itself, and so chooses who is asked for its keys.
#[test]
fn no_issuer_leads_to_the_private_host_of_another() {
    let internal = server(&identity(&TRUSTED, |_| {}));
    let keys = format!("https://localhost:{}/keys", internal.port);
    let url = Arc::new(OnceLock::<String>::new());
    let (own, jwks_uri) = (url.clone(), keys.clone());
    let tls = config(&identity(&TRUSTED, |_| {}), rustls::ALL_VERSIONS);
    let leading = Server::secure(tls, move |_, _| Answer::json(document(own.wait(), &jwks_uri)));
    url.set(format!("https://127.0.0.1:{}", leading.port)).unwrap();
    let leads = issuer(url.wait());

    let fault = match source().fetch(&leads) {
        Err(FetchError::Http { document, fault }) => (document, fault),
        other => panic!("{other:?}"),
    };
    let host = "localhost".to_owned();
    assert_eq!(fault, (IssuerDocument::KeySet, HttpFault::Address { host }));
    assert!(internal.requests().is_empty());
    // It is for the issuer that is configured there, and for one that is said to lead there.
    source().fetch(&issuer_with_keys_at(&keys)).unwrap();
    let allowed = source().allow_private_for(url.wait(), "localhost");
    assert_eq!(allowed.fetch(&leads).unwrap().keys.len(), 1);
    assert_eq!(internal.paths(), ["/keys", "/keys"]);
}

#[test]
fn tls_1_2_and_1_3_are_spoken() {
    let identity = identity(&TRUSTED, |_| {});
    for version in rustls::ALL_VERSIONS {
        let server = Server::secure(config(&identity, &[version]), |_, _| Answer::json(KEYS));
        assert_eq!(ask(&source(), "localhost", &server), Ok(1));
    }
}

#[test]
fn older_versions_and_plain_text_are_not_spoken() {
    // A greeting of the server for this version, with a cipher that it had.
    let hello = |minor: u8| {
        let mut hello = vec![0x16, 3, minor, 0, 42, 2, 0, 0, 38, 3, minor];
        hello.extend([7; 32]);
        hello.extend([0, 0xc0, 0x13, 0]);
        Answer::Bytes(hello)
    };
    let alert = Answer::Bytes(vec![0x15, 3, 1, 0, 2, 2, 70]);
    let plain = Answer::Bytes(b"HTTP/1.1 400 Bad Request\r\n\r\n".to_vec());
    for (name, answer) in [
        ("SSL 3.0", hello(0)),
        ("TLS 1.0", hello(1)),
        ("TLS 1.1", hello(2)),
        ("alert", alert),
        ("plain HTTP", plain),
    ] {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        std::thread::spawn(move || {
            use std::io::{Read, Write};
            let Answer::Bytes(bytes) = answer else { return };
            let mut stream = listener.accept().unwrap().0;
            let _ = stream.read(&mut [0; 4096]);
            let _ = stream.write_all(&bytes);
            let _ = stream.read(&mut [0; 4096]);
        });
        let issuer = issuer_with_keys_at(&format!("https://localhost:{port}/keys"));
        let error = source().fetch(&issuer).unwrap_err();
        assert_eq!(error.code(), "tls", "{name}: {error}");
    }
}

#[test]
fn a_proxy_sees_the_host_and_nothing_else() {
    let server = server(&identity(&TRUSTED, |_| {}));
    let (port, requests) = tunnel(server.port);
    // The name is not one that could be looked up here: only the proxy knows where it is.
    let trusting = HttpKeys::new().roots(TRUSTED.pem.as_bytes()).unwrap();
    let source = trusting
        .clone()
        .proxy(&format!("http://user:word@127.0.0.1:{port}"))
        .unwrap();
    assert_eq!(ask(&source, "keys.internal", &server), Ok(1));
    let asked = requests.lock().unwrap().clone();
    assert_eq!(asked.len(), 1);
    assert_eq!(
        asked[0].line,
        format!("CONNECT keys.internal:{} HTTP/1.1", server.port)
    );
    let login = "proxy-authorization: basic dxnlcjp3b3jk".to_owned();
    assert!(asked[0].headers.contains(&login), "{:?}", asked[0].headers);
    let said = format!("{:?}", server.requests());
    assert!(
        !said.contains("proxy") && !said.contains("authorization"),
        "{said}"
    );

    // Who answers in the server's place has no certificate for it.
    let fault = ask(&source, "ci.example", &server).unwrap_err();
    assert_eq!(fault, HttpFault::Certificate(CertificateFault::OtherHost));
}

#[test]
fn a_proxy_that_refuses_is_said_to_do_so() {
    let proxy = Server::start(|_, _| Answer::new("407 Proxy Authentication Required", "x: s3cr3t", "s3cr3t"));
    let source = source().proxy(&proxy.url("")).unwrap();
    let issuer = issuer_with_keys_at("https://keys.example/keys");
    let error = source.fetch(&issuer).unwrap_err();
    assert_eq!(
        error.to_string(),
        "cannot fetch the key set: the proxy refused the connection"
    );
    assert_eq!(proxy.requests().len(), 1);
}

#[test]
fn proxies_are_http_and_have_a_host() {
    for bad in [
        "",
        "proxy.example",
        "proxy.example:3128",
        "socks5://proxy.example",
        "ftp://proxy.example",
        "http://",
        "http://:3128",
        "https:// proxy",
        "http://u:s3cr3t@",
    ] {
        let error = HttpKeys::new().proxy(bad).unwrap_err();
        assert_eq!(error, HttpSetupError::Proxy, "{bad}");
        assert!(!format!("{error} {error:?}").contains("s3cr3t"));
    }
    for good in [
        "http://proxy.example:3128",
        "https://user:word@proxy.example",
        "http://[::1]:3128/",
    ] {
        let _ = HttpKeys::new().proxy(good).unwrap();
    }
}

#[test]
fn only_certificates_are_trusted() {
    let key = KeyPair::generate().unwrap().serialize_pem();
    let good = &TRUSTED.pem;
    let none = HttpSetupError::NoCertificate;
    let broken = |position| HttpSetupError::Certificate { position };
    let frame = |inner: &str| format!("-----BEGIN CERTIFICATE-----\n{inner}\n-----END CERTIFICATE-----\n");
    let rows = [
        ("nothing", String::new(), none.clone()),
        ("some text", "certificate".to_owned(), none.clone()),
        ("only a key", key.clone(), none),
        ("no base64", frame("***"), broken(0)),
        ("no certificate", frame("AAAA"), broken(0)),
        ("empty certificate", frame(""), broken(0)),
        (
            "a good one and a bad one",
            format!("{good}{}", frame("AAAA")),
            broken(1),
        ),
        ("no end", good.replace("-----END CERTIFICATE-----", ""), broken(0)),
    ];
    for (name, pem, expected) in rows {
        let error = HttpKeys::new().roots(pem.as_bytes()).unwrap_err();
        assert_eq!(error, expected, "{name}");
    }
    let _ = HttpKeys::new()
        .roots(format!("# ours\n{good}{good}").as_bytes())
        .unwrap();
}
