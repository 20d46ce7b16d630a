//! Addresses: the paths of pages and files in the repository and in the site, and the links between them.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

/// Characters that stay themselves in a link.
const PLAIN: AsciiSet = NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'~')
    .remove(b'/');

/// Files that browsers show under their own name.
const SHOWN: &[&str] = &["html", "json", "png", "svg"];

/// The folder of a path, without the last `/`.
pub(crate) fn folder(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// Returns the path that a link leads to, or `None` if it leads out of the root.
pub(crate) fn resolve(from: &str, link: &str) -> Option<String> {
    let mut parts: Vec<&str> = folder(from).split('/').filter(|part| !part.is_empty()).collect();
    for part in link.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()?),
            name => parts.push(name),
        }
    }
    Some(parts.join("/"))
}

/// Returns the link from one path of the site to another one.
pub(crate) fn relative(from: &str, to: &str) -> String {
    let mut from = folder(from).split('/').filter(|part| !part.is_empty()).peekable();
    let mut to = to.split('/').peekable();
    while from.peek().is_some() && from.peek() == to.peek() {
        from.next();
        to.next();
    }
    let parts: Vec<&str> = from.map(|_| "..").chain(to).collect();
    utf8_percent_encode(&parts.join("/"), &PLAIN).to_string()
}

/// Splits a link into its decoded path and its fragment.
pub(crate) fn split(link: &str) -> (String, Option<String>) {
    let (path, fragment) = match link.split_once('#') {
        Some((path, fragment)) => (path, Some(fragment)),
        None => (link, None),
    };
    let decode = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
    (decode(path), fragment.map(decode))
}

/// The scheme of a link to elsewhere, such as `https`. It is empty for a host without a scheme, `//host`.
pub(crate) fn scheme(link: &str) -> Option<&str> {
    if link.starts_with("//") {
        return Some("");
    }
    let (scheme, _) = link.split_once(':')?;
    let is_scheme = scheme
        .chars()
        .all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c));
    is_scheme.then_some(scheme)
}

/// The path in the site of the Markdown page that is made of a file.
pub(crate) fn page(source: &str) -> String {
    let path = visible(source);
    match (path.strip_suffix("README.md"), path.strip_suffix(".rs")) {
        (Some(folder), _) if folder.is_empty() || folder.ends_with('/') => format!("{folder}index.md"),
        (_, Some(name)) => format!("{name}.md"),
        _ => path,
    }
}

/// The path in the site of the HTML that is made of a Markdown page.
pub(crate) fn html(page: &str) -> String {
    let name = page.strip_suffix(".md").unwrap_or(page);
    format!("{name}.html")
}

/// The path in the site of a copied file. Servers offer a policy as a download, and a `.txt` as text.
pub(crate) fn copy(source: &str) -> String {
    let path = visible(source);
    match path.rsplit_once('.') {
        Some((_, extension)) if SHOWN.contains(&extension) => path,
        // mdBook takes a link to `NAME.md.txt` for one to the page `NAME.html`.
        Some((name, "md")) => format!("{name}.txt"),
        _ => format!("{path}.txt"),
    }
}

/// The path in the site of the listing of a folder.
pub(crate) fn listing(folder: &str) -> String {
    format!("{}/index.html", visible(folder))
}

/// A path without dots at the beginning of names: many servers and uploads leave out such files.
fn visible(path: &str) -> String {
    let names: Vec<&str> = path.split('/').map(|name| name.trim_start_matches('.')).collect();
    names.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_lead_from_page_to_page() {
        assert_eq!(
            resolve("crates/a/README.md", "../b/docs/x.md").as_deref(),
            Some("crates/b/docs/x.md")
        );
        assert_eq!(resolve("README.md", "./policies/").as_deref(), Some("policies"));
        assert_eq!(resolve("README.md", "../other"), None);
        assert_eq!(relative("a/b/index.html", "a/c.html"), "../c.html");
        assert_eq!(relative("index.html", "a/c d.html"), "a/c%20d.html");
        assert_eq!(relative("a/x.html", "a/y.html"), "y.html");
        assert_eq!(split("a%20b.md#c"), ("a b.md".to_owned(), Some("c".to_owned())));
        assert_eq!(scheme("https://x.example"), Some("https"));
        assert_eq!(scheme("//x.example"), Some(""));
        assert_eq!(scheme("docs/x.md#a:b"), None);
    }

    #[test]
    fn files_have_a_place_in_the_site() {
        assert_eq!(page("README.md"), "index.md");
        assert_eq!(page("crates/x/src/lib.rs"), "crates/x/src/lib.md");
        assert_eq!(page("docs/MY-README.md"), "docs/MY-README.md");
        assert_eq!(copy(".ci/run"), "ci/run.txt");
        assert_eq!(copy("a/x.policy"), "a/x.policy.txt");
        assert_eq!(copy("a/x.svg"), "a/x.svg");
        assert_eq!(copy("a/x.md"), "a/x.txt");
        assert_eq!(listing("a/.b"), "a/b/index.html");
    }
}
