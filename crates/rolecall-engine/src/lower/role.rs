//! Roles, one by one or one for each value of a list.

use super::context::{Cx, Lit, LitValue, Resolved};
use super::names::Named;
use super::operand::lit;
use super::weight::Weight;
use super::{Lowering, MAX_ROLES};
use crate::diagnostic::{Diagnostic, Location};
use crate::id::{FileId, IssuerId};
use crate::ir::{Clause, Formula, Role};
use rolecall_syntax::MAX_NAME_BYTES;
use rolecall_syntax::ast::{self, Allow, Operand, RoleMember};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// The longest life that a role may give to what it grants: 30 days.
const LONGEST_TTL: u32 = 30 * 24 * 60 * 60;

/// A role and the value of its parameter, if it has one.
struct Instance<'a> {
    role: Named<'a, ast::Role>,
    name: String,
    /// The parameter, its value as text, and as a literal.
    parameter: Option<(&'a str, String, Lit)>,
    /// Its weight when it is written out.
    weight: usize,
}

impl<'a> Lowering<'a> {
    pub(super) fn lower_roles(&mut self) {
        for role in self.names.roles.clone() {
            let values = self.values(role);
            let count = values.as_ref().map_or(1, Vec::len);
            if self.program.roles().len().saturating_add(count) > MAX_ROLES {
                let message = format!("the set has more than {MAX_ROLES} roles");
                self.error(Diagnostic::new(role.location, message).help("split it into several sets"));
                return;
            }
            let weight = self.weights.role(role.item);
            let all = match &values {
                Some(values) => values
                    .iter()
                    .fold(0_usize, |sum, value| sum.saturating_add(weight.with(Some(value)))),
                None => weight.with(None),
            };
            if !self.take_written(all, role.location) {
                return;
            }
            self.check_parameter(role);
            match values {
                None => {
                    let name = role.item.name.node.clone();
                    if role.item.expansion.is_none() && self.good_name(&name, role) {
                        self.role(&Instance {
                            role,
                            name,
                            parameter: None,
                            weight: weight.with(None),
                        });
                    }
                }
                Some(values) => {
                    for value in values {
                        self.instance(role, value, &weight);
                    }
                }
            }
        }
    }

    /// The values of a role's `for`.
    fn values(&mut self, role: Named<'a, ast::Role>) -> Option<Vec<Lit>> {
        let expansion = role.item.expansion.as_ref()?;
        let location = Location::new(role.file, expansion.values.span);
        let lits: Vec<Lit> = match &expansion.values.node {
            Operand::List(elements) => elements
                .iter()
                .filter_map(|element| lit(element, role.file))
                .collect(),
            Operand::Reference(path) => {
                let name = path.as_name().unwrap_or_default();
                let Some(set) = self.names.sets.get(name).copied() else {
                    let near = self.budgets.did_you_mean(name, self.names.sets.keys().copied());
                    self.error(
                        Diagnostic::new(location, format!("there is no set `{name}`"))
                            .help_if(near.map(|near| format!("did you mean `{near}`?"))),
                    );
                    return None;
                };
                set.item
                    .elements
                    .iter()
                    .filter_map(|element| lit(element, set.file))
                    .collect()
            }
            _ => Vec::new(),
        };
        if lits.is_empty() {
            self.error(
                Diagnostic::new(location, "a role is made for each of one or more literals")
                    .help("write `for env in [\"staging\", \"production\"]`"),
            );
            return None;
        }
        Some(lits)
    }

