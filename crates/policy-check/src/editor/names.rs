//! Names in a policy file: where they are declared, and where they are used.

use rolecall_syntax::ast::{
    ClaimPath, Derive, Entry, Expectation, Expr, ExprAt, File, IssuerMember, Item, Key, Modifier, Operand,
    ProfileMember, RoleMember, Segment, Selector, Statement, TokenBase, Values,
};
use rolecall_syntax::{Span, Spanned};
use std::collections::HashSet;

/// The kind of a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Kind {
    Claim,
    Condition,
    Grant,
    Issuer,
    Parameter,
    Profile,
    Role,
    Set,
    Tag,
    Test,
}

/// A name at a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Occurrence {
    pub(crate) kind: Kind,
    pub(crate) name: String,
    pub(crate) span: Span,
    pub(crate) is_declaration: bool,
    /// The span of the item that it is in: parameters belong to one item.
    pub(crate) item: Span,
}

/// The names of conditions and sets of a policy set, which stand where claims may.
#[derive(Clone, Debug, Default)]
pub(crate) struct Declared {
    conditions: HashSet<String>,
    sets: HashSet<String>,
}

impl Declared {
    /// Adds the names that a file declares.
    pub(crate) fn add(&mut self, file: &File) {
        for item in &file.items {
            match &item.node {
                Item::Condition(condition) => drop(self.conditions.insert(condition.name.node.clone())),
                Item::Set(set) => drop(self.sets.insert(set.name.node.clone())),
                _ => {}
            }
        }
    }
}

/// Returns the names in a file, in the order of the text.
pub(crate) fn occurrences(file: &File, declared: &Declared) -> Vec<Occurrence> {
    let mut found = Vec::new();
    for item in &file.items {
        let mut names = Names {
            declared,
            item: item.span,
            parameters: HashSet::new(),
            found: &mut found,
        };
        names.item(&item.node);
    }
    found.sort_by_key(|occurrence| occurrence.span.start);
    found
}

struct Names<'a> {
    declared: &'a Declared,
    item: Span,
    parameters: HashSet<String>,
    found: &'a mut Vec<Occurrence>,
}

