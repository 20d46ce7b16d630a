//! Values of the form of a registry.

use super::registry::{Ci, Publisher};
use crate::export::Refusal;
use crate::export::part::Document;

/// The values of a publisher.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::export) struct Fields {
    pub(super) ci: Ci,
    /// The owner of a repository, or the namespace of a project.
    pub(super) owner: String,
    pub(super) project: String,
    pub(super) workflow: String,
    /// The environment; none if it is not compared.
    pub(super) environment: Option<String>,
}

impl Fields {
    /// Returns the values, unless a form does not take them.
    pub(super) fn new(
        ci: Ci,
        path: &str,
        workflow: &str,
        environment: Option<&str>,
    ) -> Result<Self, Refusal> {
        let split = match ci {
            Ci::GitHub => path.split_once('/').filter(|(_, name)| !name.contains('/')),
            // Groups are in groups.
            Ci::GitLab => path.rsplit_once('/'),
        };
        let (owner, project) = split.ok_or_else(|| Refusal {
            message: format!("`{path}` is not the path of a project"),
            help: "write `OWNER/NAME`".to_owned(),
        })?;
        let is_file = [".yml", ".yaml"]
            .iter()
            .any(|end| workflow.strip_suffix(end).is_some_and(|stem| !stem.is_empty()));
        let is_plain = |c: char| c.is_ascii_graphic() && !"\"'`\\".contains(c);
        if !is_file || !workflow.chars().all(is_plain) || ci == Ci::GitHub && workflow.contains('/') {
            return Err(Refusal {
                message: format!("`{workflow}` is not the name of a workflow file"),
                help: "name the file as it is called in the repository: `release.yml`".to_owned(),
            });
        }
        let texts = [owner, project, workflow].into_iter().chain(environment);
        if let Some(text) = { texts }.find(|text| text.is_empty() || text.contains(char::is_control)) {
            return Err(Refusal {
                message: format!("`{text}` cannot be typed into a form"),
                help: "compare another text".to_owned(),
            });
        }
        Ok(Self {
            ci,
            owner: owner.to_owned(),
            project: project.to_owned(),
            workflow: workflow.to_owned(),
            environment: environment.map(str::to_owned),
        })
    }

    /// Returns the values as they are typed, each on a line.
    pub(super) fn text<P: Publisher>(&self) -> String {
        let values = [&self.owner, &self.project, &self.workflow];
        let values = values.into_iter().chain(&self.environment);
        let lines = P::labels(self.ci)
            .into_iter()
            .zip(values)
            .map(|(label, value)| format!("{label}: {value}\n"));
        format!(
            "Registry: {}\nPublisher: {}\n{}",
            P::NAME,
            self.ci.name(),
            lines.collect::<String>()
        )
    }

    /// Reads the lines back.
    pub(super) fn read<P: Publisher>(document: &Document) -> Option<Self> {
        let mut lines = document.text.lines().map(|line| line.split_once(": "));
        let mut value = |label: &str| {
            let (found, value) = lines.next()??;
            (found == label).then_some(value)
        };
        value("Registry").filter(|name| *name == P::NAME)?;
        let publisher = value("Publisher")?;
        let ci = [Ci::GitHub, Ci::GitLab]
            .into_iter()
            .find(|ci| ci.name() == publisher)?;
        let [owner, project, workflow, environment] = P::labels(ci);
        let path = format!("{}/{}", value(owner)?, value(project)?);
        let workflow = value(workflow)?;
        let environment = value(environment);
        Self::new(ci, &path, workflow, environment).ok()
    }
}
