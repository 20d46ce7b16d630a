//! Statements.

use super::elements::Elements;
use super::{actions, conditions, principals};
use crate::aws::trust::{Effect, Principal, Statement, Trust};
use crate::document::Node;
use crate::notice::Notice;

/// The elements of a statement of a trust policy, which is about one role and has no `Resource`.
const ELEMENTS: &[&str] = &[
    "Sid",
    "Effect",
    "Principal",
    "NotPrincipal",
    "Action",
    "NotAction",
    "Condition",
];

/// Reads a statement into the policy, as far as it is about tokens.
pub(super) fn read(node: &Node, trust: &mut Trust, notices: &mut Vec<Notice>) {
    let Some(mut elements) = Elements::of(node, notices) else {
        return;
    };
    elements.allow_only(ELEMENTS);
    let sid = elements.text("Sid");
    let effect = match elements.text("Effect") {
        Some(effect) if effect.node == "Allow" => Effect::Allow,
        Some(effect) if effect.node == "Deny" => Effect::Deny,
        _ => {
            let message = "the effect is neither `Allow` nor `Deny`".to_owned();
            return elements.refuse("effect-not-understood", message, "write one of them");
        }
    };
    let [principal, not_principal, action, not_action, condition] =
        ["Principal", "NotPrincipal", "Action", "NotAction", "Condition"].map(|name| elements.optional(name));
    let (Some(principal), None) = (principal, not_principal) else {
        // AWS recommends against it for `Deny`, and its meaning for the tokens of providers is not documented.
        let message = "the statement has no `Principal`, or `NotPrincipal`".to_owned();
        return elements.refuse(
            "principal-not-understood",
            message,
            "name the principals in `Principal`",
        );
    };
    let principals = principals::read(principal, notices);
    if effect == Effect::Allow {
        trust.also_admits.extend(principals.others.iter().cloned());
    }
    let covered = match (action, not_action) {
        (Some(action), None) => actions::read(action, notices),
        _ if principals.providers.is_empty() => return,
        _ => {
            let message = "the statement has no `Action`, or `NotAction`".to_owned();
            let help = "write `\"Action\": \"sts:AssumeRoleWithWebIdentity\"`";
            notices.push(Notice::refused("action-not-understood", message, help, node.span));
            return;
        }
    };
    if effect == Effect::Deny && covered.any() {
        let everyone = |other: &Principal| matches!(other, Principal::Everyone | Principal::Aws(_));
        for other in principals.others.iter().filter(|other| everyone(other)) {
            let message = "AWS does not document for which tokens this principal is denied".to_owned();
            let help = "name the provider as `Federated`";
            notices.push(Notice::refused("denied-principal", message, help, other.span));
        }
    }
    if principals.providers.is_empty() {
        return;
    }
    match (covered.web_identity, effect) {
        (true, _) => {}
        (false, Effect::Deny) if covered.any() => {
            let message =
                "the statement denies only tokens with session tags or a source identity".to_owned();
            let help = "deny `sts:AssumeRoleWithWebIdentity`, or remove the statement";
            notices.push(Notice::refused("denied-session-tags", message, help, node.span));
            return;
        }
        // A statement of its own for `sts:TagSession` is usual.
        (false, _) if covered.any() => return,
        (false, _) => {
            let message =
                "the statement is about no token: `sts:AssumeRoleWithWebIdentity` is not in its actions";
            let help = "add the action, or remove the provider";
            notices.push(Notice::odd("not-for-tokens", message.to_owned(), help, node.span));
            return;
        }
    }
    let reader = conditions::Reader {
        version: trust.version,
        effect,
        notices,
    };
    let conditions = condition
        .map(|condition| reader.read(condition))
        .unwrap_or_default();
    trust.statements.push(Statement {
        sid,
        effect,
        providers: principals.providers,
        conditions,
        span: node.span,
    });
}
