//! `policy-check graph`

use crate::policies::{Folder, SMALL};
use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use std::fmt::Write;

mod diagram;

pub(crate) const ISSUER: &str =
    "issuer ci { url \"https://gitlab.com\" profile gitlab-ci audience \"https://sts.acme.example\" }\n";

/// Returns a policy set with some roles, each of its own project.
fn many(roles: usize) -> String {
    let mut text = ISSUER.to_owned();
    for number in 0..roles {
        let condition = format!("project == \"acme/app-{number}\" && ref == \"main\" && ref_protected");
        writeln!(
            text,
            "role deploy-{number} {{ tags [prod] allow from ci when {condition} grant bucket = \"b-{number}\" }}"
        )
        .unwrap();
    }
    text
}

#[test]
fn the_widest_ways_come_first() {
    let policy = format!(
        "{ISSUER}
        role named {{ allow from ci when project == \"acme/shop\" && ref_type == \"branch\" && ref == \"main\" && ref_protected }}
        role protected {{ allow from ci when project == \"acme/shop\" && ref_type == \"branch\" && ref_protected }}
        role unprotected {{ allow from ci when project == \"acme/shop\" && ref == \"main\" }}
        role any-ref {{ allow from ci when project == \"acme/shop\" }}
        role group {{ allow from ci when project under \"acme\" && ref == \"main\" && ref_protected }}
        role strangers {{ allow from ci when project like \"acme*\" && ref == \"main\" && ref_protected }}
        role all {{ allow from ci }}
        role none {{ allow from ci when ref == \"a\" && ref == \"b\" }}"
    );
    let folder = Folder::with(&[("p.policy", &policy)]);
    let json = folder.run(&["graph", "--format", "json"]).exits(0).json();
    let ways = json["ways"].as_array().unwrap();
    let widths: Vec<_> = ways
        .iter()
        .map(|way| (way["role"].as_str().unwrap(), way["width"].as_str().unwrap()))
        .collect();
    let expected = [
        ("all", "any_token"),
        ("strangers", "strangers"),
        ("group", "whole_group"),
        ("any-ref", "any_ref"),
        ("unprotected", "unprotected_refs"),
        ("protected", "protected_refs"),
        ("named", "named_refs"),
        ("none", "no_token"),
    ];
    assert_eq!(widths, expected);
    assert!(ways.iter().all(|way| way["proved"] == true), "{json:#}");
    // The token of each shows it.
    assert_eq!(ways[4]["token"]["ref_protected"], "false");
    assert!(ways[7]["token"].is_null());
}

#[test]
fn a_diagram_of_many_roles_stays_within_the_limits_of_mermaid() {
    let folder = Folder::with(&[("p.policy", &many(500))]);
    let diagram = folder.run(&["graph", "--format", "mermaid"]).exits(0).out;
    // `maxTextSize` and `maxEdges` of Mermaid 11 (its configuration schema).
    assert!(diagram.len() < 50_000, "{}", diagram.len());
    assert!(diagram.matches("-->").count() < 500);
    assert!(
        diagram.contains("500 roles") && !diagram.contains("more role"),
        "{diagram}"
    );

    let page = folder.run(&["graph", "--format", "html"]).exits(0).out;
    assert_eq!(
        page.matches("<tr").count(),
        501,
        "a row for each role, and the heading"
    );
    assert!(
        !page.contains("src=") && !page.contains("href="),
        "the page stands alone"
    );
}

#[test]
fn the_page_permits_its_own_script_and_no_other_one() {
    let folder = Folder::with(&[("p.policy", &many(2))]);
    let page = folder.run(&["graph", "--format", "html"]).exits(0).out;
    let (_, script) = page.split_once("<script>").unwrap();
    let (script, _) = script.split_once("</script>").unwrap();
    let hash = digest(&SHA256, script.as_bytes());
    let permitted = format!("script-src 'sha256-{}'", STANDARD.encode(hash));
    assert!(
        page.contains(&permitted.replace('\'', "&#39;")) || page.contains(&permitted),
        "{permitted}"
    );
}

#[test]
fn hostile_names_stay_inert() {
    let hostile = "\u{202e}<script>alert(1)</script> --> x[\"y\"] %% ` end";
    let literal = hostile.replace('"', "\\\"").replace('\u{202e}', "\\u{202e}");
    let policy =
        format!("{ISSUER}role r {{ allow from ci when environment == \"{literal}\" grant g = \"x\" }}");
    let folder = Folder::with(&[("p.policy", &policy)]);
    for format in ["html", "mermaid", "human", "json"] {
        let out = folder.run(&["graph", "--format", format]).exits(0).out;
        assert!(!out.contains('\u{202e}'), "{format}");
        if format != "json" && format != "human" {
            assert!(!out.contains("<script>alert"), "{format}");
        }
    }
    let diagram = folder.run(&["graph", "--format", "mermaid"]).exits(0).out;
    assert!(!diagram.contains("%% `"), "{diagram}");
}

#[test]
fn roles_are_selected_and_mistakes_say_what_to_do() {
    let folder = Folder::with(&[("p.policy", &many(3)), ("q/small.policy", SMALL)]);
    let run = folder
        .run(&["graph", "p.policy", "--roles", "deploy-1", "--format", "json"])
        .exits(0);
    assert_eq!(run.json()["roles"], 1);
    let run = folder.run(&["graph", "p.policy", "--roles", "#nothing"]).exits(2);
    assert!(
        run.err.contains("nothing") && run.err.contains("help"),
        "{}",
        run.err
    );
    let run = folder
        .run(&["graph", "p.policy", "--format", "html", "--format", "json"])
        .exits(2);
    assert!(
        run.err.contains("cannot both go to standard output"),
        "{}",
        run.err
    );
    folder
        .run(&[
            "graph",
            "p.policy",
            "--format",
            "html=graph.html",
            "--format",
            "mermaid=graph.mmd",
        ])
        .exits(0);
    folder.run(&["graph", "nowhere"]).exits(2);
}
