//! Any bytes are read: into a tree, or into errors that can be shown.
#![no_main]

use libfuzzer_sys::fuzz_target;
use rolecall_syntax::{line_column, parse_bytes, print};

fuzz_target!(|bytes: &[u8]| {
    let parse = parse_bytes(bytes);
    print(&parse.file);
    for error in parse.errors {
        let _ = (error.to_string(), error.help());
        line_column(&String::from_utf8_lossy(bytes), error.span.start);
    }
});