impl Names<'_> {
    fn item(&mut self, item: &Item) {
        match item {
            Item::Assertion(assertion) => {
                for selector in assertion.statement.node.selectors() {
                    self.selector(selector);
                }
                match &assertion.statement.node {
                    Statement::Implies(_, condition) | Statement::Never(_, condition) => {
                        self.condition(condition);
                    }
                    Statement::Possible(_, Some(condition)) => self.condition(condition),
                    _ => {}
                }
            }
            Item::Condition(condition) => {
                self.declare(Kind::Condition, &condition.name);
                for parameter in &condition.parameters {
                    self.parameter(parameter);
                }
                self.condition(&condition.expr);
            }
            Item::Edition(_) => {}
            Item::Guard(guard) => {
                guard
                    .selectors
                    .iter()
                    .for_each(|selector| self.selector(selector));
                if let Some(issuer) = &guard.from {
                    self.use_of(Kind::Issuer, issuer);
                }
                self.condition(&guard.expr);
            }
            Item::Issuer(issuer) => {
                self.declare(Kind::Issuer, &issuer.name);
                for member in &issuer.members {
                    match &member.node {
                        IssuerMember::Profile(profile) => self.use_of(Kind::Profile, profile),
                        IssuerMember::Derive(derive) => self.derive(derive),
                        _ => {}
                    }
                }
            }
            Item::Profile(profile) => {
                self.declare(Kind::Profile, &profile.name);
                if let Some(base) = &profile.extends {
                    self.use_of(Kind::Profile, base);
                }
                for member in &profile.members {
                    match &member.node {
                        ProfileMember::Claim(claim) => {
                            self.claim(&claim.path, true);
                            for modifier in &claim.modifiers {
                                if let Modifier::Alias(alias) = &modifier.node {
                                    self.declare(Kind::Claim, alias);
                                }
                            }
                        }
                        ProfileMember::Derive(derive) => self.derive(derive),
                        ProfileMember::Shared(_) => {}
                    }
                }
            }
            Item::Role(role) => {
                self.declare(Kind::Role, &role.name);
                for expansion in &role.expansions {
                    for parameter in &expansion.node.parameters {
                        self.parameter(parameter);
                    }
                    if let Values::Set(name) = &expansion.node.values.node {
                        self.add(Kind::Set, name, expansion.node.values.span, false);
                    }
                }
                for member in &role.members {
                    match &member.node {
                        RoleMember::Allow(allow) => {
                            self.use_of(Kind::Issuer, &allow.issuer);
                            if let Some(condition) = &allow.when {
                                self.condition(condition);
                            }
                        }
                        RoleMember::Grant(grant) => self.declare(Kind::Grant, &grant.name),
                        RoleMember::Tags(tags) => tags.iter().for_each(|tag| self.declare(Kind::Tag, tag)),
                        RoleMember::Ttl(_) => {}
                    }
                }
            }
            Item::Set(set) => {
                self.declare(Kind::Set, &set.name);
                set.elements.node.iter().for_each(|element| self.operand(element));
            }
            Item::Test(test) => {
                if let Ok(name) = test.name.node.text() {
                    self.add(Kind::Test, &name, test.name.span, true);
                }
                self.use_of(Kind::Issuer, &test.token.node.issuer);
                if let Some(Spanned {
                    node: TokenBase::Test(name),
                    span,
                }) = &test.token.node.base
                    && let Ok(name) = name.text()
                {
                    self.add(Kind::Test, &name, *span, false);
                }
                test.entries().for_each(|entry| self.entry(entry));
                let cases = test.cases.iter().flat_map(|case| &case.node.expectations);
                test.expectations
                    .iter()
                    .chain(cases)
                    .for_each(|expectation| self.expectation(&expectation.node));
            }
        }
    }

    fn expectation(&mut self, expectation: &Expectation) {
        expectation
            .selectors
            .iter()
            .for_each(|selector| self.selector(selector));
        if let Some(claim) = &expectation.because {
            self.claim(claim, false);
        }
    }

    fn entry(&mut self, entry: &Spanned<Entry>) {
        if let Key::Word(name) = &entry.node.key.node {
            self.add(Kind::Claim, name, entry.node.key.span, false);
        }
    }

    fn derive(&mut self, derive: &Derive) {
        self.claim(&derive.claim, false);
        if let Some(condition) = &derive.when {
            self.condition(condition);
        }
    }

    /// Adds the names in a condition. Its depth is bounded by the parser.
    fn condition(&mut self, condition: &ExprAt) {
        match &condition.node {
            Expr::All(parts) | Expr::Any(parts) => parts.iter().for_each(|part| self.condition(part)),
            Expr::Not(inner) => self.condition(inner),
            Expr::Bare(path) => match path.as_name() {
                Some(name) if self.declared.conditions.contains(name) => {
                    self.add(Kind::Condition, name, path.span(), false);
                }
                _ => self.claim(path, false),
            },
            Expr::Call(call) => {
                self.use_of(Kind::Condition, &call.name);
                call.arguments.iter().for_each(|argument| self.operand(argument));
            }
            Expr::Compare(comparison) => {
                self.claim(&comparison.claim, false);
                self.operand(&comparison.operand);
            }
            Expr::Has(path) | Expr::IsNull(path) => self.claim(path, false),
            Expr::External(_) => {}
        }
    }

    fn operand(&mut self, operand: &Spanned<Operand>) {
        match &operand.node {
            Operand::List(elements) => elements.iter().for_each(|element| self.operand(element)),
            Operand::Reference(path) => match path.as_name() {
                Some(name) if self.parameters.contains(name) => {
                    self.add(Kind::Parameter, name, path.span(), false);
                }
                Some(name) if self.declared.sets.contains(name) => {
                    self.add(Kind::Set, name, path.span(), false);
                }
                _ => self.claim(path, false),
            },
            Operand::Bool(_) | Operand::Int(_) | Operand::Regex(_) | Operand::Text(_) => {}
        }
    }

    fn selector(&mut self, selector: &Spanned<Selector>) {
        match &selector.node {
            Selector::Name(name) => self.add(Kind::Role, name, selector.span, false),
            Selector::Tag(tag) => {
                let span = Span::new(selector.span.start.saturating_add(1), selector.span.end);
                self.add(Kind::Tag, tag, span, false);
            }
        }
    }

    fn claim(&mut self, path: &ClaimPath, is_declaration: bool) {
        let names = path.segments.iter().map(|segment| match &segment.node {
            Segment::Quoted(text) => text
                .text()
                .map_or_else(|_| text.raw().to_owned(), |text| text.to_string()),
            Segment::Word(name) => name.clone(),
        });
        let names: Vec<String> = names.collect();
        self.add(Kind::Claim, &names.join("."), path.span(), is_declaration);
    }

    fn parameter(&mut self, name: &Spanned<String>) {
        self.parameters.insert(name.node.clone());
        self.declare(Kind::Parameter, name);
    }

    fn declare(&mut self, kind: Kind, name: &Spanned<String>) {
        self.add(kind, &name.node, name.span, true);
    }

    fn use_of(&mut self, kind: Kind, name: &Spanned<String>) {
        self.add(kind, &name.node, name.span, false);
    }

    fn add(&mut self, kind: Kind, name: &str, span: Span, is_declaration: bool) {
        self.found.push(Occurrence {
            kind,
            name: name.to_owned(),
            span,
            is_declaration,
            item: self.item,
        });
    }
}
