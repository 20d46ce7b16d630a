//! What valgrind counts instructions of: all roles of each token, found once more. `instructions` in the folder above runs it.

use rolecall_peers::ours::{self, Ours};
use rolecall_benches::workload::{TOKENS, Workload};

fn main() {
    let roles = std::env::args().nth(1).and_then(|roles| roles.parse().ok());
    let workload = Workload::new(roles.expect("a number of roles"));
    let set = ours::compile(workload.files(1_000));
    let claims = ours::claims(&workload.tokens);
    let mut ours = Ours::new(&set, &claims);
    let first = find_all(&mut ours);
    assert_eq!(first, measured(&mut ours));
}

/// The function that valgrind looks at, by its name.
#[inline(never)]
fn measured(ours: &mut Ours<'_>) -> usize {
    find_all(ours)
}

fn find_all(ours: &mut Ours<'_>) -> usize {
    (0..TOKENS).map(|token| ours.count(token)).sum()
}
