//! Reading of a role.

use super::WORDING;
use super::bound;
use super::data;
use crate::document::{Member, Node};
use crate::fields::Fields;
use crate::notice::{Reading, printable};
use crate::vault::claim::Claim;
use crate::vault::role::{Mapping, Role};
use rolecall_syntax::Spanned;

/// Reads a role, as the command line prints it or on its own.
pub fn role(root: &Node) -> Reading<Role> {
    let mut fields = Fields::new(&WORDING, "", data(root));
    let role = read(&mut fields);
    Reading::new(role, fields.notices)
}

/// Reads the role. Nothing is returned without a notice.
fn read(fields: &mut Fields<'_>) -> Option<Role> {
    let is_for_browsers = is_for_browsers(fields);
    let audiences = fields.texts("bound_audiences");
    let subject = fields.text("bound_subject");
    let claims = bound::claims(fields);
    let user_claim = user_claim(fields);
    let groups_claim = fields.text("groups_claim").map(Claim::pointer);
    let mappings: Vec<Mapping> = mappings(fields);
    for claim in groups_claim
        .iter()
        .chain(mappings.iter().map(|mapping| &mapping.claim))
    {
        bound::check_path(fields, claim);
    }
    if audiences.is_empty() && !is_for_browsers {
        let message = "without `bound_audiences`, no token that has an audience gets in";
        let help = "write the audience into `bound_audiences`";
        fields.report("no-audience", message.to_owned(), help, fields.span);
    }
    let mut cidrs = fields.texts("token_bound_cidrs");
    if cidrs.is_empty() {
        cidrs = fields.texts("bound_cidrs");
    }
    Some(Role {
        audiences,
        subject,
        claims,
        user_claim: user_claim?,
        groups_claim,
        mappings,
        cidrs,
        policies: fields.texts("token_policies"),
        expiration_leeway: fields.seconds("expiration_leeway"),
        not_before_leeway: fields.seconds("not_before_leeway"),
        clock_skew_leeway: fields.seconds("clock_skew_leeway"),
        is_for_browsers,
        span: fields.span,
    })
}

/// Returns whether the role is one for browsers. Roles of another kind than `jwt` are refused.
fn is_for_browsers(fields: &mut Fields<'_>) -> bool {
    if let Some(program) = fields.get("cel_program") {
        let message = "a role with a program of OpenBao is not read".to_owned();
        fields.refuse(
            "cel-role",
            message,
            "write the same conditions as `bound_claims`",
            program.span,
        );
    }
    match fields.text("role_type") {
        Some(kind) if kind.node == "jwt" => {}
        Some(kind) if kind.node == "oidc" => return true,
        Some(kind) => {
            let message = format!("Vault has no role of the type `{}`", printable(&kind));
            let help = "write `\"role_type\": \"jwt\"`";
            fields.refuse("not-a-jwt-role", message, help, kind.span);
        }
        None => {
            let message =
                "a role without `role_type` is written as one of the type `oidc`, which takes no token"
                    .to_owned();
            fields.refuse(
                "not-a-jwt-role",
                message,
                "add `\"role_type\": \"jwt\"`",
                fields.span,
            );
        }
    }
    false
}

fn user_claim(fields: &mut Fields<'_>) -> Option<Claim> {
    let is_pointer = fields.flag("user_claim_json_pointer");
    let claim = match fields.text("user_claim") {
        Some(written) if is_pointer => Claim::pointer(written),
        Some(written) => Claim::name(written),
        None => {
            let message = "Vault refuses a role without `user_claim`".to_owned();
            fields.refuse(
                "no-user-claim",
                message,
                "add `\"user_claim\": \"sub\"`",
                fields.span,
            );
            return None;
        }
    };
    bound::check_path(fields, &claim);
    Some(claim)
}

fn mappings(fields: &mut Fields<'_>) -> Vec<Mapping> {
    let mut mappings = Vec::new();
    for member in fields.map("claim_mappings") {
        let Member { name, value } = member;
        if let Some(key) = fields.text_of(value, "claim_mappings") {
            let claim = Claim::pointer(Spanned::new(name.node.clone(), name.span));
            mappings.push(Mapping { claim, key });
        }
    }
    mappings
}
