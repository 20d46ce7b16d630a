//! File names in reports for services: relative to the working folder.

use rolecall_report::printable::printable;
use std::env;
use std::path::{Component, Path};

/// Returns the path relative to the working folder if the file is below it, with `/` between its parts and
/// without `./` in front.
pub(crate) fn relative(file: &str) -> String {
    let path = Path::new(file);
    let folder = env::current_dir().ok();
    let path = match &folder {
        Some(folder) => path.strip_prefix(folder).unwrap_or(path),
        None => path,
    };
    let mut name = String::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::RootDir => name.push('/'),
            part => {
                if !name.is_empty() && !name.ends_with('/') {
                    name.push('/');
                }
                name.push_str(&part.as_os_str().to_string_lossy());
            }
        }
    }
    printable(&name).into_owned()
}

/// Returns the relative path as a URI reference (RFC 3986): all bytes but unreserved characters (section 2.3)
/// and `/` are percent-encoded.
pub(crate) fn uri(file: &str) -> String {
    let mut uri = String::new();
    for byte in relative(file).bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                uri.push(char::from(byte));
            }
            byte => uri.push_str(&format!("%{byte:02X}")),
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_relative() {
        let here = env::current_dir().unwrap();
        let absolute = here.join("a/b.policy");
        for (file, name) in [
            ("a/b.policy", "a/b.policy"),
            ("./a/./b.policy", "a/b.policy"),
            ("../b.policy", "../b.policy"),
            ("<stdin>", "<stdin>"),
            (absolute.to_str().unwrap(), "a/b.policy"),
        ] {
            assert_eq!(relative(file), name);
        }
    }

    #[test]
    fn references_are_encoded() {
        assert_eq!(uri("a b/ü#1%.policy"), "a%20b/%C3%BC%231%25.policy");
        assert_eq!(uri("c:d"), "c%3Ad");
    }
}
