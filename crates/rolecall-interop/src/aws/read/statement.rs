//! Statements.

use super::actions::Covered;
use super::elements::Elements;
use super::{actions, conditions, principals};
use crate::aws::trust::{Effect, Principal, Statement, Trust};
use crate::document::Node;
use crate::notice::Notice;
use rolecall_syntax::Spanned;

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
        // AWS does not document the meaning of `NotPrincipal` for the tokens of providers.
        let message = "the principals are not given by `Principal` alone".to_owned();
        let help = "name the provider as `Federated` in `Principal`";
        return elements.refuse("principal-not-understood", message, help);
    };
    let principals = principals::read(principal, notices);
    let mut unknown = Vec::new();
    match effect {
        Effect::Allow => {
            // It is documented for other actions alone.
            let is_everyone = principal.as_text() == Some("*");
            if is_everyone && action.is_none_or(|action| actions::read(action, &mut Vec::new()).any()) {
                let message = "AWS does not document the tokens that this principal admits";
                let help = "name the provider as `Federated`, or leave out the actions with web identities";
                notices.push(Notice::refused(
                    "principal-not-understood",
                    message,
                    help,
                    principal.span,
                ));
            }
            let is_open = |other: &&Spanned<Principal>| other.node == Principal::Everyone;
            if let Some(everyone) = principals.others.iter().find(is_open)
                && condition.is_none()
            {
                let message = "the statement has all users of AWS as principals, in any account";
                let help = "name the accounts or roles, or add a condition such as `aws:PrincipalOrgID`";
                notices.push(Notice::odd("member-all-users", message, help, everyone.span));
            }
            trust.also_admits.extend(principals.others);
        }
        Effect::Deny => {
            let is_unknown = |other: &Principal| matches!(other, Principal::Everyone | Principal::Aws(_));
            unknown.extend(principals.others.into_iter().filter(|other| is_unknown(other)));
        }
    }
    if principals.providers.is_empty() && unknown.is_empty() {
        return;
    }
    let (Some(action), None) = (action, not_action) else {
        let message = "the actions are not given by `Action` alone".to_owned();
        let help = "write `\"Action\": \"sts:AssumeRoleWithWebIdentity\"`";
        notices.push(Notice::refused("action-not-understood", message, help, node.span));
        return;
    };
    let covered = actions::read(action, notices);
    for other in unknown.iter().filter(|_| covered.any()) {
        let message = "AWS does not document for which tokens this principal is denied".to_owned();
        let help = "name the provider as `Federated`";
        notices.push(Notice::refused("denied-principal", message, help, other.span));
    }
    if principals.providers.is_empty() || !is_for_tokens(covered, effect, node, notices) {
        return;
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

/// Returns whether the actions of a statement about providers are those of tokens, and reports others.
fn is_for_tokens(covered: Covered, effect: Effect, node: &Node, notices: &mut Vec<Notice>) -> bool {
    if covered.web_identity {
        return true;
    }
    notices.extend(match (covered.any(), effect) {
        // A statement of its own for `sts:TagSession` is usual.
        (true, Effect::Allow) => None,
        (true, Effect::Deny) => {
            let message =
                "the statement denies only tokens with session tags or a source identity".to_owned();
            let help = "deny `sts:AssumeRoleWithWebIdentity`, or remove the statement";
            Some(Notice::refused("denied-session-tags", message, help, node.span))
        }
        (false, _) => {
            let message =
                "`sts:AssumeRoleWithWebIdentity` is not in the actions: the statement is about no token";
            let help = "add the action, or remove the provider";
            Some(Notice::odd("not-for-tokens", message.to_owned(), help, node.span))
        }
    });
    false
}
