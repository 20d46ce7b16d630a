//! The check of the rendered site: each link leads somewhere, and nothing is loaded from elsewhere.

mod document;

use crate::address;
use anyhow::{Context, Result};
use document::{Document, Use};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

/// Schemes of links to elsewhere. Their targets are not fetched, so that the check works offline.
const SCHEMES: &[&str] = &["http", "https", "mailto"];

/// Returns a message for each fault in the files of a folder. `sources` has the source of each page.
///
/// # Errors
///
/// If a file cannot be read.
pub(crate) fn faults(site: &Path, sources: &BTreeMap<String, String>) -> Result<Vec<String>> {
    let mut files = BTreeSet::new();
    find(site, "", &mut files)?;
    let mut documents = BTreeMap::new();
    for file in &files {
        let read = || fs::read_to_string(site.join(file)).with_context(|| format!("cannot read `{file}`"));
        if file.ends_with(".html") {
            documents.insert(file.as_str(), Document::html(&read()?));
        } else if file.ends_with(".css") {
            documents.insert(file.as_str(), Document::css(&read()?));
        }
    }
    let site = Site {
        files: &files,
        documents: &documents,
        sources,
    };
    let mut faults = BTreeSet::new();
    for (file, document) in &documents {
        let name = site.name(file);
        let uses = document.uses.iter();
        let broken = uses.filter_map(|used| Some((&used.target, site.fault(file, used)?)));
        faults.extend(broken.map(|(target, fault)| format!("{name}: `{target}` {fault}")));
        let repeated = document.repeated.iter();
        faults.extend(repeated.map(|id| {
            format!("{name}: `#{id}` is the id of two elements: rename one of the headings or ids")
        }));
    }
    Ok(faults.into_iter().collect())
}

/// The files of the site, and those of them that have links.
struct Site<'a> {
    files: &'a BTreeSet<String>,
    documents: &'a BTreeMap<&'a str, Document>,
    sources: &'a BTreeMap<String, String>,
}

impl<'a> Site<'a> {
    /// The source of a page, or the address of another file.
    fn name(&self, file: &'a str) -> &'a str {
        self.sources.get(file).map_or(file, String::as_str)
    }

    fn fault(&self, file: &'a str, used: &Use) -> Option<String> {
        let target = used.target.as_str();
        if let Some(scheme) = address::scheme(target) {
            return match used.is_loaded {
                true if scheme == "data" => None,
                true => Some("is loaded from elsewhere: commit a copy, and use it".to_owned()),
                false if SCHEMES.contains(&scheme) => None,
                false => Some("leads out of the site: use a relative link, or `https`".to_owned()),
            };
        }
        if target.starts_with('/') {
            return Some("depends on the folder of the site: use a relative link".to_owned());
        }
        let (path, fragment) = address::split(target);
        let path = path.split('?').next().unwrap_or_default();
        let is_folder = path.ends_with('/') || path.ends_with("..");
        let found = match path {
            "" => file.to_owned(),
            path => match address::resolve(file, path) {
                Some(found) if !is_folder => found,
                Some(found) if found.is_empty() => "index.html".to_owned(),
                Some(found) => format!("{found}/index.html"),
                None => return Some("leads out of the site: fix the link".to_owned()),
            },
        };
        if !self.files.contains(&found) {
            return Some("does not exist: fix the link".to_owned());
        }
        let fragment = fragment.filter(|fragment| !fragment.is_empty())?;
        let found = self.documents.get_key_value(found.as_str());
        let has_it = found.is_some_and(|(_, document)| document.ids.contains(&fragment));
        let page = found.map_or(path, |(page, _)| self.name(page));
        (!has_it)
            .then(|| format!("has no target `#{fragment}` in `{page}`: use the id of one of its headings"))
    }
}

/// Finds all files below a folder.
fn find(folder: &Path, name: &str, files: &mut BTreeSet<String>) -> Result<()> {
    let entries = fs::read_dir(folder).with_context(|| format!("cannot read `{}`", folder.display()))?;
    for entry in entries {
        let entry = entry?;
        let inner = entry.file_name();
        let inner = inner.to_str().context("a file name is not UTF-8: rename it")?;
        let name = match name {
            "" => inner.to_owned(),
            name => format!("{name}/{inner}"),
        };
        if entry.path().is_dir() {
            find(&entry.path(), &name, files)?;
        } else {
            files.insert(name);
        }
    }
    Ok(())
}