    fn instance(&mut self, role: Named<'a, ast::Role>, value: Lit, weight: &Weight) {
        let Some(expansion) = role.item.expansion.as_ref() else {
            return;
        };
        let parameter = expansion.parameter.node.as_str();
        let text = match &value.value {
            LitValue::Text(string) => self.plain_text(string, value.location),
            LitValue::Int(number) => Some(number.to_string()),
            LitValue::Bool(_) | LitValue::Regex(_) => {
                self.error(Diagnostic::new(
                    value.location,
                    "a role's name takes strings and numbers",
                ));
                None
            }
        };
        let Some(text) = text else { return };
        let hole = format!("{{{parameter}}}");
        let at = Location::new(role.file, role.item.name.span);
        if !role.item.name.node.contains(&hole) {
            let message = format!(
                "the name of the role does not say `{hole}`, so that all of them would have one name"
            );
            self.error(Diagnostic::new(at, message).help(format!("write `{}-{hole}`", role.item.name.node)));
            return;
        }
        let written = role.item.name.node.as_str();
        let holes = written.matches(&hole).count();
        let bytes = written
            .len()
            .saturating_sub(holes.saturating_mul(hole.len()))
            .saturating_add(holes.saturating_mul(text.len()));
        if bytes > MAX_NAME_BYTES {
            let message = format!(
                "the name of the role has {bytes} bytes, more than the {MAX_NAME_BYTES} that are allowed"
            );
            self.error(Diagnostic::new(value.location, message).help("choose a shorter value"));
            return;
        }
        let name = written.replace(&hole, &text);
        if self.good_name(&name, role) {
            self.role(&Instance {
                role,
                name,
                weight: weight.with(Some(&value)),
                parameter: Some((parameter, text, value)),
            });
        }
    }

    fn good_name(&mut self, name: &str, role: Named<'a, ast::Role>) -> bool {
        let good = name.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_')
            && name
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'));
        if !good {
            let location = Location::new(role.file, role.item.name.span);
            let help = if name.contains('{') {
                "a name in braces stands for the parameter of the role's `for`"
            } else {
                "names have letters, digits, `_` and `-`"
            };
            self.error(Diagnostic::new(location, format!("`{name}` is no name of a role")).help(help));
        }
        good
    }

    fn role(&mut self, instance: &Instance<'a>) {
        let Instance { role, name, .. } = instance;
        let at = Location::new(role.file, role.item.name.span);
        if let Some(first) = self.program.role(name).map(|first| &self.program[first]) {
            let diagnostic = Diagnostic::new(at, format!("there are two roles called `{name}`"))
                .help("rename one of them, or write both ways as `allow` clauses of one role")
                .note(first.location, "the other one");
            self.error(diagnostic);
            return;
        }
        let (tags, ttl_seconds) = self.members(*role);
        let allows = role.item.members.iter().filter_map(|member| match &member.node {
            RoleMember::Allow(allow) => Some((allow, Location::new(role.file, member.span))),
            _ => None,
        });
        // There are many roles, and most have one clause.
        let mut clauses = Vec::with_capacity(allows.clone().count());
        clauses.extend(
            allows
                .clone()
                .filter_map(|(allow, location)| self.clause(allow, location, instance)),
        );
        if allows.count() == 0 {
            let message = format!("nobody can get the role `{name}`: it has no `allow`");
            self.error(Diagnostic::new(at, message).help("write `allow from ISSUER when …`"));
        }
        let grants = grants(role.item).map(|grant| grant.name.node.as_str());
        let grants = self.texts.list(grants);
        let role = Role {
            name: name.as_str().into(),
            tags,
            ttl_seconds,
            grants,
            location: role.location,
            clauses: 0..0,
        };
        self.program.push_role(role, clauses);
        self.role_weights.push(instance.weight);
    }

    /// Reports the parameter of a role's `for` that has the name of a claim.
    fn check_parameter(&mut self, role: Named<'a, ast::Role>) {
        let Some(expansion) = &role.item.expansion else {
            return;
        };
        let parameter = &expansion.parameter;
        if let Some(profile) = self.claim_names.get(&parameter.node) {
            let message = format!(
                "the parameter `{}` has the name of a claim of the profile `{}`",
                parameter.node, profile.name
            );
            let location = Location::new(role.file, parameter.span);
            self.error(Diagnostic::new(location, message).help("rename the parameter"));
        }
    }

