//! Others, each in the best form that an honest user of it would find, with inputs that are made before.
//!
//! What one cannot say is left out of its roles: [`Entry::knows`].

mod a_tree;
mod aho_corasick;
mod casbin;
mod cedar;
mod cel;
mod loops;
mod opa;
mod quamina;
mod regex_set;
mod rego;
mod regorus;

use rolecall_benches::workload::{Claim, Kind, Role, Token};
use std::time::Duration;

/// A way to match roles.
pub trait Peer {
    /// Makes the inputs of the tokens.
    fn prepare(&mut self, tokens: &[Token]);

    /// Adds the roles that the token of this place may take, in any order.
    fn find(&mut self, token: usize, found: &mut Vec<usize>);

    /// Measures itself for so long, if it is a process of its own. Returns the nanoseconds of CPU time of a token.
    fn measure(&mut self, _slice: Duration) -> Option<f64> {
        None
    }
}

/// A peer, before it is built.
pub struct Entry {
    /// Its name.
    pub name: &'static str,
    /// Whether it costs so little that it is there when time is short.
    pub is_quick: bool,
    /// Whether it can say what a role asks for.
    pub knows: fn(Kind) -> bool,
    /// Builds it from roles: text of its own, if that is how it works, and everything else that can be done before a token.
    pub build: fn(&[Role]) -> Box<dyn Peer>,
}

/// All peers in this process.
pub const ALL: [Entry; 11] = [
    Entry {
        name: "Aho-Corasick on literals, then checks",
        is_quick: true,
        knows: everything,
        build: |roles| Box::new(aho_corasick::Literals::new(roles)),
    },
    Entry {
        name: "RegexSet on sub, then checks",
        is_quick: false,
        knows: everything,
        build: |roles| Box::new(regex_set::Subjects::new(roles)),
    },
    Entry {
        name: "quamina, from the bytes of the claims",
        is_quick: true,
        knows: everything,
        build: |roles| Box::new(quamina::Patterns::new(roles)),
    },
    Entry {
        name: "hash of issuer and audience, then a loop",
        is_quick: true,
        knows: everything,
        build: |roles| Box::new(loops::Grouped::new(roles)),
    },
    Entry {
        name: "straight loop",
        is_quick: true,
        knows: everything,
        build: |roles| Box::new(loops::Loop::new(roles)),
    },
    Entry {
        name: "a-tree",
        is_quick: false,
        knows: no_regexes,
        build: |roles| Box::new(a_tree::Tree::new(roles)),
    },
    Entry {
        name: "regorus, virtual machine",
        is_quick: false,
        knows: everything,
        build: |roles| Box::new(regorus::Machines::new(roles)),
    },
    Entry {
        name: "cel",
        is_quick: false,
        knows: everything,
        build: |roles| Box::new(cel::Programs::new(roles)),
    },
    Entry {
        name: "Cedar",
        is_quick: false,
        knows: no_regexes,
        build: |roles| Box::new(cedar::Policies::new(roles)),
    },
    Entry {
        name: "regorus, interpreter",
        is_quick: false,
        knows: everything,
        build: |roles| Box::new(regorus::Interpreter::new(roles)),
    },
    Entry {
        name: "casbin",
        is_quick: false,
        knows: casbin::knows,
        build: |roles| Box::new(casbin::Enforced::new(roles)),
    },
];

/// The peer that is a process of its own; none where `go` is missing.
pub fn opa() -> Option<Entry> {
    opa::is_there().then_some(Entry {
        name: "OPA",
        is_quick: true,
        knows: everything,
        build: |roles| Box::new(opa::Opa::new(roles)),
    })
}

fn everything(_: Kind) -> bool {
    true
}

fn no_regexes(kind: Kind) -> bool {
    !matches!(kind, Kind::ProjectsRegex | Kind::VersionsRegex | Kind::RefsRegex)
}

/// The claims of a token, an absent one as an empty text: no role asks for that.
fn texts(token: &Token) -> impl Iterator<Item = (&'static str, &str)> {
    Claim::ALL
        .map(|claim| (claim.name(), token.claim(claim).unwrap_or_default()))
        .into_iter()
}
