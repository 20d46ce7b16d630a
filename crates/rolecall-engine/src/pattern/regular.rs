//! Regular expressions: the whole value, ASCII classes, linear time, bounded size.

use super::automaton::Automaton;
use regex_syntax::ast::{self, Ast};
use regex_syntax::hir::{Hir, HirKind};
use std::collections::HashMap;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

/// How deep groups may nest in a regex.
const NEST_LIMIT: u32 = 64;
/// How many texts are written out that a regex may begin with.
const MAX_STARTS: usize = 64;
/// The most bytes that all regexes of a policy set may take when compiled: an amount, and an amount for each byte of the set.
const ALL_LIMIT: usize = 8 * 1024 * 1024;
const ALL_PER_BYTE: usize = 32;

/// A regular expression that always means the whole value. Cloning it is cheap.
///
/// It is cut in two: the texts that it begins with, and an automaton for what comes after them. Regexes of many roles often
/// differ only in what they begin with, and then share the automaton.
#[derive(Clone)]
pub struct Regular(Arc<Parts>);

struct Parts {
    text: Box<str>,
    /// Each value begins with one of these.
    starts: Box<[Box<str>]>,
    rest: Arc<Automaton>,
}

/// The texts that a regex begins with, and the automaton of what comes after them.
type Halves = (Box<[Box<str>]>, Arc<Automaton>);

/// Compiles regexes, each once, and each automaton once.
///
/// The size of all of them is bounded, too: an amount, and an amount for each byte of the policies.
#[derive(Debug)]
pub struct Regulars {
    known: HashMap<Box<str>, Result<Regular, RegularError>>,
    /// Those that begin with no plain text: what others are when that is taken off.
    rests: HashMap<Box<str>, Halves>,
    automata: HashMap<String, Arc<Automaton>>,
    /// The bytes that all of them may take, and those that are left.
    limit: usize,
    left: usize,
}

impl Default for Regulars {
    fn default() -> Self {
        Self::for_text(0)
    }
}

/// Why a regular expression is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RegularError {
    /// With those before it, more than all of them may take when compiled.
    AllTooLarge,
    /// `^`, `$`, `\A`, `\z`: the whole value is meant anyway.
    Anchor,
    /// `(?i)` and the like.
    Flag,
    /// What the regex library says of a text that is no regex, or has look-around or back-references.
    Invalid(String),
    /// More than 64 KiB when compiled.
    TooLarge,
    /// `\b`, `\B` and their kin.
    WordBoundary,
}

impl Regulars {
    /// Compiles the regexes of policies with so many bytes.
    pub fn for_text(bytes: usize) -> Self {
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

    /// Compiles what stands between the slashes; `\/` there is a slash.
    ///
    /// # Errors
    /// What the language does not have, and what is too large: see [`RegularError`].
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
        let (plain, after) = plain_start(text);
        let (starts, rest) = self.compile_rest(after)?;
        let starts = starts.iter().map(|start| format!("{plain}{start}").into());
        let starts: Box<[Box<str>]> = starts.collect();
        self.take(starts.iter().map(|start| start.len()).sum());
        let text = text.into();
        Ok(Regular(Arc::new(Parts { text, starts, rest })))
    }

    fn take(&mut self, bytes: usize) {
        self.left = self.left.saturating_sub(bytes);
    }

    /// What a regex begins with, and the automaton of what comes then.
    fn compile_rest(&mut self, text: &str) -> Result<Halves, RegularError> {
        if let Some(known) = self.rests.get(text) {
            return Ok(known.clone());
        }
        let (starts, rest) = split(parse(text)?);
        let name = rest.to_string();
        let rest = match self.automata.get(&name) {
            Some(known) => Arc::clone(known),
            None => {
                let (made, bytes) = Automaton::new(&rest);
                self.take(bytes.saturating_add(name.len()));
                let made = Arc::new(made?);
                self.automata.insert(name, Arc::clone(&made));
                made
            }
        };
        self.rests
            .insert(text.into(), (starts.clone(), Arc::clone(&rest)));
        Ok((starts, rest))
    }
}

impl Regular {
    /// The regex as written, without its slashes.
    pub fn text(&self) -> &str {
        &self.0.text
    }

