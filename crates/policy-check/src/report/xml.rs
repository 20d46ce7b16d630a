//! XML 1.0 that every reader takes.

use std::io;

use crate::failure::Failure;
use crate::printable::{inert, inert_inside, printable};

pub(crate) type Writer = quick_xml::Writer<Vec<u8>>;

/// A document, with what a function writes into it.
pub(crate) fn document(write: impl FnOnce(&mut Writer) -> io::Result<()>) -> Result<Vec<u8>, Failure> {
    let start = b"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n".to_vec();
    let mut writer = Writer::new_with_indent(start, b' ', 2);
    write(&mut writer).map_err(|error| Failure::new(format!("cannot write the report as XML: {error}")))?;
    let mut bytes = writer.into_inner();
    bytes.push(b'\n');
    Ok(bytes)
}

/// A text with the characters escaped that XML 1.0 does not have, not even as references (section 2.2), and those that hide
/// others, and without tokens and commands; only the ends of its lines stay.
pub(crate) fn clean(text: &str) -> String {
    let lines: Vec<String> = text
        .split('\n')
        .map(|line| printable(line).into_owned())
        .collect();
    characters(&inert(&lines.join("\n")))
}

/// The same on one line: an attribute loses its line ends when it is read (section 3.3.3), and begins no line.
pub(crate) fn clean_line(text: &str) -> String {
    characters(&inert_inside(&printable(text)))
}

fn characters(text: &str) -> String {
    text.replace('\u{fffe}', "\\u{fffe}")
        .replace('\u{ffff}', "\\u{ffff}")
}
