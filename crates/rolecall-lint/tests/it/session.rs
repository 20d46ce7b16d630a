//! A session reports what a new linter reports, whatever changed before.

use crate::sampling::{config, sampled};
use proptest::prelude::{Strategy, any, prop, prop_assert, prop_assert_eq, prop_oneof, proptest};
use proptest::sample::Index;
use rolecall_engine::{PolicySet, Source, Value};
use rolecall_lint::{Finding, LintReport, Linter, Persona, Session, Settings};
use rolecall_syntax::parse;
use std::path::Path;

/// Items that rules compare with roles, or that roles name.
const ITEMS: &str = r#"
set branches = ["main", "release"]
condition on_main = ref == "main" && ref_type == "branch"
condition protected = on_main && ref_protected
condition main = ref == "release" && ref_type == "branch"
condition release = main && ref_protected
guard company for * from other { project under "acme" }
issuer other { url "https://git.acme.example" profile gitlab-ci audience "https://sts.acme.example" }
issuer third { url "https://gitlab.com" profile gitlab-ci audience "https://sts.acme.example" }
role loose { tags [prod] allow from other when ref in branches } // project 4242
role {t}-x for t in branches { allow from third when ref == "{t}" || project like "acme*" }
role released { allow from third when release && project_id == "8" }
role named { allow from other when protected && project_id == "7" } // acme/shop
test "loose" { token other { project_path = "acme/shop", ref = "main" } expect allow loose }
"#;

/// A change of the files of a set.
#[derive(Clone, Debug)]
enum Change {
    /// Inserts a text at the beginning of a line.
    Insert(Index, Index, &'static str),
    /// Replaces the next occurrence of a text after some place by another one.
    Replace(Index, Index, &'static str, &'static str),
    /// Removes an item.
    Remove(Index, Index),
    /// Moves an item to the end of a file.
    Move(Index, Index, Index),
    /// Adds an item of `ITEMS`.
    Add(Index, Index),
    /// Removes a file.
    Drop(Index),
    /// Renames a file, which changes the order.
    Rename(Index, u8),
}

fn changes() -> impl Strategy<Value = Change> {
    let at = any::<Index>;
    let texts = [
        "\n",
        "// A comment.\n",
        "// policy-check: allow any-ref because a test\n",
        "set fresh = [\"a\"]\n",
        "role fresh { allow from other }\n",
        "!",
    ];
    let pairs = [
        ("main", "release"),
        ("== \"", "!= \""),
        (" && ", " || "),
        ("acme", "globex"),
        ("ref_protected", "true_or_not"),
        ("15m", "12h"),
        ("}", "} // checked"),
        ("when", "when ref_protected &&"),
        ("/", "*"),
    ];
    prop_oneof![
        (at(), at(), prop::sample::select(texts.to_vec())).prop_map(|(a, b, c)| Change::Insert(a, b, c)),
        (at(), at(), prop::sample::select(pairs.to_vec()))
            .prop_map(|(a, b, (c, d))| Change::Replace(a, b, c, d)),
        (at(), at()).prop_map(|(a, b)| Change::Remove(a, b)),
        (at(), at(), at()).prop_map(|(a, b, c)| Change::Move(a, b, c)),
        (at(), at()).prop_map(|(a, b)| Change::Add(a, b)),
        at().prop_map(Change::Drop),
        (at(), any::<u8>()).prop_map(|(a, b)| Change::Rename(a, b)),
    ]
}

/// The files of a policy set: names and texts.
type Files = Vec<(String, String)>;

fn change(files: &mut Files, change: &Change) {
    let items = |text: &str| -> Vec<String> {
        let items = parse(text).file.items;
        items.iter().map(|item| item.span.text(text).to_owned()).collect()
    };
    let take = |text: &mut String, at: &Index| -> Option<String> {
        let items = items(text);
        let item = items.get(at.index(items.len().max(1)))?.clone();
        *text = text.replacen(&item, "", 1);
        Some(item)
    };
    let count = files.len();
    fn text<'f>(files: &'f mut Files, at: &Index) -> &'f mut String {
        let count = files.len();
        &mut files[at.index(count)].1
    }
    match change {
        Change::Insert(file, line, new) => {
            let text = text(files, file);
            let starts: Vec<usize> = text.match_indices('\n').map(|(at, _)| at + 1).collect();
            let at = if starts.is_empty() {
                0
            } else {
                starts[line.index(starts.len())]
            };
            text.insert_str(at, new);
        }
        Change::Replace(file, at, old, new) => {
            let text = text(files, file);
            let found: Vec<usize> = text.match_indices(old).map(|(at, _)| at).collect();
            if !found.is_empty() {
                let at = found[at.index(found.len())];
                text.replace_range(at..at + old.len(), new);
            }
        }
        Change::Remove(file, item) => drop(take(text(files, file), item)),
        Change::Move(from, item, to) => {
            if let Some(item) = take(text(files, from), item) {
                text(files, to).push_str(&format!("\n{item}"));
            }
        }
        Change::Add(file, item) => {
            let items = items(ITEMS);
            text(files, file).push_str(&format!("\n{}", items[item.index(items.len())]));
        }
        Change::Drop(file) if count > 1 => drop(files.remove(file.index(count))),
        Change::Drop(_) => {}
        Change::Rename(file, prefix) => files[file.index(count)].0 = format!("{prefix}.policy"),
    }
}

