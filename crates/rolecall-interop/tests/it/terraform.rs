//! States and plans of Terraform: cases by hand, sides of plans, places, and wrapped random roles.

mod locations;
mod sides;
mod wrapped;

use crate::azure::translation::allows;
use crate::case_file::cases;
use rolecall_engine::{PolicySet, Source};
use rolecall_interop::{Fidelity, ForeignFile, Notice, NoticeKind, Profiles, Translation, translate};
use serde_json::json;

pub(crate) fn translated(document: &str) -> Translation {
    let file = ForeignFile::read(Source::new("shop.tfstate.json", document.to_owned()));
    let file = file.unwrap_or_else(|error| panic!("{error:?}: {document}"));
    translate(&[file], &Profiles::default())
}

/// Returns `NAME exact`, or the name with the code of the refusal.
fn summaries(translation: &Translation) -> Vec<String> {
    let roles = translation.coverage.roles.iter();
    let summary = |fidelity: &Fidelity| match fidelity {
        Fidelity::Exact => "exact",
        Fidelity::NotForTokens => "none",
        Fidelity::Narrower(code) | Fidelity::Refused(code) | Fidelity::Wider(code) => code,
    };
    roles
        .map(|role| format!("{} {}", role.name, summary(&role.fidelity)))
        .collect()
}

#[test]
fn cases_of_terraform_have_the_same_verdicts() {
    let (documents, verdicts) = check("terraform");
    assert!(documents >= 15 && verdicts >= 25);
}

/// Checks the cases of a folder, and returns the numbers of documents and of verdicts.
pub(crate) fn check(folder: &str) -> (usize, usize) {
    let (mut documents, mut verdicts) = (0, 0);
    for case in cases(folder) {
        let title = &case.title;
        documents += 1;
        let translation = translated(&case.document);
        assert_eq!(summaries(&translation), case.roles, "{title}");
        let notices: Vec<&Notice> = translation.notices.iter().flatten().collect();
        let codes = |kind: NoticeKind| -> Vec<&str> {
            let notices = notices.iter().filter(|notice| notice.kind == kind);
            notices.map(|notice| notice.code).collect()
        };
        assert_eq!(codes(NoticeKind::Odd), case.odd, "{title}: odd");
        assert_eq!(codes(NoticeKind::Refused), case.refused, "{title}: refused");
        for notice in notices {
            // A text that ends too early has its fault at the end.
            let has_place = !notice.span.text(&case.document).is_empty() || notice.code == "not-a-document";
            assert!(has_place, "{title}: {notice:?}");
        }
        let shown = &translation.files[0].source().text;
        assert!(!shown.contains("secret"), "{title}: {shown}");
        let exact = translation.coverage.roles.iter();
        let exact = exact.filter(|role| matches!(role.fidelity, Fidelity::Exact | Fidelity::Wider(_)));
        let names: Vec<&str> = exact.map(|role| role.name.as_str()).collect();
        let set = PolicySet::compile_files(translation.files.clone());
        let set = set.unwrap_or_else(|error| panic!("{title}: {error}"));
        for (verdict, token) in &case.tokens {
            verdicts += 1;
            let mut token = token.clone();
            token["iat"] = json!(1_800_000_000);
            token["exp"] = json!(1_800_003_600);
            assert_eq!(
                allows(&set, &names, &token),
                verdict == "allow",
                "{title}: {token}"
            );
        }
    }
    println!("{folder}: {documents} documents, {verdicts} verdicts");
    (documents, verdicts)
}
