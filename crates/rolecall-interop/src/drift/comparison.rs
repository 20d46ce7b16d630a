//! Comparison of the resources that policies grant with live roles.

use super::audiences::{self, Audiences};
use super::granted::Granted;
use super::{Drift, DriftState, RoleDrift};
use crate::beside::{with_derived_subject, without_grants};
use crate::target::Target;
use crate::translation::{
    Coverage, Fact, Fidelity, ForeignFile, Profiles, Resource, TranslatedRole, translate,
};
use rolecall_analysis::{Analysis, Answer, Coverage as Covered, Outcome, Undecided};
use rolecall_engine::{CompileError, ParsedFile, PolicySet, RoleId, Source};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// A comparison of policies with live roles. A caller with threads asks about some resources in each.
#[derive(Debug)]
pub struct DriftComparison {
    both: PolicySet,
    /// The set in which the roles of policies are for tokens whose subjects are as the profiles say.
    honest: PolicySet,
    granted: Granted,
    not_compared: BTreeMap<Target, usize>,
    audiences: Audiences,
    coverage: Coverage,
    /// The live roles, by the ends of their names: indexes in the coverage.
    live: HashMap<(Target, String), Vec<usize>>,
}

impl DriftComparison {
    /// Reads and compiles both sides.
    ///
    /// # Errors
    /// They do not compile together.
    pub fn new(
        set: &PolicySet,
        live: &[ForeignFile],
        profiles: BTreeMap<String, String>,
    ) -> Result<Self, CompileError> {
        let program = set.program();
        let translation = translate(live, &Profiles::new(profiles).beside(set));
        let own = program.own_files().filter(|(file, _)| !program.is_foreign(*file));
        let mut policies: Vec<_> = own
            .map(|(_, source)| (source.clone(), without_grants(source)))
            .collect();
        let mut audiences = Audiences::default();
        audiences.collect(policies.iter().map(|(_, file)| file), 0);
        let mut documents: Vec<_> = translation
            .files
            .iter()
            .map(|file| (file.source().clone(), file.parse().file.clone()))
            .collect();
        audiences.collect(documents.iter().map(|(_, file)| file), 1);
        for (_, file) in policies.iter_mut().chain(&mut documents) {
            audiences.join(file);
        }
        let policies = policies
            .into_iter()
            .map(|(source, file)| ParsedFile::new(Source::new(&*source.name, rolecall_syntax::print(&file))));
        let documents = documents
            .into_iter()
            .map(|(source, file)| ParsedFile::foreign(source, file));
        let both = PolicySet::compile_files(policies.chain(documents))?;
        let both = both.with_conditions(|clause, condition| {
            let claims = &both.program().issuers()[clause.issuer].profile;
            audiences::without(claims, condition)
        });
        let mut granted = Granted::of(program);
        let found: BTreeSet<Target> = live.iter().flat_map(ForeignFile::targets).collect();
        Ok(Self {
            honest: honest(&both),
            both,
            not_compared: granted.retain(&found),
            granted,
            audiences,
            live: live_roles(&translation.coverage),
            coverage: translation.coverage,
        })
    }

    /// Returns the resources that the policies grant, in order.
    pub fn resources(&self) -> impl Iterator<Item = &Resource> {
        self.granted.resources()
    }

    /// Compares the live roles of some resources with the roles that grant them.
    pub fn compare(&self, resources: &[&Resource]) -> Vec<RoleDrift> {
        let mut sides = Sides {
            live: Analysis::new(&self.both),
            granted: Analysis::new(&self.honest),
        };
        let mut compared = |resource: &&Resource| {
            let same_end = self.live.get(&resource.key()).into_iter().flatten();
            let roles = same_end.filter_map(|index| self.coverage.roles.get(*index));
            let is_named = |role: &&TranslatedRole| {
                let own = role.resource.as_ref();
                own.is_some_and(|own| own.is(&resource.name))
            };
            let live: Vec<&TranslatedRole> = roles.filter(is_named).collect();
            let state = self.state(resource, &live, &mut sides);
            RoleDrift::new(resource, self.granted.roles(resource), &live, state)
        };
        resources.iter().map(&mut compared).collect()
    }

