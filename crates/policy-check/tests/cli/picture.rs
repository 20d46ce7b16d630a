//! The pictures of a terminal and the page in the README of this crate.

use crate::blessed::assert_blessed;
use crate::policies::Folder;
use anstyle_svg::Term;

/// The rules that the picture shows: whoever adds one need not paint it anew.
const CHECK: &[&str] = &[
    "check",
    "--select",
    "wildcard-owner,never-matches",
    "deploy.policy",
];

const EXPLAIN: &[&str] = &["explain", "--policies", "shop.policy", "--claims", "job.json"];

fn folder() -> Folder {
    Folder::with(&[
        ("deploy.policy", include_str!("../../docs/example/deploy.policy")),
        ("shop.policy", include_str!("../../docs/example/shop.policy")),
        ("job.json", include_str!("../../docs/example/job.json")),
        (
            "covered.policy",
            include_str!("../../docs/example/covered.policy"),
        ),
    ])
}

/// Paints a command and what it prints.
fn assert_painted(command: &[&str], picture: &str) {
    let run = folder().run(&[&["--color", "always"], command].concat()).exits(1);
    let typed = format!("$ policy-check {}\n", command.join(" "));
    let svg = Term::new().render_svg(&(typed + &run.out));
    assert_blessed(picture, &(svg.trim_end().to_owned() + "\n"));
}

#[test]
fn the_picture_shows_what_the_command_prints() {
    assert_painted(CHECK, "docs/example/check.svg");
}

#[test]
fn the_picture_of_explain_shows_what_it_prints() {
    assert_painted(EXPLAIN, "docs/example/explain.svg");
}

#[test]
fn the_page_of_explain_is_the_one_that_it_writes() {
    let run = folder().run(&[EXPLAIN, &["--format", "html"]].concat()).exits(1);
    assert_blessed("docs/example/explain.html", &run.out);
}

#[test]
fn the_page_of_coverage_is_the_one_that_it_writes() {
    let run = folder()
        .run(&["test", "covered.policy", "--coverage", "--format", "html"])
        .exits(0);
    assert_blessed("docs/example/coverage.html", &run.out);
}

#[test]
fn the_page_of_graph_is_the_one_that_it_writes() {
    let run = folder()
        .run(&["graph", "covered.policy", "--format", "html"])
        .exits(0);
    assert_blessed("docs/example/graph.html", &run.out);
}
