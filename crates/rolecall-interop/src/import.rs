//! Import of translated roles: policy files, in the standard format.
//!
//! A role is written if no more tokens get it here than in its source. Its description names the role and the place in the
//! source.

mod families;
mod names;
mod spelling;

use crate::notice::printable;
use crate::translation::{Fidelity, Resource, TranslatedRole, Translation};
use names::Names;
use rolecall_engine::Source;
use rolecall_syntax::ast::{Expr, File, Grant, IssuerMember, Item, OneOrList, Role, RoleMember};
use rolecall_syntax::{EDITION, Span, Spanned, Str, SyntaxError, format, line_column, parse, print};
use std::collections::BTreeMap;

/// The name of the file with the issuers.
const ISSUERS: &str = "issuers.policy";

/// Policy files of translated roles.
#[derive(Debug)]
#[non_exhaustive]
pub struct Import {
    /// The files with their names, which have no folders.
    pub files: Vec<Source>,
    /// The roles, in the order of the documents.
    pub roles: Vec<ImportedRole>,
}

/// A role of a document.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ImportedRole {
    /// The name in the source: `SYSTEM:OWNER/NAME`.
    pub source: String,
    /// The name in the policies, or the reason why the role is not written.
    pub name: Result<String, String>,
    /// True if exactly the same tokens get the role.
    pub is_exact: bool,
}

/// The clauses of imported roles.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Clauses {
    /// Each way to get a role in its source is a clause.
    #[default]
    Each,
    /// Clauses that differ in the values of one comparison are one.
    Families,
}

/// Writes policy files for a translation.
///
/// # Errors
/// A file is larger than a policy file may be.
pub fn import(translation: &Translation, clauses: Clauses) -> Result<Import, Vec<SyntaxError>> {
    let mut names = Names::default();
    let mut import = Import {
        files: Vec::new(),
        roles: Vec::new(),
    };
    let mut issuers = vec![edition()];
    let mut profiles = BTreeMap::new();
    let trees: Vec<&File> = translation.files.iter().map(|file| &file.parse().file).collect();
    for item in trees.iter().flat_map(|tree| &tree.items) {
        if let Item::Issuer(issuer) = &item.node {
            let profile = issuer.members.iter().find_map(|member| match &member.node {
                IssuerMember::Profile(name) => Some(name.node.clone()),
                _ => None,
            });
            let mut issuer = issuer.clone();
            let own = names.issuer(&issuer.name.node);
            profiles.insert(std::mem::replace(&mut issuer.name.node, own), profile);
            issuers.push(printed(Item::Issuer(issuer)));
        }
    }
    import.files.push(file(ISSUERS, &issuers)?);
    for (number, (foreign, tree)) in translation.files.iter().zip(&trees).enumerate() {
        let source = foreign.source();
        let mut items = vec![edition()];
        for item in &tree.items {
            if let Item::Condition(condition) = &item.node {
                let mut condition = condition.clone();
                condition.name.node = names.condition(&condition.name.node);
                spelling::respell(&mut condition.expr, None, &mut names);
                items.push(printed(Item::Condition(condition)));
            }
        }
        let own = translation
            .coverage
            .roles
            .iter()
            .filter(|role| role.file == number);
        for summary in own {
            let written = tree.items.iter().find_map(|item| match &item.node {
                Item::Role(role) if *role.name.node == summary.name => Some(role),
                _ => None,
            });
            let name = match (refusal(summary), written) {
                (None, Some(role)) => match policy_role(role, summary, clauses, &mut names, &profiles) {
                    Some(role) => {
                        let name = role.name.node.clone();
                        let (line, _) = line_column(&source.text, summary.span.start);
                        let place = format!("`{}`, {}:{line}.", summary.name, source.name);
                        // A line break would end the comment.
                        let of = format!("/// {}\n", printable(&place));
                        items.push(of + &printed(Item::Role(role)));
                        Ok(name)
                    }
                    None => Err("no token gets it".to_owned()),
                },
                (Some(reason), _) => Err(reason),
                (None, None) => Err("it is not translated".to_owned()),
            };
            import.roles.push(ImportedRole {
                source: summary.name.clone(),
                name,
                is_exact: summary.fidelity == Fidelity::Exact,
            });
        }
        // A file needs more than its edition.
        if items.len() > 1 {
            import.files.push(file(&names.file(&source.name), &items)?);
        }
    }
    Ok(import)
}

