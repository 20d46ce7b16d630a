//! Names for findings that stay the same when lines move.

use crate::finding::Finding;
use hashbrown::HashMap;
use rolecall_engine::Source;
use xxhash_rust::xxh3::xxh3_128;

/// A name for each finding, 32 hexadecimal digits, in their order.
///
/// It depends on the rule, the name of the file, and what is written there without its spaces; so it is the same as long as
/// that is, wherever in the file it stands. Of findings that have all that in common, each also counts those before it.
pub fn fingerprints(findings: &[Finding], sources: &[Source]) -> Vec<String> {
    let mut seen: HashMap<String, usize> = HashMap::new();
    let name = |finding: &Finding| {
        let source = sources.get(finding.place.file);
        let (file, text) = source.map_or(("", ""), |source| (source.name.as_str(), &source.text));
        let file = file.strip_prefix("./").unwrap_or(file).replace('\\', "/");
        let words = finding.place.span.text(text).split_whitespace();
        let written: String = words.collect::<Vec<&str>>().join(" ");
        let what = format!("{}\0{file}\0{written}", finding.rule.name);
        let count = seen.entry(what.clone()).or_default();
        let name = format!("{:032x}", xxh3_128(format!("{what}\0{count}").as_bytes()));
        *count = count.saturating_add(1);
        name
    };
    findings.iter().map(name).collect()
}
