//! Casbin: a rule for each way to get a role, with a function of our own for wildcards. The effect goes over all rules, so
//! that one request names all of them.
//!
//! A rule has a column for each claim, and all rules the same matcher. So only roles that ask for `sub` are here: more columns
//! would make all rules slower.

use super::Peer;
use ::casbin::function_map::{OperatorFunction, dynamic_to_str};
use ::casbin::{CoreApi, DefaultModel, Enforcer, MemoryAdapter, MgmtApi};
use pollster::block_on;
use rolecall_benches::workload::{Claim, Kind, Role, Test, Token};

const MODEL: &str = "
[request_definition]
r = iss, aud, sub
[policy_definition]
p = iss, aud, sub, role
[policy_effect]
e = some(where (p.eft == allow)) && !some(where (p.eft == deny))
[matchers]
m = r.iss == p.iss && r.aud == p.aud && like(r.sub, p.sub)
";

pub(super) struct Enforced {
    enforcer: Enforcer,
    tokens: Vec<[String; 3]>,
}

/// Whether it can say what a role asks for.
pub(super) fn knows(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::Exact
            | Kind::AnyOfProject
            | Kind::MainOfNamespace
            | Kind::ReleasesOfProject
            | Kind::BranchesOfGroup
            | Kind::TagsOfProject
            | Kind::MainOfName
    )
}

impl Enforced {
    pub(super) fn new(roles: &[Role]) -> Self {
        let model = block_on(DefaultModel::from_str(MODEL)).expect("a model");
        let mut enforcer = block_on(Enforcer::new(model, MemoryAdapter::default())).expect("an enforcer");
        enforcer.add_function(
            "like",
            OperatorFunction::Arg2(|text, pattern| {
                like(&dynamic_to_str(&text), &dynamic_to_str(&pattern)).into()
            }),
        );
        let rules = roles.iter().enumerate().flat_map(|(place, role)| {
            let rule = move |way: Vec<Test>| {
                let sub = match &way[0] {
                    Test::Equal(_, values) => values[0].clone(),
                    Test::Like(_, patterns) => patterns[0].text(),
                    Test::Matches(..) => unreachable!("casbin is given no regexes"),
                };
                vec![
                    role.issuer.to_owned(),
                    role.audience.to_owned(),
                    sub,
                    place.to_string(),
                ]
            };
            role.alternatives().into_iter().map(rule)
        });
        assert!(block_on(enforcer.add_policies(rules.collect())).expect("rules"));
        Self {
            enforcer,
            tokens: Vec::new(),
        }
    }
}

impl Peer for Enforced {
    fn prepare(&mut self, tokens: &[Token]) {
        let claims = |token: &Token| {
            [Claim::Iss, Claim::Aud, Claim::Sub]
                .map(|claim| token.claim(claim).unwrap_or_default().to_owned())
        };
        self.tokens = tokens.iter().map(claims).collect();
    }

    fn find(&mut self, token: usize, found: &mut Vec<usize>) {
        let [issuer, audience, sub] = &self.tokens[token];
        let request = (issuer.as_str(), audience.as_str(), sub.as_str());
        let (_, rules) = self.enforcer.enforce_ex(request).expect("an answer");
        found.extend(
            rules
                .iter()
                .map(|rule| rule[3].parse::<usize>().expect("a number")),
        );
    }
}

fn like(text: &str, pattern: &str) -> bool {
    match pattern.split_once('*') {
        Some((head, tail)) => text.starts_with(head) && text.ends_with(tail),
        None => text == pattern,
    }
}
