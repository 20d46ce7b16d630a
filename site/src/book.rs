//! The book: its pages with links of the site, and everything beside them.

use crate::links::{Linked, Links};
use crate::repository::Repository;
use crate::{address, check, contents, left_out};
use anyhow::{Context, Result, anyhow, bail};
use mdbook_driver::MDBook;
use mdbook_driver::book::{Book, Chapter};
use mdbook_driver::config::Config;
use mdbook_summary::Summary;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// The settings of mdBook.
const SETTINGS: &str = "site/book.toml";
/// The pages of the book, in order.
const SUMMARY: &str = "site/SUMMARY.md";
/// The Markdown files that are not pages.
const LEFT_OUT: &str = "site/left-out.txt";
/// A file of the site larger than this is not for readers.
const LARGEST_COPY: u64 = 1024 * 1024;

/// The site to build.
#[derive(Debug)]
#[expect(clippy::exhaustive_structs, reason = "the program constructs it")]
pub struct Options {
    /// The programs whose help is part of the site.
    pub programs: Vec<PathBuf>,
    /// The checkout.
    pub root: PathBuf,
    /// The folder to write, whose content is replaced.
    pub out: PathBuf,
    /// A built playground, which is copied to `play`.
    pub playground: Option<PathBuf>,
}

/// Builds the site, checks its links, and returns a message for each fault.
///
/// # Errors
///
/// If the site cannot be built.
pub fn build(options: &Options) -> Result<Vec<String>> {
    let repository = Repository::open(&options.root)?;
    let mut book = contents::read(&repository, SUMMARY, &options.programs)?;
    let pages = pages(&book)?;
    let sources: BTreeSet<String> = pages.keys().cloned().collect();
    let list = repository.read(LEFT_OUT)?;
    let mut faults = left_out::faults(&repository, SUMMARY, LEFT_OUT, &list, &sources);

    let mut links = Links::new(&repository, pages.clone());
    book.for_each_chapter_mut(|chapter| {
        chapter.content = links.rewrite(&source(chapter), &chapter.content);
    });
    faults.append(&mut links.faults);
    if !faults.is_empty() {
        return Ok(faults);
    }
    if options.playground.is_some() {
        let text =
            "# Playground\n\n[Open the playground](play/index.html): policies and tokens in your browser.\n";
        let chapter = Chapter::new("Playground", text.to_owned(), "playground.md", Vec::new());
        let first = book.items.len().min(1);
        book.items.insert(first, chapter.into());
    }

    render(options, book)?;
    write(options, &repository, &links.linked())?;
    if let Some(playground) = &options.playground {
        copy_folder(playground, &options.out.join("play"))?;
    }
    let sources = pages.into_iter().map(|(source, html)| (html, source)).collect();
    check::faults(&options.out, &sources)
}

/// The source of a page.
fn source(chapter: &Chapter) -> String {
    let source = chapter.source_path.as_ref().and_then(|path| path.to_str());
    source.unwrap_or_default().to_owned()
}

/// The address of the page of each source.
fn pages(book: &Book) -> Result<BTreeMap<String, String>> {
    let mut pages = BTreeMap::new();
    let mut addresses = BTreeSet::new();
    for chapter in book.chapters() {
        let path = chapter.path.as_ref().and_then(|path| path.to_str());
        let html = address::html(path.unwrap_or_default());
        let source = source(chapter);
        if !addresses.insert(html.clone()) {
            bail!("`{source}` is a second page `{html}`: remove it from `{SUMMARY}`");
        }
        pages.insert(source, html);
    }
    Ok(pages)
}

fn render(options: &Options, book: Book) -> Result<()> {
    let is_other =
        |mut entries: fs::ReadDir| entries.next().is_some() && !options.out.join("toc.html").exists();
    if fs::read_dir(&options.out).is_ok_and(is_other) {
        bail!(
            "`{}` has other files, which would be deleted: name an empty folder",
            options.out.display()
        );
    }
    let root = fs::canonicalize(&options.root).context("cannot find the checkout")?;
    fs::create_dir_all(&options.out).with_context(|| format!("cannot write `{}`", options.out.display()))?;
    let mut settings = Config::from_disk(root.join(SETTINGS))?;
    settings.build.build_dir = fs::canonicalize(&options.out)?;
    // mdBook copies all files beside the sources of pages.
    let empty = tempfile::tempdir()?;
    settings.book.src = empty.path().to_owned();
    let site = root.join(SETTINGS);
    let site = site.parent().context("the settings are in a folder")?;
    let mut rendered = MDBook::load_with_config_and_summary(site, settings, Summary::default())?;
    rendered.book = book;
    rendered.build()
}

fn write(options: &Options, repository: &Repository, linked: &Linked) -> Result<()> {
    for (source, copy) in &linked.copies {
        let from = repository.path(source);
        let size = fs::metadata(&from)
            .with_context(|| format!("cannot read `{source}`"))?
            .len();
        if size > LARGEST_COPY {
            bail!("`{source}` has {size} bytes, too many for the site: remove the link to it");
        }
        let bytes = fs::read(&from).with_context(|| format!("cannot read `{source}`"))?;
        write_new(&options.out.join(copy), &bytes)?;
    }
    for (address, html) in &linked.listings {
        write_new(&options.out.join(address), html.as_bytes())?;
    }
    Ok(())
}

/// Writes a file that the site does not have yet.
fn write_new(path: &Path, bytes: &[u8]) -> Result<()> {
    if path.exists() {
        return Err(anyhow!(
            "`{}` is written twice: rename one of its sources",
            path.display()
        ));
    }
    let folder = path.parent().unwrap_or(path);
    fs::create_dir_all(folder).with_context(|| format!("cannot write `{}`", folder.display()))?;
    fs::write(path, bytes).with_context(|| format!("cannot write `{}`", path.display()))
}

fn copy_folder(from: &Path, to: &Path) -> Result<()> {
    let entries = fs::read_dir(from).with_context(|| format!("cannot read `{}`", from.display()))?;
    for entry in entries {
        let path = entry?.path();
        let to = to.join(path.file_name().unwrap_or_default());
        if path.is_dir() {
            copy_folder(&path, &to)?;
        } else {
            let bytes = fs::read(&path).with_context(|| format!("cannot read `{}`", path.display()))?;
            write_new(&to, &bytes)?;
        }
    }
    Ok(())
}
