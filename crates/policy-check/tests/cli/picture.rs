//! The picture of a terminal in the README of this crate.

use crate::blessed::assert_blessed;
use crate::policies::Folder;
use anstyle_svg::Term;

/// The rules that the picture shows: whoever adds one need not paint it anew.
const COMMAND: &[&str] = &[
    "check",
    "--select",
    "wildcard-owner,never-matches",
    "deploy.policy",
];

#[test]
fn the_picture_shows_what_the_command_prints() {
    let folder = Folder::with(&[("deploy.policy", include_str!("../../docs/example/deploy.policy"))]);
    let run = folder.run(&[&["--color", "always"], COMMAND].concat()).exits(1);
    let typed = format!("$ policy-check {}\n", COMMAND.join(" "));
    let svg = Term::new().render_svg(&(typed + &run.out));
    assert_blessed("docs/example/check.svg", &(svg.trim_end().to_owned() + "\n"));
}
