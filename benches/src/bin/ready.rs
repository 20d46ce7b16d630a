//! Measures what it takes to make the roles of the workload ready: `ready [ROLES [ROUNDS]]`.

#![allow(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a bench cannot run without its input, and prints"
)]

use allocation_counter::{AllocationInfo, measure};
use rolecall_benches::timing::cpu_time;
use rolecall_benches::workload::Workload;
use rolecall_engine::{Compiler, PolicySet, Source};
use rolecall_syntax::parse;
use std::time::Duration;

/// Roles in each file.
const EACH: usize = 1_000;

fn main() {
    let mut arguments = std::env::args().skip(1);
    let mut number = |otherwise: usize| {
        let argument = arguments.next();
        argument.map_or(otherwise, |number| number.parse().expect("a number"))
    };
    let (roles, rounds) = (number(100_000), number(5));
    let files = Workload::new(roles).files(EACH);
    let sources = |files: &[(String, String)]| -> Vec<Source> {
        let source = |(name, text): &(String, String)| Source::new(name.clone(), text.as_str());
        files.iter().map(source).collect()
    };
    println!("| {roles} roles | CPU time | kept, B a role | at most, B a role |");
    println!("|---|---:|---:|---:|");
    let row = |name: &str, make: &dyn Fn() -> (Duration, AllocationInfo)| {
        let mut rows: Vec<_> = (0..rounds).map(|_| make()).collect();
        rows.sort_by_key(|(time, _)| *time);
        let (time, memory) = rows.first().expect("a round");
        let each = |bytes: u64| bytes / u64::try_from(roles).expect("a number");
        println!(
            "| {name} | {:.0} ms | {} | {} |",
            time.as_secs_f64() * 1e3,
            each(memory.bytes_current.try_into().unwrap_or(0)),
            each(memory.bytes_max),
        );
    };
    row("only parsing", &|| {
        timed(|| files.iter().map(|(_, text)| parse(text)).collect::<Vec<_>>())
    });
    row("from text", &|| {
        let sources = sources(&files);
        timed(|| PolicySet::compile(sources).expect("a policy set"))
    });
    let mut changed = files.clone();
    changed.last_mut().expect("a file").1 +=
        "role another { allow from gitlab-0 when project_path == \"acme/shop\" }\n";
    row("after a change of one file", &|| {
        let mut compiler = Compiler::default();
        compiler.compile(sources(&files)).expect("a policy set");
        let sources = sources(&changed);
        timed(|| compiler.compile(sources).expect("a policy set"))
    });
}

/// Returns the CPU time and the memory of some work, whose result is kept until both are known.
fn timed<T>(work: impl FnOnce() -> T) -> (Duration, AllocationInfo) {
    let (mut made, mut spent) = (None, Duration::ZERO);
    let memory = measure(|| {
        let start = cpu_time();
        made = Some(work());
        spent = cpu_time() - start;
    });
    (spent, memory)
}
