//! quamina: one automaton, which reads the bytes of the claims.
//!
//! It follows each pattern separately after a value that several have, and each wildcard between two texts. So a way to get a
//! role is up to three patterns, all of which must match: issuer and audience; the other tests, with only the longer text of
//! a wildcard; and its shorter text.

use super::Peer;
use ::quamina::{Quamina, QuaminaBuilder};
use rolecall_benches::workload::{Role, Test, Token};
use std::collections::HashMap;

/// How many bytes the automaton of one claim may have: more than the usual 10 MB.
const MEMORY: usize = 1 << 34;

pub(super) struct Patterns {
    quamina: Quamina<usize>,
    /// The ways that need the pattern of this number.
    ways: Vec<Vec<Way>>,
    tokens: Vec<Vec<u8>>,
}

/// What a way to get a role needs in addition to the pattern of its tests.
struct Way {
    role: usize,
    origin: usize,
    shorter: Option<usize>,
}

impl Patterns {
    pub(super) fn new(roles: &[Role]) -> Self {
        let mut patterns = Numbered::new();
        let mut ways: HashMap<usize, Vec<Way>> = HashMap::new();
        // Its answers are right only in this order: whole values, then beginnings and ends, then regexes.
        let mut places: Vec<usize> = (0..roles.len()).collect();
        places.sort_by_key(|place| roles[*place].rest.iter().flatten().map(rank).max());
        for role in places {
            let origin = patterns.number(&origin(&roles[role]));
            for tests in roles[role].alternatives() {
                let fields: Vec<String> = tests.iter().map(field).collect();
                let pattern = patterns.number(&fields);
                let shorter = tests.iter().find_map(shorter);
                let shorter = shorter.map(|field| patterns.number(&[field]));
                ways.entry(pattern).or_default().push(Way {
                    role,
                    origin,
                    shorter,
                });
            }
        }
        // The first event makes the automaton ready.
        patterns.quamina.matches_for_event(b"{}").expect("an event");
        let numbers = 0..patterns.numbers.len();
        Self {
            ways: numbers
                .map(|number| ways.remove(&number).unwrap_or_default())
                .collect(),
            quamina: patterns.quamina,
            tokens: Vec::new(),
        }
    }
}

impl Peer for Patterns {
    fn prepare(&mut self, tokens: &[Token]) {
        let bytes = |token: &Token| token.json.clone().into_bytes();
        self.tokens = tokens.iter().map(bytes).collect();
    }

    fn find(&mut self, token: usize, found: &mut Vec<usize>) {
        let event = &self.tokens[token];
        let patterns = self.quamina.matches_for_event(event).expect("an event");
        let matches = |pattern: &usize| patterns.contains(pattern);
        let before = found.len();
        for way in patterns.iter().flat_map(|pattern| &self.ways[*pattern]) {
            let holds = matches(&way.origin) && way.shorter.iter().all(matches);
            // A token may get a role in several ways.
            if holds && !found[before..].contains(&way.role) {
                found.push(way.role);
            }
        }
    }
}

/// Patterns, each of which is there once.
struct Numbered {
    quamina: Quamina<usize>,
    numbers: HashMap<String, usize>,
}

impl Numbered {
    fn new() -> Self {
        let quamina = QuaminaBuilder::new().with_arena_byte_budget(MEMORY).build();
        Self {
            quamina: quamina.expect("an automaton"),
            numbers: HashMap::new(),
        }
    }

    /// Returns the number of the pattern of these fields.
    fn number(&mut self, fields: &[String]) -> usize {
        let (pattern, next) = (format!("{{{}}}", fields.join(",")), self.numbers.len());
        *self.numbers.entry(pattern).or_insert_with_key(|pattern| {
            self.quamina.add_pattern(next, pattern).expect("a pattern");
            next
        })
    }
}

fn rank(test: &Test) -> u8 {
    match test {
        Test::Equal(..) => 0,
        Test::Like(..) => 1,
        Test::Matches(..) => 2,
    }
}

fn origin(role: &Role) -> [String; 2] {
    [
        format!("\"iss\":[{:?}]", role.issuer),
        format!("\"aud\":[{:?}]", role.audience),
    ]
}

/// The field of a test, with only the longer text of a wildcard.
fn field(test: &Test) -> String {
    let matcher = match test {
        Test::Equal(_, values) => format!("{:?}", values[0]),
        Test::Like(_, patterns) => match (&patterns[0].head, &patterns[0].tail) {
            (head, tail) if head.len() < tail.len() => one("suffix", tail),
            (head, _) => one("prefix", head),
        },
        // Its regexes escape with a tilde.
        Test::Matches(_, head, regex) => one("regexp", &format!("{head}{regex}").replace('\\', "~")),
    };
    format!("{:?}:[{matcher}]", test.claim().name())
}

/// The field of the shorter text of a wildcard, if it has two.
fn shorter(test: &Test) -> Option<String> {
    let Test::Like(claim, patterns) = test else {
        return None;
    };
    let matcher = match (patterns[0].head.as_str(), patterns[0].tail.as_str()) {
        ("", _) | (_, "") => return None,
        (head, tail) if head.len() < tail.len() => one("prefix", head),
        (_, tail) => one("suffix", tail),
    };
    Some(format!("{:?}:[{matcher}]", claim.name()))
}

fn one(operator: &str, text: &str) -> String {
    format!("{{{operator:?}:{text:?}}}")
}
