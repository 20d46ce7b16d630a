//! Making fixes, again and again until there is nothing left to mend.

use rolecall_engine::{PolicySet, Source};
use rolecall_lint::{Fix, Safety, Settings, apply};

use crate::console::Console;
use crate::failure::Failure;
use crate::lint::lint;
use crate::loaded::load;
use crate::policy_files::{FileSet, Paths};
use crate::progress::Progress;
use crate::replace::replace;
use crate::report::formatting::diff;
use crate::report::location::count;

/// A fix may make way for another one, but not for ever.
const MAX_ROUNDS: usize = 10;

/// Makes the fixes of some policy sets that are at most as unsafe as that, or only shows what would change. Whether anything
/// changes.
pub(crate) fn run(
    paths: &Paths,
    safety: Safety,
    dry: bool,
    settings: &dyn Fn(&FileSet) -> Result<Settings, Failure>,
    console: &mut Console,
) -> Result<bool, Failure> {
    let (mut made, mut files): (usize, usize) = (0, 0);
    for set in paths.find().sets {
        // What does not compile, or cannot be read, is reported by the check itself.
        let Ok(Ok(compiled)) = load(&set).map(|loaded| loaded.outcome) else {
            continue;
        };
        let old = own_files(&compiled);
        let (new, of_set) = fixed(compiled, safety, &settings(&set)?);
        made = made.saturating_add(of_set);
        for ((old, new), file) in old.iter().zip(&new).zip(&set.files) {
            if old.text == new.text {
                continue;
            }
            files = files.saturating_add(1);
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
    if files > 0 && !dry {
        let made = match made {
            1 => "1 fix".to_owned(),
            made => format!("{made} fixes"),
        };
        console.complain(&format!("applied {made} in {}\n", count(files, "file")));
    }
    Ok(files > 0)
}

/// The files of a policy set with fixes made, and how many.
fn fixed(mut set: PolicySet, safety: Safety, settings: &Settings) -> (Vec<Source>, usize) {
    let mut made: usize = 0;
    for _ in 0..MAX_ROUNDS {
        let linted = lint(&set, settings.clone(), &Progress::new());
        let fixes: Vec<&Fix> = linted
            .findings
            .iter()
            .filter_map(|finding| finding.fix.as_ref())
            .collect();
        let fixes: Vec<&Fix> = fixes.into_iter().filter(|fix| fix.safety <= safety).collect();
        let mut of_round: usize = 0;
        let changed = set.program().own_files().map(|(file, source)| {
            let (text, made) = apply(file, &source.text, fixes.iter().copied());
            of_round = of_round.saturating_add(made);
            Source::new(source.name.as_str(), text)
        });
        let changed: Vec<Source> = changed.collect();
        // A fix that breaks a policy would be a fault of the rule: it is not made.
        match PolicySet::compile(changed) {
            Ok(better) if of_round > 0 => set = better,
            _ => break,
        }
        made = made.saturating_add(of_round);
    }
    (own_files(&set), made)
}

/// Returns the files of a policy set without those of built-in profiles.
fn own_files(set: &PolicySet) -> Vec<Source> {
    let files = set.program().own_files();
    files.map(|(_, source)| source.clone()).collect()
}
