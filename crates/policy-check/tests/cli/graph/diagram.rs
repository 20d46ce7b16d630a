//! The diagram of `graph`: its grouping, its limits and its labels.

use super::ISSUER;
use crate::policies::Folder;
use regex::Regex;
use std::fmt::Write;
use std::process::Command;

/// The forms of the lines. A label has nothing that Mermaid reads but references to characters and line breaks.
const LINE: &str = r#"(?x)^(?:
    flowchart\ LR | \ \ accTitle:\ [\w\ ]+ | \ \ accDescr:\ \d+\ roles?,\ the\ widest\ first
    | \ \ subgraph\ i\d+\["LABEL"\] | \ \ \ \ n\d+\["LABEL"\] | \ \ end
    | \ \ r\d+\("LABEL"\)(?::::\w+)? | \ \ n\d+\ -->\ r\d+ | \ \ r\d+\ -->\ n\d+(?:\[/"LABEL"/\])?
    | \ \ more\(\["LABEL"\]\):::more | \ \ none\["no\ role"\] | \ \ classDef\ [\w\ \#:,-]+
    )$"#;
const LABEL: &str = r"(?:[\w\ /…-]|\#\d+;|<br>)+";

fn diagram(policy: &str) -> String {
    let folder = Folder::with(&[("p.policy", &format!("{ISSUER}{policy}"))]);
    folder.run(&["graph", "--format", "mermaid"]).exits(0).out
}

/// Asserts that a diagram has only lines of known forms, within the limits of Mermaid.
#[track_caller]
fn assert_drawn(diagram: &str) {
    // `LABEL` is inside of `LINE` as often as lines have one.
    let line = Regex::new(&LINE.replace("LABEL", LABEL)).unwrap();
    for text in diagram.lines() {
        assert!(line.is_match(text), "{text}");
    }
    assert!(diagram.chars().count() <= 50_000 && diagram.matches("-->").count() <= 500);
    assert_parsed(diagram);
}

/// Parses a diagram with Mermaid itself, if `ROLECALL_MERMAID` names a folder in which `npm install mermaid jsdom` ran.
#[track_caller]
#[allow(clippy::print_stdout, reason = "a skipped check says so")]
fn assert_parsed(diagram: &str) {
    let Some(modules) = std::env::var_os("ROLECALL_MERMAID") else {
        println!("SKIPPED: set ROLECALL_MERMAID to a folder with the npm packages `mermaid` and `jsdom`");
        return;
    };
    let script = r#"
        import { readFileSync } from "fs";
        import { JSDOM } from "jsdom";
        globalThis.window = new JSDOM("").window;
        globalThis.document = window.document;
        const { default: mermaid } = await import("mermaid");
        console.log((await mermaid.parse(readFileSync(process.argv[1], "utf8"))).diagramType);
    "#;
    let folder = Folder::with(&[("d.mmd", diagram)]);
    let run = Command::new("node")
        .args(["--input-type=module", "--eval", script])
        .arg(folder.path("d.mmd"))
        .current_dir(modules)
        .output()
        .unwrap();
    let out = String::from_utf8_lossy(&run.stdout);
    assert_eq!(
        out.trim(),
        "flowchart-v2",
        "{}\n{diagram}",
        String::from_utf8_lossy(&run.stderr)
    );
}

#[test]
fn a_few_roles_have_a_node_each() {
    let drawn = diagram(
        "role plan { allow from ci when project under \"acme\" grant bucket = \"a\" }
        role deploy { allow from ci when project == \"acme/shop\" && ref_protected grant bucket = \"a\" }",
    );
    assert_drawn(&drawn);
    assert_eq!(drawn.matches("bucket").count(), 1, "both roles grant it: {drawn}");
    assert!(drawn.contains("(\"plan<br>whole group\"):::wide"), "{drawn}");
    assert_drawn(&diagram(""));
}

#[test]
fn families_share_a_node_and_their_grants_stay_apart() {
    let apps: Vec<String> = (0..50).map(|app| format!("\"app{app}\"")).collect();
    let family = |stage: &str| {
        format!(
            "role {stage}-{{app}} for app in [{}] {{ tags [{stage}]
            allow from ci when project == \"acme/{{app}}\" grant bucket = \"{stage}/{{app}}\" }}\n",
            apps.join(", ")
        )
    };
    let drawn = diagram(&(family("dev") + &family("prod")));
    assert_drawn(&drawn);
    for node in [
        "\"dev-app#42;<br>50 roles<br>#35;dev<br>any ref\"",
        "\"prod-app#42;<br>50 roles<br>#35;prod<br>any ref\"",
        "\"bucket#58; dev/app#42;<br>50 grants\"",
        "\"bucket#58; prod/app#42;<br>50 grants\"",
        "\"acme/app#42;<br>50 tenants\"",
    ] {
        assert_eq!(drawn.matches(node).count(), 1, "{node}: {drawn}");
    }
}

#[test]
fn of_many_wide_roles_the_others_are_counted() {
    let mut policy = String::new();
    for role in 0..75 {
        writeln!(
            policy,
            "role r{role} {{ allow from ci when environment == \"e{role}\" }}"
        )
        .unwrap();
    }
    let drawn = diagram(&policy);
    assert_drawn(&drawn);
    assert_eq!(drawn.matches(":::widest").count(), 30);
    assert!(drawn.contains("45 more roles"), "{drawn}");
}

#[test]
fn long_labels_leave_fewer_roles() {
    let mut policy = String::new();
    for role in 0..30 {
        let grants: Vec<String> = (0..4)
            .map(|grant| format!("\"{role}-{grant}{}\"", "🦀".repeat(80)))
            .collect();
        writeln!(
            policy,
            "role r{role} {{ allow from ci when environment == \"e{role}\" grant g = [{}] }}",
            grants.join(", ")
        )
        .unwrap();
    }
    let drawn = diagram(&policy);
    assert_drawn(&drawn);
    assert!(drawn.contains("15 more roles"), "{drawn}");
}

#[test]
fn hostile_text_stays_in_its_label() {
    for hostile in [
        "x\"] --> y[\"z",
        "x\"]; click r0 \"javascript:alert(1)\"",
        "%%{init: x}%%",
        "<img src=x onerror=alert(1)>",
        "`**markdown**`",
        "1. list",
        "- list",
        "&#35;quot; #quot; ﬂ°°43¶ß",
        "https://evil.example",
        "end",
        "\"/]",
        " ",
    ] {
        let mut text = String::new();
        for c in hostile.chars() {
            text.extend("\"[]{}".contains(c).then_some('\\'));
            text.push(c);
        }
        assert_drawn(&diagram(&format!(
            "role r {{ allow from ci when environment == \"x\" grant bucket = \"{text}\" }}"
        )));
    }
}

#[test]
fn a_disjunction_among_conditions_is_in_parentheses() {
    let condition =
        "project == \"acme/shop\" && (ref == \"main\" || environment == \"live\") && ref_protected";
    let folder = Folder::with(&[(
        "p.policy",
        &format!("{ISSUER}role r {{ allow from ci when {condition} }}"),
    )]);
    let text = folder.run(&["graph"]).exits(0).out;
    assert!(
        text.contains("(ref == \"main\" || environment == \"live\") && ref_protected"),
        "{text}"
    );
}
