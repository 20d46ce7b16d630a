//! Reading of dumps.

use super::{GITHUB, GITLAB, Owner, Project, Projects, key};
use crate::document::{DocumentError, Json, Members, Value};
use rolecall_syntax::Span;

/// The usual sizes of pages: 20 and 100 of GitLab, 30 and 100 of GitHub.
const PAGES: [usize; 2] = [20, 30];

impl Projects {
    /// Adds the projects and owners of a dump: one of them, a list of them, or a list of pages.
    ///
    /// # Errors
    /// The text is not JSON, or has no project and no owner.
    pub fn read(&mut self, text: &str) -> Result<(), DocumentError> {
        let document = Json::parse(text)?;
        let mut pages = vec![document.elements()?];
        if pages.iter().flatten().all(|element| element.is_list()) && !pages.concat().is_empty() {
            let inner: Result<Vec<_>, DocumentError> =
                pages.concat().into_iter().map(Json::elements).collect();
            pages = inner?;
        }
        let is_list = document.is_list();
        let mut found = 0_usize;
        for element in pages.concat().into_iter().chain((!is_list).then_some(document)) {
            let is_known = self.read_one(&Members::of(element)?)?;
            found = found.saturating_add(usize::from(is_known));
        }
        if found == 0 && !(is_list && pages.concat().is_empty()) {
            return Err(DocumentError {
                message: "this is not what the API of GitLab or GitHub prints about projects".to_owned(),
                span: Span::at(0),
            });
        }
        // The last page has fewer elements than a page has.
        let last = pages.last().map_or(0, Vec::len);
        let is_full = last > 0 && PAGES.iter().any(|page| last.checked_rem(*page) == Some(0));
        self.is_cut |= is_list && is_full;
        Ok(())
    }

    /// Adds a project or an owner. Returns whether it is one.
    fn read_one(&mut self, members: &Members<'_>) -> Result<bool, DocumentError> {
        let text = |name: &str| -> Result<Option<String>, DocumentError> {
            Ok(members.text(name)?.map(|text| text.node))
        };
        let id = members.get("id").map(number).transpose()?.flatten();
        if let (Some(path), Some(id)) = (text("path_with_namespace")?, &id) {
            let server = server_of_gitlab(text("web_url")?.as_deref(), &path);
            self.add(&server, path, id, id_in(members, "namespace")?);
            return Ok(true);
        }
        if let (Some(path), Some(id)) = (text("full_path")?, &id) {
            let url = text("web_url")?.map(|url| url.replace("/groups/", "/"));
            let server = server_of_gitlab(url.as_deref(), &path);
            let owner = self.owner(&server, &path);
            owner.id = Some(id.clone());
            owner.is_ours = true;
            return Ok(true);
        }
        if let (Some(path), Some(id)) = (text("full_name")?, &id) {
            let server = server_of_github(text("html_url")?.as_deref());
            self.add(&server, path, id, id_in(members, "owner")?);
            return Ok(true);
        }
        if let (Some(login), Some(id)) = (text("login")?, &id) {
            let server = server_of_github(text("html_url")?.as_deref());
            let count = |name: &str| -> Result<Option<u64>, DocumentError> {
                let number = members.get(name).map(number).transpose()?.flatten();
                Ok(number.and_then(|number| number.parse().ok()))
            };
            let (public, private) = (count("public_repos")?, count("total_private_repos")?);
            let owner = self.owner(&server, &login);
            owner.id = Some(id.clone());
            owner.is_ours = true;
            owner.count = public
                .zip(private)
                .map(|(public, private)| public.saturating_add(private));
            return Ok(true);
        }
        // `repo:OWNER@ID/NAME@ID`, from the customization of subjects.
        let prefix = text("sub_claim_prefix")?;
        let named = prefix.as_deref().and_then(of_prefix);
        if let Some((path, id, owner_id)) = named {
            self.add(GITHUB, path, &id, Some(owner_id));
        }
        Ok(prefix.is_some())
    }

    fn add(&mut self, server: &str, path: String, id: &str, owner_id: Option<String>) {
        if let (Some((owner, _)), Some(id)) = (path.rsplit_once('/'), &owner_id) {
            let owner: &mut Owner = self.owner(server, owner);
            owner.id.get_or_insert_with(|| id.clone());
        }
        let id = id.to_owned();
        self.projects
            .insert(key(server, &path), Project { path, id, owner_id });
    }
}

/// Returns the id of an object inside another one.
fn id_in(members: &Members<'_>, name: &str) -> Result<Option<String>, DocumentError> {
    match members.get(name).map(Members::of).transpose()? {
        Some(inner) => Ok(inner.get("id").map(number).transpose()?.flatten()),
        None => Ok(None),
    }
}

/// Returns the digits of a number.
fn number(value: Json<'_>) -> Result<Option<String>, DocumentError> {
    Ok(match value.node()?.node {
        Value::Number(number) if number.bytes().all(|byte| byte.is_ascii_digit()) => Some(number),
        _ => None,
    })
}

fn server_of_gitlab(url: Option<&str>, path: &str) -> String {
    let base = url.and_then(|url| url.strip_suffix(path)?.strip_suffix('/'));
    base.unwrap_or(GITLAB).to_owned()
}

fn server_of_github(url: Option<&str>) -> String {
    let rest = url.and_then(|url| url.strip_prefix("https://"));
    let host = rest
        .and_then(|rest| rest.split('/').next())
        .unwrap_or("github.com");
    match (host, host.strip_suffix(".ghe.com")) {
        ("github.com" | "api.github.com", _) => GITHUB.to_owned(),
        (_, Some(name)) => format!("https://token.actions.{name}.ghe.com"),
        (host, None) => format!("https://{host}/_services/token"),
    }
}

/// Returns the path, the id and the owner's id of the prefix of immutable subjects.
fn of_prefix(prefix: &str) -> Option<(String, String, String)> {
    let (owner, name) = prefix.strip_prefix("repo:")?.split_once('/')?;
    let ((owner, owner_id), (name, id)) = (owner.split_once('@')?, name.split_once('@')?);
    let is_id = |id: &str| !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_digit());
    (is_id(owner_id) && is_id(id)).then(|| (format!("{owner}/{name}"), id.to_owned(), owner_id.to_owned()))
}
