//! The files in `packaging`: they fit together, and their configurations are accepted.

use std::fs;
use std::path::Path;

use rcgen::generate_simple_self_signed;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::support::ci::{file, yaml};
use crate::support::run;

const LIMITS: &str = include_str!("../../src/server/limits.rs");
/// The folders of the packages, below which a test has its own.
const FOLDERS: [&str; 2] = ["/etc/rolecall-exchange", "/var/lib/rolecall-exchange"];
/// The time for the audit log after the requests, in seconds.
const FLUSH_TIME: u64 = 10;

/// Returns a number of the server's limits: the digits after a text.
fn limit(before: &str) -> u64 {
    let (_, after) = LIMITS.split_once(before).unwrap();
    let digits = after.chars().filter(|c| *c != '_');
    let digits: String = digits.take_while(char::is_ascii_digit).collect();
    digits.parse().unwrap()
}

fn drain_time() -> u64 {
    limit("DRAIN_TIME: Duration = Duration::from_secs(")
}

/// Returns a text with the folders of a package below another one.
fn moved(text: &str, root: &Path) -> String {
    let root = root.display();
    FOLDERS.iter().fold(text.to_owned(), |text, folder| {
        text.replace(folder, &format!("{root}{folder}"))
    })
}

/// Writes a certificate for tests and its key.
fn write_certificate(folder: &Path) {
    let made = generate_simple_self_signed(["sts.acme.example".to_owned()]).unwrap();
    fs::write(folder.join("tls.crt"), made.cert.pem()).unwrap();
    fs::write(folder.join("tls.key"), made.signing_key.serialize_pem()).unwrap();
}

/// Makes a key, and checks a configuration below a folder.
fn accepted(root: &Path, config: &str) {
    let config = format!("{}{config}", root.display());
    let made = run(root, &["keys", "new", "--config", &config]);
    assert!(made.status.success(), "{made:?}");
    let checked = run(root, &["check", "--config", &config]);
    assert!(checked.status.success(), "{checked:?}");
}

/// Returns the manifests.
fn manifests() -> Vec<Value> {
    let names = ["namespace", "config", "exchange", "network"];
    let texts = names.map(|name| file(&format!("packaging/kubernetes/{name}.yaml")));
    texts.iter().flat_map(|text| yaml(text)).collect()
}

fn manifest<'m>(manifests: &'m [Value], kind: &str, name: &str) -> &'m Value {
    let mut found = manifests
        .iter()
        .filter(|found| found["kind"] == kind && found["metadata"]["name"] == name);
    found.next().unwrap_or_else(|| panic!("no {kind} {name}"))
}

/// Returns the elements of a list.
fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn named<'v>(values: &'v [Value], name: &Value) -> &'v Value {
    let found = values.iter().find(|value| value["name"] == *name);
    found.unwrap_or_else(|| panic!("nothing is called {name}"))
}

#[test]
fn the_pods_of_the_manifests_have_files_that_the_exchange_accepts() {
    let manifests = manifests();
    let pod = &manifest(&manifests, "StatefulSet", "rolecall-exchange")["spec"]["template"]["spec"];
    let container = &pod["containers"][0];
    let root = TempDir::new().unwrap();
    for mount in list(&container["volumeMounts"]) {
        let path = mount["mountPath"].as_str().unwrap();
        let folder = root.path().join(&path[1..]);
        fs::create_dir_all(&folder).unwrap();
        let is_read_only = mount["readOnly"] == true;
        if mount["name"] == "state" {
            assert!(!is_read_only);
            continue;
        }
        assert!(is_read_only, "{path}");
        let volume = named(list(&pod["volumes"]), &mount["name"]);
        if let Some(map) = volume["configMap"]["name"].as_str() {
            for (name, text) in manifest(&manifests, "ConfigMap", map)["data"]
                .as_object()
                .unwrap()
            {
                fs::write(folder.join(name), moved(text.as_str().unwrap(), root.path())).unwrap();
            }
        } else if volume["secret"]["secretName"] == "rolecall-exchange-tls" {
            write_certificate(&folder);
        }
    }
    let arguments = list(&container["args"]);
    let config = arguments[2].as_str().unwrap();
    assert_eq!(arguments, [json!("serve"), json!("--config"), json!(config)]);
    accepted(root.path(), config);
    // The names of the key files must be names in a secret.
    let keys = root.path().join("etc/rolecall-exchange/keys");
    let names: Vec<_> = fs::read_dir(keys)
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    let is_key = |byte: u8| byte.is_ascii_alphanumeric() || b"-._".contains(&byte);
    assert_eq!(names.len(), 1);
    assert!(names[0].to_str().unwrap().bytes().all(is_key), "{names:?}");
}

