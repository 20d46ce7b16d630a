//! Roles with their clauses, one by one or one for each combination of the values of `for`s.

mod axis;
mod family;

use super::budget::Amount;
use super::names::Named;
use super::scope::{Resolved, Scope};
use super::{Lowering, MAX_ROLES};
use crate::diagnostic::{Diagnostic, Location};
use crate::error_kind::ErrorKind;
use crate::hole::Hole;
use crate::id::{FileId, IssuerId};
use crate::ir::{Atom, Attached, Clause, Formula, Question, Role};
use crate::template::Template;
use axis::combinations;
use family::{too_many_roles, total_weight, two_of_a_family};
use rolecall_syntax::ast::{self, Allow, RoleMember};
use rolecall_syntax::{Spanned, Str};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// The longest lifetime of a role's credentials in seconds: 30 days.
const LONGEST_TTL: u32 = 30 * 24 * 60 * 60;

/// A role with a value for each of its parameters.
struct Instance<'a, 'p> {
    role: Named<'a, ast::Role>,
    name: String,
    parameters: &'p HashMap<String, Resolved>,
    /// The weight of the expanded role.
    weight: Amount,
}

/// The members of a role other than clauses.
struct Members {
    tags: Arc<[Arc<str>]>,
    grants: Arc<[Arc<str>]>,
    /// The lifetime of credentials in seconds; 0 if the role does not set one.
    ttl_seconds: u32,
}

impl<'a> Lowering<'a> {
    pub(super) fn lower_roles(&mut self) {
        for role in &self.names.roles {
            let role = *role;
            self.check_parameters(role);
            let Some(sources) = self.sources(role) else {
                continue;
            };
            // The number of roles is known before the values of their parameters are read.
            let room = MAX_ROLES.checked_sub(self.program.roles().len());
            let count = combinations(&sources);
            if room.is_none_or(|room| count > room) {
                self.error(too_many_roles(count, role.location));
                return;
            }
            let Some(axes) = self.axes(sources) else {
                continue;
            };
            let weight = self.weights.role(role.item);
            if !self.take_expanded(total_weight(&weight, &axes), role.location) {
                return;
            }
            self.family(role, &axes, &weight);
            if self.exceeded.is_some() {
                return;
            }
        }
    }

    fn role(&mut self, instance: &Instance<'a, '_>) {
        let Instance { role, name, .. } = instance;
        let location = Location::new(role.file, role.item.name.span);
        if let Some(first) = self.program.role(name).map(|first| &self.program[first]) {
            let error = if first.location == role.location {
                two_of_a_family(name, *role)
            } else {
                let message = format!("there are two roles called `{name}`");
                Diagnostic::new(ErrorKind::DuplicateName, location, message)
                    .help("rename one of them, or write both as `allow` clauses of one role")
                    .note(first.location, "the other one")
            };
            self.error(error);
            return;
        }
        let Members {
            tags,
            grants,
            ttl_seconds,
        } = self.members(*role);
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
            let message = format!("no token gets the role `{name}`: it has no `allow`");
            self.error(
                Diagnostic::new(ErrorKind::MissingMember, location, message)
                    .help("write `allow from ISSUER when …`"),
            );
        }
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

    /// Lowers the tags, the ttl and the names of the grants.
    fn members(&mut self, role: Named<'a, ast::Role>) -> Members {
        let mut tags: Vec<&str> = Vec::new();
        let mut distinct_tags: HashSet<&str> = HashSet::new();
        let mut ttl_seconds = 0;
        // By the kind of the member, and the name of a grant.
        let mut seen: HashMap<(&str, &str), Location> = HashMap::new();
        for member in &role.item.members {
            let location = Location::new(role.file, member.span);
            let key = match &member.node {
                RoleMember::Allow(_) => continue,
                RoleMember::Grant(grant) => {
                    self.check_texts(grant, location);
                    ("grant ", grant.name.node.as_str())
                }
                RoleMember::Tags(names) => {
                    for name in names {
                        if !distinct_tags.insert(name.node.as_str()) {
                            let location = Location::new(role.file, name.span);
                            let message = format!("the tag `{}` is listed twice", name.node);
                            self.error(
                                Diagnostic::new(ErrorKind::RepeatedMember, location, message)
                                    .help("remove one of them"),
                            );
                        }
                        tags.push(&name.node);
                    }
                    ("tags", "")
                }
                RoleMember::Ttl(ttl) => {
                    ttl_seconds = self.ttl(ttl, role.file).unwrap_or(ttl_seconds);
                    ("ttl", "")
                }
            };
            if let Some(first) = seen.insert(key, location) {
                let message = format!("`{}{}` is set twice", key.0, key.1);
                self.error(
                    Diagnostic::new(ErrorKind::RepeatedMember, location, message)
                        .help("remove one of them")
                        .note(first, "the other one"),
                );
            }
        }
        let grants = grants(role.item).map(|(name, _)| name.node.as_str());
        Members {
            tags: self.texts.list(tags),
            grants: self.texts.list(grants),
            ttl_seconds,
        }
    }

