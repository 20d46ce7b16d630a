//! Links of pages: from files of the repository to pages and files of the site.

use crate::address;
use crate::repository::Repository;
use crate::rust_docs::replace;
use mdbook_markdown::pulldown_cmark::{Event, Options, Parser, Tag};
use std::collections::{BTreeMap, BTreeSet};

/// The places of everything that the site has, and the faults of links so far.
#[derive(Debug)]
pub(crate) struct Links<'a> {
    repository: &'a Repository,
    /// The address of the page that is made of a file.
    pages: BTreeMap<String, String>,
    /// The files and folders that are linked: to copy and to list.
    wanted: BTreeSet<String>,
    /// A message for each broken link.
    pub(crate) faults: Vec<String>,
}

impl<'a> Links<'a> {
    /// Takes the address of the page for each file that has one.
    pub(crate) fn new(repository: &'a Repository, pages: BTreeMap<String, String>) -> Self {
        Self {
            repository,
            pages,
            wanted: BTreeSet::new(),
            faults: Vec::new(),
        }
    }

    /// Returns the text of a page with links of the site.
    pub(crate) fn rewrite(&mut self, source: &str, markdown: &str) -> String {
        let page = self.pages.get(source).cloned().unwrap_or_default();
        // As mdBook parses pages.
        let options = Options::ENABLE_TABLES
            | Options::ENABLE_FOOTNOTES
            | Options::ENABLE_STRIKETHROUGH
            | Options::ENABLE_TASKLISTS
            | Options::ENABLE_HEADING_ATTRIBUTES;
        let mut edits = Vec::new();
        for (event, range) in Parser::new_ext(markdown, options).into_offset_iter() {
            let (Event::Start(Tag::Link { dest_url, .. }) | Event::Start(Tag::Image { dest_url, .. })) =
                event
            else {
                continue;
            };
            if dest_url.starts_with('#') || address::scheme(&dest_url).is_some() {
                continue;
            }
            let edit = self.target(source, &page, &dest_url).and_then(|target| {
                let link = markdown.get(range.clone()).unwrap_or_default();
                let place = place(range.start, link, &dest_url);
                let place = place.ok_or("is not written as `[text](target)`: write it so".to_owned())?;
                Ok((place, target))
            });
            match edit {
                Ok(edit) => edits.push(edit),
                Err(fault) => self.faults.push(format!("{source}: `{dest_url}` {fault}")),
            }
        }
        replace(markdown, edits)
    }

    fn target(&mut self, source: &str, page: &str, link: &str) -> Result<String, String> {
        let (path, fragment) = address::split(link);
        let path =
            address::resolve(source, &path).ok_or("leads out of the repository: link to a file in it")?;
        let place = self.place(&path)?;
        let fragment = fragment.map(|fragment| format!("#{fragment}"));
        Ok(address::relative(page, &place) + &fragment.unwrap_or_default())
    }

    /// The address of a file or a folder of the repository, which the site then has.
    fn place(&mut self, path: &str) -> Result<String, String> {
        let index = match path {
            "" => "README.md".to_owned(),
            path => format!("{path}/README.md"),
        };
        if let Some(page) = self.pages.get(path).or_else(|| self.pages.get(&index)) {
            return Ok(page.clone());
        }
        let place = match self.repository.has(path) {
            true => address::copy(path),
            false if self.repository.below(path).next().is_some() => address::listing(path),
            false if self.repository.path(path).exists() => {
                return Err("is not committed: `git add` it, or remove the link".to_owned());
            }
            false => return Err("does not exist: fix the path".to_owned()),
        };
        self.wanted.insert(path.to_owned());
        Ok(place)
    }

    /// The address and the content of each listing, and the linked files with their addresses. Listed files are
    /// also linked.
    pub(crate) fn linked(mut self) -> Linked {
        let mut linked = Linked::default();
        while let Some(path) = self.wanted.pop_first() {
            if self.repository.has(&path) {
                let copy = address::copy(&path);
                linked.copies.insert(path, copy);
                continue;
            }
            let listing = address::listing(&path);
            if linked.listings.contains_key(&listing) {
                continue;
            }
            let mut rows = String::new();
            for name in self.repository.entries(&path) {
                let entry = format!("{path}/{}", name.trim_end_matches('/'));
                if let Ok(place) = self.place(&entry) {
                    let href = address::relative(&listing, &place);
                    rows.push_str(&format!("<li><a href=\"{href}\">{}</a></li>\n", text(&name)));
                }
            }
            let html = folder_page(&listing, &text(&path), &rows);
            linked.listings.insert(listing, html);
        }
        linked
    }
}

/// The files beside the pages.
#[derive(Debug, Default)]
pub(crate) struct Linked {
    /// The address of each file to copy.
    pub(crate) copies: BTreeMap<String, String>,
    /// The HTML at each address of a listing.
    pub(crate) listings: BTreeMap<String, String>,
}

/// The range of the target in the source of an inline link that begins at an offset.
fn place(start: usize, link: &str, target: &str) -> Option<std::ops::Range<usize>> {
    let (before, after) = link.rsplit_once("](")?;
    if !after.starts_with(target) {
        return None;
    }
    let start = start.checked_add(before.len())?.checked_add("](".len())?;
    Some(start..start.checked_add(target.len())?)
}

fn folder_page(listing: &str, path: &str, rows: &str) -> String {
    let home = address::relative(listing, "index.html");
    format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>{path}</title>\n\
         <style>:root {{ color-scheme: light dark }} body {{ font: 1rem/1.6 sans-serif; margin: 2rem auto; \
         max-width: 50rem; padding: 0 1rem }}</style>\n</head>\n<body>\n<p><a href=\"{home}\">Rolecall</a></p>\n\
         <h1>{path}</h1>\n<ul>\n{rows}</ul>\n</body>\n</html>\n"
    )
}

fn text(name: &str) -> String {
    name.replace('&', "&amp;").replace('<', "&lt;")
}
