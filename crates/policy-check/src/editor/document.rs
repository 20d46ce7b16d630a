//! Documents in other languages, such as trust policies of AWS, that are open in the editor.

use super::analyzed::Analyzed;
use crate::foreign::Foreign;
use crate::lint::lint;
use crate::progress::Progress;
use rolecall_engine::{Arena, FileId, PolicySet, Source};
use rolecall_interop::{Profiles, blanked};
use rolecall_lint::Settings;
use std::sync::Arc;

/// Analyses a document; nothing is found if it does not say who gets roles, or cannot be read.
pub(crate) fn analyze(source: &Source, settings: &Settings, profiles: &Profiles) -> Analyzed {
    let mut sources: Arena<FileId, Source> = Arena::new();
    let file = sources.push(Source::new(source.name.as_str(), blanked(&source.text)));
    let documents = [(file, source.clone())];
    let [(foreign, errors)] = Foreign::translate([(&documents, &sources, profiles)]);
    let files = foreign.files(sources);
    let Ok(set) = PolicySet::compile_files(files.iter().cloned()) else {
        return Analyzed::default();
    };
    if !errors.is_empty() {
        return Analyzed::default();
    }
    let findings = lint(&set, &files, &foreign, settings.clone(), None, &Progress::new()).findings;
    let set = Arc::new(set);
    Analyzed {
        files,
        findings,
        outcome: Some(Ok(Arc::clone(&set))),
        last: Some(set),
    }
}
