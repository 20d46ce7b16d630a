//! Applying fixes, repeatedly until none is left.

use crate::console::Console;
use crate::lint::lint;
use crate::loaded::load;
use crate::paths::Paths;
use crate::policy_files::FileSet;
use crate::progress::Progress;
use crate::replace::replace;
use crate::report::formatting::diff;
use rolecall_engine::{PolicySet, Source};
use rolecall_lint::{Fix, Safety, Session, Settings, apply};
use rolecall_report::failure::Failure;
use rolecall_report::foreign::Foreign;
use rolecall_report::location::count;

/// The maximum number of rounds: a fix can make another one possible.
const MAX_ROUNDS: usize = 10;

/// Applies the fixes up to this kind to policy sets, or prints the changes if `dry`. Returns whether there
/// are changes.
pub(crate) fn run(
    paths: &Paths,
    safety: Safety,
    dry: bool,
    settings: &dyn Fn(&FileSet) -> Result<Settings, Failure>,
    console: &mut Console,
) -> Result<bool, Failure> {
    let mut made = Vec::new();
    let mut changed = Vec::new();
    for set in paths.find().sets {
        // The check itself reports sets that do not compile or cannot be read.
        let Ok(loaded) = load(&set) else {
            continue;
        };
        // Documents in other languages are not changed.
        let (Ok(compiled), true) = (loaded.outcome, loaded.foreign.is_empty()) else {
            continue;
        };
        let old = own_files(&compiled);
        let (new, of_set) = fixed(compiled, safety, &settings(&set)?);
        made.push(of_set);
        for ((old, new), file) in old.iter().zip(&new).zip(&set.files) {
            if old.text == new.text {
                continue;
            }
            changed.push(old.name.clone());
            match file.path() {
                _ if dry => console.say(&diff(&old.name, &old.text, &new.text))?,
                Some(path) => replace(path, &old.text, &new.text)?,
                None => {
                    return Err(Failure::new("standard input cannot be fixed")
                        .help("add `--diff` to print the changes"));
                }
            }
        }
    }
    if !changed.is_empty() && !dry {
        let made = match made.iter().sum::<usize>() {
            1 => "1 fix".to_owned(),
            made => format!("{made} fixes"),
        };
        console.complain(&format!("applied {made} in {}\n", count(changed.len(), "file")));
    }
    Ok(!changed.is_empty())
}

/// Returns the files of a policy set with fixes applied, and the number of fixes.
fn fixed(mut set: PolicySet, safety: Safety, settings: &Settings) -> (Vec<Source>, usize) {
    let (mut made, mut session) = (Vec::new(), Session::default());
    for _ in 0..MAX_ROUNDS {
        let linted = lint(
            &set,
            &[],
            &Foreign::default(),
            settings.clone(),
            Some(&mut session),
            &Progress::new(),
        );
        let fixes: Vec<&Fix> = linted
            .findings
            .iter()
            .filter_map(|finding| finding.fix.as_ref())
            .collect();
        let fixes: Vec<&Fix> = fixes.into_iter().filter(|fix| fix.safety <= safety).collect();
        let mut of_round = Vec::new();
        let changed = set.program().own_files().map(|(file, source)| {
            let (text, made) = apply(file, &source.text, fixes.iter().copied());
            of_round.push(made);
            Source::new(source.name.as_str(), text)
        });
        let changed: Vec<Source> = changed.collect();
        // A fix that breaks a policy is a bug in the rule, and is not applied.
        let of_round: usize = of_round.iter().sum();
        match session.compile(changed) {
            Ok(better) if of_round > 0 => set = better,
            _ => break,
        }
        made.push(of_round);
    }
    (own_files(&set), made.iter().sum())
}

/// Returns the files of a policy set without those of built-in profiles.
fn own_files(set: &PolicySet) -> Vec<Source> {
    let files = set.program().own_files();
    files.map(|(_, source)| source.clone()).collect()
}
