//! Federated identity credentials: cases by hand, and random credentials and tokens against a reference
//! evaluator.

mod locations;
pub(crate) mod random;
pub(crate) mod reference;
pub(crate) mod translation;
mod tree;

use crate::case_file::cases;
use rolecall_interop::azure::identities;
use rolecall_interop::{Notice, NoticeKind};
use serde_json::Value as Json;

#[test]
fn cases_of_azure_have_the_same_verdicts() {
    let (mut documents, mut verdicts) = (0, 0);
    for case in cases("azure") {
        let title = &case.title;
        documents += 1;
        let found = identities(&case.document).unwrap_or_else(|error| panic!("{title}: {error:?}"));
        let found = found.unwrap_or_else(|| panic!("{title}: not recognised"));
        let notices: Vec<&Notice> = found
            .identities
            .iter()
            .flat_map(|identity| &identity.reading.notices)
            .collect();
        let codes = |kind: NoticeKind| -> Vec<&str> {
            let notices = notices.iter().filter(|notice| notice.kind == kind);
            notices.map(|notice| notice.code).collect()
        };
        assert_eq!(codes(NoticeKind::Odd), case.odd, "{title}: odd");
        assert_eq!(codes(NoticeKind::Refused), case.refused, "{title}: refused");
        let document: Json = serde_json::from_str(&case.document).unwrap();
        if !case.refused.is_empty() {
            assert_eq!(
                found.identities[0].reading.tree, None,
                "{title}: a refused identity has no tree"
            );
            continue;
        }
        for (verdict, token) in &case.tokens {
            verdicts += 1;
            let expected = verdict == "allow";
            assert_eq!(tree::allows(&found, token), expected, "{title}: {token}");
            assert_eq!(
                reference::allows(&document, token),
                Some(expected),
                "{title}: reference: {token}"
            );
        }
    }
    println!("azure: {documents} documents, {verdicts} verdicts");
    assert!(documents >= 30 && verdicts >= 50);
}
