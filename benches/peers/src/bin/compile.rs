//! From text to decisions: the time and the memory that it takes to make roles ready, and whether two threads can share them.
//!
//! Run it alone: two threads need both cores.

use allocation_counter::{AllocationInfo, measure};
use rolecall_benches::timing::{cpu_time, thousands, time};
use rolecall_benches::workload::{Role, TOKENS, Workload};
use rolecall_engine::Compiler;
use rolecall_peers::ours::{self, Ours};
use rolecall_peers::peers::ALL;
use std::hint::black_box;
use std::sync::Barrier;
use std::thread;
use std::time::{Duration, Instant};

/// How often each is made ready.
const TIMES: usize = 5;

/// How long threads decide.
const SHARED: Duration = Duration::from_secs(2);

fn main() {
    let [some, all] = [10_000, 100_000].map(Workload::new);
    println!("\n## 10,000 roles made ready\n");
    println!("| | CPU time | heap kept | for each role | heap at most |");
    println!("|---|---:|---:|---:|---:|");
    us(&some);
    for entry in ALL {
        let knows = |role: &&Role| (entry.knows)(role.kind);
        let roles: Vec<Role> = some.roles.iter().filter(knows).cloned().collect();
        row(entry.name, roles.len(), || (), |()| (entry.build)(&roles));
    }
    println!("\n## 100,000 roles made ready\n");
    println!("| | CPU time | heap kept | for each role | heap at most |");
    println!("|---|---:|---:|---:|---:|");
    us(&all);
    let stats = ours::compile(all.files(1_000)).index_stats();
    println!(
        "\nOf it the index: {} B for each role.",
        stats.bytes / all.roles.len()
    );
    share(&all);
}

/// Our own rows: reading alone, all of it, and all of it again when a file has changed.
fn us(workload: &Workload) {
    let (files, roles) = (workload.files(1_000), workload.roles.len());
    let texts = || files.clone();
    row("rolecall: reading the text", roles, texts, |files| {
        (ours::parse(&files), files)
    });
    row(
        "rolecall: reading, checking, compiling",
        roles,
        texts,
        ours::compile,
    );
    let mut changed = files.clone();
    let role = "role another { allow from gitlab-0 when project_path == \"acme/shop\" }\n";
    changed.last_mut().expect("a file").1 += role;
    let compiler = || {
        let mut compiler = Compiler::default();
        compiler
            .compile(ours::sources(files.clone()))
            .expect("a policy set");
        (compiler, ours::sources(changed.clone()))
    };
    row(
        "rolecall: again after a change of one file",
        roles,
        compiler,
        |(mut compiler, sources)| {
            let set = compiler.compile(sources).expect("a policy set");
            (compiler, set)
        },
    );
}

/// Makes something several times, and prints what that takes. What the input holds, such as text, is not counted.
fn row<T, U>(name: &str, roles: usize, input: impl Fn() -> T, make: impl Fn(T) -> U) {
    let mut times = Vec::new();
    let mut memory = AllocationInfo::default();
    for _ in 0..TIMES {
        let input = input();
        let (mut made, mut spent) = (None, Duration::ZERO);
        memory = measure(|| {
            let start = cpu_time();
            made = Some(make(input));
            spent = cpu_time() - start;
        });
        times.push(spent.as_nanos() as f64);
    }
    times.sort_by(f64::total_cmp);
    println!(
        "| {name} | {} | {:.1} MB | {} B | {:.1} MB |",
        time(times[TIMES / 2]),
        memory.bytes_current as f64 / 1e6,
        memory.bytes_current / roles as i64,
        memory.bytes_max as f64 / 1e6,
    );
}

/// One set, and one thread or two that decide with it.
fn share(workload: &Workload) {
    let set = ours::compile(workload.files(1_000));
    let claims = ours::claims(&workload.tokens);
    println!("\n## One set of 100,000 roles, shared by threads\n");
    println!("| all roles of a token | tokens a second | CPU time of one |");
    println!("|---|---:|---:|");
    for threads in [1, 2] {
        let start = Barrier::new(threads);
        let decide = |number: usize| {
            let mut ours = Ours::new(&set, &claims);
            let mut done = 0;
            start.wait();
            let (wall, cpu) = (Instant::now(), cpu_time());
            while wall.elapsed() < SHARED {
                for _ in 0..100 {
                    black_box(ours.count((done + number * TOKENS / 2) % TOKENS));
                    done += 1;
                }
            }
            (
                done as f64 / wall.elapsed().as_secs_f64(),
                (cpu_time() - cpu).as_nanos() as f64 / done as f64,
            )
        };
        let decide = &decide;
        let results: Vec<(f64, f64)> = thread::scope(|scope| {
            let threads: Vec<_> = (0..threads)
                .map(|number| scope.spawn(move || decide(number)))
                .collect();
            threads
                .into_iter()
                .map(|thread| thread.join().expect("a thread"))
                .collect()
        });
        let rate: f64 = results.iter().map(|(rate, _)| rate).sum();
        let each = results.iter().map(|(_, each)| each).sum::<f64>() / threads as f64;
        println!(
            "| threads: {threads} | {} | {} |",
            thousands(rate as usize),
            time(each)
        );
    }
}
