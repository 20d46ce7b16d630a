//! The values of `for`s: where they are, how many they are, and the rows of values that they are.

use crate::diagnostic::{Diagnostic, Location};
use crate::error_kind::ErrorKind;
use crate::id::FileId;
use crate::lower::Lowering;
use crate::lower::names::Named;
use crate::lower::scope::{UntypedLiteral, UntypedValue};
use rolecall_syntax::Spanned;
use rolecall_syntax::ast::{self, Key, Name, Operand, Pair, Values};
use std::collections::{HashMap, HashSet};
use std::num::Saturating;

/// A `for` whose values are not read yet.
pub(super) struct Source<'a> {
    parameters: &'a [Name],
    rows: Rows<'a>,
    /// The file of the values: that of a set may be another one than the role's.
    file: FileId,
    /// The values of the `for`, or the name of the set.
    location: Location,
}

/// The values of a `for` as they are written.
#[derive(Clone, Copy)]
enum Rows<'a> {
    List(&'a [Spanned<Operand>]),
    Map(&'a [Spanned<Pair>]),
}

impl Rows<'_> {
    fn len(self) -> usize {
        match self {
            Self::List(elements) => elements.len(),
            Self::Map(pairs) => pairs.len(),
        }
    }
}

/// A `for` with its values.
pub(super) struct Axis<'a> {
    /// The names of the parameters; never empty.
    pub(super) parameters: &'a [Name],
    /// The rows: one value for each parameter; never empty.
    pub(super) rows: Vec<Vec<UntypedLiteral>>,
}

