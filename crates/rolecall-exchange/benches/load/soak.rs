//! A long run with changes in it.

use std::collections::BTreeMap;
use std::fs;
use std::thread;
use std::time::Duration;

use rolecall::{Gate, KeySet, KeySources, PolicySet, Source};
use serde_json::Value;

use crate::client::drive;
use crate::site::{AUDIENCE, Site};

/// The requests a second: far from what the server can do, so that an error has another reason.
const RATE: f64 = 1_000.0;

/// Keeps a server under load. One request in ten is of another project, which gets nothing.
pub(crate) fn soak(seconds: u64) {
    let site = Site::start(1_000, "ES256");
    let mut requests = site.requests(4_500, "4242");
    let good = requests.len();
    requests.extend(site.requests(500, "1"));
    let mut wrong = BTreeMap::new();
    let mut role_tokens = Vec::new();
    let mut answers = 0_usize;
    thread::scope(|scope| {
        scope.spawn(|| change(&site, Duration::from_secs(seconds / 6)));
        let time = Duration::from_secs(seconds);
        drive(
            &site.address,
            64,
            &requests,
            Some(RATE),
            time,
            |which, status, body, _| {
                answers += 1;
                let expected = if which < good { 200 } else { 400 };
                if status != expected {
                    *wrong
                        .entry((status, String::from_utf8_lossy(body).into_owned()))
                        .or_insert(0) += 1;
                } else if status == 200 && answers % 500 == 1 {
                    role_tokens.push(body.to_vec());
                }
            },
        );
    });
    let verified = verify(&site, &role_tokens);
    println!("{answers} answers in {seconds} s, {verified} role tokens verified, wrong answers: {wrong:?}");
    site.run(&["audit", "verify", "audit.jsonl"]);
    let (now, most) = site.memory();
    println!("the audit verifies; memory {now} MB, at most {most} MB");
    assert!(wrong.is_empty());
}

/// Changes the policies and the keys, and takes the CI system's documents away for a while.
fn change(site: &Site, pause: Duration) {
    let policy = site.folder.path().join("policies/load.policy");
    thread::sleep(pause);
    let text = fs::read_to_string(&policy).unwrap();
    fs::write(&policy, text.replace("ttl 10m", "ttl 9m")).unwrap();
    println!("the policies are changed");
    thread::sleep(pause);
    site.run(&["keys", "new", "--now"]);
    println!("another key signs");
    thread::sleep(pause);
    site.documents.set_down(true);
    println!("the CI system is down");
    thread::sleep(pause);
    site.documents.set_down(false);
    println!("the CI system is back");
}

/// Verifies role tokens as a service would that trusts the exchange.
fn verify(site: &Site, answers: &[Vec<u8>]) -> usize {
    const ISSUER: &str = "https://sts.acme.example";
    let policy = format!(
        "edition 2026\nissuer exchange {{ url \"{ISSUER}\" profile rolecall audience \"{AUDIENCE}\" }}\n\
         role any {{ allow from exchange when role_name == \"deploy\" }}\n"
    );
    let set = PolicySet::compile([Source::new("service.policy", policy.as_str())]).unwrap();
    site.run(&["keys", "publish", "--out", "published"]);
    let keys = fs::read(site.folder.path().join("published/jwks")).unwrap();
    let sources = KeySources::new().fixed(ISSUER, KeySet::parse(&keys).unwrap());
    let gate = Gate::builder(set, sources).build().unwrap();
    let mut verified = 0;
    for answer in answers {
        let answer: Value = serde_json::from_slice(answer).unwrap();
        match gate.authorize(answer["access_token"].as_str().unwrap(), "any") {
            Ok(_) => verified += 1,
            // It was issued in the first minutes of a long run.
            Err(denial) => assert_eq!(denial.code(), "expired", "{denial}"),
        }
    }
    verified
}