    /// Checks that a grant has texts, and none twice.
    fn check_texts(&mut self, grant: &ast::Grant, location: Location) {
        let texts = grant.templates.strings();
        let name = &grant.name.node;
        if texts.is_empty() {
            let message = format!("`grant {name}` has no text");
            self.error(
                Diagnostic::new(ErrorKind::MissingMember, location, message)
                    .help(format!("write `grant {name} = \"…\"`, or remove it")),
            );
        }
        let mut seen = HashSet::new();
        for text in texts.iter().filter(|text| !seen.insert(text.node.raw())) {
            let location = Location::new(location.file(), text.span);
            let message = format!("`grant {name}` has this text twice");
            self.error(
                Diagnostic::new(ErrorKind::RepeatedMember, location, message).help("remove one of them"),
            );
        }
    }

    /// Returns a ttl in seconds. It is an error if it is out of its range.
    pub(super) fn ttl(&mut self, ttl: &Spanned<ast::Duration>, file: FileId) -> Option<u32> {
        match u32::try_from(ttl.node.seconds()) {
            Ok(seconds @ 1..=LONGEST_TTL) => Some(seconds),
            _ => {
                let message = "a ttl must be between one second and 30 days";
                let location = Location::new(file, ttl.span);
                self.error(
                    Diagnostic::new(ErrorKind::InvalidDuration, location, message).help(
                        "write how long the credentials of one job live, such as `ttl 15m`; at most `30d`",
                    ),
                );
                None
            }
        }
    }

    fn clause(
        &mut self,
        allow: &'a Allow,
        location: Location,
        instance: &Instance<'a, '_>,
    ) -> Option<Clause> {
        let issuer = self.find_issuer(&allow.issuer, location.file())?;
        let profile = Arc::clone(&self.program[issuer].profile);
        let scope = Scope::new(location.file(), &profile, instance.parameters);
        let condition = match &allow.when {
            Some(when) => self.condition(when, &scope),
            None => Formula::always(),
        };
        let mut templates = Vec::new();
        for (_, template) in grants(instance.role.item) {
            let template = self.template(template, &scope, false);
            // The clause is kept so that the other errors are found. An empty template stands in for one with
            // an error.
            debug_assert!(template.is_some() || self.reports.count() > 0, "it is reported");
            templates.push(template.unwrap_or(Template { parts: Vec::new() }));
        }
        Some(Clause {
            issuer,
            condition,
            attached: self.attached(issuer, templates, instance.role),
            location,
        })
    }

    /// Returns the grants of a role, with the condition that the claims in them fit.
    fn attached(
        &mut self,
        issuer: IssuerId,
        templates: Vec<Template>,
        role: Named<'a, ast::Role>,
    ) -> Arc<Attached> {
        if templates.is_empty() {
            return Arc::clone(&self.nothing_attached);
        }
        let mut seen = HashSet::new();
        let mut fits = Vec::new();
        for (template, (_, text)) in templates.iter().zip(grants(role.item)) {
            for hole in template.holes().filter(|hole| seen.insert(*hole)) {
                let Hole { claim, filter } = hole;
                let question = Question::Fits(filter);
                let atom = self
                    .fits
                    .entry((issuer, hole))
                    .or_insert_with(|| Arc::new(Atom { claim, question }));
                let location = Location::new(role.file, text.span);
                fits.push(Formula::Atom(Arc::clone(atom), location));
            }
        }
        let fits = match fits.is_empty() {
            true => self.nothing_attached.fits.clone(),
            false => Formula::All(fits.into()),
        };
        Arc::new(Attached {
            guards: Box::default(),
            grants: templates.into(),
            fits,
        })
    }

    /// Returns the issuer with a name. It is an error if there is none.
    pub(super) fn find_issuer(&mut self, name: &ast::Name, file: FileId) -> Option<IssuerId> {
        if let Some(issuer) = self.issuers.get(&name.node) {
            return Some(*issuer);
        }
        let declared = &self.names.issuer_names;
        // The errors of a declared issuer are reported where it is declared.
        if !declared.contains(name.node.as_str()) {
            let near = self.budgets.did_you_mean(&name.node, declared.iter().copied());
            let help = match near {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!(
                    "declare it: `issuer {} {{ url … profile … audience … }}`",
                    name.node
                ),
            };
            let location = Location::new(file, name.span);
            let message = format!("there is no issuer `{}`", name.node);
            self.error(Diagnostic::new(ErrorKind::UnknownIssuer, location, message).help(help));
        }
        None
    }
}

/// Returns the texts of a role's grants with their names, in the order of the text.
fn grants(role: &ast::Role) -> impl Iterator<Item = (&ast::Name, &Spanned<Str>)> {
    let grants = role.members.iter().filter_map(|member| match &member.node {
        RoleMember::Grant(grant) => Some(grant),
        _ => None,
    });
    grants.flat_map(|grant| grant.templates.strings().iter().map(|text| (&grant.name, text)))
}
