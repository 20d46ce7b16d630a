//! Documents in other languages, such as trust policies of AWS, that are open in the editor.

use super::analyzed::Analyzed;
use crate::lint::lint;
use crate::progress::Progress;
use rolecall_engine::Source;
use rolecall_interop::Profiles;
use rolecall_lint::Settings;
use rolecall_report::foreign::Foreign;
use rolecall_report::policy_text::PolicyText;
use rolecall_report::texts::Texts;
use std::sync::Arc;

/// Analyses a document; nothing is found if it does not say who gets roles, or cannot be read.
pub(crate) fn analyze(source: &Source, settings: &Settings, profiles: &Profiles) -> Analyzed {
    let mut texts = Texts::default();
    texts.add(&source.name, PolicyText::Foreign(source.text.to_string()));
    let [(foreign, errors)] = Foreign::translate([(&texts, profiles)]);
    let compiled = texts.compile(errors, None, |sources| foreign.files(sources));
    let (Ok(set), files) = (compiled.outcome, compiled.files) else {
        return Analyzed::default();
    };
    let findings = lint(&set, &files, &foreign, settings.clone(), None, &Progress::new()).findings;
    let set = Arc::new(set);
    Analyzed {
        files,
        findings,
        outcome: Some(Ok(Arc::clone(&set))),
        last: Some(set),
    }
}
