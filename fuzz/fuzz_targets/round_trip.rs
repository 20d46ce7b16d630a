//! What is laid out keeps its tree and its comments, and is laid out already.
#![no_main]

use rolecall_syntax::{format, parse};
use std::collections::BTreeSet;

libfuzzer_sys::fuzz_target!(|source: &str| {
    let Ok(text) = format(source) else { return };
    let (before, after) = (parse(source).file, parse(&text).file);
    assert_eq!(before.items, after.items);
    assert_eq!(before.comments.len(), after.comments.len());
    let [old, new] = [&before, &after].map(|f| f.comments.iter().map(|c| &c.text).collect::<BTreeSet<_>>());
    assert_eq!(old, new);
    assert_eq!(format(&text), Ok(text));
});
