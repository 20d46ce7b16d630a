//! Templates of AWS CloudFormation: their roles and OIDC providers.
//!
//! (AWS CloudFormation User Guide, "Template reference", "Intrinsic function reference" and "Pseudo parameters
//! reference".) A template has functions where a value is known when a stack is made. Those of parameters with
//! defaults and of providers in the template have values here; a role that needs another one is refused.

mod condition;
mod function;
mod scope;

use crate::aws::{
    Account, Reading, RegisteredProvider, Role, issuer_of, may_be_for_tokens, not_for_tokens, trust,
};
use crate::document::{Member, Node, Value};
use crate::notice::{Notice, printable};
use scope::Scope;

/// Returns whether a text in YAML may be a template, whose functions can have a short form.
pub(crate) fn may_be(text: &str) -> bool {
    text.contains("AWS::")
}

/// Adds the roles and providers of a template. Returns whether the document is one.
pub(crate) fn take(document: &Node, account: &mut Account) -> bool {
    let Some(resources) = document
        .named("Resources")
        .next_back()
        .and_then(|resources| resources.as_map())
    else {
        return false;
    };
    let kinds = || {
        resources
            .iter()
            .filter_map(|resource| Some((resource, kind(resource)?)))
    };
    if !kinds().any(|(_, kind)| kind.starts_with("AWS::")) {
        return false;
    }
    account.notices.extend(incomplete(document, resources));
    let scope = Scope::of(document, resources);
    for (resource, kind) in kinds() {
        if !scope.is_made(resource, &mut account.has_defaults) {
            continue;
        }
        match kind {
            "AWS::IAM::Role" => {
                let role = role(resource, &scope, &mut account.has_defaults);
                account.roles.push(role);
            }
            kind if is_provider(kind) => account.providers.extend(provider(resource, &scope)),
            _ => {}
        }
    }
    true
}

/// Returns the notices about parts from which CloudFormation makes further resources, or other ones.
fn incomplete(document: &Node, resources: &[Member]) -> Vec<Notice> {
    let transform = document.as_map().unwrap_or_default().iter();
    let transform = transform.filter(|member| member.name.node == "Transform");
    let made = resources.iter().filter(|resource| {
        let kind = kind(resource).unwrap_or_default();
        let has_transform = ["Fn::Transform", "Properties"].into_iter().any(|name| {
            let value = resource.value.named(name).next();
            value.is_some_and(|value| name != "Properties" || value.named("Fn::Transform").next().is_some())
        });
        has_transform
            || resource.name.starts_with("Fn::")
            || kind.starts_with("AWS::Serverless::")
            || kind == "AWS::CloudFormation::Stack"
            || kind.ends_with("::MODULE")
    });
    let notice = |member: &Member| {
        let message = format!(
            "`{}` makes or changes resources that are not in the template",
            printable(&member.name)
        );
        let help =
            "check the processed template: `aws cloudformation get-template --template-stage Processed`";
        Notice::odd("template-not-complete", message, help, member.name.span)
    };
    transform.chain(made).map(notice).collect()
}

/// Returns whether a type is a provider, or the one that CDK makes of its own.
fn is_provider(kind: &str) -> bool {
    matches!(
        kind,
        "AWS::IAM::OIDCProvider" | "Custom::AWSCDKOpenIdConnectProvider"
    )
}

/// Returns the type of a resource.
fn kind(resource: &Member) -> Option<&str> {
    resource.value.named("Type").next_back()?.as_text()
}

fn role(resource: &Member, scope: &Scope<'_>, has_defaults: &mut bool) -> Role {
    let name = property(resource, "RoleName").and_then(|name| scope.text(name).ok());
    let policies: Vec<&Node> = properties(resource, "AssumeRolePolicyDocument").collect();
    let refused =
        |code, message: &str, help: &str, span| Reading::refused(Notice::refused(code, message, help, span));
    let reading = match policies.as_slice() {
        [policy] => reading(policy, scope, has_defaults),
        [] => {
            let (message, help) = (
                "the role has no trust policy here",
                "add `AssumeRolePolicyDocument`",
            );
            refused("no-trust-policy", message, help, resource.value.span)
        }
        [_, second, ..] => {
            let (message, help) = ("the trust policy is given twice", "remove one of them");
            refused("element-given-twice", message, help, second.span)
        }
    };
    Role {
        owner: None,
        name: Some(name.unwrap_or_else(|| resource.name.clone())),
        path: None,
        arn: None,
        reading,
        span: resource.name.span.to(resource.value.span),
    }
}

/// Reads a policy after its functions have values.
fn reading(policy: &Node, scope: &Scope<'_>, has_defaults: &mut bool) -> Reading {
    if let Value::Text(_) = policy.node {
        let message = "a trust policy in a text is not read";
        let help = "write the policy itself";
        return Reading::refused(Notice::refused("policy-in-text", message, help, policy.span));
    }
    match scope.resolve(policy, has_defaults) {
        // A role for services and accounts needs no values.
        Err(_) if !may_be_for_tokens(policy) => not_for_tokens(policy),
        Err(notice) => Reading::refused(notice),
        Ok(resolved) => trust(&resolved),
    }
}

fn provider(resource: &Member, scope: &Scope<'_>) -> Option<RegisteredProvider> {
    let url = scope.text(property(resource, "Url")?).ok()?;
    let audiences = property(resource, "ClientIdList").and_then(|list| {
        let texts = list.as_list()?.iter().map(|audience| scope.text(audience).ok());
        texts.collect()
    });
    Some(RegisteredProvider {
        owner: None,
        arn: None,
        issuer: issuer_of(&url).to_owned(),
        audiences,
        span: resource.value.span,
    })
}

/// Returns a property of a resource.
fn property<'n>(resource: &'n Member, name: &'n str) -> Option<&'n Node> {
    properties(resource, name).last()
}

/// Returns the properties of a resource with a name.
fn properties<'n>(resource: &'n Member, name: &'n str) -> impl Iterator<Item = &'n Node> {
    let all = resource.value.named("Properties").next_back();
    all.into_iter().flat_map(move |all| all.named(name))
}
