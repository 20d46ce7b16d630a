//! Conditions and statements on one line.

use super::Flat;
use crate::ast::{ClaimPath, Comparison, Expansion, Expr, Operand, Segment, Selector, Statement, Values};
use crate::limits::MAX_NESTING;
use crate::span::{Spanned, plus};

impl Flat {
    pub(in crate::print) fn operand(&mut self, operand: &Operand) {
        match operand {
            Operand::Bool(true) => self.push("true"),
            Operand::Bool(false) => self.push("false"),
            Operand::Int(number) => self.push(&number.to_string()),
            Operand::List(operands) => self.operands(operands),
            Operand::Reference(path) => self.path(path),
            Operand::Regex(regex) => {
                self.push("/");
                self.push(regex);
                self.push("/");
            }
            Operand::Text(string) => self.string(string),
        }
    }

    pub(in crate::print) fn operands(&mut self, operands: &[Spanned<Operand>]) {
        self.list(operands, |flat, operand| flat.operand(operand));
    }

    /// `for a, b in […]`
    pub(in crate::print) fn expansion(&mut self, expansion: &Expansion) {
        self.expansion_head(expansion);
        self.expansion_values(&expansion.values);
    }

    pub(in crate::print) fn expansion_head(&mut self, expansion: &Expansion) {
        self.push("for ");
        self.separated(", ", &expansion.parameters, |flat, name| flat.push(name));
        self.push(" in ");
    }

    pub(in crate::print) fn expansion_values(&mut self, values: &Values) {
        match values {
            Values::List(elements) => self.operands(elements),
            Values::Map(pairs) => self.map(pairs, |flat, pair| {
                flat.key(&pair.key);
                flat.push(" = ");
                flat.operand(&pair.value);
            }),
            Values::Set(name) => self.push(name),
        }
    }

    /// Prints a condition without parentheses around it.
    pub(in crate::print) fn expr(&mut self, expr: &Expr) {
        match expr {
            Expr::All(terms) => self.separated(" && ", terms, |flat, term| flat.term(term)),
            Expr::Any(terms) => self.separated(" || ", terms, |flat, term| flat.term(term)),
            Expr::Bare(path) => self.path(path),
            Expr::Call(call) => {
                self.push(&call.name);
                self.parenthesized(&call.arguments, |flat, operand| flat.operand(operand));
            }
            Expr::Compare(comparison) => {
                self.comparison_head(comparison);
                self.operand(&comparison.operand);
            }
            // It has no spelling: the text is for a reader, and does not parse.
            Expr::External(text) => self.push(text),
            Expr::Has(path) => {
                self.push("has ");
                self.path(path);
            }
            Expr::IsNull(path) => {
                self.path(path);
                self.push(" is null");
            }
            Expr::Not(inner) => {
                self.push("!");
                if negation_groups(inner, self.depth) {
                    self.group(inner);
                } else {
                    self.expr(inner);
                }
            }
        }
    }

    /// Prints the claim and the operator of a comparison.
    pub(in crate::print) fn comparison_head(&mut self, comparison: &Comparison) {
        self.path(&comparison.claim);
        self.push(" ");
        self.push(comparison.operator.text());
        self.push(" ");
    }

    /// `(a && b)`
    pub(in crate::print) fn group(&mut self, expr: &Expr) {
        self.bracketed("(", ")", |flat| flat.expr(expr));
    }

    fn term(&mut self, expr: &Expr) {
        match expr {
            Expr::All(_) | Expr::Any(_) => self.group(expr),
            _ => self.expr(expr),
        }
    }

    pub(in crate::print) fn statement(&mut self, statement: &Statement) {
        self.statement_head(statement);
        match statement {
            Statement::Covers(_, right) | Statement::Equivalent(_, right) => self.selector(right),
            Statement::Disjoint(selectors) => self.selectors(selectors),
            Statement::Implies(_, expr) | Statement::Never(_, expr) | Statement::Possible(_, Some(expr)) => {
                self.push(" ");
                self.expr(expr);
            }
            Statement::Possible(_, None) => {}
        }
    }

    /// Prints a statement up to its condition or its second selector.
    pub(in crate::print) fn statement_head(&mut self, statement: &Statement) {
        let (before, selector, after): (&str, &Selector, &str) = match statement {
            Statement::Covers(left, _) => ("", left, " covers "),
            Statement::Disjoint(_) => return self.push("disjoint "),
            Statement::Equivalent(left, _) => ("equivalent ", left, ", "),
            Statement::Implies(selector, _) => ("", selector, " implies"),
            Statement::Never(selector, _) => ("never ", selector, " when"),
            Statement::Possible(selector, Some(_)) => ("possible ", selector, " when"),
            Statement::Possible(selector, None) => ("possible ", selector, ""),
        };
        self.push(before);
        self.selector(selector);
        self.push(after);
    }
}

/// Returns whether parentheses are printed after the `!` before a condition. They are also put around a
/// comparison, which does not need them, unless it would then nest too deep.
pub(in crate::print) fn negation_groups(inner: &Expr, depth: usize) -> bool {
    match inner {
        Expr::All(_) | Expr::Any(_) | Expr::External(_) | Expr::Not(_) => true,
        Expr::Bare(_) | Expr::Call(..) | Expr::Has(_) => false,
        Expr::IsNull(path) => plus(depth, path_height(path)) < MAX_NESTING,
        Expr::Compare(comparison) => {
            let height = path_height(&comparison.claim).max(operand_height(&comparison.operand));
            plus(depth, height) < MAX_NESTING
        }
    }
}

/// Returns how deep brackets nest in an operand.
fn operand_height(operand: &Operand) -> usize {
    match operand {
        Operand::List(operands) => {
            let heights = operands.iter().map(|operand| operand_height(operand));
            plus(heights.fold(0, usize::max), 1)
        }
        Operand::Reference(path) => path_height(path),
        Operand::Bool(_) | Operand::Int(_) | Operand::Regex(_) | Operand::Text(_) => 0,
    }
}

fn path_height(path: &ClaimPath) -> usize {
    let quoted = |segment: &Spanned<Segment>| matches!(segment.node, Segment::Quoted(_));
    usize::from(path.segments.iter().any(quoted))
}
