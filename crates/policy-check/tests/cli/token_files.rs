//! Tests whose tokens are in files: claims, and signed tokens with the keys of their issuer.

use serde_json::json;

use crate::merge_request::project::Project;
use crate::policies::{Folder, Run};
use crate::tokens::{Signer, claims, claims_with};

const POLICY: &str = r#"
issuer gitlab { url "https://gitlab.example" profile gitlab-ci audience "https://sts.acme.example" max_age 10m }

role deploy {
  allow from gitlab when project_id == "4242" && ref_type == "branch" && ref == "main"
}

test "signed" {
  token gitlab from "tokens/main.jwt" {}
  expect allow deploy
  case "another branch" { ref = "feature" } expect deny deploy because ref
}
"#;

/// A folder with the policy, a token and keys.
fn folder(token: &str, keys: &str) -> Folder {
    Folder::with(&[
        ("acme/p.policy", POLICY),
        ("acme/tokens/main.jwt", token),
        ("acme/tokens/jwks.json", keys),
    ])
}

#[track_caller]
fn assert_refused(run: &Run, reason: &str) {
    assert!(
        run.err
            .contains(&format!("`tokens/main.jwt` cannot be used: {reason}")),
        "{run:?}"
    );
    assert!(run.err.contains("p.policy:9:21"), "{run:?}");
}

#[test]
fn signed_tokens_are_verified_at_their_time() {
    let signer = Signer::new("k1");
    let token = signer.token(&claims());
    let keys = signer.jwks();
    for token in [token.clone(), format!("{token}\n"), format!("{token}\r\n")] {
        let run = folder(&token, &keys).run(&["test"]).exits(0);
        assert!(run.out.starts_with("2 passed, 0 failed"), "{run:?}");
    }

    let other = Signer::new("k1").jwks();
    assert_refused(&folder(&token, &other).run(&["test"]).exits(2), "the signature");
    let (start, signature) = token.rsplit_once('.').unwrap();
    let (header, _) = start.split_once('.').unwrap();
    let forged = signer.token(&claims_with(json!({"ref": "feature"})));
    let forged = forged.split('.').nth(1).unwrap();
    let forged = format!("{header}.{forged}.{signature}");
    assert_refused(&folder(&forged, &keys).run(&["test"]).exits(2), "the signature");
}

#[test]
fn signed_tokens_follow_the_rules_of_their_issuer() {
    let signer = Signer::new("k1");
    let run = |changes| {
        let token = signer.token(&claims_with(changes));
        folder(&token, &signer.jwks()).run(&["test"])
    };
    // The audience is what a test can be about.
    let elsewhere = run(json!({"aud": "https://vault.acme.example"})).exits(1);
    assert!(elsewhere.out.contains("FAIL"), "{elsewhere:?}");
    assert_refused(&run(json!({"iss": "https://gitlab.com"})).exits(2), "");
    assert_refused(&run(json!({"exp": 1_900_000_000})).exits(2), "");
    assert_refused(&run(json!({"iat": null})).exits(2), "");
    assert_refused(&run(json!({"cnf": {}})).exits(2), "");
}

#[test]
fn signed_tokens_need_keys() {
    let signer = Signer::new("k1");
    let token = signer.token(&claims());
    let without = Folder::with(&[("acme/p.policy", POLICY), ("acme/tokens/main.jwt", &token)]);
    assert_refused(
        &without.run(&["test"]).exits(2),
        "its keys, `tokens/jwks.json`: it does not exist",
    );
    let no_set = folder(&token, "{}");
    assert_refused(&no_set.run(&["test"]).exits(2), "its keys, `tokens/jwks.json`: ");
    let alone = Folder::with(&[("p.policy", POLICY), ("jwks.json", &signer.jwks())]);
    assert_refused(&alone.run(&["test"]).exits(2), "it does not exist");
}

#[test]
fn tests_that_no_folder_has_files_for_are_not_run() {
    let run = Folder::new().run_with(&["test", "-"], POLICY.as_bytes()).exits(2);
    assert!(
        run.err
            .contains("the test `signed` of `<stdin>` and 1 more are not run"),
        "{run:?}"
    );
    // They do not keep the others from being checked.
    Folder::new()
        .run_with(&["check", "-", "--fail-level", "high"], POLICY.as_bytes())
        .exits(0);
    Folder::new()
        .run_with(&["test", "-", "--filter", "nothing"], POLICY.as_bytes())
        .exits(0);
}

#[test]
fn files_come_from_the_revision_of_the_policy() {
    let test = "test \"claims\" { token gitlab from \"claims/main.json\" {} expect allow deploy }\n";
    let claims = claims_with(json!({"ref_protected": "true", "pipeline_source": "push"})).to_string();
    let removed = |before: &str| {
        Project::with_base(
            |base| {
                base.write("policies/claims.policy", test);
                base.write("policies/claims/main.json", before);
            },
            |work| {
                work.write("policies/claims.policy", "edition 2026\n");
                std::fs::remove_file(work.path("policies/claims/main.json")).unwrap();
            },
        )
    };
    removed(&claims).diff(&["--no-new-access"]).exits(0);
    let run = removed("{").diff(&["--no-new-access"]).exits(2);
    assert!(run.err.contains("does not have the claims of a token"), "{run:?}");
}

#[cfg(unix)]
#[test]
fn links_stay_in_the_folder() {
    use std::os::unix::fs::symlink;

    let policy = POLICY.replace("main.jwt", "main.json");
    let folder = Folder::with(&[("acme/p.policy", &policy), ("claims.json", &claims().to_string())]);
    std::fs::create_dir(folder.path("acme/tokens")).unwrap();
    let link = folder.path("acme/tokens/main.json");
    symlink("../../claims.json", &link).unwrap();
    let run = folder.run(&["test", "acme"]).exits(2);
    assert!(
        run.err.contains("outside of the folder of the policies"),
        "{run:?}"
    );
    let run = folder.run(&["test", "acme/p.policy"]).exits(2);
    assert!(
        run.err.contains("outside of the folder of the policies"),
        "{run:?}"
    );
    std::fs::remove_file(&link).unwrap();
    folder.write("acme/real.json", claims().to_string());
    symlink("../real.json", &link).unwrap();
    folder.run(&["test", "acme"]).exits(0);
    folder.run(&["test", "acme/p.policy"]).exits(0);
    folder.write("acme/real.json", format!("{}{}", " ".repeat(64 * 1024), claims()));
    let run = folder.run(&["test", "acme"]).exits(2);
    assert!(run.err.contains("at most 65536 are allowed"), "{run:?}");
}
