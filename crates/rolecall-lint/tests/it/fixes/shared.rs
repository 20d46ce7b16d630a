//! Policies in which a text means more than one thing.

use super::policy::{check, compile, fixable};

/// Policies in which one text means different things: of one role and of another, of one type and of another.
const SHARED: [&str; 5] = [
    r#"role deploy-{env} for env in ["prod", "test"] {
         allow from gitlab when environment == env && environment == "prod" && environment != "dev" && project_id == "4242"
       }"#,
    r#"role deploy-{env} for env in ["prod", "test"] {
         allow from gitlab when environment like [env, "prod*"] && project_id == "4242"
       }"#,
    r#"condition of-acme = project matches /acme\/[^\/]*/ && !(project != "acme/Shop")
       role plan {
         allow from gitlab when of-acme && project_id == "4242"
         allow from other when of-acme
       }
       issuer gitlab { url "https://gitlab.com" profile gitlab-ci audience "https://sts.acme.example" }
       issuer other { url "https://ci.acme.example" profile texts audience "https://sts.acme.example" }
       profile texts { claim project: text tenant }"#,
    r#"guard here for * { ref matches /main|v 1/ && ref matches /release\/.*/ }
       role plan { allow from texts when ref like ["a*", "a*b"] && ref in ["x"] }
       issuer texts { url "https://ci.acme.example" profile texts audience "https://sts.acme.example" }
       profile texts { claim ref: text }"#,
    r#"role plan {
         allow from gitlab when (project_id == "4242") && (ref == "main") && !(!(ref == "main")) && (ref in ["main"])
       }"#,
];

#[test]
fn a_text_that_means_different_things_keeps_its_meanings() {
    for text in SHARED {
        let set = compile(text).unwrap_or_else(|error| panic!("{text}: {error}"));
        for finding in fixable(&set) {
            check(finding.rule, text, &set, &finding);
        }
    }
}
