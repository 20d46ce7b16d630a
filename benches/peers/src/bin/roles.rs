//! Which roles may a token take, and may it take this one: us and others, on the same roles and tokens, in one run.
//!
//! `--quick` leaves out who is slow, `--roles N` measures that many roles only, `--svg PATH` draws how the times grow.

use rolecall_benches::chart::{Line, growth};
use rolecall_benches::timing::{thousands, three_digits, time};
use rolecall_benches::workload::Workload;
use rolecall_peers::peers::{ALL, Entry, opa};
use rolecall_peers::sample::{SIGNATURE, Sample};

fn main() {
    let (mut quick, mut svg, mut sizes) = (false, None, vec![10, 1_000, 10_000, 100_000]);
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--quick" => quick = true,
            "--svg" => svg = Some(arguments.next().expect("a path after `--svg`")),
            "--roles" => {
                let roles = arguments.next().and_then(|roles| roles.parse().ok());
                sizes = vec![roles.expect("a number after `--roles`")];
            }
            _ => panic!("neither `--quick` nor `--roles N` nor `--svg PATH`: `{argument}`"),
        }
    }
    let opa = opa();
    if opa.is_none() {
        println!("OPA is left out: there is no `go` here.");
    }
    let entries: Vec<&Entry> = ALL
        .iter()
        .chain(&opa)
        .filter(|entry| entry.is_quick || !quick)
        .collect();
    let (mut lines, mut level): (Vec<Line>, f64) = (Vec::new(), 0.0);
    for &roles in &sizes {
        println!("\n## {} roles", thousands(roles));
        let sample = Sample::new(Workload::new(roles));
        sample.describe();
        for (name, time) in sample.all_roles(&entries) {
            if name == SIGNATURE {
                level = time;
            } else if let Some(line) = lines.iter_mut().find(|line| line.name == name) {
                line.points.push((roles, time));
            } else {
                let points = vec![(roles, time)];
                lines.push(Line { name, points });
            }
        }
        sample.one_role();
    }
    if sizes.contains(&100_000) {
        stress();
    }
    summary(&lines);
    if let Some(path) = svg {
        let title = "CPU time to find all roles that a token may take";
        std::fs::write(path, growth(title, &lines, Some((SIGNATURE, level)))).expect("a file");
    }
}

/// All times for all roles in one table, with how many times ours the last is.
fn summary(lines: &[Line]) {
    println!("\n## All of it\n");
    let sizes: Vec<String> = lines[0]
        .points
        .iter()
        .map(|(roles, _)| thousands(*roles))
        .collect();
    println!(
        "| | {} | x |\n|---|{}---:|",
        sizes.join(" | "),
        "---:|".repeat(sizes.len())
    );
    let last = |line: &Line| line.points.last().map_or(0.0, |(_, time)| *time);
    for line in lines {
        let times: Vec<String> = line.points.iter().map(|(_, spent)| time(*spent)).collect();
        let ratio = three_digits(last(line) / last(&lines[0]));
        println!("| {} | {} | {ratio} |", line.name, times.join(" | "));
    }
}

/// Many roles for few projects, so that a token may take hundreds.
fn stress() {
    println!("\n## 100,000 roles for 20 projects");
    let sample = Sample::new(Workload::among(100_000, 20));
    sample.describe();
    let quick: Vec<&Entry> = ALL.iter().filter(|entry| entry.is_quick).collect();
    let times = sample.all_roles(&quick);
    println!("\nFor each role that is found:\n");
    for (name, spent) in times.iter().filter(|(name, _)| name != SIGNATURE) {
        println!("- {name}: {}", time(spent / sample.hits()));
    }
}
