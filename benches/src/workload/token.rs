//! Tokens: half of them are of the job of a role, the others of any job.

use super::claim::Claim;
use super::kind::Kind;
use super::organisation::{AUDIENCES, ISSUERS, Project};
use super::random::Random;
use super::reference::{Reference, release, sub};
use super::role::Role;

/// A token of GitLab.
#[derive(Clone, Debug)]
pub struct Token {
    /// The claims that roles ask for, in the order of [`Claim::ALL`].
    claims: [Option<String>; Claim::ALL.len()],
    /// All of its claims, as JSON.
    pub json: String,
}

impl Token {
    /// A claim, if the token has it.
    pub fn claim(&self, claim: Claim) -> Option<&str> {
        self.claims[claim as usize].as_deref()
    }

    pub(super) fn new(roles: &[Role], projects: &[Project], random: &mut Random) -> Self {
        let (mut issuer, mut audience) = (random.weighted(&ISSUERS), random.weighted(&AUDIENCES));
        let job = match random.below(100) {
            0..50 => {
                let role = random.one(roles);
                (issuer, audience) = (role.issuer, role.audience);
                Job::of(role, random)
            }
            50..75 => Job::any(random.one(projects).clone(), random),
            75..87 => {
                let id = 100_000 + random.below(100_000);
                Job::any(random.one(projects).beside(id, random), random)
            }
            _ => Job::any(Project::foreign(random), random),
        };
        job.token(issuer, audience, random)
    }
}

/// A job.
struct Job {
    project: Project,
    reference: Reference,
    is_protected: bool,
    /// An environment and its tier.
    environment: Option<(String, &'static str)>,
}

impl Job {
    /// A job that wants a role.
    fn of(role: &Role, random: &mut Random) -> Self {
        let reference = match role.kind {
            Kind::Exact => role.reference.clone(),
            Kind::AnyOfProject | Kind::Deployments => any_reference(random),
            Kind::MainOfNamespace | Kind::MainOfName | Kind::Production => Reference::branch("main"),
            Kind::ReleasesOfProject => Reference::branch(release(random)),
            Kind::BranchesOfGroup => Reference::branch(*random.one(&["main", "production", "staging"])),
            Kind::TagsOfProject | Kind::TagsOfTwo | Kind::VersionsRegex => Reference::tag(version(random)),
            Kind::ProtectedRefs | Kind::ProjectsRegex if random.percent(70) => Reference::branch("main"),
            Kind::ProtectedRefs | Kind::ProjectsRegex => Reference::branch(release(random)),
            Kind::RefsRegex => Reference::branch(format!("hotfix/OPS-{}", random.below(1_000))),
        };
        let mut job = Self::any(role.project.clone(), random);
        job.reference = reference;
        if matches!(role.kind, Kind::ProtectedRefs | Kind::Production) {
            job.is_protected = true;
        }
        match role.kind {
            Kind::Production => job.environment = Some(("production".to_owned(), "production")),
            Kind::Deployments => {
                let name = *random.one(&["production", "staging"]);
                job.environment = Some((name.to_owned(), "production"));
            }
            _ => {}
        }
        job
    }

    /// Any job of a project.
    fn any(project: Project, random: &mut Random) -> Self {
        let environment = random.percent(25).then(|| match random.below(10) {
            0..4 => ("production".to_owned(), "production"),
            4..7 => ("staging".to_owned(), "staging"),
            _ => (format!("review/{}", random.below(1_000)), "development"),
        });
        let reference = any_reference(random);
        Self {
            project,
            is_protected: !reference.name.starts_with("feature/") && random.percent(85),
            reference,
            environment,
        }
    }

