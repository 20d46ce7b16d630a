//! The growth of compiling, linting, proving and a keystroke with the number of roles: `growth [SVG]` draws it.

#![allow(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a bench prints, and cannot run without its input"
)]

use rolecall_analysis::{Analysis, Answer};
use rolecall_benches::chart::{Line, growth};
use rolecall_benches::timing::{cpu_time, thousands, time};
use rolecall_benches::workload::Workload;
use rolecall_engine::{PolicySet, Source};
use rolecall_lint::{Linter, Session, Settings};
use std::time::Duration;

/// Roles in each file.
const EACH: usize = 10;
/// Work is repeated for so long, and the least time counts.
const ENOUGH: Duration = Duration::from_millis(500);

/// Texts of a policy set.
type Files = Vec<(String, String)>;

fn main() {
    let works: [(&str, usize, Work); 4] = [
        ("compiling from text", 100_000, compiling),
        ("linting", 10_000, linting),
        ("proving that a token gets each role", 10_000, proving),
        ("a keystroke in a session", 10_000, keystroke),
    ];
    let lines = works.map(|(name, most, work)| {
        let sizes = [10, 100, 1_000, 10_000, 100_000];
        let sizes = sizes.into_iter().filter(|roles| *roles <= most);
        let points = sizes.map(|roles| (roles, work(&Workload::new(roles).files(EACH))));
        Line {
            name: name.to_owned(),
            points: points.collect(),
        }
    });
    for line in &lines {
        let points = line.points.iter();
        let points: Vec<String> = points
            .map(|(roles, spent)| format!("{} roles {}", thousands(*roles), time(*spent)))
            .collect();
        println!("{}: {}", line.name, points.join(", "));
    }
    if let Some(path) = std::env::args().nth(1) {
        let drawing = growth("CPU time of one thread by the number of roles", &lines, None);
        std::fs::write(path, drawing).expect("a file");
    }
}

/// Returns the nanoseconds that some work takes.
type Work = fn(&Files) -> f64;

fn compiling(files: &Files) -> f64 {
    least(|| compiled(files))
}

fn linting(files: &Files) -> f64 {
    let (set, settings) = (compiled(files), Settings::default());
    least(|| Linter::new(&set, &settings).run())
}

fn proving(files: &Files) -> f64 {
    let set = compiled(files);
    least(|| {
        let mut analysis = Analysis::new(&set);
        let roles = set.program().roles().ids();
        let granted = roles.filter(|role| matches!(analysis.satisfiable(*role), Answer::Token(_)));
        assert!(granted.count() > 0, "tokens get roles");
    })
}

fn keystroke(files: &Files) -> f64 {
    let (mut session, settings) = (Session::default(), Settings::default());
    let mut lint = |files: &Files| {
        let set = session.compile(sources(files)).expect("a policy set");
        session.lint(&set, &settings)
    };
    lint(files);
    let mut keys = ["x", "xx", "xxx", "xx"].into_iter().cycle();
    least(|| {
        let mut files = files.clone();
        let mut of_roles = files.iter_mut().filter(|(_, text)| text.contains("role "));
        let (_, text) = of_roles.next().expect("a file with roles");
        let at = text.rfind("== \"").expect("a comparison") + 4;
        text.insert_str(at, keys.next().expect("a key"));
        lint(&files)
    })
}

fn compiled(files: &Files) -> PolicySet {
    PolicySet::compile(sources(files)).expect("a policy set")
}

fn sources(files: &Files) -> Vec<Source> {
    let source = |(name, text): &(String, String)| Source::new(name.as_str(), text.as_str());
    files.iter().map(source).collect()
}

/// Returns the least CPU time of some work in nanoseconds.
fn least<T>(mut work: impl FnMut() -> T) -> f64 {
    let (mut spent, mut least) = (Duration::ZERO, Duration::MAX);
    while spent < ENOUGH {
        let start = cpu_time();
        let result = work();
        let time = cpu_time() - start;
        drop(result);
        (spent, least) = (spent + time, least.min(time));
    }
    least.as_secs_f64() * 1e9
}
