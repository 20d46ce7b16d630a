//! What is measured: the same questions to us and to others, whose answers are held against the right ones.

use crate::ours::{self, FromBytes, Ours};
use crate::peers::{Entry, Peer};
use crate::reference::Straight;
use crate::{Way, compare, measure, measured, way};
use aws_lc_rs::signature::{ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256};
use rolecall_benches::signed_many;
use rolecall_benches::timing::{cpu_time, thousands};
use rolecall_benches::workload::{Role, TOKENS, Workload};
use rolecall_engine::{Claims, PolicySet};
use std::hint::black_box;
use std::time::Duration;

/// On how many tokens each answer is checked at least, however slow it is, and how long it is checked on more of them.
const CHECKED: (usize, Duration) = (20, Duration::from_secs(5));

const OURS: &str = "rolecall";
const FIRST: &str = "rolecall, the first question about a token";
const FROM_BYTES: &str = "rolecall, from the bytes of the claims";

/// What stands beside the times: a signature has to be verified before.
pub const SIGNATURE: &str = "an RS256 signature";

/// Roles and tokens, the right answers, and us.
pub struct Sample {
    workload: Workload,
    straight: Straight,
    answers: Vec<Vec<usize>>,
    set: PolicySet,
    /// The same again. Claims remember what the first set that asked needs of them; so this one has to find it each time.
    other: PolicySet,
    claims: Vec<Claims>,
}

impl Sample {
    /// Makes everything ready.
    pub fn new(workload: Workload) -> Self {
        let straight = Straight::new(&workload.roles);
        Self {
            answers: workload.tokens.iter().map(|token| straight.find(token)).collect(),
            straight,
            set: ours::compile(workload.files(1_000)),
            other: ours::compile(workload.files(1_000)),
            claims: ours::claims(&workload.tokens),
            workload,
        }
    }

    /// How many roles a token may take, on average.
    pub fn hits(&self) -> f64 {
        self.answers.iter().map(Vec::len).sum::<usize>() as f64 / TOKENS as f64
    }

    /// Says what roles and tokens are like.
    pub fn describe(&self) {
        let mut counts: Vec<usize> = self.answers.iter().map(Vec::len).collect();
        counts.sort_unstable();
        let bytes: usize = self.workload.tokens.iter().map(|token| token.json.len()).sum();
        println!(
            "\n{} tokens of {} bytes may take {:.2} roles each, a hundredth of them {} or more; {:.0} % may take one.",
            thousands(TOKENS),
            thousands(bytes / TOKENS),
            self.hits(),
            counts[TOKENS * 99 / 100],
            100.0 * counts.iter().filter(|count| **count > 0).count() as f64 / TOKENS as f64,
        );
    }

    /// Which roles may a token take? Prints the answers' times, and returns their names and nanoseconds.
    pub fn all_roles(&self, entries: &[&Entry]) -> Vec<(String, f64)> {
        let mut ours = Ours::new(&self.set, &self.claims);
        self.check(OURS, |_| true, |token, found| found.extend(ours.find(token)));
        let mut ways = vec![way(OURS, move |call| {
            black_box(ours.count(black_box(call % TOKENS)));
        })];
        let mut first = Ours::new(&self.other, &self.claims);
        self.check(FIRST, |_| true, |token, found| found.extend(first.find(token)));
        ways.push(way(FIRST, move |call| {
            black_box(first.count(black_box(call % TOKENS)));
        }));
        let mut bytes = FromBytes::new(&self.set, &self.workload.tokens);
        self.check(
            FROM_BYTES,
            |_| true,
            |token, found| found.extend(bytes.find(token)),
        );
        ways.push(way(FROM_BYTES, move |call| {
            black_box(bytes.count(black_box(call % TOKENS)));
        }));
        ways.push(signature());
        ways.extend(entries.iter().map(|entry| self.peer(entry)));
        compare("Which roles may a token take?", ways)
    }

    /// A peer, built and checked.
    fn peer(&self, entry: &Entry) -> Way<'_> {
        let knows = |role: &&Role| (entry.knows)(role.kind);
        let roles: Vec<Role> = self.workload.roles.iter().filter(knows).cloned().collect();
        let mut peer: Box<dyn Peer> = (entry.build)(&roles);
        peer.prepare(&self.workload.tokens);
        self.check(
            entry.name,
            |role| (entry.knows)(self.workload.roles[role].kind),
            |token, found| {
                peer.find(token, found);
                for place in found {
                    *place = roles[*place].number;
                }
            },
        );
        let (mut calls, mut found) = (0, Vec::new());
        measured(entry.name, move |slice| {
            peer.measure(slice).unwrap_or_else(|| {
                measure(slice, &mut calls, |call| {
                    found.clear();
                    peer.find(black_box(call % TOKENS), &mut found);
                    black_box(&found);
                })
            })
        })
    }

    /// Holds answers against the right ones, of which only some roles are expected.
    fn check(
        &self,
        name: &str,
        expected: impl Fn(usize) -> bool,
        mut find: impl FnMut(usize, &mut Vec<usize>),
    ) {
        let (least, longest) = CHECKED;
        let start = cpu_time();
        for (token, answer) in self.answers.iter().enumerate() {
            if token >= least && cpu_time() - start > longest {
                break;
            }
            let mut found = Vec::new();
            find(token, &mut found);
            found.sort_unstable();
            let answer: Vec<usize> = answer.iter().copied().filter(|role| expected(*role)).collect();
            assert_eq!(found, answer, "{name} on {}", self.workload.tokens[token].json);
        }
    }

    /// May a token take this role?
    pub fn one_role(&self) {
        let pairs = self.workload.pairs(&self.answers);
        let names: Vec<String> = pairs.iter().map(|role| format!("r{role}")).collect();
        let ours = Ours::new(&self.set, &self.claims);
        let first = Ours::new(&self.other, &self.claims);
        let mut allowed = 0;
        for token in 0..TOKENS {
            let right = self.straight.allows(pairs[token], &self.workload.tokens[token]);
            assert_eq!(
                ours.allows(token, &names[token]),
                right,
                "{} and {}",
                token,
                names[token]
            );
            allowed += usize::from(right);
        }
        let title = format!(
            "May a token take this role? {:.0} % may.",
            100.0 * allowed as f64 / TOKENS as f64
        );
        let ways = vec![
            way("straight checks of its parts on claims made ready", |call| {
                let token = call % TOKENS;
                let claims = black_box(&self.workload.tokens[token]);
                black_box(self.straight.allows(pairs[token], claims));
            }),
            way("straight checks of its parts on the parsed claims", |call| {
                let token = call % TOKENS;
                let claims = black_box(&self.claims[token]).members();
                black_box(self.straight.allows(pairs[token], &claims));
            }),
            way(OURS, |call| {
                let token = black_box(call % TOKENS);
                black_box(ours.allows(token, &names[token]));
            }),
            way(FIRST, |call| {
                let token = black_box(call % TOKENS);
                black_box(first.allows(token, &names[token]));
            }),
        ];
        compare(&title, ways);
    }
}

/// What a signature costs that has to be verified first.
fn signature() -> Way<'static> {
    let signed = signed_many(64);
    let key = ParsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, &signed[0].public_key).expect("a key");
    way(SIGNATURE, move |call| {
        let signed = &signed[call % signed.len()];
        let message = black_box(signed.message.as_bytes());
        key.verify_sig(message, &signed.signature).expect("a signature");
    })
}
