//! Ways between the declaration of a name and its uses, and new names.

use super::edits::workspace_edit;
use super::names::{Kind, Occurrence};
use super::text::Lines;
use super::uri::uri_of;
use super::workspace::OpenSet;
use lsp_types::{Location, TextEdit, WorkspaceEdit};
use rolecall_engine::Selector;
use rolecall_engine::pattern::Wildcard;
use rolecall_syntax::{Span, Str, is_free_name};
use std::path::Path;

/// The reason why a name cannot be changed.
pub(crate) type Refused = &'static str;

impl OpenSet {
    /// Returns the name at a byte of a document.
    pub(crate) fn name_at(&self, path: &Path, offset: usize) -> Option<Occurrence> {
        let touches = |name: &Occurrence| name.span.start <= offset && offset <= name.span.end;
        let mut names: Vec<Occurrence> = self.names(path).into_iter().filter(touches).collect();
        names.sort_by_key(|name| name.span.end.saturating_sub(name.span.start));
        names.into_iter().next()
    }

    /// Returns the declarations of a name, or its uses, too.
    pub(crate) fn places(&self, path: &Path, name: &Occurrence, with_uses: bool) -> Vec<Location> {
        let mut places = Vec::new();
        for (file, span) in self.spans(path, name, with_uses) {
            if let (Some(uri), Some(document)) = (uri_of(file), self.text_of(file)) {
                let range = Lines::new(&document.source().text).range(span);
                places.push(Location { uri, range });
            }
        }
        places
    }

    /// Returns the spans of a name in all documents.
    fn spans(&self, path: &Path, name: &Occurrence, with_uses: bool) -> Vec<(&Path, Span)> {
        let mut spans = Vec::new();
        for (file, _, names) in self.all_names() {
            for other in names {
                let is_same = match name.kind {
                    Kind::Parameter => other.name == name.name && other.item == name.item && file == path,
                    Kind::Role => is_role(&name.name, &other.name),
                    _ => other.name == name.name,
                };
                if other.kind == name.kind && is_same && (with_uses || other.is_declaration) {
                    spans.push((file, other.span));
                }
            }
        }
        spans
    }

    /// Returns the span of a name that can be changed.
    ///
    /// # Errors
    /// The reason why it cannot.
    pub(crate) fn renamable(&self, path: &Path, offset: usize) -> Result<Occurrence, Refused> {
        let name = self
            .name_at(path, offset)
            .ok_or("this place does not have a name")?;
        match name.kind {
            Kind::Claim => return Err("a claim has the name that tokens have"),
            Kind::Grant => return Err("services read the names of grants"),
            Kind::Parameter => return Err("a parameter may also be in texts: change it by hand"),
            Kind::Role if name.name.contains(['{', '*']) => {
                return Err("this stands for the names of several roles");
            }
            _ => {}
        }
        let all = self.all_names();
        let mut others = all.iter().flat_map(|(_, _, names)| names);
        let declares =
            |other: &Occurrence| other.is_declaration && other.kind == name.kind && other.name == name.name;
        match others.any(declares) {
            true => Ok(name),
            false => Err("it is not declared by this name in these policies"),
        }
    }

    /// Returns the change of a name at all its places.
    ///
    /// # Errors
    /// The reason why it cannot be changed.
    pub(crate) fn rename(&self, path: &Path, offset: usize, new: &str) -> Result<WorkspaceEdit, Refused> {
        let name = self.renamable(path, offset)?;
        let is_word = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
        let starts = new.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
        if name.kind != Kind::Test && !(starts && new.chars().all(is_word)) {
            return Err("a name has letters, digits, `-` and `_`, and begins with a letter");
        }
        let all = self.all_names();
        let others = || {
            let others = all.iter().flat_map(|(_, _, names)| names);
            others.filter(|other| other.kind == name.kind)
        };
        let is_taken = self.analysis.last.as_deref().is_some_and(|set| {
            let program = set.program();
            match name.kind {
                Kind::Condition | Kind::Set => {
                    let mut issuers = program.issuers().values();
                    issuers.any(|issuer| issuer.profile.claim_by_name(new).is_some())
                }
                Kind::Role => program.role(new).is_some(),
                Kind::Test => program.tests().iter().any(|test| test.name == new),
                _ => false,
            }
        });
        if is_taken || others().any(|other| other.is_declaration && other.name == new) {
            return Err("something else has this name already");
        }
        if matches!(name.kind, Kind::Condition | Kind::Set) && !is_free_name(new) {
            return Err("conditions cannot use this word as a name");
        }
        let is_pattern = |other: &&Occurrence| other.kind == Kind::Role && other.name.contains('*');
        if others()
            .filter(is_pattern)
            .any(|other| selects(&other.name, &name.name) != selects(&other.name, new))
        {
            return Err("a selector with `*` selects only one of the two names");
        }
        let mut edits = Vec::new();
        for (file, document, names) in &all {
            let lines = Lines::new(&document.source().text);
            for other in names.iter().filter(|other| other.kind == name.kind) {
                // `like "test: case"` is the token of a case.
                let rest = match other.name.strip_prefix(&name.name) {
                    Some("") => "",
                    Some(rest) if name.kind == Kind::Test && rest.starts_with(": ") => rest,
                    _ => continue,
                };
                let new_text = match name.kind {
                    Kind::Test => format!("\"{}\"", Str::quote(&format!("{new}{rest}")).raw()),
                    _ => new.to_owned(),
                };
                let range = lines.range(other.span);
                edits.extend(uri_of(file).map(|uri| (uri, TextEdit { range, new_text })));
            }
        }
        Ok(workspace_edit(edits))
    }
}

/// Returns whether two names of roles can mean the same role: one may have `*`, and one may be that of a `for`.
fn is_role(one: &str, other: &str) -> bool {
    one == other || selects(one, other) || selects(other, one)
}

/// Returns whether a name with `*`, or with `{parameter}`s, can mean another one.
fn selects(pattern: &str, name: &str) -> bool {
    let mut wildcard = String::new();
    let mut is_inside = false;
    for c in pattern.chars() {
        match c {
            '{' => wildcard.push('*'),
            '}' => {}
            _ if is_inside => {}
            c => wildcard.push(c),
        }
        is_inside = c == '{' || (is_inside && c != '}');
    }
    wildcard.contains('*') && Wildcard::new(&Str::quote(&wildcard)).accepts(name)
}

/// Returns the selector that is written as a name.
pub(crate) fn selector(name: &Occurrence) -> Selector {
    match name.kind {
        Kind::Tag => Selector::Tag(name.name.clone()),
        _ => Selector::Name(name.name.clone()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_several_roles() {
        for (pattern, name, expected) in [
            ("deploy-*", "deploy-web", true),
            ("deploy-{app}", "deploy-web", true),
            ("{app}-in-{place}", "web-in-eu", true),
            ("*", "web", true),
            ("deploy-*", "read-web", false),
            ("deploy", "deploy", true),
            ("deploy-*-eu", "deploy-eu", false),
        ] {
            assert_eq!(is_role(pattern, name), expected, "{pattern} {name}");
        }
    }
}
