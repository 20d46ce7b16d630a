//! A file with links: a page or a style sheet.

use scraper::Html;
use std::collections::BTreeSet;

/// Attributes with the address of something else.
const ADDRESSES: &[&str] = &[
    "href",
    "xlink:href",
    "src",
    "data",
    "action",
    "poster",
    "background",
];
/// Elements whose address is for readers. Browsers load that of others by themselves.
const READ: &[&str] = &["a", "area", "form"];

/// An address in a file.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Use {
    /// The address.
    pub(crate) target: String,
    /// Browsers load it by themselves.
    pub(crate) is_loaded: bool,
}

/// The addresses and the ids in a file.
#[derive(Debug, Default)]
pub(crate) struct Document {
    /// The addresses.
    pub(crate) uses: Vec<Use>,
    /// The ids, to which fragments lead.
    pub(crate) ids: BTreeSet<String>,
    /// The ids of several elements.
    pub(crate) repeated: BTreeSet<String>,
}

impl Document {
    /// Parses a page as browsers do.
    pub(crate) fn html(text: &str) -> Self {
        let mut document = Self::default();
        let html = Html::parse_document(text);
        let elements = html.tree.nodes().filter_map(|node| node.value().as_element());
        for element in elements {
            if let Some(id) = element.id()
                && !document.ids.insert(id.to_owned())
            {
                document.repeated.insert(id.to_owned());
            }
            for (name, value) in element.attrs() {
                let mut load = |target: &str, is_loaded| {
                    let target = target.trim().to_owned();
                    document.uses.push(Use { target, is_loaded });
                };
                match name {
                    "srcset" => {
                        let sources = value.split(',').filter_map(|part| part.split_whitespace().next());
                        sources.for_each(|source| load(source, true));
                    }
                    "style" => addresses(value).for_each(|target| load(target, true)),
                    _ if ADDRESSES.contains(&name) => load(value, !READ.contains(&element.name())),
                    _ => {}
                }
            }
        }
        let styles = html.root_element().descendants();
        let styles = styles.filter(|node| node.value().as_element().is_some_and(|e| e.name() == "style"));
        let texts = styles.flat_map(|style| style.children());
        for text in texts.filter_map(|node| node.value().as_text()) {
            document.uses.extend(Self::css(text).uses);
        }
        document
    }

    /// Finds the addresses in a style sheet.
    pub(crate) fn css(text: &str) -> Self {
        let uses = addresses(text).map(|target| Use {
            target: target.to_owned(),
            is_loaded: true,
        });
        Self {
            uses: uses.collect(),
            ..Self::default()
        }
    }
}

/// The addresses in styles: `url(…)`, and `@import "…"`.
fn addresses(css: &str) -> impl Iterator<Item = &str> {
    let urls = css
        .split("url(")
        .skip(1)
        .filter_map(|rest| rest.split(')').next());
    let imports = css
        .split("@import")
        .skip(1)
        .filter_map(|rest| rest.split(';').next());
    let imports = imports.filter(|rest| !rest.contains("url("));
    urls.chain(imports)
        .map(|url| url.trim().trim_matches(['"', '\'']))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_found_where_browsers_find_them() {
        let page = Document::html(
            "<p id=a><a href='x.html#b'>x</a><img src=y.png srcset='z.png 2x, w.png 3x'>\
             <style>@import \"i.css\"; p { background: url('u.png') }</style><script>'<a href=no>'</script>\
             <p id=a><!-- <a href=no> -->",
        );
        let read = page.uses.iter().filter(|used| !used.is_loaded);
        assert_eq!(
            read.map(|used| used.target.as_str()).collect::<Vec<_>>(),
            ["x.html#b"]
        );
        let loaded = page.uses.iter().filter(|used| used.is_loaded);
        let mut loaded: Vec<&str> = loaded.map(|used| used.target.as_str()).collect();
        loaded.sort_unstable();
        assert_eq!(loaded, ["i.css", "u.png", "w.png", "y.png", "z.png"]);
        assert_eq!(page.repeated, BTreeSet::from(["a".to_owned()]));
    }
}
