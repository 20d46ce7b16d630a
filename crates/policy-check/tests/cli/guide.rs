//! The guide for newcomers: its commands print what it shows, its job stores the claims, and its component
//! has the inputs of ours.

use crate::cases::difference;
use crate::policies::Folder;
use crate::tokens::{Signer, claims};
use std::path::{Path, PathBuf};
use std::process::Command;

const GUIDE: &str = include_str!("../../docs/gitlab.md");

fn file(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// Returns the block of the guide that is a file.
fn block(name: &str) -> &'static str {
    let (_, after) = GUIDE.split_once(&format!(" {name}\n")).unwrap();
    after.split_once("```").unwrap().0
}

#[test]
fn its_commands_print_what_it_shows() {
    let guide = file("docs/gitlab.md");
    let wrong = difference(&guide, guide.parent().unwrap());
    assert!(wrong.is_none(), "{}", wrong.unwrap_or_default());
    for outcome in [
        "allowed",
        "denied",
        "2 assertions proved",
        "no findings",
        "wildcard-owner",
        "GAINED",
    ] {
        assert!(
            GUIDE.to_lowercase().contains(&outcome.to_lowercase()),
            "{outcome}"
        );
    }
}

#[test]
fn its_job_stores_the_claims_of_its_token() {
    let job = block(".gitlab-ci.yml");
    let script: Vec<&str> = job
        .lines()
        .filter_map(|line| line.strip_prefix("    - "))
        .collect();
    assert!(script.len() >= 3, "{job}");
    // Of each length that base64 pads in another way.
    for user in ["s", "sa", "sam", "samu"] {
        let mut claims = claims();
        claims["user_login"] = user.into();
        let folder = Folder::new();
        let run = Command::new("sh")
            .args(["-eu", "-c", &script.join("\n")])
            .env("ID_TOKEN", Signer::new("key").token(&claims))
            .current_dir(folder.path(""))
            .status()
            .unwrap();
        assert!(run.success());
        let stored: serde_json::Value = serde_json::from_str(&folder.read("claims.json")).unwrap();
        assert_eq!(stored, claims);
    }
}

#[test]
fn its_component_has_these_inputs() {
    let template = std::fs::read_to_string(file("../../templates/policy-check.yml")).unwrap();
    let (_, inputs) = block("policies.gitlab-ci.yml").split_once("inputs:\n").unwrap();
    let names: Vec<&str> = inputs
        .lines()
        .filter_map(|line| Some(line.trim().split_once(':')?.0))
        .collect();
    assert_eq!(names.len(), 3, "{inputs}");
    for name in names {
        assert!(template.contains(&format!("\n    {name}:\n")), "{name}");
    }
}