/// Returns the number of roles that `for`s make.
pub(super) fn combinations(sources: &[Source<'_>]) -> usize {
    let counts = sources.iter().map(|source| Saturating(source.rows.len()));
    counts.fold(Saturating(1), |product, count| product * count).0
}

impl<'a> Lowering<'a> {
    /// Finds the values of a role's `for`s, without reading them. `None` if one has an error, which is reported.
    pub(super) fn sources(&mut self, role: Named<'a, ast::Role>) -> Option<Vec<Source<'a>>> {
        let mut sources = Vec::with_capacity(role.item.expansions.len());
        let mut is_right = self.check_parameter_names(role);
        for expansion in &role.item.expansions {
            let location = Location::new(role.file, expansion.values.span);
            let (rows, file) = match &expansion.values.node {
                Values::List(elements) => (Rows::List(elements), role.file),
                Values::Map(pairs) => (Rows::Map(pairs), role.file),
                Values::Set(name) => match self.names.sets.get(name.as_str()) {
                    Some(set) => (Rows::List(&set.item.elements.node), set.file),
                    None => {
                        let sets = self.names.sets.keys().copied();
                        let near = self.budgets.did_you_mean(name, sets);
                        let message = format!("there is no set `{name}`");
                        self.error(
                            Diagnostic::new(ErrorKind::UnknownSet, location, message)
                                .help_if(near.map(|near| format!("did you mean `{near}`?"))),
                        );
                        is_right = false;
                        continue;
                    }
                },
            };
            let source = Source {
                parameters: &expansion.parameters,
                rows,
                file,
                location,
            };
            is_right &= self.check_form(&source, &expansion.values.node);
            sources.push(source);
        }
        is_right.then_some(sources)
    }

    /// Reports parameters of a role with the same name.
    fn check_parameter_names(&mut self, role: Named<'a, ast::Role>) -> bool {
        let mut seen: HashMap<&str, Location> = HashMap::new();
        let mut is_right = true;
        for name in role.item.expansions.iter().flat_map(|one| &one.parameters) {
            let location = Location::new(role.file, name.span);
            if let Some(first) = seen.insert(&name.node, location) {
                let message = format!("there are two parameters called `{}`", name.node);
                self.error(
                    Diagnostic::new(ErrorKind::DuplicateName, location, message)
                        .help("rename one of them")
                        .note(first, "the other one"),
                );
                is_right = false;
            }
        }
        is_right
    }

    /// Reports a `for` without values, and a map for another number of parameters than two.
    fn check_form(&mut self, source: &Source<'a>, values: &Values) -> bool {
        let names = parameters(source.parameters);
        let row = form(source.parameters.len());
        let (kind, message, help) = match (values, source.parameters.len()) {
            _ if source.rows.len() == 0 => (
                ErrorKind::Empty,
                match source.parameters.len() {
                    1 => "`for` needs one or more literals".to_owned(),
                    _ => "`for` needs one or more rows of literals".to_owned(),
                },
                match (source.parameters, values) {
                    ([name], _) => format!("write `for {} in [\"staging\", \"production\"]`", name.node),
                    (_, Values::Map(_)) => format!("write `for {names} in {{ api = \"11\", web = \"12\" }}`"),
                    _ => format!("write `for {names} in [{row}, …]`"),
                },
            ),
            (Values::Map(_), 1) => (
                ErrorKind::InvalidElement,
                "a map has two values in each pair, and this `for` has one parameter".to_owned(),
                format!("write `for {names}, value in {{ … }}`, or a list"),
            ),
            (Values::Map(_), count @ 3..) => (
                ErrorKind::InvalidElement,
                format!("a map has two values in each pair, and this `for` has {count} parameters"),
                format!("write a list of rows: `for {names} in [{row}, …]`"),
            ),
            _ => return true,
        };
        self.error(Diagnostic::new(kind, source.location, message).help(help));
        false
    }

    /// Reads the values of `for`s. `None` if one has an error, which is reported.
    pub(super) fn axes(&mut self, sources: Vec<Source<'a>>) -> Option<Vec<Axis<'a>>> {
        let mut axes = Vec::with_capacity(sources.len());
        let mut is_right = true;
        for source in sources {
            let mut rows: Vec<Option<Vec<UntypedLiteral>>> = Vec::with_capacity(source.rows.len());
            match source.rows {
                Rows::List(elements) => {
                    rows.extend(
                        elements
                            .iter()
                            .map(|element| self.values_of_row(element, &source)),
                    );
                }
                Rows::Map(pairs) => rows.extend(pairs.iter().map(|pair| self.values_of_pair(pair, &source))),
            }
            let rows: Option<Vec<Vec<UntypedLiteral>>> = rows.into_iter().collect();
            match rows {
                Some(rows) if self.check_distinct(&rows, &source) => axes.push(Axis {
                    parameters: source.parameters,
                    rows,
                }),
                _ => is_right = false,
            }
        }
        is_right.then_some(axes)
    }

    /// Reads an element of a list as one value, or as a row of values.
    fn values_of_row(
        &mut self,
        element: &Spanned<Operand>,
        source: &Source<'a>,
    ) -> Option<Vec<UntypedLiteral>> {
        let location = Location::new(source.file, element.span);
        let names = parameters(source.parameters);
        let wanted = source.parameters.len();
        let (message, help) = match (&element.node, source.parameters) {
            (Operand::List(values), [_, _, ..]) if values.len() == wanted => {
                // All values are read before the first error ends the row, so that each error is reported.
                let values: Vec<Option<UntypedLiteral>> = values
                    .iter()
                    .map(|value| self.parameter_value(value, source.file))
                    .collect();
                return values.into_iter().collect();
            }
            (Operand::List(values), [_, _, ..]) => (
                format!(
                    "this row has {}, and this `for` has {wanted} parameters",
                    count(values.len())
                ),
                format!("write a value for each of {}", each(source.parameters)),
            ),
            (Operand::List(values), _) => (
                format!("this is a list, and `{names}` takes one value"),
                match values.len() {
                    0 | 1 => "write the value without the inner brackets".to_owned(),
                    more => format!("name {more} parameters, as in `for {names}, other in […]`"),
                },
            ),
            (_, [_]) => return Some(vec![self.parameter_value(element, source.file)?]),
            _ => (
                format!("this is one value, and this `for` has {wanted} parameters"),
                format!(
                    "write a row with a value for each of {}: `{}`",
                    each(source.parameters),
                    form(wanted)
                ),
            ),
        };
        self.error(Diagnostic::new(ErrorKind::InvalidElement, location, message).help(help));
        None
    }

    /// Reads a literal.
    fn parameter_value(&mut self, operand: &Spanned<Operand>, file: FileId) -> Option<UntypedLiteral> {
        let location = Location::new(file, operand.span);
        let (message, help) = match &operand.node {
            Operand::Reference(path) => {
                let written = crate::lower::claim_path::written(path);
                (
                    format!("`for` takes literals, and `{written}` is a name"),
                    format!("write `\"{written}\"`"),
                )
            }
            Operand::List(_) => (
                "this is a list inside a row of values".to_owned(),
                "write one literal for each parameter".to_owned(),
            ),
            Operand::Bool(_) | Operand::Int(_) | Operand::Regex(_) | Operand::Text(_) => {
                return self.set_literal(operand, file);
            }
        };
        self.error(Diagnostic::new(ErrorKind::InvalidElement, location, message).help(help));
        None
    }

    /// Reads a pair of a map as a row of two values.
    fn values_of_pair(&mut self, pair: &Spanned<Pair>, source: &Source<'a>) -> Option<Vec<UntypedLiteral>> {
        let key = match &pair.key.node {
            Key::Quoted(string) => string.clone(),
            // A name has no escapes.
            Key::Word(name) => rolecall_syntax::Str::new(name).ok()?,
        };
        let key = Spanned::new(Operand::Text(key), pair.key.span);
        let key = self.parameter_value(&key, source.file);
        let value = self.parameter_value(&pair.value, source.file);
        Some(vec![key?, value?])
    }

    /// Reports rows that are equal, and pairs with the same key.
    fn check_distinct(&mut self, rows: &[Vec<UntypedLiteral>], source: &Source<'a>) -> bool {
        let is_map = matches!(source.rows, Rows::Map(_));
        let mut seen: HashSet<Vec<Value<'_>>> = HashSet::with_capacity(rows.len());
        let mut is_right = true;
        for row in rows {
            let key: Vec<Value<'_>> = match row.as_slice() {
                [key, _] if is_map => vec![Value::of(key)],
                values => values.iter().map(Value::of).collect(),
            };
            if seen.insert(key) {
                continue;
            }
            is_right = false;
            let Some(first) = row.first() else { continue };
            let what = match row.len() {
                1 => "this value",
                _ if is_map => "this key",
                _ => "this row",
            };
            let error = Diagnostic::new(
                ErrorKind::RepeatedMember,
                first.location,
                format!("{what} is listed twice in a `for`"),
            );
            let error = error.help("remove one of them");
            self.error(if source.location.file() == first.location.file() {
                error
            } else {
                error.note(source.location, "the `for`")
            });
        }
        is_right
    }
}

/// A value of a row, to be compared with others.
#[derive(PartialEq, Eq, Hash)]
enum Value<'v> {
    Bool(bool),
    Int(i64),
    Regex(&'v str),
    /// The characters, each with whether it is escaped.
    Text(Vec<(char, bool)>),
}

impl<'v> Value<'v> {
    fn of(literal: &'v UntypedLiteral) -> Self {
        match &literal.value {
            UntypedValue::Bool(value) => Self::Bool(*value),
            UntypedValue::Int(number) => Self::Int(*number),
            UntypedValue::Regex(regex) => Self::Regex(regex),
            UntypedValue::Text(text) => {
                Self::Text(text.chars().iter().map(|c| (c.value, c.escaped)).collect())
            }
        }
    }
}

/// Returns the names of parameters, each as input.
fn each(names: &[Name]) -> String {
    let names: Vec<String> = names.iter().map(|name| format!("`{}`", name.node)).collect();
    names.join(", ")
}

/// Returns the names of parameters, as in `a, b`.
fn parameters(names: &[Name]) -> String {
    let names: Vec<&str> = names.iter().map(|name| name.node.as_str()).collect();
    names.join(", ")
}

/// Returns a row of values, as a help text shows it.
fn form(values: usize) -> String {
    match values {
        0..=4 => format!("[{}]", vec!["\"…\""; values].join(", ")),
        _ => "[\"…\", …]".to_owned(),
    }
}

/// Returns a number of values in words.
fn count(values: usize) -> String {
    match values {
        1 => "1 value".to_owned(),
        more => format!("{more} values"),
    }
}
