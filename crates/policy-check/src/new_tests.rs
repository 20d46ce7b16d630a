//! New tests for a policy set: those that it does not have yet, added to the text of a policy file.

mod known;

use known::{Known, token_of};
use rolecall_engine::ir::Test;
use rolecall_engine::{PolicySet, Source};
use rolecall_report::failure::Failure;
use rolecall_report::witness::NewTest;
use rolecall_syntax::ast::{Comment, Item, Token};
use rolecall_syntax::{EDITION, MAX_FILE_BYTES, Spanned, parse};
use std::collections::HashMap;

/// The text of a policy file with new tests.
#[derive(Debug)]
pub(crate) struct Addition {
    /// The text of the file before, and with the tests; none if the policy set has all of them.
    pub(crate) change: Option<Change>,
    /// The names of the added tests.
    pub(crate) names: Vec<String>,
    /// The number of tests whose token and expectations the policy set has already.
    pub(crate) existing: usize,
}

/// The change of a file.
#[derive(Debug)]
pub(crate) struct Change {
    /// The text that was read; none for a new file.
    pub(crate) old: Option<String>,
    pub(crate) new: String,
}

/// Adds tests to a file of a policy set: to the one at this position among its own files, or else to a new one
/// with this name. The text is in the standard format.
///
/// It is checked before it is returned: the new tests are what they should be and pass, and everything else is
/// as before.
pub(crate) fn add(
    set: &PolicySet,
    position: Option<usize>,
    name: &str,
    tests: &[NewTest],
) -> Result<Addition, Failure> {
    let own = set.program().own_files();
    let mut files: Vec<Source> = own.map(|(_, source)| source.clone()).collect();
    let position = position.unwrap_or(files.len());
    let whole: Option<String> = tests.iter().map(|new| new.witness.test(&new.name)).collect();
    let whole = Source::new("<tests>", whole.ok_or_else(|| faulty(name))?);
    let wanted = compile(files.iter().cloned().chain([whole]))?;
    let (missing, added) = missing(&wanted, tests).ok_or_else(|| faulty(name))?;
    let names: Vec<String> = missing.iter().map(|new| new.name.clone()).collect();
    let existing = tests.len().saturating_sub(names.len());
    if names.is_empty() {
        let change = None;
        return Ok(Addition {
            change,
            names,
            existing,
        });
    }
    let old = files.get(position).map(|source| source.text.to_string());
    let empty = format!("edition {EDITION}\n");
    let new = appended(name, old.as_ref().unwrap_or(&empty), &added)?;
    let source = Source::new(name, new.as_str());
    match files.get_mut(position) {
        Some(old) => *old = source,
        None => files.push(source),
    }
    if !are_right(&compile(files)?, &wanted, &names) {
        return Err(faulty(name));
    }
    let change = Some(Change { old, new });
    Ok(Addition {
        change,
        names,
        existing,
    })
}

/// Returns the tests that the set does not have, and their text. `wanted` is the set with all of them in its last
/// file. `None` if one of them is not in there.
fn missing<'t>(wanted: &PolicySet, tests: &'t [NewTest]) -> Option<(Vec<&'t NewTest>, String)> {
    let by_name = by_name(wanted);
    let tokens = tokens(wanted);
    let (last, _) = wanted.program().own_files().last()?;
    let mut known = Known::new(wanted);
    let old = wanted.program().tests().iter();
    let old = old.filter(|test| test.location.file() != last);
    old.for_each(|test| known.insert(test));
    let mut missing = Vec::new();
    let mut text = String::new();
    for new in tests {
        let test = by_name.get(new.name.as_str())?;
        if known.find(test).is_some() {
            continue;
        }
        known.insert(test);
        // The set may have the test of the example under another name.
        let example = new.example.and_then(|example| tests.get(example));
        let example = example.and_then(|example| {
            let there = known.find(by_name.get(example.name.as_str())?)?;
            let is_same = tokens.get(there) == tokens.get(&example.name);
            is_same.then_some((there, &example.witness))
        });
        text.push_str(&match example {
            Some((there, example)) => new.witness.test_like(&new.name, there, example)?,
            None => new.witness.test(&new.name)?,
        });
        missing.push(new);
    }
    Some((missing, text))
}

/// Appends tests to the text of a file, and formats it.
fn appended(name: &str, old: &str, added: &str) -> Result<String, Failure> {
    let new = rolecall_syntax::format(&format!("{old}\n\n{added}")).map_err(|_| {
        let message = format!("with the new tests, `{name}` would be larger than {MAX_FILE_BYTES} bytes");
        Failure::new(message).help("select fewer roles, or name another file")
    })?;
    let [old, added, new] = [old, added, &new].map(|text| (parse(text).file, text));
    let items = old.0.items.iter().chain(&added.0.items);
    let is_longer = items.eq(&new.0.items) && texts(&old.0.comments).eq(texts(&new.0.comments));
    if is_longer {
        Ok(new.1.to_owned())
    } else {
        Err(faulty(name))
    }
}

/// Returns whether the tests with these names pass, and have the tokens of those in another set.
fn are_right(set: &PolicySet, wanted: &PolicySet, names: &[String]) -> bool {
    let [ours, theirs] = [by_name(set), by_name(wanted)];
    let is_right = |name: &String| match (ours.get(name.as_str()), theirs.get(name.as_str())) {
        (Some(our), Some(their)) => token_of(set, our) == token_of(wanted, their),
        _ => false,
    };
    let mut outcomes = set.run_tests();
    names.iter().all(is_right)
        && outcomes.all(|outcome| outcome.failures.is_empty() || !names.contains(&outcome.test.name))
}

/// Returns the tests of a set by their names.
fn by_name(set: &PolicySet) -> HashMap<&str, &Test> {
    let tests = set.program().tests().iter();
    tests.map(|test| (test.name.as_str(), test)).collect()
}

/// Returns the tokens of a set's tests as they are written, by the names of the tests.
fn tokens(set: &PolicySet) -> HashMap<String, Token> {
    let files = set.program().own_files();
    let items = files.flat_map(|(_, source)| parse(&source.text).file.items);
    let tests = items.filter_map(|item| match item.node {
        Item::Test(test) => Some((test.name.text().ok()?, test.token.node)),
        _ => None,
    });
    tests.collect()
}

fn texts(comments: &[Spanned<Comment>]) -> impl Iterator<Item = &str> {
    comments.iter().map(|comment| &*comment.text)
}

fn compile(files: impl IntoIterator<Item = Source>) -> Result<PolicySet, Failure> {
    PolicySet::compile(files).map_err(|error| {
        let first = error.diagnostics.first();
        let first = first.map_or("", |diagnostic| diagnostic.message.as_str());
        let message = format!("with the new tests, the policies would not compile: {first}");
        Failure::new(message).help("select fewer roles")
    })
}

/// Creates the failure of a safeguard against bugs.
fn faulty(name: &str) -> Failure {
    let message = format!("the new tests would change the meaning of `{name}`, so it is left alone");
    Failure::new(message).help("report this as a bug, together with the policies")
}