    /// Texts of which each accepted value begins with one; never none.
    pub fn starts(&self) -> impl Iterator<Item = &str> {
        self.0.starts.iter().map(|start| &**start)
    }

    /// What is accepted after the text that a value begins with.
    pub(super) fn rest(&self) -> &Arc<Automaton> {
        &self.0.rest
    }

    /// Whether the whole value fits.
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

/// Reads a regex of the language.
pub(super) fn parse(text: &str) -> Result<Hir, RegularError> {
    // A slash needs no escape outside of a policy, and to the library an escaped one means the same.
    let ast = ast::parse::ParserBuilder::new()
        .nest_limit(NEST_LIMIT)
        .build()
        .parse(text)
        .map_err(|error| RegularError::Invalid(error.kind().to_string()))?;
    let classes = ast::visit(&ast, Check::default())?;
    let invalid = |error: regex_syntax::Error| {
        RegularError::Invalid(error.to_string().lines().last().unwrap_or_default().to_owned())
    };
    if classes.is_empty() {
        let hir = regex_syntax::hir::translate::Translator::new().translate(text, &ast);
        return hir.map_err(|error| invalid(error.into()));
    }
    let ascii = with_ascii_classes(text, &classes);
    regex_syntax::ParserBuilder::new()
        .nest_limit(NEST_LIMIT.saturating_add(4))
        .build()
        .parse(&ascii)
        .map_err(invalid)
}

/// Takes off a regex the text that it plainly begins with, so that regexes which differ in nothing else are read once. That is
/// nothing where it is not plain at all.
fn plain_start(text: &str) -> (String, &str) {
    let mut plain = String::new();
    let mut rest = text;
    loop {
        let after = rest.strip_prefix("\\/").map(|after| ('/', after));
        let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '/' | ':');
        let next = after.or_else(|| Some((rest.chars().next().filter(|c| is_plain(*c))?, rest.get(1..)?)));
        match next {
            // What is repeated is no part of it.
            Some((c, after)) if !after.starts_with(['*', '+', '?', '{']) => {
                plain.push(c);
                rest = after;
            }
            _ => break,
        }
    }
    if has_branches(rest) {
        (String::new(), text)
    } else {
        (plain, rest)
    }
}

/// Whether a regex may have branches that are in no group, so that what stands before it belongs to the first one only.
fn has_branches(text: &str) -> bool {
    let (mut depth, mut in_class) = (0_usize, false);
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => {
                chars.next();
            }
            // Classes may be nested, and begin with a bracket that is a character: it is enough to be careful.
            '[' | '(' | '|' | ')' if in_class => return true,
            '[' => {
                in_class = true;
                let inside = chars.as_str();
                if inside.trim_start_matches('^').starts_with(']') {
                    return true;
                }
            }
            ']' => in_class = false,
            '(' => depth = depth.saturating_add(1),
            ')' => depth = depth.saturating_sub(1),
            '|' if depth == 0 => return true,
            _ => {}
        }
    }
    false
}

/// Cuts a regex into the texts that it begins with and what comes after them.
fn split(hir: Hir) -> (Box<[Box<str>]>, Hir) {
    let parts = match hir.into_kind() {
        HirKind::Concat(parts) => parts,
        kind => vec![rebuilt(kind)],
    };
    let mut starts = vec![String::new()];
    let mut parts = parts.into_iter();
    let mut rest = Vec::new();
    for part in parts.by_ref() {
        let Some(longer) = texts(&part).and_then(|texts| longer(&starts, &texts)) else {
            rest.push(part);
            break;
        };
        starts = longer;
    }
    rest.extend(parts);
    (
        starts.into_iter().map(String::into_boxed_str).collect(),
        Hir::concat(rest),
    )
}

/// Each of the texts followed by each of the others, if those are not too many.
fn longer(starts: &[String], texts: &[String]) -> Option<Vec<String>> {
    let count = starts.len().checked_mul(texts.len())?;
    (count <= MAX_STARTS).then(|| {
        let one =
            |start: &String| -> Vec<String> { texts.iter().map(|text| format!("{start}{text}")).collect() };
        starts.iter().flat_map(one).collect()
    })
}

