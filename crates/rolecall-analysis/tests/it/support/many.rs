//! A policy set of any size, with roles of all kinds: for the tests and the benches of questions about all roles.

#![allow(unreachable_pub, reason = "tests and benches take this file as a module")]

use rolecall_engine::{PolicySet, Source};

const ISSUER: &str = r#"
issuer gitlab { url "https://gitlab.com" profile gitlab-ci audience "https://sts.acme.example" }
condition on_main = ref_type == "branch" && ref == "main" && ref_protected
"#;

/// The condition of a role: the same mixture as that of the matcher's benches, and one in a hundred that contradicts itself.
fn condition(n: usize) -> String {
    let group = n / 10 % 97;
    let project = format!("group-{group}/app-{n}");
    if n % 100 == 50 {
        return format!(
            "project == \"{project}\" && project under \"group-{}\"",
            group + 1
        );
    }
    match n % 10 {
        0..=4 => format!("project == \"{project}\" && project_id == \"{n}\" && on_main"),
        5 => format!("sub == \"project_path:{project}:ref_type:branch:ref:main\""),
        6 => format!("sub like \"project_path:group-{group}/*:ref_type:branch:ref:main\""),
        7 => format!("project under \"group-{group}\" && environment in [\"staging\", \"production\"]"),
        8 => format!("project == \"{project}\" && ref_type == \"tag\" && ref glob \"v*\""),
        _ => format!("project == \"{project}\" && ref matches /release-[0-9]+\\.[0-9]+/"),
    }
}

/// A policy set with this many roles, in files of a thousand, and an assertion about all of them.
pub fn policy(roles: usize, edit: impl Fn(usize, String) -> String) -> PolicySet {
    let mut texts =
        vec![ISSUER.to_owned() + "assert \"only groups\" { #all implies project like \"group-*\" }\n"];
    for n in 0..roles {
        let condition = edit(n, condition(n));
        if n % 1_000 == 0 {
            texts.push(String::new());
        }
        let text = texts.last_mut().expect("a file");
        *text += &format!("role role-{n} {{ tags [all] allow from gitlab when {condition} }}\n");
    }
    PolicySet::compile(texts.into_iter().map(|text| Source::new("scale.policy", text))).expect("a policy set")
}

/// Five edits: two roles become narrower, one wider, one is for another branch, and one only looks different.
pub fn edited(n: usize, condition: String) -> String {
    match n {
        3 | 13 => format!("{condition} && environment_protected"),
        24 => condition.replace("&& on_main", ""),
        35 => condition.replace(":ref:main", ":ref:master"),
        47 => format!("!(!({condition}))"),
        _ => condition,
    }
}
