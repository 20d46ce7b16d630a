//! Roles of Vault: the tables of its tests, and random roles and tokens against a reference evaluator.

mod locations;
pub(crate) mod random;
pub(crate) mod reference;
pub(crate) mod tree;

use crate::case_file::cases;
use rolecall_interop::NoticeKind;
use rolecall_interop::document::json;
use rolecall_interop::vault::{is_role, role};
use serde_json::Value as Json;

#[test]
fn cases_of_vault_have_the_same_verdicts() {
    let (mut documents, mut verdicts) = (0, 0);
    for case in cases("vault") {
        let title = &case.title;
        documents += 1;
        let node = json(&case.document).unwrap_or_else(|error| panic!("{title}: {error:?}"));
        let reading = role(&node);
        let codes = |kind: NoticeKind| -> Vec<&str> {
            let notices = reading.notices.iter().filter(|notice| notice.kind == kind);
            notices.map(|notice| notice.code).collect()
        };
        assert_eq!(codes(NoticeKind::Odd), case.odd, "{title}: odd");
        assert_eq!(codes(NoticeKind::Refused), case.refused, "{title}: refused");
        assert_eq!(reading.tree.is_none(), !case.refused.is_empty(), "{title}");
        let Some(role) = reading.tree else {
            continue;
        };
        assert!(is_role(&node), "{title}");
        let document: Json = serde_json::from_str(&case.document).unwrap();
        for (verdict, token) in &case.tokens {
            verdicts += 1;
            let expected = verdict == "allow";
            assert_eq!(tree::allows(&role, token), expected, "{title}: {token}");
            assert_eq!(
                reference::allows(&document, token),
                Some(expected),
                "{title}: reference: {token}"
            );
        }
    }
    println!("vault: {documents} documents, {verdicts} verdicts");
}
