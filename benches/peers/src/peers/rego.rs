//! Rego: a rule for each way to get a role, all into one set.

use rolecall_benches::workload::{Role, Test, Wildcard};

/// How many roles are in a module: one has at most 20,000 lines.
const MODULE: usize = 1_000;

/// Modules with roles, the first of which has this place, and with these tests for wildcards.
pub(super) fn modules(roles: &[Role], first: usize, like: impl Fn(&str, &Wildcard) -> String) -> Vec<String> {
    let module = |(number, roles): (usize, &[Role])| {
        let mut module = "package rolecall\nimport rego.v1\n".to_owned();
        for (place, role) in roles.iter().enumerate() {
            for way in role.alternatives() {
                module += &rule(first + number * MODULE + place, role, &way, &like);
            }
        }
        module
    };
    roles.chunks(MODULE).enumerate().map(module).collect()
}

/// A test of a wildcard.
pub(super) fn like(name: &str, pattern: &Wildcard) -> String {
    let Wildcard { head, tail } = pattern;
    match tail.as_str() {
        "" => format!(" startswith(input.{name}, {head:?})\n"),
        _ => format!(" startswith(input.{name}, {head:?})\n endswith(input.{name}, {tail:?})\n"),
    }
}

/// One line each, so that none is too long.
fn rule(place: usize, role: &Role, way: &[Test], like: impl Fn(&str, &Wildcard) -> String) -> String {
    let (issuer, audience) = (role.issuer, role.audience);
    let mut rule =
        format!("roles contains {place} if {{\n input.iss == {issuer:?}\n input.aud == {audience:?}\n");
    for test in way {
        let name = test.claim().name();
        rule += &match test {
            Test::Equal(_, values) => format!(" input.{name} == {:?}\n", values[0]),
            Test::Like(_, patterns) => like(name, &patterns[0]),
            Test::Matches(_, head, regex) => format!(
                " startswith(input.{name}, {head:?})\n regex.match(`^(?:{head}{regex})$`, input.{name})\n"
            ),
        };
    }
    rule + "}\n"
}
