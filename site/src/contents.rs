//! The contents of the book: `SUMMARY.md` with the pages that it names, and those that are generated.

use crate::address;
use crate::help::Help;
use crate::repository::Repository;
use crate::{rules, rust_docs};
use anyhow::{Context, Result, bail};
use mdbook_driver::book::{Book, BookItem, Chapter, SectionNumber};
use mdbook_summary::{Link, SummaryItem, parse_summary};
use std::path::PathBuf;

/// The folder of the generated pages of commands.
const COMMANDS: &str = "commands";

/// Reads the pages of a summary. Links in them are still those of the repository.
///
/// A location is a Markdown file, a Rust file (its documentation), `rules:INDEX` (an index of rules, with a page
/// for each), or `help:PROGRAM` (the help of one of the programs and of its subcommands).
///
/// # Errors
///
/// If the summary is malformed, or a page cannot be read or generated.
pub(crate) fn read(repository: &Repository, summary: &str, programs: &[PathBuf]) -> Result<Book> {
    let text = repository.read(summary)?;
    let summary = parse_summary(&text).with_context(|| format!("`{summary}` is malformed"))?;
    let reader = Reader { repository, programs };
    let parts = [
        summary.prefix_chapters,
        summary.numbered_chapters,
        summary.suffix_chapters,
    ];
    let items = parts.iter().flatten().map(|item| reader.item(item, &[]));
    let mut book = Book::new_with_items(items.collect::<Result<_>>()?);
    number(&mut book.items, &[]);
    Ok(book)
}

struct Reader<'a> {
    repository: &'a Repository,
    programs: &'a [PathBuf],
}

impl Reader<'_> {
    fn item(&self, item: &SummaryItem, parents: &[String]) -> Result<BookItem> {
        match item {
            SummaryItem::Link(link) => Ok(BookItem::Chapter(self.chapter(link, parents)?)),
            SummaryItem::PartTitle(title) => Ok(BookItem::PartTitle(title.clone())),
            _ => Ok(BookItem::Separator),
        }
    }

    fn chapter(&self, link: &Link, parents: &[String]) -> Result<Chapter> {
        let location = link.location.as_ref().and_then(|location| location.to_str());
        let mut chapter = match location {
            None => Chapter::new_draft(&link.name, parents.to_vec()),
            Some(location) => match location.split_once(':') {
                None => self.page(&link.name, location, parents)?,
                Some(("rules", index)) => self.rules(&link.name, index, parents)?,
                Some(("help", program)) => self.help(&link.name, program, parents)?,
                Some(_) => {
                    bail!("`{location}` is not a location: write a path, `rules:INDEX` or `help:PROGRAM`")
                }
            },
        };
        let parents = below(parents, &link.name);
        for item in &link.nested_items {
            chapter.sub_items.push(self.item(item, &parents)?);
        }
        Ok(chapter)
    }

    fn page(&self, name: &str, source: &str, parents: &[String]) -> Result<Chapter> {
        let text = match source.ends_with(".rs") {
            true => rust_docs::page(self.repository, source, name)?,
            false => self.repository.read(source)?,
        };
        let mut chapter = Chapter::new(name, text, address::page(source), parents.to_vec());
        chapter.source_path = Some(PathBuf::from(source));
        Ok(chapter)
    }

    fn rules(&self, name: &str, index: &str, parents: &[String]) -> Result<Chapter> {
        let mut chapter = self.page(name, index, parents)?;
        let groups = rules::groups(&chapter.content);
        if groups.is_empty() {
            bail!("`{index}` has no tables of rules: they begin with `## CATEGORY: …`");
        }
        let parents = below(parents, name);
        for group in groups {
            let mut draft = Chapter::new_draft(&group.name, parents.clone());
            let parents = below(&parents, &group.name);
            for rule in group.rules {
                let source = format!("{}/{rule}.md", address::folder(index));
                draft.sub_items.push(self.page(&rule, &source, &parents)?.into());
            }
            chapter.sub_items.push(draft.into());
        }
        Ok(chapter)
    }

    fn help(&self, name: &str, program: &str, parents: &[String]) -> Result<Chapter> {
        let mut programs = self.programs.iter();
        let path = programs.find(|path| path.file_stem().is_some_and(|stem| stem == program));
        let path =
            path.with_context(|| format!("`{program}` is missing: name the program as an argument"))?;
        Ok(self.command(name, &Help::read(path)?, parents))
    }

    /// The page of a command, with those of its subcommands below it.
    fn command(&self, name: &str, help: &Help, parents: &[String]) -> Chapter {
        let words = help.line.replace(' ', "/");
        let path = match help.subcommands.is_empty() {
            true => format!("{COMMANDS}/{words}.md"),
            false => format!("{COMMANDS}/{words}/README.md"),
        };
        let mut text = help.text.clone();
        if let Some(schema) = self.schema(&help.line) {
            let html = address::relative(&path, &schema);
            text.push_str(&format!(
                "\nThe JSON of `--format json` has a [schema]({html}).\n"
            ));
        }
        let mut chapter = Chapter::new(name, text, address::page(&path), parents.to_vec());
        chapter.source_path = Some(PathBuf::from(path));
        let parents = below(parents, name);
        let subcommands = help.subcommands.iter();
        let subcommands = subcommands.map(|help| self.command(help.name(), help, &parents).into());
        chapter.sub_items = subcommands.collect();
        chapter
    }

    /// The schema of the output of a subcommand.
    fn schema(&self, line: &str) -> Option<String> {
        let (program, verb) = line.split_once(' ')?;
        let schema = format!("crates/{program}/schemas/{verb}.schema.json");
        self.repository.has(&schema).then_some(schema)
    }
}

fn below(parents: &[String], name: &str) -> Vec<String> {
    parents.iter().cloned().chain([name.to_owned()]).collect()
}

/// Numbers the chapters. The menu of mdBook nests them by their numbers, even if it does not show these.
fn number(items: &mut [BookItem], above: &[u32]) {
    let chapters = items.iter_mut().filter_map(|item| match item {
        BookItem::Chapter(chapter) => Some(chapter),
        _ => None,
    });
    for (chapter, number) in chapters.zip(1..) {
        let number: Vec<u32> = above.iter().copied().chain([number]).collect();
        self::number(&mut chapter.sub_items, &number);
        chapter.number = Some(SectionNumber::new(number));
    }
}