/// The example sets of the project.
fn examples() -> Vec<Files> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../policies");
    let mut sets = vec![vec![("a.policy".to_owned(), ITEMS.to_owned())]];
    for set in std::fs::read_dir(folder).unwrap() {
        let mut files = Files::new();
        for file in std::fs::read_dir(set.unwrap().path()).into_iter().flatten() {
            let path = file.unwrap().path();
            if path.extension().is_some_and(|extension| extension == "policy") {
                let name = path.file_name().unwrap().to_string_lossy().into_owned();
                files.push((name, std::fs::read_to_string(&path).unwrap()));
            }
        }
        if !files.is_empty() {
            files.sort();
            sets.push(files);
        }
    }
    sets.sort();
    for files in &sets {
        let sources = files
            .iter()
            .map(|(name, text)| Source::new(name.as_str(), text.as_str()));
        PolicySet::compile(sources).unwrap_or_else(|error| panic!("{error}"));
    }
    sets
}

/// Shows all of a report, a finding in each line.
fn shown(report: &LintReport) -> Vec<String> {
    let show = |finding: &Finding| {
        let witness = finding.witness.as_ref().map(|token| {
            let roles = (&token.issuer, &token.allowed, &token.denied, &token.because);
            format!(
                "{} {roles:?} {:?}",
                Value::Object(token.token.clone()),
                token.test("a")
            )
        });
        format!(
            "{} {:?} {:?} {} {:?} {:?} {:?} {witness:?} {:?} {:?} {:?}",
            finding.rule.name,
            finding.severity,
            finding.location,
            finding.message,
            finding.label,
            finding.help,
            finding.notes,
            finding.fix,
            finding.proposal,
            finding.clause,
        )
    };
    let suppressed = report.suppressed.iter();
    let suppressed = suppressed.map(|one| format!("{} {:?}", show(&one.finding), one.by));
    report.findings.iter().map(show).chain(suppressed).collect()
}

/// Returns what a session reports of a text after another one, and what a new linter reports.
fn after(before: &str, text: &str) -> (Vec<String>, Vec<String>) {
    let settings = Settings {
        persona: Persona::Pedantic,
        ..Settings::default()
    };
    let mut session = Session::default();
    let mut lint = |text: &str| {
        let set = session.compile([Source::new("a.policy", text)]).unwrap();
        shown(&session.lint(&set, &settings))
    };
    lint(before);
    let set = PolicySet::compile([Source::new("a.policy", text)]).unwrap();
    (lint(text), shown(&Linter::new(&set, &settings).run()))
}

#[test]
fn a_comment_above_a_role_counts() {
    let role = "role released { allow from third when release && project_id == \"8\" }";
    let commented = ITEMS.replace(role, &format!("// acme/shop\n{role}"));
    let (now, new) = after(ITEMS, &commented);
    assert_eq!(now, new);
    let unexplained = |found: &[String]| {
        found
            .iter()
            .filter(|one| one.starts_with("id-without-name"))
            .count()
    };
    let before = after(&commented, ITEMS).1;
    assert_eq!(
        (unexplained(&before), unexplained(&new)),
        (1, 0),
        "the comment explains the id"
    );
}

#[test]
fn a_condition_counts_where_conditions_name_one_another_in_strings() {
    let changed = ITEMS.replace(
        "ref_type == \"branch\"\ncondition release",
        "ref_type == \"tag\"\ncondition release",
    );
    let (now, new) = after(ITEMS, &changed);
    assert_eq!(now, new);
    assert_ne!(
        new,
        after(&changed, ITEMS).1,
        "a tag is another ref than a branch"
    );
}

proptest! {
    #![proptest_config(config(sampled(1_500)))]

    #[test]
    fn a_session_reports_what_a_new_linter_reports(
        set in any::<Index>(),
        changes in prop::collection::vec(changes(), 1..12),
        auditor in prop::bool::weighted(0.1),
    ) {
        let examples = examples();
        let mut files = examples[set.index(examples.len())].clone();
        let mut session = Session::default();
        let persona = if auditor { Persona::Auditor } else { Persona::Pedantic };
        let settings = Settings { persona, ..Settings::default() };
        for step in &changes {
            let sources = || files.iter().map(|(name, text)| Source::new(name.as_str(), text.as_str()));
            match (session.compile(sources()), PolicySet::compile(sources())) {
                (Ok(set), Ok(fresh)) => {
                    let report = shown(&session.lint(&set, &settings));
                    let fresh = shown(&Linter::new(&fresh, &settings).run());
                    for (now, fresh) in report.iter().zip(&fresh) {
                        prop_assert_eq!(now, fresh);
                    }
                    prop_assert_eq!(report.len(), fresh.len());
                }
                (Err(now), Err(fresh)) => prop_assert_eq!(now.to_string(), fresh.to_string()),
                (now, fresh) => prop_assert!(false, "{now:?} {fresh:?}"),
            }
            change(&mut files, step);
        }
    }
}
