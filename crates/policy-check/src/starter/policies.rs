//! The first policies, and their tests.

use super::{Ci, Starter, quoted};
use rolecall_syntax::EDITION;

impl Starter {
    /// Returns the issuer and the roles.
    pub(super) fn roles(&self) -> String {
        let issuer = self.issuer();
        let profile = match self.ci {
            Ci::Github => "github-actions",
            Ci::Gitlab => "gitlab-ci",
        };
        let mut text = format!(
            "edition {EDITION}\n\nissuer {issuer} {{ url {} profile {profile}\n{}audience {} }}\n\n",
            quoted(&self.url),
            self.of_audience(),
            quoted(&self.audience)
        );
        if self.has_reader() {
            text += &format!("condition {} = {}\n\n", self.condition(), self.is_project());
        }
        let suppressed = self.suppressed().map_or(String::new(), |(rules, reason)| {
            format!("// policy-check: allow({rules}) {reason}\n")
        });
        text += &format!(
            "/// Deploys {} from {}.\nrole {} {{ tags [production] ttl 15m\n{suppressed}allow from {issuer} when {} }}\n",
            self.project,
            self.place(),
            self.role("deploy"),
            self.deploys()
        );
        if self.has_reader() {
            text += &format!(
                "\n/// Reads what any job of {} may read.\nrole {} {{ ttl 15m\n\
                 // policy-check: allow(any-ref) each branch and merge request reads, too\n\
                 allow from {issuer} when {} }}\n",
                self.project,
                self.role("read"),
                self.condition()
            );
        }
        text
    }

    pub(super) fn issuer(&self) -> &'static str {
        match self.ci {
            Ci::Github => "github",
            Ci::Gitlab => "gitlab",
        }
    }

    /// Returns a comment for an audience that everyone has who uses the system.
    fn of_audience(&self) -> String {
        let is_common = self.target.audience() == Some(self.audience.as_str());
        match is_common {
            true => {
                "// policy-check: allow(generic-audience) it is the one that the system expects\n".to_owned()
            }
            false => String::new(),
        }
    }

    fn condition(&self) -> String {
        format!("is_{}", self.word().replace('-', "_"))
    }

    fn is_project(&self) -> String {
        let (project, id) = match self.ci {
            Ci::Github => ("repository", "repository_id"),
            Ci::Gitlab => ("project", "project_id"),
        };
        format!(
            "{project} == {} && {id} == {}",
            quoted(&self.project),
            quoted(&self.id)
        )
    }

    /// Returns the place that a job deploys from, for people.
    fn place(&self) -> String {
        match (&self.environment, self.has_reader()) {
            (Some(environment), false) if self.ci == Ci::Github => {
                format!("jobs of its environment `{environment}`")
            }
            (Some(environment), true) => format!("its branch `{}` to `{environment}`", self.branch),
            _ => format!("its branch `{}`", self.branch),
        }
    }

    /// Returns the condition of the role that deploys. AWS and Azure compare the subject, and GitHub's subject is the
    /// environment if the job has one.
    fn deploys(&self) -> String {
        let branch = &self.branch;
        let environment = self.environment.as_deref().map(quoted);
        match (self.ci, self.has_reader()) {
            (Ci::Gitlab, true) => {
                let environment = environment.map_or(String::new(), |environment| {
                    format!(" && environment == {environment} && environment_protected")
                });
                format!(
                    "{} && ref_type == \"branch\" && ref == {} && ref_protected && pipeline_source in [\"push\", \"web\"]{environment}",
                    self.condition(),
                    quoted(branch)
                )
            }
            (Ci::Github, true) => {
                let environment = environment.map_or(String::new(), |environment| {
                    format!(" && environment == {environment}")
                });
                format!(
                    "{} && ref == {} && ref_protected && event_name in [\"push\", \"workflow_dispatch\"]{environment}",
                    self.condition(),
                    quoted(&format!("refs/heads/{branch}"))
                )
            }
            (Ci::Gitlab, false) => format!("sub == {}", quoted(&self.subject())),
            (Ci::Github, false) => match environment {
                Some(environment) => format!("{} && environment == {environment}", self.is_project()),
                None => format!(
                    "sub == {} && repository_id == {}",
                    quoted(&self.subject()),
                    quoted(&self.id)
                ),
            },
        }
    }

    /// Returns the subject of the branch's jobs.
    pub(super) fn subject(&self) -> String {
        let Self { project, branch, .. } = self;
        match self.ci {
            Ci::Github => format!("repo:{project}:ref:refs/heads/{branch}"),
            Ci::Gitlab => format!("project_path:{project}:ref_type:branch:ref:{branch}"),
        }
    }

    /// Returns the rules that the role for AWS or Azure cannot obey, and the reason.
    fn suppressed(&self) -> Option<(&'static str, String)> {
        if self.has_reader() {
            return None;
        }
        Some(match (self.ci, &self.environment) {
            (Ci::Gitlab, _) => (
                "merge-request-admitted, name-without-id, unprotected-ref",
                format!(
                    "it compares only `sub`: protect `{}`, and keep the project's name",
                    self.branch
                ),
            ),
            (Ci::Github, Some(environment)) => (
                "any-ref",
                format!("the rules of the environment `{environment}` name its branches"),
            ),
            (Ci::Github, None) => (
                "unprotected-ref",
                format!("it does not compare `ref_protected`: protect `{}`", self.branch),
            ),
        })
    }
}
