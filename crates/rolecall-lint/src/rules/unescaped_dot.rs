//! Unescaped dots in regexes.

use crate::clause::{ClauseView, Constraint};
use crate::context::RuleContext;
use crate::edits;
use crate::finding::Finding;
use crate::fix::Fix;
use crate::rule::{Check, Rule};
use crate::rule_info::RuleInfo;
use crate::severity::{Category, Confidence, Persona, Safety, Severity};
use crate::text;
use crate::written::literals;
use regex_syntax::ast::{Ast, parse::Parser};
use rolecall_engine::Location;
use rolecall_engine::ir::Question;
use rolecall_syntax::Span;
use rolecall_syntax::ast::Operand;

pub(crate) static RULE: Rule = Rule {
    info: RuleInfo {
        name: "unescaped-dot",
        summary: "a dot in a regex matches any character where a literal dot seems intended",
        category: Category::Operators,
        severity: Severity::Medium,
        confidence: Confidence::Medium,
        persona: Persona::Regular,
        fix: Some(Safety::Unsafe),
        page: include_str!("../../docs/unescaped-dot.md"),
    },
    check: Check::Literals(check),
};

fn check(
    constraint: &Constraint<'_>,
    _view: &ClauseView<'_>,
    context: &mut RuleContext<'_, '_>,
) -> Vec<Finding> {
    let location = constraint.location;
    let (Question::Pattern(_), Some(comparison)) =
        (&constraint.atom.question, context.trees.comparison(location))
    else {
        return Vec::new();
    };
    let found = literals(comparison).iter().filter_map(|literal| {
        let Operand::Regex(text) = &literal.node else {
            return None;
        };
        let mut dots = Vec::new();
        if let Ok(tree) = Parser::new().parse(text) {
            collect(&tree, &mut dots);
        }
        // The regex begins after a slash.
        let begin = text::plus(literal.span.start, 1);
        let at = |dot: &usize| Location::new(location.file(), Span::at(text::plus(begin, *dot)));
        let edits: Vec<_> = dots
            .iter()
            .filter_map(|dot| edits::replace(context, at(dot), "\\"))
            .collect();
        if edits.is_empty() {
            return None;
        }
        let location = Location::new(location.file(), literal.span);
        let message = format!("a dot in `{}` matches any character", context.text(location));
        Some(
            Finding::new(&RULE.info, location, message)
                .help("write `\\.` for a literal dot")
                .fix(Fix::new(Safety::Unsafe, "write `\\.`", edits)),
        )
    });
    found.collect()
}

/// Collects the offsets of the dots between two parts of names.
fn collect(tree: &Ast, dots: &mut Vec<usize>) {
    match tree {
        Ast::Alternation(branches) => branches.asts.iter().for_each(|branch| collect(branch, dots)),
        Ast::Concat(parts) => {
            for triple in parts.asts.windows(3) {
                if let [before, Ast::Dot(dot), after] = triple
                    && is_of_name(before)
                    && is_of_name(after)
                {
                    dots.push(dot.start.offset);
                }
            }
            parts.asts.iter().for_each(|part| collect(part, dots));
        }
        Ast::Group(group) => collect(&group.ast, dots),
        Ast::Repetition(part) => collect(&part.ast, dots),
        _ => {}
    }
}

/// Returns whether a part of a regex matches letters or digits.
fn is_of_name(part: &Ast) -> bool {
    match part {
        Ast::ClassBracketed(class) => !class.negated,
        Ast::ClassPerl(class) => !class.negated,
        Ast::Literal(literal) => literal.c.is_ascii_alphanumeric(),
        Ast::Repetition(part) => is_of_name(&part.ast),
        _ => false,
    }
}
