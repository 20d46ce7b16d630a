//! Edits of the texts that policies compare `sub` with. All else stays as it is written.

use super::subject::{Form, Repositories, form};
use super::{LeftSubject, Step};
use crate::projects::Projects;
use rolecall_engine::Source;
use rolecall_syntax::ast::{Comparison, Expr, ExprAt, Item, Operand, Operator, RoleMember, Segment};
use rolecall_syntax::{Span, Str, line_column, parse};

/// A file after a step.
pub(super) struct Rewritten {
    pub(super) text: String,
    pub(super) edits: usize,
    pub(super) repositories: Vec<Repositories>,
    pub(super) left: Vec<LeftSubject>,
}

/// Rewrites a file.
pub(super) fn of(source: &Source, projects: &Projects, step: Step) -> Rewritten {
    let mut editor = Editor {
        source,
        projects,
        step,
        edits: Vec::new(),
        subjects: 0,
        repositories: Vec::new(),
        left: Vec::new(),
    };
    for item in &parse(&source.text).file.items {
        match &item.node {
            Item::Role(role) => {
                for member in &role.members {
                    if let RoleMember::Allow(allow) = &member.node {
                        allow.when.iter().for_each(|when| editor.condition(when));
                    }
                }
            }
            Item::Condition(condition) => editor.condition(&condition.expr),
            Item::Guard(guard) => editor.condition(&guard.expr),
            _ => {}
        }
    }
    let Editor {
        mut edits,
        subjects,
        repositories,
        left,
        ..
    } = editor;
    let mut text = source.text.to_string();
    edits.sort_by_key(|(span, _)| std::cmp::Reverse(span.start));
    for (span, new) in &edits {
        text.replace_range(span.start..span.end, new);
    }
    Rewritten {
        text,
        edits: subjects,
        repositories,
        left,
    }
}

struct Editor<'e> {
    source: &'e Source,
    projects: &'e Projects,
    step: Step,
    edits: Vec<(Span, String)>,
    /// The number of subjects that are added or removed.
    subjects: usize,
    repositories: Vec<Repositories>,
    left: Vec<LeftSubject>,
}

impl Editor<'_> {
    /// Edits the comparisons of a condition, which is as deep as the parser allows.
    fn condition(&mut self, condition: &ExprAt) {
        match &condition.node {
            Expr::All(parts) | Expr::Any(parts) => parts.iter().for_each(|part| self.condition(part)),
            Expr::Not(part) => self.condition(part),
            Expr::Compare(comparison) => self.comparison(comparison),
            Expr::Bare(_) | Expr::Call(_) | Expr::External(_) | Expr::Has(_) | Expr::IsNull(_) => {}
        }
    }

    fn comparison(&mut self, comparison: &Comparison) {
        let is_subject = match comparison.claim.segments.as_slice() {
            [only] => match &only.node {
                Segment::Word(name) => name == "sub",
                Segment::Quoted(name) => name.raw() == "sub",
            },
            _ => false,
        };
        let operator = comparison.operator.node;
        if !is_subject || !matches!(operator, Operator::Equal | Operator::In | Operator::Like) {
            return;
        }
        let is_pattern = operator == Operator::Like;
        match (&comparison.operand.node, self.step) {
            (Operand::Text(text), Step::AddNew) => {
                let span = comparison.operand.span;
                if let Some(new) = self.new_form(text, span, is_pattern, &[]) {
                    let operator = if is_pattern { "like" } else { "in" };
                    let edited = format!("{operator} [\"{}\", \"{new}\"]", text.raw());
                    self.edits.push((comparison.operator.span.to(span), edited));
                }
            }
            (Operand::Text(text), Step::DropOld) => {
                self.is_dropped(text, comparison.operand.span, is_pattern, &[]);
            }
            (Operand::List(elements), step) => {
                let texts = elements.iter().filter_map(|element| match &element.node {
                    Operand::Text(text) => Some(text.raw()),
                    _ => None,
                });
                let texts: Vec<&str> = texts.collect();
                let mut dropped = Vec::new();
                for (place, element) in elements.iter().enumerate() {
                    let Operand::Text(text) = &element.node else {
                        continue;
                    };
                    match step {
                        Step::AddNew => {
                            if let Some(new) = self.new_form(text, element.span, is_pattern, &texts) {
                                let edited = format!("\"{}\", \"{new}\"", text.raw());
                                self.edits.push((element.span, edited));
                            }
                        }
                        Step::DropOld if self.is_dropped(text, element.span, is_pattern, &texts) => {
                            self.subjects = self.subjects.saturating_add(1);
                            dropped.push(place);
                        }
                        Step::DropOld => {}
                    }
                }
                let spans: Vec<Span> = elements.iter().map(|element| element.span).collect();
                for removed in runs(&dropped).into_iter().filter_map(|run| removal(&spans, run)) {
                    self.edits.push((removed, String::new()));
                }
            }
            _ => {}
        }
    }

    /// Returns the new form of a text, unless it is there already.
    fn new_form(&mut self, text: &Str, span: Span, is_pattern: bool, beside: &[&str]) -> Option<String> {
        match form(text.raw(), is_pattern, self.projects) {
            Form::Other | Form::New => None,
            Form::Old(new) if beside.contains(&new.text.as_str()) => None,
            Form::Old(new) => {
                self.subjects = self.subjects.saturating_add(1);
                self.repositories.push(new.of);
                Some(new.text)
            }
            Form::Unknown(reason) => {
                self.leave(text, span, reason);
                None
            }
        }
    }

    /// Returns whether a text has its new form beside it.
    fn is_dropped(&mut self, text: &Str, span: Span, is_pattern: bool, beside: &[&str]) -> bool {
        match form(text.raw(), is_pattern, self.projects) {
            Form::Other | Form::New => return false,
            Form::Old(new) if beside.contains(&new.text.as_str()) => return true,
            Form::Old(_) => self.leave(text, span, "its new form is not beside it"),
            Form::Unknown(reason) => self.leave(text, span, reason),
        }
        false
    }

    fn leave(&mut self, text: &Str, span: Span, reason: &'static str) {
        self.left.push(LeftSubject {
            file: self.source.name.to_string(),
            place: line_column(&self.source.text, span.start),
            text: text.raw().to_owned(),
            reason,
        });
    }
}

/// Returns the first and the last place of each run of places.
fn runs(places: &[usize]) -> Vec<(usize, usize)> {
    let mut runs: Vec<(usize, usize)> = Vec::new();
    for place in places {
        match runs.last_mut() {
            Some((_, last)) if last.checked_add(1) == Some(*place) => *last = *place,
            _ => runs.push((*place, *place)),
        }
    }
    runs
}

/// Returns the location of some elements of a list with the commas after them, or before them at the end of the list.
fn removal(elements: &[Span], (first, last): (usize, usize)) -> Option<Span> {
    let at = |place: Option<usize>| elements.get(place?);
    let (start, end) = (elements.get(first)?.start, elements.get(last)?.end);
    match (at(last.checked_add(1)), at(first.checked_sub(1))) {
        (Some(next), _) => Some(Span {
            start,
            end: next.start,
        }),
        (None, Some(before)) => Some(Span {
            start: before.end,
            end,
        }),
        // A list without elements is none.
        (None, None) => None,
    }
}
