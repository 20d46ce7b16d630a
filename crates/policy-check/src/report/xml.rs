//! XML 1.0 documents that every reader accepts.

use rolecall_report::failure::Failure;
use rolecall_report::printable::{inert, inert_inside, printable};
use std::io;

pub(crate) type Writer = quick_xml::Writer<Vec<u8>>;

/// Creates a document with the content that a function writes.
pub(crate) fn document(write: impl FnOnce(&mut Writer) -> io::Result<()>) -> Result<Vec<u8>, Failure> {
    let start = b"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n".to_vec();
    let mut writer = Writer::new_with_indent(start, b' ', 2);
    write(&mut writer).map_err(|error| Failure::new(format!("cannot write the report as XML: {error}")))?;
    let mut bytes = writer.into_inner();
    bytes.push(b'\n');
    Ok(bytes)
}

/// Makes a text safe for XML: escapes invisible characters and those that XML 1.0 does not allow even as
/// references (section 2.2), and hides tokens and commands. Line ends stay.
pub(crate) fn clean(text: &str) -> String {
    let lines: Vec<String> = text
        .split('\n')
        .map(|line| printable(line).into_owned())
        .collect();
    characters(&inert(&lines.join("\n")))
}

/// Makes a text safe for an attribute. Readers normalise line ends in attributes (section 3.3.3), so they are
/// escaped.
pub(crate) fn clean_line(text: &str) -> String {
    characters(&inert_inside(&printable(text)))
}

fn characters(text: &str) -> String {
    text.replace('\u{fffe}', "\\u{fffe}")
        .replace('\u{ffff}', "\\u{ffff}")
}
