//! The roles in the language of policies.

use super::claim::{Claim, Test};
use super::organisation::{AUDIENCES, ISSUERS};
use super::role::Role;

/// Returns the names and the texts of files of the issuers and of so many roles each.
pub(super) fn files(roles: &[Role], each: usize) -> Vec<(String, String)> {
    let mut files = vec![("issuers.policy".to_owned(), issuers())];
    for (number, roles) in roles.chunks(each).enumerate() {
        files.push((format!("roles-{number}.policy"), roles.iter().map(role).collect()));
    }
    files
}

fn issuers() -> String {
    let audiences = list(&AUDIENCES.map(|(audience, _)| audience.to_owned()));
    let issuer = |(number, (url, _)): (usize, &(&str, usize))| {
        format!(
            "issuer gitlab-{number} {{\n  url \"{url}\"\n  profile gitlab-ci\n  audience {audiences}\n}}\n\n"
        )
    };
    ISSUERS.iter().enumerate().map(issuer).collect()
}

fn role(role: &Role) -> String {
    let issuer = ISSUERS
        .iter()
        .position(|(url, _)| *url == role.issuer)
        .expect("one of the issuers");
    let mut condition = format!("aud == \"{}\"", role.audience);
    for any in &role.rest {
        let tests: Vec<String> = any.iter().map(test).collect();
        let any = tests.join(" || ");
        condition += &if tests.len() > 1 {
            format!(" && ({any})")
        } else {
            format!(" && {any}")
        };
    }
    format!(
        "role r{} {{\n  allow from gitlab-{issuer} when {condition}\n}}\n\n",
        role.number
    )
}

fn test(test: &Test) -> String {
    let name = test.claim().name();
    match test {
        Test::Equal(Claim::RefProtected, _) => name.to_owned(),
        Test::Equal(_, values) if values.len() == 1 => format!("{name} == \"{}\"", values[0]),
        Test::Equal(_, values) => format!("{name} in {}", list(values)),
        Test::Like(_, patterns) if patterns.len() == 1 => format!("{name} like \"{}\"", patterns[0].text()),
        Test::Like(_, patterns) => {
            let patterns: Vec<String> = patterns.iter().map(super::claim::Wildcard::text).collect();
            format!("{name} like {}", list(&patterns))
        }
        // Nothing in a head means anything in a regex.
        Test::Matches(_, head, regex) => {
            format!(
                "{name} matches /{}/",
                format!("{head}{regex}").replace('/', "\\/")
            )
        }
    }
}

fn list(values: &[String]) -> String {
    format!("[\"{}\"]", values.join("\", \""))
}