    fn state(&self, resource: &Resource, live: &[&TranslatedRole], sides: &mut Sides<'_>) -> DriftState {
        let can_be_others = |role: &&TranslatedRole| {
            let own = role.resource.as_ref().filter(|own| !own.is_whole);
            own.is_some_and(|own| self.granted.named(own).count() > 1)
        };
        match live {
            [] => return DriftState::Missing,
            live if live.iter().any(can_be_others) => return DriftState::Untranslated("name-of-several"),
            // Two documents may be of two days. The bindings of a service account are together.
            [_, _, ..] if resource.target != Target::Google => {
                return DriftState::Untranslated("role-given-twice");
            }
            _ => {}
        }
        let program = self.both.program();
        let for_tokens = live.iter().filter(|role| role.fidelity != Fidelity::NotForTokens);
        let mut ids: Vec<RoleId> = Vec::new();
        for role in for_tokens {
            match (&role.fidelity, program.role(&role.name)) {
                (Fidelity::Exact, Some(id)) => ids.push(id),
                (fidelity, _) => return DriftState::Untranslated(code(fidelity)),
            }
        }
        let names = self.granted.roles(resource).iter();
        let Some(granting) = names
            .map(|name| program.role(name))
            .collect::<Option<Vec<RoleId>>>()
        else {
            return DriftState::Untranslated("not-compiled");
        };
        DriftState::Compared {
            wider: missed(&mut sides.live, &ids, &granting),
            narrower: missed(&mut sides.granted, &granting, &ids),
        }
    }

    /// Returns the result: some compared roles, and the live ones that no policy grants.
    pub fn finish(self, mut roles: Vec<RoleDrift>) -> Drift {
        for role in &self.coverage.roles {
            let Some(resource) = &role.resource else { continue };
            let is_granted = self.granted.named(resource).next().is_some();
            if !is_granted && role.fidelity != Fidelity::NotForTokens {
                roles.push(RoleDrift::new(resource, &[], &[role], DriftState::Unknown));
            }
        }
        Drift {
            roles,
            audiences: self.audiences.different(),
            not_compared: self.not_compared,
            coverage: self.coverage,
        }
    }
}

impl RoleDrift {
    fn new(resource: &Resource, roles: &[String], live: &[&TranslatedRole], state: DriftState) -> Self {
        let principals = live.iter().flat_map(|role| &role.beside).filter_map(principal);
        Self {
            resource: resource.clone(),
            roles: roles.to_vec(),
            live: live.iter().map(|role| role.name.clone()).collect(),
            state,
            also_admits: principals.collect(),
        }
    }
}

fn live_roles(coverage: &Coverage) -> HashMap<(Target, String), Vec<usize>> {
    let mut live: HashMap<(Target, String), Vec<usize>> = HashMap::new();
    for (index, role) in coverage.roles.iter().enumerate() {
        if let Some(resource) = &role.resource {
            live.entry(resource.key()).or_default().push(index);
        }
    }
    live
}

/// The analyses of both directions.
struct Sides<'s> {
    live: Analysis<'s>,
    granted: Analysis<'s>,
}

/// Returns the set in which the roles of policies are for tokens whose subjects are as the profiles say.
fn honest(set: &PolicySet) -> PolicySet {
    let program = set.program();
    set.with_conditions(
        |clause, condition| match program.is_foreign(clause.location.file()) {
            true => condition.clone(),
            false => with_derived_subject(&program.issuers()[clause.issuer], condition),
        },
    )
}

/// Returns a token that gets one of some roles and none of some others.
fn missed(analysis: &mut Analysis<'_>, roles: &[RoleId], others: &[RoleId]) -> Answer {
    let mut answer = Answer::Nothing;
    for role in roles {
        match missed_by_one(analysis, *role, others) {
            Answer::Nothing => {}
            Answer::Token(witness) => return Answer::Token(witness),
            other => answer = other,
        }
    }
    answer
}

/// Returns a token that gets a role and none of some others. A single other role needs one search alone.
fn missed_by_one(analysis: &mut Analysis<'_>, role: RoleId, others: &[RoleId]) -> Answer {
    // Whatever is not proved is not decided.
    let undecided = || Answer::NotDecided(Undecided::Claims { limit: 0 });
    if let [only] = others {
        return match analysis.implies(role, *only) {
            Outcome::Proved => Answer::Nothing,
            Outcome::Refuted(Some(witness)) => Answer::Token(witness),
            Outcome::NotDecided(reason) => Answer::NotDecided(reason),
            _ => undecided(),
        };
    }
    match analysis.covered(role, others) {
        Covered::By(_) => Answer::Nothing,
        Covered::Not(witness) => Answer::Token(witness),
        Covered::NotDecided(reason) => Answer::NotDecided(reason),
        _ => undecided(),
    }
}

fn code(fidelity: &Fidelity) -> &'static str {
    match fidelity {
        Fidelity::Exact => "not-compiled",
        Fidelity::Narrower(code) | Fidelity::Refused(code) | Fidelity::Wider(code) => code,
        Fidelity::NotForTokens => "not-for-tokens",
    }
}

fn principal(fact: &Fact) -> Option<String> {
    match fact {
        Fact::Principal(principal) => Some(principal.clone()),
        _ => None,
    }
}
