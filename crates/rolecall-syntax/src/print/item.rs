//! Items, from their first word to their closing brace.

use super::Printer;
use super::list::{ListPart, inside};
use crate::ast::{Guard, Issuer, Item, Profile, Role, Test};
use crate::span::{Span, Spanned};

impl Printer<'_> {
    pub(super) fn item(&mut self, item: &Spanned<Item>) {
        let span = item.span;
        match &item.node {
            Item::Assertion(assertion) => self.assertion(span, assertion),
            Item::Condition(condition) => self.condition(span, condition),
            Item::Edition(edition) => self.leaf(span, &format!("edition {}", edition.node)),
            Item::Guard(guard) => self.guard(span, guard),
            Item::Issuer(issuer) => self.issuer(span, issuer),
            Item::Profile(profile) => self.profile(span, profile),
            Item::Role(role) => self.role(span, role),
            Item::Set(set) => {
                let part = ListPart {
                    span,
                    head: &format!("set {} = ", set.name.node),
                    list: set.elements.span,
                    text: &self.flat(|flat| flat.operands(&set.elements)),
                    tail: "",
                };
                self.list_part(&part, |printer| printer.operand_lines(&set.elements));
            }
            Item::Test(test) => self.test(span, test),
        }
    }

    /// Prints the braces of an item, after its head, and its members.
    fn members<T>(&mut self, span: Span, brace: usize, members: &[T], mut member: impl FnMut(&mut Self, &T)) {
        let inside = inside(Span::new(brace, span.end));
        if members.is_empty() && !self.comments.any_in(&inside) {
            self.push("{}");
        } else {
            self.push("{");
            self.body(inside, |printer| {
                for part in members {
                    member(printer, part);
                }
            });
            self.push("}");
        }
        self.trailing(span.end);
    }

    fn profile(&mut self, span: Span, profile: &Profile) {
        let brace = self.comments.find('{', profile.name.span.end);
        self.begin(span.start..brace);
        self.push(&format!("profile {} ", profile.name.node));
        if let Some(base) = &profile.extends {
            self.push(&format!("extends {} ", base.node));
        }
        self.members(span, brace, &profile.members, Self::profile_member);
    }

    fn issuer(&mut self, span: Span, issuer: &Issuer) {
        let brace = self.comments.find('{', issuer.name.span.end);
        self.begin(span.start..brace);
        self.push(&format!("issuer {} ", issuer.name.node));
        self.members(span, brace, &issuer.members, Self::issuer_member);
    }

    fn role(&mut self, span: Span, role: &Role) {
        let mut head = format!("role {} ", role.name.node);
        let end = match role.expansions.last() {
            Some(last) => last.span.end,
            None => role.name.span.end,
        };
        let brace = self.comments.find('{', end);
        match role.expansions.as_slice() {
            [] => {
                self.begin(span.start..brace);
                self.push(&head);
            }
            [one] => self.expansion(Span::new(span.start, brace), &head, one, " "),
            _ => {
                for expansion in &role.expansions {
                    head += &self.flat(|flat| flat.expansion(expansion));
                    head.push(' ');
                }
                if self.fits(&head) && !role.expansions.iter().any(|one| self.has_comments(&one.values)) {
                    self.begin(span.start..brace);
                    self.push(&head);
                } else {
                    self.begin(span.start..role.name.span.end);
                    self.push(&format!("role {}", role.name.node));
                    self.trailing(role.name.span.end);
                    let blank_lines = std::mem::replace(&mut self.blank_lines, false);
                    self.indented(|printer| {
                        for expansion in &role.expansions {
                            printer.expansion(expansion.span, "", expansion, "");
                        }
                    });
                    self.leading(brace);
                    self.line(false);
                    self.blank_lines = blank_lines;
                }
            }
        }
        self.members(span, brace, &role.members, Self::role_member);
    }

    fn test(&mut self, span: Span, test: &Test) {
        let brace = self.comments.find('{', test.name.span.end);
        let name = self.flat(|flat| flat.string(&test.name));
        self.begin(span.start..brace);
        self.push(&format!("test {name} {{"));
        self.body(inside(Span::new(brace, span.end)), |printer| {
            printer.token(test.token.span, &test.token);
            printer.expectations(&test.expectations);
            for case in &test.cases {
                printer.case(case.span, case);
            }
        });
        self.push("}");
        self.trailing(span.end);
    }

    fn guard(&mut self, span: Span, guard: &Guard) {
        let selectors_end = guard.selectors.last().map_or(span.start, |last| last.span.end);
        let head_end = guard.from.as_ref().map_or(selectors_end, |from| from.span.end);
        let brace = self.comments.find('{', head_end);
        self.begin(span.start..brace);
        let name = &guard.name.node;
        let selectors = self.flat(|flat| flat.selectors(&guard.selectors));
        let from = match &guard.from {
            Some(issuer) => format!("from {} ", issuer.node),
            None => String::new(),
        };
        let head = format!("guard {name} for {selectors} {from}");
        let text = self.flat(|flat| flat.braced(|flat| flat.expr(&guard.expr)));
        let inside = inside(Span::new(brace, span.end));
        if self.fits(&format!("{head}{text}")) && !self.comments.any_in(&inside) {
            self.push(&head);
            self.push(&text);
            return self.trailing(span.end);
        }
        if self.fits(&format!("{head}{{")) {
            self.push(&head);
        } else {
            self.push(&format!("guard {name} for"));
            self.selector_lines(&guard.selectors);
            self.line(false);
            self.push(&from);
        }
        self.push("{");
        self.body(inside, |printer| printer.block_expr(&guard.expr));
        self.push("}");
        self.trailing(span.end);
    }
}
