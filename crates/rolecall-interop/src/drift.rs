//! Drift: roles of policies, and the live roles that they grant.

mod audiences;

use crate::beside::{with_derived_subject, without_grants};
use crate::translation::{Coverage, Fact, Fidelity, ForeignFile, Profiles, TranslatedRole, translate};
use audiences::Audiences;
use rolecall_analysis::{Analysis, Answer, Coverage as Covered, Outcome, Undecided};
use rolecall_engine::ir::Program;
use rolecall_engine::{CompileError, ParsedFile, PolicySet, RoleId, Source};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// The grant with the ARN of a role of AWS.
const GRANT: &str = "aws_role";

/// The differences between policies and live roles.
#[derive(Debug)]
#[non_exhaustive]
pub struct Drift {
    /// The roles, by what the policies grant.
    pub roles: Vec<RoleDrift>,
    /// The issuers whose audiences differ, each with those of the policies and the live ones.
    pub audiences: Vec<(String, [BTreeSet<String>; 2])>,
    /// The part of the documents that is covered.
    pub coverage: Coverage,
}

/// The difference of a live role.
#[derive(Debug)]
#[non_exhaustive]
pub struct RoleDrift {
    /// The name in its system, such as an ARN.
    pub resource: String,
    /// The roles of the policies that grant it.
    pub roles: Vec<String>,
    /// The live role, as it is called here; none if no document has it.
    pub live: Option<String>,
    /// The difference.
    pub state: DriftState,
    /// The principals that get the live role without a token.
    pub also_admits: Vec<String>,
}

/// The state of a live role.
#[derive(Debug)]
#[non_exhaustive]
pub enum DriftState {
    /// The tokens that get in are compared, whatever their audience and the fit of grants.
    Compared {
        /// A token that gets in, and gets no role that grants it.
        wider: Answer,
        /// A token that gets such a role, and does not get in.
        narrower: Answer,
    },
    /// No document has the live role.
    Missing,
    /// No policy grants the live role.
    Unknown,
    /// The live role is not translated exactly, for this reason.
    Untranslated(&'static str),
}

impl RoleDrift {
    /// Returns whether it is proved that the same tokens get in.
    pub fn is_equal(&self) -> bool {
        matches!(
            self.state,
            DriftState::Compared {
                wider: Answer::Nothing,
                narrower: Answer::Nothing
            }
        )
    }
}

/// A comparison of policies with live roles. A caller with threads asks about some resources in each.
#[derive(Debug)]
pub struct DriftComparison {
    both: PolicySet,
    /// The set in which the roles of policies are for tokens whose subjects are as the profiles say.
    honest: PolicySet,
    granted: BTreeMap<String, Vec<String>>,
    audiences: Audiences,
    coverage: Coverage,
}

/// Compares each role of AWS that policies grant with the live one of its ARN, and finds the other roles of those documents that
/// are for tokens. `profiles` has the profiles of issuers by their URLs.
///
/// # Errors
/// The policies and the documents do not compile together.
pub fn drift(
    set: &PolicySet,
    live: &[ForeignFile],
    profiles: BTreeMap<String, String>,
) -> Result<Drift, CompileError> {
    let comparison = DriftComparison::new(set, live, profiles)?;
    let resources: Vec<&str> = comparison.resources().collect();
    let roles = comparison.compare(&resources);
    Ok(comparison.finish(roles))
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
        Ok(Self {
            honest: honest(&both),
            both,
            granted: granted(program),
            audiences,
            coverage: translation.coverage,
        })
    }

    /// Returns the resources that the policies grant, in order.
    pub fn resources(&self) -> impl Iterator<Item = &str> {
        self.granted.keys().map(String::as_str)
    }