    /// Returns the tags, and the ttl in seconds or 0.
    fn members(&mut self, role: Named<'a, ast::Role>) -> (Arc<[Arc<str>]>, u32) {
        let mut tags: Vec<&str> = Vec::new();
        let mut known: HashSet<&str> = HashSet::new();
        let mut ttl_seconds = 0;
        let mut seen: HashMap<String, Location> = HashMap::new();
        for member in &role.item.members {
            let location = Location::new(role.file, member.span);
            let said = match &member.node {
                RoleMember::Allow(_) => continue,
                RoleMember::Grant(grant) => format!("grant {}", grant.name.node),
                RoleMember::Tags(names) => {
                    for name in names {
                        if !known.insert(name.node.as_str()) {
                            let at = Location::new(role.file, name.span);
                            self.error(
                                Diagnostic::new(at, format!("the tag `{}` stands here twice", name.node))
                                    .help("take one of them out"),
                            );
                        }
                        tags.push(&name.node);
                    }
                    "tags".to_owned()
                }
                RoleMember::Ttl(span) => {
                    match u32::try_from(span.node.seconds()) {
                        Ok(seconds @ 1..=LONGEST_TTL) => ttl_seconds = seconds,
                        _ => {
                            let at = Location::new(role.file, span.span);
                            self.error(Diagnostic::new(at, "a ttl is between one second and 30 days"));
                        }
                    }
                    "ttl".to_owned()
                }
            };
            if let Some(first) = seen.insert(said.clone(), location) {
                self.error(
                    Diagnostic::new(location, format!("`{said}` is said twice"))
                        .help("take one of them out")
                        .note(first, "the other one"),
                );
            }
        }
        (self.texts.list(tags), ttl_seconds)
    }

    fn clause(&mut self, allow: &Allow, location: Location, instance: &Instance<'a>) -> Option<Clause> {
        let issuer = self.find_issuer(&allow.issuer, location.file())?;
        let profile = Arc::clone(&self.program[issuer].profile);
        let mut parameters = HashMap::new();
        if let Some((parameter, _, value)) = &instance.parameter {
            parameters.insert((*parameter).to_owned(), Resolved::One(value.clone()));
        }
        let cx = Cx::new(location.file(), &profile, &parameters);
        let condition = allow
            .when
            .as_ref()
            .map_or_else(Formula::always, |when| self.condition(when, &cx));
        let parameter = instance
            .parameter
            .as_ref()
            .map(|(parameter, text, _)| (*parameter, text.as_str()));
        let grants = grants(instance.role.item)
            .map(|grant| {
                self.template(&grant.template, &profile, location.file(), false, parameter)
                    .unwrap_or_default()
            })
            .collect();
        Some(Clause {
            issuer,
            condition,
            guards: Arc::clone(&self.no_guards),
            grants,
            location,
        })
    }

    /// Returns the issuer with a name; it is an error if there is none.
    pub(super) fn find_issuer(&mut self, name: &ast::Name, file: FileId) -> Option<IssuerId> {
        let found = self.issuers.get(&name.node).copied();
        if found.is_none() {
            // A declared one that is missing has its own error.
            if !self.names.issuer_names.contains(name.node.as_str()) {
                let near = self
                    .budgets
                    .did_you_mean(&name.node, self.names.issuer_names.iter().copied());
                let help = match near {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => format!(
                        "declare it: `issuer {} {{ url … profile … audience … }}`",
                        name.node
                    ),
                };
                self.error(
                    Diagnostic::new(
                        Location::new(file, name.span),
                        format!("there is no issuer `{}`", name.node),
                    )
                    .help(help),
                );
            }
        }
        found
    }
}

/// The grants of a role, in order.
fn grants(role: &ast::Role) -> impl Iterator<Item = &ast::Grant> {
    role.members.iter().filter_map(|member| match &member.node {
        RoleMember::Grant(grant) => Some(grant),
        _ => None,
    })
}