#[test]
fn ports_labels_and_times_of_the_manifests_agree() {
    let manifests = manifests();
    let of = |kind: &str| &manifest(&manifests, kind, "rolecall-exchange")["spec"];
    let set = of("StatefulSet");
    let pod = &set["template"]["spec"];
    let container = &pod["containers"][0];
    let ports = list(&container["ports"]);
    let config = &manifest(&manifests, "ConfigMap", "rolecall-exchange-config")["data"]["exchange.toml"];
    let config: Value = toml::from_str(config.as_str().unwrap()).unwrap();
    for (name, key) in [("https", "address"), ("admin", "admin")] {
        let port = &named(ports, &json!(name))["containerPort"];
        let address = config["listen"][key].as_str().unwrap();
        assert_eq!(address, format!("[::]:{port}"));
    }
    named(ports, &of("Service")["ports"][0]["targetPort"]);
    for rule in list(&of("NetworkPolicy")["ingress"]) {
        named(ports, &rule["ports"][0]["port"]);
    }
    for (probe, path) in [
        ("startupProbe", "/healthz"),
        ("livenessProbe", "/healthz"),
        ("readinessProbe", "/readyz"),
    ] {
        let get = &container[probe]["httpGet"];
        assert_eq!((&get["path"], &get["port"]), (&json!(path), &json!("admin")));
    }
    let labels = &set["template"]["metadata"]["labels"];
    for labelled in [
        &set["selector"]["matchLabels"],
        &of("PodDisruptionBudget")["selector"]["matchLabels"],
        &of("NetworkPolicy")["podSelector"]["matchLabels"],
        &of("Service")["selector"],
    ] {
        assert_eq!(labelled, labels);
    }
    let before = container["lifecycle"]["preStop"]["sleep"]["seconds"]
        .as_u64()
        .unwrap();
    let grace = pod["terminationGracePeriodSeconds"].as_u64().unwrap();
    assert!(grace >= before + drain_time() + FLUSH_TIME, "{grace}");
    let namespace = json!("rolecall-exchange");
    for manifest in manifests
        .iter()
        .filter(|manifest| manifest["kind"] != "Namespace")
    {
        assert_eq!(manifest["metadata"]["namespace"], namespace, "{manifest}");
    }
    let image = container["image"].as_str().unwrap();
    assert!(
        image.ends_with(concat!(":", env!("CARGO_PKG_VERSION"))),
        "{image}"
    );
}

#[test]
fn the_image_and_the_pods_have_the_same_user_and_port() {
    let manifests = manifests();
    let pod = &manifest(&manifests, "StatefulSet", "rolecall-exchange")["spec"]["template"]["spec"];
    let image = file("packaging/container/Containerfile");
    let user = &pod["securityContext"]["runAsUser"];
    assert_eq!(&pod["securityContext"]["fsGroup"], user);
    assert!(image.contains(&format!("\nUSER {user}:{user}\n")), "{user}");
    let port = &pod["containers"][0]["ports"][0]["containerPort"];
    assert!(image.contains(&format!("\nEXPOSE {port}\n")), "{port}");
}

#[test]
fn the_configuration_for_systemd_is_accepted() {
    let root = TempDir::new().unwrap();
    let folder = root.path().join("etc/rolecall-exchange");
    fs::create_dir_all(folder.join("policies")).unwrap();
    fs::create_dir_all(root.path().join("var/lib/rolecall-exchange")).unwrap();
    write_certificate(&folder);
    let config = moved(&file("packaging/systemd/exchange.toml"), root.path());
    fs::write(folder.join("exchange.toml"), config).unwrap();
    let maps = manifests();
    let policies = &manifest(&maps, "ConfigMap", "rolecall-exchange-policies")["data"];
    for (name, text) in policies.as_object().unwrap() {
        fs::write(folder.join("policies").join(name), text.as_str().unwrap()).unwrap();
    }
    accepted(root.path(), "/etc/rolecall-exchange/exchange.toml");
}

#[test]
fn the_units_fit_the_configuration_and_the_limits() {
    let units = ["rolecall-exchange.service", "rolecall-exchange-keys.service"];
    let [server, keys] = units.map(|unit| file(&format!("packaging/systemd/{unit}")));
    fn setting<'u>(unit: &'u str, key: &str) -> &'u str {
        let mut lines = unit
            .lines()
            .filter_map(|line| line.strip_prefix(key)?.strip_prefix('='));
        lines.next().unwrap_or_else(|| panic!("no {key}"))
    }
    let config = "--config /etc/rolecall-exchange/exchange.toml";
    assert!(setting(&server, "ExecStart").ends_with(&format!("rolecall-exchange serve {config}")));
    assert!(setting(&keys, "ExecStart").ends_with(&format!("rolecall-exchange keys new {config}")));
    let seconds: u64 = setting(&server, "TimeoutStopSec").parse().unwrap();
    assert!(seconds >= drain_time() + FLUSH_TIME, "{seconds}");
    let files: u64 = setting(&server, "LimitNOFILE").parse().unwrap();
    assert!(files > limit("MAX_CONNECTIONS: usize = "), "{files}");
    let config: Value = toml::from_str(&file("packaging/systemd/exchange.toml")).unwrap();
    let folder = config["signing"]["keys"].as_str().unwrap();
    assert_eq!(setting(&server, "ReadOnlyPaths"), format!("-{folder}"));
    let state = format!("/var/lib/{}/", setting(&server, "StateDirectory"));
    assert!(folder.starts_with(&state) && config["audit"]["file"].as_str().unwrap().starts_with(&state));
    for key in [
        "User",
        "StateDirectory",
        "StateDirectoryMode",
        "UMask",
        "SystemCallFilter",
    ] {
        assert_eq!(setting(&server, key), setting(&keys, key), "{key}");
    }
    let users = file("packaging/systemd/rolecall-exchange.sysusers");
    assert!(users.contains(&format!("\nu {} - ", setting(&server, "User"))));
}
