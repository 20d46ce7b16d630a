//! Trust policies of octo-sts: the tables of its tests, and random policies and tokens against a reference
//! evaluator.

mod locations;
pub(crate) mod random;
pub(crate) mod reference;
pub(crate) mod tree;

use crate::case_file::cases;
use regex::Regex;
use rolecall_interop::NoticeKind;
use rolecall_interop::document::{Node, Value, yaml};
use rolecall_interop::octo_sts::{Anchors, is_trust_policy, read};
use serde_json::Value as Json;
use std::cell::RefCell;
use std::collections::HashMap;

/// The domain of the server.
const DOMAIN: &str = "octo-sts.dev";

thread_local! {
    /// The regexes of the last policies: each is asked about several tokens.
    static COMPILED: RefCell<HashMap<String, Option<Regex>>> = RefCell::default();
}

/// Compiles a regex, or returns nothing if it is not one.
fn compile(regex: &str) -> Option<Regex> {
    COMPILED.with_borrow_mut(|compiled| {
        if compiled.len() > 100 {
            compiled.clear();
        }
        let entry = compiled.entry(regex.to_owned());
        entry.or_insert_with(|| Regex::new(regex).ok()).clone()
    })
}

#[test]
fn cases_of_octo_sts_have_the_same_verdicts() {
    let (mut documents, mut verdicts) = (0, 0);
    for case in cases("octo_sts") {
        let title = &case.title;
        documents += 1;
        let node = yaml(&case.document).unwrap_or_else(|error| panic!("{title}: {error:?}"));
        let reading = read(&node);
        let codes = |kind: NoticeKind| -> Vec<&str> {
            let notices = reading.notices.iter().filter(|notice| notice.kind == kind);
            notices.map(|notice| notice.code).collect()
        };
        assert_eq!(codes(NoticeKind::Odd), case.odd, "{title}: odd");
        assert_eq!(codes(NoticeKind::Refused), case.refused, "{title}: refused");
        assert_eq!(reading.tree.is_none(), !case.refused.is_empty(), "{title}");
        let Some(policy) = reading.tree else {
            continue;
        };
        assert!(is_trust_policy(&node), "{title}");
        for (verdict, token) in &case.tokens {
            let expected = verdict == "allow";
            for anchors in [Anchors::WithoutGroup, Anchors::Group] {
                verdicts += 1;
                let found = tree::allows(&policy, token, anchors);
                assert_eq!(found, expected, "{title}: {token} {anchors:?}");
                // The reference takes documents as the YAML library of octo-sts leaves them.
                if !is_converted(&case.odd) {
                    let reference = reference::allows(&json(&node), token, anchors == Anchors::Group);
                    assert_eq!(reference, Some(found), "{title}: reference: {token} {anchors:?}");
                }
            }
        }
    }
    println!("octo-sts: {documents} documents, {verdicts} verdicts");
}

/// Returns whether octo-sts changes names or values of a document when it loads it.
fn is_converted(codes: &[String]) -> bool {
    codes.iter().any(|code| code == "read-otherwise")
}

/// Returns a document of texts without its locations.
fn json(node: &Node) -> Json {
    match &node.node {
        Value::Text(text) => Json::from(text.as_str()),
        Value::Map(members) => {
            let members = members.iter();
            Json::Object(
                members
                    .map(|member| (member.name.node.clone(), json(&member.value)))
                    .collect(),
            )
        }
        Value::List(elements) => elements.iter().map(json).collect(),
        value => panic!("{value:?}"),
    }
}
