//! The command `check`.

use std::fs;
use std::process::Output;

use crate::support::{POLICIES, prepare, run};

/// Policies without a finding.
fn good() -> String {
    let end = POLICIES.find("role read-all").unwrap();
    POLICIES[..end].replace("ref == \"main\"", "ref == \"main\" && ref_type == \"branch\"")
}

fn check(policies: &str, change: (&str, &str), doors: &str, more: &str) -> Output {
    let (folder, _) = prepare(doors, more);
    fs::write(folder.path().join("policies/test.policy"), policies).unwrap();
    let names = policies.lines().filter_map(|line| line.strip_prefix("role "));
    let names: String = names
        .map(|name| format!("{}\n", name.trim_end_matches(" {")))
        .collect();
    fs::write(folder.path().join("policies/names.lock"), names).unwrap();
    let path = folder.path().join("exchange.toml");
    let config = fs::read_to_string(&path).unwrap();
    assert!(config.contains(change.0), "{config}");
    fs::write(&path, config.replacen(change.0, change.1, 1)).unwrap();
    run(folder.path(), &["check"])
}

#[test]
fn a_good_configuration_has_no_findings() {
    let output = check(
        &good(),
        ("", ""),
        "[doors.token]\n",
        "[replay]\ndoors = [\"token\"]\n",
    );
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    // One instance that never starts again needs nothing else.
    assert_eq!(
        String::from_utf8_lossy(&output.stdout),
        "note: used tokens are remembered by this instance alone, until it ends: `[replay] store` may be `file` or \
         `postgres`\nno findings\n"
    );
}

#[test]
fn each_finding_is_a_line_that_says_what_to_do() {
    let good = good();
    let short = good.replace("role deploy-aws {", "role deploy-aws {\n  ttl 14m");
    let open = good.replace("project_id == \"4242\" && ref_protected", "ref_protected");
    let failing = good.clone()
        + "test \"nothing\" {\n  token gitlab { project_id = \"4242\", ref = \"main\", ref_type = \"branch\", ref_protected = \"true\" }\n  expect deny deploy-production\n}\n";
    let no = ("", "");
    for (policies, change, doors, more, finding) in [
        (
            POLICIES,
            no,
            "[doors.token]\n",
            "",
            "roles `read-main` and `read-all` have the same grant `audience`, and a token gets both: {",
        ),
        (&short, no, "[doors.token]\n", "", "lives for less than 15m"),
        (
            &good,
            no,
            "[doors.token]\n",
            "[tokens]\nttl = \"5m\"\n",
            "lives for less than 15m",
        ),
        (&open, no, "[doors.token]\n", "", "(shared-issuer-without-tenant)"),
        (
            &failing,
            no,
            "[doors.token]\n",
            "",
            "the test `nothing` fails: role `deploy-production` is allowed",
        ),
        ("role {", no, "[doors.token]\n", "", "test.policy:1:"),
        (
            &good,
            no,
            "[doors.request]\n",
            "[replay]\ndoors = [\"request\"]\n",
            "`replay.doors` names `request`",
        ),
        (&good, no, "", "", "no door is open"),
        (
            &good,
            ("\"keys\"", "\"nowhere\""),
            "[doors.token]\n",
            "",
            "keys new",
        ),
        (
            &good,
            ("ES256", "RS256"),
            "[doors.token]\n",
            "",
            "signs RS256 now",
        ),
    ] {
        let output = check(policies, change, doors, more);
        let text = String::from_utf8_lossy(&output.stdout);
        assert_eq!(output.status.code(), Some(1), "{finding}: {output:?}");
        let line = text.lines().find(|line| line.contains(finding));
        assert!(line.is_some_and(|line| line.contains(": ")), "{finding}: {text}");
    }
}

#[test]
fn upstreams_have_findings_and_faults() {
    let good = good();
    let granted =
        |grant: &str| good.replacen("grant audience", &format!("grant {grant}\n  grant audience"), 1);
    let vault = "[doors.vault]\nupstream = \"https://vault.acme.example:8200\"\n";
    let fine =
        format!("{vault}bound_audience = \"https://vault-upstream.acme.example\"\nreads = [\"secret\"]\n");
    let no = ("", "");
    let gcp = granted("gcp_provider = \"//iam.googleapis.com/x\"");
    let octo = granted("octo_sts = \"acme/shop#release\"");
    let hour = "exceed = \"record\"\n";
    for doors in [
        fine.clone(),
        format!("[doors.gcp]\nupstream = \"https://sts.googleapis.com\"\n{hour}"),
        format!("[doors.octo_sts]\nupstream = \"https://octo.acme.example\"\n{hour}"),
    ] {
        for policies in [&gcp, &octo] {
            let output = check(policies, no, &doors, "");
            assert_eq!(
                String::from_utf8_lossy(&output.stdout),
                "no findings\n",
                "{doors}"
            );
        }
    }
    let private = fine.replace("vault.acme.example:", "10.1.2.3:");
    let allowed = check(&good, no, &private, "[fetch]\nallow_private = [\"10.1.2.3\"]\n");
    assert_eq!(allowed.status.code(), Some(0), "{allowed:?}");
    let job = format!("{vault}bound_audience = \"https://vault.acme.example\"\n");
    for (policies, doors, finding) in [
        (
            &good,
            private.as_str(),
            "`10.1.2.3` has an address that is not public",
        ),
        (&good, &job, "which is an audience of job tokens in the policies"),
        (
            &gcp,
            "[doors.gcp]\nupstream = \"https://sts.googleapis.com\"\n",
            "lives for less than 1h, and Google's",
        ),
        (
            &octo,
            "[doors.octo_sts]\nupstream = \"https://octo.acme.example\"\n",
            "lives for less than 1h, and GitHub's",
        ),
    ] {
        let output = check(policies, no, doors, "");
        let text = String::from_utf8_lossy(&output.stdout);
        assert_eq!(output.status.code(), Some(1), "{finding}: {output:?}");
        assert!(text.contains(finding), "{finding}: {text}");
    }
    for (doors, fault) in [
        (vault.to_owned(), "`doors.vault.bound_audience` is missing"),
        (
            format!("{vault}bound_audience = \"https://STS.acme.example/\"\n"),
            "is the issuer of this exchange",
        ),
        (format!("{fine}kv = \"x\"\n"), "`doors.vault.kv` is set"),
        (format!("{fine}exceed = \"ignore\"\n"), "unknown variant `ignore`"),
        (
            format!("{fine}timeout = \"10s\"\n"),
            "`doors.vault.timeout` is too long",
        ),
        (fine.replace("\"secret\"", "\"sys/x\""), "has the mount `sys/x`"),
        (
            "[doors.vault]\nreads = [\"secret\"]\n".to_owned(),
            "without `doors.vault.upstream`",
        ),
    ] {
        let output = check(&good, ("[doors.token]\n", &doors), "[doors.token]\n", "");
        let text = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{fault}: {output:?}");
        assert!(text.contains(fault), "{fault}: {text}");
    }
}

#[test]
fn a_configuration_that_cannot_be_read_could_not_be_checked() {
    let output = check(&good(), ("[signing]", "[sining]"), "", "");
    assert_eq!(output.status.code(), Some(2), "{output:?}");
}
