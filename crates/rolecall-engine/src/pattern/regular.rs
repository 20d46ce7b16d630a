//! Regular expressions, which match the whole value in linear time and have a bounded size.

use super::automaton::Automaton;
use super::error::RegularError;
use super::parse::Parsed;
use super::split::split;
use std::collections::HashMap;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

/// The bytes that the compiled regexes of a set may take: a fixed amount, and one for each of its bytes.
const ALL_LIMIT: usize = 8 * 1024 * 1024;
const ALL_PER_BYTE: usize = 32;

/// A regular expression that matches the whole value. Cloning it is cheap.
///
/// It has two parts: the texts that it begins with, and an automaton for the rest. Regexes of many roles
/// often differ only in their start, and then share the automaton.
#[derive(Clone)]
pub struct Regular(Arc<Parts>);

struct Parts {
    text: Box<str>,
    /// The texts of which each value begins with one.
    starts: Box<[Box<str>]>,
    rest: Arc<Automaton>,
}

/// The texts that a regex begins with, and the automaton of the rest.
type Halves = (Box<[Box<str>]>, Arc<Automaton>);

/// Compiler of the regexes of a policy set. Makes each regex and automaton once, and bounds their total size.
#[derive(Debug)]
pub struct Regulars {
    known: HashMap<Box<str>, Result<Regular, RegularError>>,
    /// The parts of each regex without the characters that it begins with, by its text.
    rests: HashMap<Box<str>, Halves>,
    automata: HashMap<String, Arc<Automaton>>,
    /// The bytes that all of them may take, and the bytes that are left.
    limit: usize,
    left: usize,
}

impl Default for Regulars {
    fn default() -> Self {
        Self::for_text(0)
    }
}

impl Regulars {
    /// Returns a compiler for policies with so many bytes.
    pub fn for_text(bytes: usize) -> Self {
        // A limit that does not fit is none.
        let limit = bytes.saturating_mul(ALL_PER_BYTE).saturating_add(ALL_LIMIT);
        Self {
            known: HashMap::new(),
            rests: HashMap::new(),
            automata: HashMap::new(),
            limit,
            left: limit,
        }
    }

    /// Returns the bytes that all regexes may take.
    pub fn limit(&self) -> usize {
        self.limit
    }

    /// Compiles a regex, given by the text between its slashes. `\/` in it is a slash.
    ///
    /// # Errors
    /// Returns a [`RegularError`] if the regex is invalid, is not in the language, or is too large.
    pub fn compile(&mut self, text: &str) -> Result<Regular, RegularError> {
        if let Some(known) = self.known.get(text) {
            return known.clone();
        }
        if self.left == 0 {
            return Err(RegularError::AllTooLarge);
        }
        let regular = self.compile_new(text);
        self.known.insert(text.into(), regular.clone());
        regular
    }

    fn compile_new(&mut self, text: &str) -> Result<Regular, RegularError> {
        let mut parsed = Parsed::new(text)?;
        let start = parsed.take_start();
        let (starts, rest) = self.compile_rest(&parsed)?;
        let starts = starts.iter().map(|more| format!("{start}{more}").into());
        let starts: Box<[Box<str>]> = starts.collect();
        self.take(starts.iter().map(|start| start.len()).sum());
        let text = text.into();
        Ok(Regular(Arc::new(Parts { text, starts, rest })))
    }

    fn take(&mut self, bytes: usize) {
        // The regex that exceeds the limit is the last one that is compiled.
        self.left = self.left.saturating_sub(bytes);
    }

    /// Returns the parts of a regex without the characters that it begins with.
    fn compile_rest(&mut self, parsed: &Parsed<'_>) -> Result<Halves, RegularError> {
        if let Some(known) = self.rests.get(parsed.rest()) {
            return Ok(known.clone());
        }
        let (starts, rest) = split(parsed.translate()?);
        let starts: Box<[Box<str>]> = starts.into_iter().map(String::into_boxed_str).collect();
        let name = rest.to_string();
        let rest = match self.automata.get(&name) {
            Some(known) => Arc::clone(known),
            None => {
                let (made, bytes) = Automaton::new(&rest);
                self.take(bytes);
                self.take(name.len());
                let made = Arc::new(made?);
                self.automata.insert(name, Arc::clone(&made));
                made
            }
        };
        self.rests
            .insert(parsed.rest().into(), (starts.clone(), Arc::clone(&rest)));
        Ok((starts, rest))
    }
}

impl Regular {
    /// Returns the regex as written, without its slashes.
    pub fn text(&self) -> &str {
        &self.0.text
    }

    /// Returns the texts, of which each accepted value begins with one: at least one, which may be empty.
    pub fn starts(&self) -> impl Iterator<Item = &str> {
        self.0.starts.iter().map(|start| &**start)
    }

    /// Returns the automaton of the rest of a value after its start.
    pub(super) fn rest(&self) -> &Arc<Automaton> {
        &self.0.rest
    }

    /// Returns true if the regex matches the whole value.
    pub fn accepts(&self, value: &str) -> bool {
        let fits = |start: &str| {
            let rest = value.strip_prefix(start);
            rest.is_some_and(|rest| self.0.rest.accepts(rest.as_bytes()))
        };
        self.starts().any(fits)
    }
}

impl PartialEq for Regular {
    fn eq(&self, other: &Self) -> bool {
        self.text() == other.text()
    }
}

impl Eq for Regular {}

impl Hash for Regular {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.text().hash(state);
    }
}

impl fmt::Debug for Regular {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "/{}/", self.text())
    }
}
