//! Reading of allow policies.

use super::WORDING;
use crate::document::Node;
use crate::fields::Fields;
use crate::google::member::{Member, MemberFault};
use crate::google::policy::{Binding, BindingCondition, Policy};
use crate::notice::{Reading, printable};
use rolecall_syntax::Spanned;

/// Reads an allow policy, whose document's text is `source`.
pub fn policy(source: &str, root: &Node) -> Reading<Policy> {
    let mut fields = Fields::new(&WORDING, source, root);
    let resource = fields.text("resourceId");
    let mut bindings = Vec::new();
    for node in fields.list("bindings") {
        let mut inner = Fields::new(&WORDING, source, node);
        bindings.extend(binding(&mut inner));
        fields.absorb(inner);
    }
    let policy = Policy {
        resource,
        account: None,
        bindings,
        span: fields.span,
    };
    Reading::new(Some(policy), fields.notices)
}

/// Reads a binding. Nothing is returned without a notice.
fn binding(fields: &mut Fields<'_>) -> Option<Binding> {
    let Some(role) = fields.text("role") else {
        let message = "a binding has a role";
        let help = "print the policy with `gcloud … get-iam-policy --format=json`";
        fields.refuse("no-role", message, help, fields.span);
        return None;
    };
    if role.contains("_withcond_") {
        let message = format!("the condition of `{}` is not in the policy", printable(&role));
        let help = "print the policy in version 3: `gcloud … get-iam-policy --format=json` does";
        fields.refuse("condition-left-out", message, help, role.span);
    }
    let mut members = Vec::new();
    for node in fields.list("members") {
        if let Some(written) = fields.text_of(node, "members") {
            members.extend(member(fields, &written));
        }
    }
    let condition = condition(fields);
    Some(Binding {
        role,
        members,
        condition,
        span: fields.span,
    })
}

fn member(fields: &mut Fields<'_>, written: &Spanned<String>) -> Option<Spanned<Member>> {
    match Member::parse(written) {
        Ok(member) => Some(Spanned::new(member, written.span)),
        Err(MemberFault::Form) => {
            let message = format!("`{}` is not a member that is known here", printable(written));
            let help = "write the member as the page \"Principal identifiers\" of the IAM documentation does";
            fields.refuse("member-not-understood", message, help, written.span);
            None
        }
        Err(MemberFault::Percent) => {
            let message = "Google does not say whether `%` in a member is a character";
            let help = "map another attribute, such as an id, and bind that";
            fields.refuse("percent-in-member", message, help, written.span);
            None
        }
    }
}

fn condition(fields: &mut Fields<'_>) -> Option<BindingCondition> {
    let node: &Node = fields.get("condition")?;
    let mut inner = fields.inner(node);
    let expression = inner.text("expression");
    if expression.is_none() {
        let message = "the condition of a binding has an expression";
        let help = "print the policy with `gcloud … get-iam-policy --format=json`";
        inner.refuse("no-expression", message, help, node.span);
    }
    fields.absorb(inner);
    Some(BindingCondition {
        expression: expression?,
    })
}