/// The texts that a part of a regex stands for, if it is nothing but a few texts.
fn texts(hir: &Hir) -> Option<Vec<String>> {
    match hir.kind() {
        HirKind::Literal(literal) => Some(vec![String::from_utf8(literal.0.to_vec()).ok()?]),
        HirKind::Capture(group) => texts(&group.sub),
        HirKind::Alternation(branches) if branches.len() <= MAX_STARTS => {
            let texts: Vec<Vec<String>> = branches.iter().map(texts).collect::<Option<_>>()?;
            let texts = texts.concat();
            (texts.len() <= MAX_STARTS).then_some(texts)
        }
        HirKind::Concat(parts) => parts
            .iter()
            .try_fold(vec![String::new()], |starts, part| longer(&starts, &texts(part)?)),
        _ => None,
    }
}

/// A part of a regex that was taken apart, put together again.
fn rebuilt(kind: HirKind) -> Hir {
    match kind {
        HirKind::Empty => Hir::empty(),
        HirKind::Literal(literal) => Hir::literal(literal.0),
        HirKind::Class(class) => Hir::class(class),
        HirKind::Look(look) => Hir::look(look),
        HirKind::Repetition(repetition) => Hir::repetition(repetition),
        HirKind::Capture(capture) => Hir::capture(capture),
        HirKind::Concat(parts) => Hir::concat(parts),
        HirKind::Alternation(branches) => Hir::alternation(branches),
    }
}

impl fmt::Debug for Regular {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "/{}/", self.text())
    }
}

/// Writes `\d`, `\w`, `\s` out, from the last to the first so that the places stay true.
fn with_ascii_classes(text: &str, classes: &[(usize, usize, &'static str)]) -> String {
    let mut ascii = text.to_owned();
    for (start, end, class) in classes.iter().rev() {
        ascii.replace_range(*start..*end, class);
    }
    ascii
}

/// Walks over a regex: refuses what the language does not have, and collects the Perl classes.
#[derive(Default)]
struct Check {
    classes: Vec<(usize, usize, &'static str)>,
}

impl Check {
    fn class(&mut self, class: &ast::ClassPerl) {
        let ascii = match (&class.kind, class.negated) {
            (ast::ClassPerlKind::Digit, false) => "[0-9]",
            (ast::ClassPerlKind::Digit, true) => "[^0-9]",
            (ast::ClassPerlKind::Space, false) => "[\\t\\n\\x0B\\f\\r ]",
            (ast::ClassPerlKind::Space, true) => "[^\\t\\n\\x0B\\f\\r ]",
            (ast::ClassPerlKind::Word, false) => "[0-9A-Za-z_]",
            (ast::ClassPerlKind::Word, true) => "[^0-9A-Za-z_]",
        };
        self.classes
            .push((class.span.start.offset, class.span.end.offset, ascii));
    }
}

impl ast::Visitor for Check {
    type Output = Vec<(usize, usize, &'static str)>;
    type Err = RegularError;

    fn finish(mut self) -> Result<Self::Output, RegularError> {
        self.classes.sort_unstable();
        Ok(self.classes)
    }

    fn visit_pre(&mut self, ast: &Ast) -> Result<(), RegularError> {
        match ast {
            Ast::Flags(_) => return Err(RegularError::Flag),
            Ast::Group(group) => {
                if let ast::GroupKind::NonCapturing(flags) = &group.kind
                    && !flags.items.is_empty()
                {
                    return Err(RegularError::Flag);
                }
            }
            Ast::Assertion(assertion) => {
                return Err(match assertion.kind {
                    ast::AssertionKind::StartLine
                    | ast::AssertionKind::EndLine
                    | ast::AssertionKind::StartText
                    | ast::AssertionKind::EndText => RegularError::Anchor,
                    _ => RegularError::WordBoundary,
                });
            }
            Ast::ClassPerl(class) => self.class(class),
            _ => {}
        }
        Ok(())
    }

    fn visit_class_set_item_pre(&mut self, item: &ast::ClassSetItem) -> Result<(), RegularError> {
        if let ast::ClassSetItem::Perl(class) = item {
            self.class(class);
        }
        Ok(())
    }
}