/// Returns the reason why a role must not be written.
fn refusal(role: &TranslatedRole) -> Option<String> {
    match &role.fidelity {
        Fidelity::Exact | Fidelity::Narrower(_) if role.has_externals => {
            Some("it has a condition that no token decides".to_owned())
        }
        Fidelity::Exact | Fidelity::Narrower(_) => None,
        Fidelity::Wider(code) => Some(format!("more tokens would get it ({code})")),
        Fidelity::Refused(code) => Some(format!("it is not translated ({code})")),
        Fidelity::NotForTokens => Some("it is not for OIDC tokens".to_owned()),
    }
}

/// Returns a role with the names of the policies, or nothing if no token gets it.
fn policy_role(
    role: &Role,
    summary: &TranslatedRole,
    clauses: Clauses,
    names: &mut Names,
    profiles: &BTreeMap<String, Option<String>>,
) -> Option<Role> {
    let mut allows = Vec::new();
    for member in &role.members {
        let RoleMember::Allow(allow) = &member.node else {
            continue;
        };
        let mut allow = allow.clone();
        if allow.when.as_ref().is_some_and(|when| is_never(&when.node)) {
            continue;
        }
        let profile = profiles.get(&allow.issuer.node).and_then(Option::as_deref);
        if let Some(when) = &mut allow.when {
            spelling::respell(when, profile, names);
        }
        allow.issuer.node = names.issuer(&allow.issuer.node);
        allows.push(allow);
    }
    if allows.is_empty() {
        return None;
    }
    if clauses == Clauses::Families {
        allows = families::joined(allows);
    }
    let allows = allows.into_iter().map(RoleMember::Allow);
    let mut members: Vec<Spanned<RoleMember>> =
        allows.map(|allow| Spanned::new(allow, Span::default())).collect();
    let is_written = |resource: &&Resource| resource.is_whole && !resource.name.contains(['{', '}']);
    let resource = summary.resource.iter().filter(is_written);
    members.extend(resource.filter_map(|resource| {
        let grant = Grant {
            name: Spanned::new(resource.target.grant()?.to_owned(), Span::default()),
            templates: OneOrList::One(Spanned::new(Str::quote(&resource.name), Span::default())),
        };
        Some(Spanned::new(RoleMember::Grant(grant), Span::default()))
    }));
    Some(Role {
        name: Spanned::new(names.role(&role.name.node), Span::default()),
        expansions: Vec::new(),
        members,
    })
}

/// Returns whether a condition holds for no token, whatever its claims are.
fn is_never(condition: &Expr) -> bool {
    match condition {
        Expr::Any(parts) => parts.iter().all(|part| is_never(&part.node)),
        Expr::All(parts) => parts.iter().any(|part| is_never(&part.node)),
        _ => false,
    }
}

fn edition() -> String {
    format!("edition {EDITION}\n")
}

fn printed(item: Item) -> String {
    print(&File {
        items: vec![Spanned::new(item, Span::default())],
        comments: Vec::new(),
    })
}

/// Returns a file of some items, each with its own lines.
fn file(name: &str, items: &[String]) -> Result<Source, Vec<SyntaxError>> {
    let text = format(&items.join("\n"))?;
    // Nothing in a document can add an item.
    debug_assert_eq!(parse(&text).file.items.len(), items.len());
    Ok(Source::new(name, text))
}