    /// Compares the live roles of some resources with the roles that grant them.
    pub fn compare(&self, resources: &[&str]) -> Vec<RoleDrift> {
        let program = self.both.program();
        let (mut analysis, mut honest) = (Analysis::new(&self.both), Analysis::new(&self.honest));
        let mut live: HashMap<&str, Vec<&TranslatedRole>> = HashMap::new();
        for role in &self.coverage.roles {
            if let Some(resource) = &role.resource {
                live.entry(resource).or_default().push(role);
            }
        }
        let mut compared = |resource: &&str| {
            let names = self.granted.get(*resource).map(Vec::as_slice).unwrap_or_default();
            let role = match live.get(resource).map(Vec::as_slice) {
                Some([role]) => *role,
                // Two documents may be of two days.
                Some([_, ..]) => {
                    return RoleDrift::new(
                        resource,
                        names,
                        None,
                        DriftState::Untranslated("role-given-twice"),
                    );
                }
                _ => return RoleDrift::new(resource, names, None, DriftState::Missing),
            };
            let ids: Option<Vec<RoleId>> = names.iter().map(|name| program.role(name)).collect();
            let state = match (&role.fidelity, program.role(&role.name).zip(ids)) {
                (Fidelity::Exact, Some((live, ids))) => {
                    let wider = missed(&mut analysis, live, &ids);
                    let mut narrower = Answer::Nothing;
                    for id in ids {
                        if narrower == Answer::Nothing {
                            narrower = missed(&mut honest, id, &[live]);
                        }
                    }
                    DriftState::Compared { wider, narrower }
                }
                (fidelity, _) => DriftState::Untranslated(code(fidelity)),
            };
            let mut drift = RoleDrift::new(resource, names, Some(&role.name), state);
            drift.also_admits = principals(&role.beside);
            drift
        };
        resources.iter().map(&mut compared).collect()
    }

    /// Returns the result: some compared roles, and the live ones that no policy grants.
    pub fn finish(self, mut roles: Vec<RoleDrift>) -> Drift {
        for role in &self.coverage.roles {
            let resource = role.resource.as_ref();
            let Some(resource) = resource.filter(|resource| !self.granted.contains_key(*resource)) else {
                continue;
            };
            if role.fidelity != Fidelity::NotForTokens {
                let mut drift = RoleDrift::new(resource, &[], Some(&role.name), DriftState::Unknown);
                drift.also_admits = principals(&role.beside);
                roles.push(drift);
            }
        }
        Drift {
            roles,
            audiences: self.audiences.different(),
            coverage: self.coverage,
        }
    }
}

impl RoleDrift {
    fn new(resource: &str, roles: &[String], live: Option<&str>, state: DriftState) -> Self {
        Self {
            resource: resource.to_owned(),
            roles: roles.to_vec(),
            live: live.map(str::to_owned),
            state,
            also_admits: Vec::new(),
        }
    }
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

/// Returns the roles that grant each ARN. A grant with claims in it is for no role that is known before.
fn granted(program: &Program) -> BTreeMap<String, Vec<String>> {
    let mut granted: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (id, role) in program.roles().iter() {
        for (place, _) in role
            .grants
            .iter()
            .enumerate()
            .filter(|(_, name)| &***name == GRANT)
        {
            let clauses = program.clauses(id).iter();
            let templates = clauses.filter_map(|clause| {
                let template = clause.grants().get(place)?;
                let is_constant = template.claims().next().is_none();
                is_constant.then(|| program.issuers()[clause.issuer].profile.written(template))
            });
            for arn in templates.collect::<BTreeSet<String>>() {
                granted.entry(arn).or_default().push(role.name.to_string());
            }
        }
    }
    granted
}

/// Returns a token that gets a role and none of some others. A single other role needs one search alone.
fn missed(analysis: &mut Analysis<'_>, role: RoleId, others: &[RoleId]) -> Answer {
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

fn principals(facts: &BTreeSet<Fact>) -> Vec<String> {
    let principals = facts.iter().filter_map(|fact| match fact {
        Fact::Principal(principal) => Some(principal.clone()),
        _ => None,
    });
    principals.collect()
}
