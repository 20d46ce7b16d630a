//! Policies beside documents, as proofs compare the two.

use rolecall_engine::Source;
use rolecall_engine::ir::{Formula, Question, TrustedIssuer};
use rolecall_engine::pattern::{Pattern, WildcardPiece};
use rolecall_syntax::ast::{File, Item, RoleMember};

/// Returns the tree of a policy file without grants, tests and assertions: other systems have no grants that could fit or
/// not.
pub(crate) fn without_grants(source: &Source) -> File {
    let mut file = rolecall_syntax::parse(&source.text).file;
    file.items
        .retain(|item| !matches!(item.node, Item::Assertion(_) | Item::Test(_)));
    for item in &mut file.items {
        if let Item::Role(role) = &mut item.node {
            role.members
                .retain(|member| !matches!(member.node, RoleMember::Grant(_)));
        }
    }
    file
}

/// Returns a condition for those tokens alone whose subjects are as the profile of their issuer says.
pub(crate) fn with_derived_subject(trusted: &TrustedIssuer, condition: &Formula) -> Formula {
    let Some(subject) = trusted.profile.claim_by_path(&["sub".to_owned()]) else {
        return condition.clone();
    };
    // A derived claim that no derivation makes fits no pattern.
    let any = Pattern::Like([WildcardPiece::Run].into_iter().collect());
    let is_derived = Formula::compare(subject, Question::Pattern([any].into()));
    Formula::All([condition.clone(), is_derived].into())
}
