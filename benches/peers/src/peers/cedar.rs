//! Cedar: a `permit` for each role, one request for all of them; the policies that determine the answer are the roles.
//!
//! There are no regexes in Cedar.

use super::{Peer, texts};
use cedar_policy::{
    Authorizer, Context, Entities, EntityUid, Policy, PolicyId, PolicySet, Request, RestrictedExpression,
};
use rolecall_benches::workload::{Role, Test, Token};

pub(super) struct Policies {
    set: PolicySet,
    authorizer: Authorizer,
    entities: Entities,
    requests: Vec<Request>,
}

impl Policies {
    pub(super) fn new(roles: &[Role]) -> Self {
        let mut set = PolicySet::new();
        for (place, role) in roles.iter().enumerate() {
            let id = PolicyId::new(place.to_string());
            set.add(Policy::parse(Some(id), policy(role)).expect("a policy"))
                .expect("a new id");
        }
        Self {
            set,
            authorizer: Authorizer::new(),
            entities: Entities::empty(),
            requests: Vec::new(),
        }
    }
}

impl Peer for Policies {
    fn prepare(&mut self, tokens: &[Token]) {
        let id = |text: &str| text.parse::<EntityUid>().expect("an id");
        let (job, assume, service) = (
            id(r#"Job::"job""#),
            id(r#"Action::"assume""#),
            id(r#"Service::"sts""#),
        );
        let request = |token: &Token| {
            let pairs = texts(token)
                .map(|(name, text)| (name.to_owned(), RestrictedExpression::new_string(text.to_owned())));
            let context = Context::from_pairs(pairs).expect("a context");
            Request::new(job.clone(), assume.clone(), service.clone(), context, None).expect("a request")
        };
        self.requests = tokens.iter().map(request).collect();
    }

    fn find(&mut self, token: usize, found: &mut Vec<usize>) {
        let request = &self.requests[token];
        let response = self.authorizer.is_authorized(request, &self.set, &self.entities);
        let ids = response.diagnostics().reason();
        found.extend(ids.map(|id| AsRef::<str>::as_ref(id).parse::<usize>().expect("a number")));
    }
}

fn policy(role: &Role) -> String {
    let mut condition = format!(
        "context.iss == {:?} && context.aud == {:?}",
        role.issuer, role.audience
    );
    for any in &role.rest {
        let tests: Vec<String> = any.iter().map(test).collect();
        condition += &format!(" && ({})", tests.join(" || "));
    }
    format!("permit(principal, action, resource) when {{ {condition} }};")
}

fn test(test: &Test) -> String {
    let name = test.claim().name();
    match test {
        Test::Equal(_, values) if values.len() == 1 => format!("context.{name} == {:?}", values[0]),
        Test::Equal(_, values) => format!("{values:?}.contains(context.{name})"),
        Test::Like(_, patterns) => {
            let likes = patterns
                .iter()
                .map(|pattern| format!("context.{name} like {:?}", pattern.text()));
            likes.collect::<Vec<String>>().join(" || ")
        }
        Test::Matches(..) => unreachable!("Cedar has no regexes"),
    }
}
