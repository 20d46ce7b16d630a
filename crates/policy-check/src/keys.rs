//! Key sets from files, each with its issuer.

use crate::console::Console;
use crate::input::{document, is_stdin};
use rolecall::{Issuer, KeySet, SkipReason, TokenKind};
use rolecall_engine::PolicySet;
use rolecall_report::claims::unknown_issuer;
use rolecall_report::failure::Failure;
use rolecall_report::printable::path_name;
use std::collections::BTreeMap;
use std::path::Path;

/// Key sets by the name of their issuer, and one for all other issuers.
#[derive(Debug, Default)]
pub(crate) struct Keys {
    named: BTreeMap<String, KeySet>,
    other: Option<KeySet>,
}

impl rolecall::KeyLookup for Keys {
    fn issuer_keys(&self, issuer: &Issuer) -> Option<&KeySet> {
        self.named.get(&issuer.name).or(self.other.as_ref())
    }
}

/// Reads the key sets of `FILE` and `NAME=FILE` arguments.
pub(crate) fn read(arguments: &[String], set: &PolicySet, console: &mut Console) -> Result<Keys, Failure> {
    let mut keys = Keys::default();
    for argument in arguments {
        let issuer = match argument.split_once('=') {
            Some((name, file)) if is_issuer(name, set) => Some((name, file)),
            Some((name, _)) if is_name(name) && !Path::new(argument).exists() => {
                return Err(unknown_issuer(name, set));
            }
            _ => None,
        };
        let file = issuer.map_or(argument.as_str(), |(_, file)| file);
        let path = Path::new(file);
        if is_stdin(path) {
            return Err(Failure::new("the key set cannot come from standard input").help("name a file"));
        }
        let mut key_set = read_file(path)?;
        if let Some(tokens) = tokens(issuer.map(|(name, _)| name), set) {
            key_set = key_set.for_tokens(tokens);
        }
        let key_set = checked(&path_name(path), key_set, console)?;
        let earlier = match issuer {
            Some((name, _)) => keys.named.insert(name.to_owned(), key_set),
            None => keys.other.replace(key_set),
        };
        if earlier.is_some() {
            let message = match issuer {
                Some((name, _)) => format!("the issuer `{name}` has two key sets"),
                None => "there are two key sets without an issuer".to_owned(),
            };
            return Err(Failure::new(message).help("name the issuer of each: `--jwks NAME=FILE`"));
        }
    }
    let others = set
        .issuers()
        .filter(|issuer| !keys.named.contains_key(&issuer.name));
    if keys.other.is_some() && others.count() > 1 {
        console.warn("the key set is used for every issuer: name its issuer with `--jwks NAME=FILE`");
    }
    Ok(keys)
}

/// Returns the kind of tokens of the named issuer, or of all issuers if it is the same.
fn tokens(issuer: Option<&str>, set: &PolicySet) -> Option<TokenKind> {
    let of = |other: &&Issuer| issuer.is_none_or(|name| name == other.name);
    let mut kinds = set.issuers().filter(of).map(|issuer| issuer.tokens);
    let first = kinds.next()?;
    kinds.all(|kind| kind == first).then_some(first)
}

/// Returns whether the policies have an issuer of this name.
pub(crate) fn is_issuer(name: &str, set: &PolicySet) -> bool {
    set.issuers().any(|issuer| issuer.name == name)
}

fn is_name(text: &str) -> bool {
    !text.is_empty()
        && text
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'))
}

/// Reads a key set from a file without judging its keys.
pub(crate) fn read_file(path: &Path) -> Result<KeySet, Failure> {
    KeySet::parse(&document(path)?)
        .map_err(|error| Failure::new(format!("cannot use `{}`: {error}", path_name(path))))
}

/// Warns of unusable keys, and refuses a set without a usable one.
pub(crate) fn checked(name: &str, key_set: KeySet, console: &mut Console) -> Result<KeySet, Failure> {
    let unused = key_set.skipped();
    // A repeated key is used, and a note about it is in the output of `keys`.
    let unused = unused.filter(|skipped| !matches!(skipped.reason, SkipReason::Repeated { .. }));
    for skipped in unused {
        let kid = skipped.kid.as_deref().unwrap_or("without a `kid`");
        console.warn(&format!(
            "`{name}`: the key {kid} is not used: {}",
            skipped.reason
        ));
    }
    if key_set.is_empty() {
        return Err(
            Failure::new(format!("`{name}` has no usable key")).help("fetch the issuer's key set again")
        );
    }
    Ok(key_set)
}
