//! Pages made of Rust files: the documentation of a crate, and examples.

use crate::address::resolve;
use crate::repository::Repository;
use anyhow::{Context, Result};
use mdbook_markdown::pulldown_cmark::{Event, LinkType, Options, Parser, Tag};
use std::ops::Range;

/// Attributes of code blocks in Rust documentation that name no language.
const ATTRIBUTES: &[&str] = &["", "compile_fail", "ignore", "no_run", "should_panic"];

/// Returns a page with the `//!` documentation of a file. The page of an example also has its code.
///
/// # Errors
///
/// If the file, or one that its documentation includes, cannot be read.
pub(crate) fn page(repository: &Repository, file: &str, title: &str) -> Result<String> {
    let source = repository.read(file)?;
    let docs = without_paths(&markdown(&docs(repository, file, &source)?));
    let mut page = format!("# {title}\n\n{docs}");
    if file.contains("/examples/") {
        let code = source
            .lines()
            .skip_while(|line| line.starts_with("//!") || line.is_empty());
        let code: Vec<&str> = code.collect();
        page.push_str(&format!("\n`{file}`:\n\n````rust\n{}\n````\n", code.join("\n")));
    }
    Ok(page)
}

/// The documentation at the beginning of a file, with the files that it includes.
fn docs(repository: &Repository, file: &str, source: &str) -> Result<String> {
    let mut docs = Vec::new();
    for line in source.lines() {
        if let Some(text) = line.strip_prefix("//!") {
            docs.push(text.strip_prefix(' ').unwrap_or(text).to_owned());
        } else if let Some((attribute, value)) = line.split_once("doc = ")
            && attribute.starts_with("#![")
        {
            // The site has the documentation with all features.
            if !attribute.contains("not(feature") {
                let included = value.strip_prefix("include_str!(\"");
                docs.push(match included.and_then(|value| value.split_once('"')) {
                    Some((path, _)) => {
                        let path = resolve(file, path)
                            .with_context(|| format!("{file}: `{path}` is outside of the repository"))?;
                        repository.read(&path)?
                    }
                    None => value.trim_matches(['"', ')', ']']).to_owned(),
                });
            }
        } else {
            break;
        }
    }
    Ok(docs.join("\n"))
}

/// Makes Markdown of Rust documentation: code without a language is Rust, and headings are below the title.
fn markdown(docs: &str) -> String {
    let mut lines = Vec::new();
    let mut is_code = false;
    for line in docs.lines() {
        if let Some(info) = line.trim_start().strip_prefix("```") {
            let is_rust = info.split(',').all(|word| ATTRIBUTES.contains(&word.trim()));
            lines.push(match !is_code && is_rust {
                true => "```rust".to_owned(),
                false => line.to_owned(),
            });
            is_code = !is_code;
        } else if !is_code && line.starts_with('#') {
            lines.push(format!("#{line}"));
        } else {
            lines.push(line.to_owned());
        }
    }
    let mut text = lines.join("\n");
    text.push('\n');
    text
}

/// Replaces links to items of Rust by their text.
fn without_paths(markdown: &str) -> String {
    let unknown = |link: mdbook_markdown::pulldown_cmark::BrokenLink<'_>| {
        link.reference.starts_with('`').then(|| ("".into(), "".into()))
    };
    let parser = Parser::new_with_broken_link_callback(markdown, Options::ENABLE_TABLES, Some(unknown));
    let mut edits: Vec<(Range<usize>, String)> = Vec::new();
    for (event, range) in parser.into_offset_iter() {
        if let Event::Start(Tag::Link {
            link_type, dest_url, ..
        }) = event
        {
            let is_unknown = matches!(link_type, LinkType::ShortcutUnknown | LinkType::CollapsedUnknown);
            let is_path = dest_url.contains("::") || !dest_url.contains(['/', '.', ':', '#']);
            if is_unknown || is_path {
                let link = markdown.get(range.clone()).unwrap_or_default();
                let text = link.split_once(']').map_or(link, |(text, _)| text);
                edits.push((range, text.trim_start_matches('[').to_owned()));
            }
        }
    }
    replace(markdown, edits)
}

/// Returns a text with other texts in some ranges, which do not overlap.
pub(crate) fn replace(text: &str, mut edits: Vec<(Range<usize>, String)>) -> String {
    edits.sort_by_key(|(range, _)| range.start);
    let mut text = text.to_owned();
    for (range, with) in edits.into_iter().rev() {
        text.replace_range(range, &with);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documentation_becomes_markdown() {
        let docs = "One [`Gate`], its [`code`](Gate::code), a [page](https://x.example/).\n\n# Use\n\n\
                    ```no_run\n# hidden\nlet x;\n```\n\n```text\n# no heading\n```";
        let page = without_paths(&markdown(docs));
        assert_eq!(
            page,
            "One `Gate`, its `code`, a [page](https://x.example/).\n\n## Use\n\n\
             ```rust\n# hidden\nlet x;\n```\n\n```text\n# no heading\n```\n"
        );
    }
}
