//! What becomes of any document in another language.

use rolecall_engine::{PolicySet, Source};
use rolecall_interop::{Clauses, Fidelity, ForeignFile, Profiles, import, translate};

/// A document is refused, or its roles compile or have errors with a location, nothing but its own characters and blanks is
/// shown, and the policies that are written for it compile, too, with no role that is wider. How many roles it has.
pub fn check(text: &str) -> usize {
    let source = Source::new("document.json", text);
    let plan = ForeignFile::read_plan(&source).into_iter().flatten();
    let files: Vec<ForeignFile> = plan.chain(ForeignFile::read(source.clone())).collect();
    let mut roles = 0;
    for file in files {
        let translation = translate(&[file], &Profiles::default());
        for shown in &translation.files {
            assert_eq!(shown.source().text.len(), text.len(), "locations stay valid");
        }
        for notice in translation.notices.iter().flatten() {
            assert!(text.get(notice.span.range()).is_some(), "{notice:?}");
            assert!(!notice.message.contains('\n'), "{notice:?}");
        }
        let covered = translation.coverage.roles.iter();
        let wider: Vec<&str> = covered
            .filter(|role| matches!(role.fidelity, Fidelity::Wider(_)))
            .map(|role| role.name.as_str())
            .collect();
        roles += translation.coverage.roles.len();
        let is_compiled = PolicySet::compile_files(translation.files.iter().cloned()).is_ok();
        for clauses in [Clauses::Each, Clauses::Families] {
            let Ok(written) = import(&translation, clauses) else {
                continue;
            };
            let mut written_wider = written
                .roles
                .iter()
                .filter(|role| wider.contains(&role.source.as_str()));
            assert!(
                written_wider.all(|role| role.name.is_err()),
                "{:?}",
                written.roles
            );
            if is_compiled {
                let set = PolicySet::compile(written.files);
                assert!(set.is_ok(), "{:?}", set.err());
            }
        }
    }
    roles
}
