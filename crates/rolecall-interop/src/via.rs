//! Role tokens: the trust that systems need in an exchange, whose tokens are for roles of policies.
//!
//! The exchange decides who gets a role. A system has to compare the subject of the role token alone, and its audience.

use crate::export::Refusal;
use crate::grants::{Grants, constant_grants};
use crate::target::Target;
use rolecall_engine::{PolicySet, RoleId, Source};
use rolecall_syntax::ast::{
    Allow, ClaimPath, Comparison, Expr, File, Grant, Issuer, IssuerMember, Item, OneOrList, Operand,
    Operator, Role, RoleMember, Segment,
};
use rolecall_syntax::{Span, Spanned, Str};
use std::collections::BTreeSet;

/// The name of the issuer, and of the profile of role tokens.
const EXCHANGE: &str = "rolecall";

/// Returns the policies for the role tokens of an exchange, instead of those for the tokens of jobs. `url` is the issuer of the
/// exchange. The audiences are those with which a role gets to those of the targets that it has grants of.
///
/// # Errors
/// The URL is not that of an issuer, or a role has no audience for the target.
pub fn role_tokens(
    set: &PolicySet,
    roles: &[RoleId],
    url: &str,
    targets: &[Target],
) -> Result<PolicySet, Refusal> {
    let program = set.program();
    let mut items = Vec::new();
    let mut all = BTreeSet::new();
    for id in roles {
        let name = &program[*id].name;
        let grants = constant_grants(program, *id);
        let is_granted = |target: &&Target| target.grant().is_some_and(|name| grants.contains_key(name));
        let granted: Vec<Target> = targets.iter().filter(is_granted).copied().collect();
        let targets = if granted.is_empty() { targets } else { &granted };
        let audiences = targets.iter().flat_map(|target| audiences(*target, &grants));
        let audiences: BTreeSet<String> = audiences.collect();
        if audiences.is_empty() {
            return Err(Refusal {
                message: format!("the audience of the role tokens of `{name}` is not known"),
                help: "add the grant `audience`, which the exchange needs, too".to_owned(),
            });
        }
        all.extend(audiences);
        items.push(at(Item::Role(role(name, &grants))));
    }
    if items.is_empty() {
        return Err(Refusal {
            message: "no role has a grant of these systems".to_owned(),
            help: "add the grant that names the live role, such as `aws_role`".to_owned(),
        });
    }
    let issuer = Issuer {
        name: at(EXCHANGE.to_owned()),
        members: vec![
            at(IssuerMember::Url(at(Str::quote(url)))),
            at(IssuerMember::Profile(at(EXCHANGE.to_owned()))),
            at(IssuerMember::Audience(listed(&all))),
        ],
    };
    items.insert(0, at(Item::Issuer(issuer)));
    let file = File {
        items,
        comments: Vec::new(),
    };
    let source = Source::new("role-tokens.policy", rolecall_syntax::print(&file));
    PolicySet::compile([source]).map_err(|error| Refusal {
        message: format!("`{url}` cannot be the issuer of role tokens: {error}"),
        help: "name the exchange as the `iss` of its tokens does: `https://sts.acme.example`".to_owned(),
    })
}

/// Returns the audiences of the role tokens with which a role gets to a target.
fn audiences(target: Target, grants: &Grants) -> BTreeSet<String> {
    let of_grant = |name: &str| grants.get(name).cloned().unwrap_or_default();
    match target {
        Target::Aws => BTreeSet::from(["sts.amazonaws.com".to_owned()]),
        Target::Azure => BTreeSet::from(["api://AzureADTokenExchange".to_owned()]),
        Target::Google if grants.contains_key("gcp_provider") => of_grant("gcp_provider"),
        Target::Google | Target::Kubernetes | Target::OctoSts | Target::Vault => of_grant("audience"),
        // A registry takes no tokens of an exchange.
        Target::TrustedPublisher(_) => BTreeSet::new(),
    }
}

/// Returns the role for its role tokens.
fn role(name: &str, grants: &Grants) -> Role {
    let subject = Comparison {
        claim: ClaimPath {
            segments: vec![at(Segment::Word("sub".to_owned()))],
        },
        operator: at(Operator::Equal),
        operand: at(Operand::Text(Str::quote(&format!("role:{name}")))),
    };
    let allow = Allow {
        issuer: at(EXCHANGE.to_owned()),
        when: Some(at(Expr::Compare(Box::new(subject)))),
    };
    let grants = grants.iter().map(|(grant, values)| {
        at(RoleMember::Grant(Grant {
            name: at(grant.clone()),
            templates: listed(values),
        }))
    });
    Role {
        name: at(name.to_owned()),
        expansions: Vec::new(),
        members: std::iter::once(at(RoleMember::Allow(allow)))
            .chain(grants)
            .collect(),
    }
}

fn listed(texts: &BTreeSet<String>) -> OneOrList {
    let quoted = texts.iter().map(|text| at(Str::quote(text)));
    OneOrList::List(quoted.collect())
}

fn at<T>(node: T) -> Spanned<T> {
    Spanned::new(node, Span::default())
}