    fn token(self, issuer: &str, audience: &str, random: &mut Random) -> Token {
        let path = self.project.path();
        let (environment, tier) = self.environment.unzip();
        let claims = [
            Some(issuer.to_owned()),
            Some(audience.to_owned()),
            Some(sub(&path, &self.reference)),
            Some(path),
            Some(self.project.namespace),
            Some(self.reference.name),
            Some(if self.reference.is_tag { "tag" } else { "branch" }.to_owned()),
            Some(self.is_protected.to_string()),
            environment,
            tier.map(str::to_owned),
        ];
        let json = json(&claims, random);
        Token { claims, json }
    }
}

/// A ref of any job.
fn any_reference(random: &mut Random) -> Reference {
    match random.below(100) {
        0..35 => Reference::usual(random),
        35..45 => Reference::tag(version(random)),
        _ => Reference::branch(format!("feature/ABC-{}-cleanup", random.below(10_000))),
    }
}

fn version(random: &mut Random) -> String {
    format!("v{}.{}.{}", random.below(10), random.below(20), random.below(10))
}

/// Returns the claims as GitLab writes them, with its other claims.
fn json(claims: &[Option<String>; Claim::ALL.len()], random: &mut Random) -> String {
    let claim = |claim: Claim| claims[claim as usize].as_deref().unwrap_or_default();
    let (issuer, path, reference) = (claim(Claim::Iss), claim(Claim::ProjectPath), claim(Claim::Ref));
    let kind = if claim(Claim::RefType) == "tag" {
        "tags"
    } else {
        "heads"
    };
    let host = issuer.trim_start_matches("https://");
    let mut number = || (10_000 + random.below(90_000_000)).to_string();
    let (space, space_id, project_id) = (claim(Claim::NamespacePath), number(), number());
    let (user, pipeline, sha) = (number(), number(), format!("{:0>40}", number()));
    let mut members = vec![
        ("namespace_id", space_id.clone()),
        ("namespace_path", space.to_owned()),
        ("project_id", project_id.clone()),
        ("project_path", path.to_owned()),
        ("job_namespace_id", space_id),
        ("job_namespace_path", space.to_owned()),
        ("job_project_id", project_id),
        ("job_project_path", path.to_owned()),
        ("user_id", user.clone()),
        ("user_login", format!("user-{user}")),
        ("user_email", format!("user-{user}@acme.example")),
        ("user_access_level", "developer".to_owned()),
        ("pipeline_id", pipeline),
        ("pipeline_source", "push".to_owned()),
        ("job_id", number()),
        ("job_source", "push".to_owned()),
        ("ref", reference.to_owned()),
        ("ref_type", claim(Claim::RefType).to_owned()),
        ("ref_path", format!("refs/{kind}/{reference}")),
        ("ref_protected", claim(Claim::RefProtected).to_owned()),
        ("runner_environment", "self-hosted".to_owned()),
        ("sha", sha.clone()),
        ("project_visibility", "private".to_owned()),
        (
            "ci_config_ref_uri",
            format!("{host}/{path}//.gitlab-ci.yml@refs/{kind}/{reference}"),
        ),
        ("ci_config_sha", sha),
        ("jti", format!("0b1f0d5c-6f3e-4b62-9d6f-{:0>12}", number())),
        ("iss", issuer.to_owned()),
        ("aud", claim(Claim::Aud).to_owned()),
        ("sub", claim(Claim::Sub).to_owned()),
    ];
    if let Some(environment) = &claims[Claim::Environment as usize] {
        members.push(("environment", environment.clone()));
        members.push(("environment_protected", "false".to_owned()));
        members.push(("deployment_tier", claim(Claim::DeploymentTier).to_owned()));
    }
    // Nothing in these needs an escape.
    let members: Vec<String> = members
        .iter()
        .map(|(name, value)| format!("\"{name}\":\"{value}\""))
        .collect();
    format!(
        "{{{},\"groups_direct\":[\"shared/tools\",\"shared/templates\"],\"runner_id\":{},\"iat\":1800000000,\"nbf\":1799999995,\"exp\":1800003600}}",
        members.join(","),
        random.below(1_000)
    )
}
