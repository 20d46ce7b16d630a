//! Wider literals: the mistakes that let others in, such as a pattern without the `/` at its end.

mod pattern;

pub(super) use pattern::with_stars;
use pattern::{begins, wider_patterns};
use rolecall_syntax::Spanned;
use rolecall_syntax::ast::{Comparison, Expr, Operand, Operator};

/// The elements of a named set.
pub(super) type Sets<'s> = &'s dyn Fn(&str) -> Option<&'s [Spanned<Operand>]>;

/// Returns the comparison with each of its literals widened. If the type of its claim does not have the operator, the
/// result does not compile.
pub(super) fn widened(comparison: &Comparison, sets: Sets<'_>) -> Vec<Expr> {
    let with = |operator, operand| compare(comparison, operator, operand);
    let or = |other| Expr::Any([original(comparison), other].map(unlocated).into());
    let operand = &comparison.operand.node;
    match comparison.operator.node {
        Operator::Equal => {
            let contained = with(Operator::Contains, operand.clone());
            begins(operand)
                .map(|begins| vec![with(Operator::Like, begins), contained])
                .unwrap_or_default()
        }
        Operator::NotEqual => {
            let not = |begins| Expr::Not(Box::new(unlocated(with(Operator::Like, begins))));
            begins(operand).map(not).into_iter().collect()
        }
        Operator::Contains => {
            let begins = begins(operand);
            begins
                .map(|begins| with(Operator::ContainsLike, begins))
                .into_iter()
                .collect()
        }
        Operator::In | Operator::ContainsAny => {
            let like = match comparison.operator.node {
                Operator::In => Operator::Like,
                _ => Operator::ContainsLike,
            };
            let each = elements(operand, sets)
                .into_iter()
                .filter_map(|(_, one)| begins(one));
            each.map(|begins| or(with(like, begins))).collect()
        }
        Operator::ContainsAll => match operand {
            Operand::List(list) => {
                let without = without_each(list).map(Operand::List);
                without.map(|rest| with(Operator::ContainsAll, rest)).collect()
            }
            _ => Vec::new(),
        },
        Operator::Less => number(operand, 0)
            .map(|one| with(Operator::LessEqual, one))
            .into_iter()
            .collect(),
        Operator::LessEqual => number(operand, 1)
            .map(|one| with(Operator::LessEqual, one))
            .into_iter()
            .collect(),
        Operator::Greater => number(operand, 0)
            .map(|one| with(Operator::GreaterEqual, one))
            .into_iter()
            .collect(),
        Operator::GreaterEqual => {
            let less = number(operand, -1);
            less.map(|one| with(Operator::GreaterEqual, one))
                .into_iter()
                .collect()
        }
        operator => {
            let each = elements(operand, sets).into_iter();
            let each = each.flat_map(|(position, one)| {
                let wider = wider_patterns(operator, one).into_iter();
                wider.map(move |(wider, element)| match (operand, position) {
                    (Operand::List(list), Some(position)) if wider == operator => {
                        with(operator, Operand::List(replaced(list, position, &element)))
                    }
                    (Operand::List(_) | Operand::Reference(_), _) => or(with(wider, element)),
                    _ => with(wider, element),
                })
            });
            each.collect()
        }
    }
}

/// Returns the comparison without each of the elements of its list or set, if there are several. Without an element of
/// `contains all` it is wider.
pub(super) fn narrowed(comparison: &Comparison, sets: Sets<'_>) -> Vec<Expr> {
    let operator = comparison.operator.node;
    let list = match &comparison.operand.node {
        Operand::List(list) => list.as_slice(),
        Operand::Reference(path) => path.as_name().and_then(sets).unwrap_or_default(),
        _ => return Vec::new(),
    };
    if operator == Operator::ContainsAll {
        return Vec::new();
    }
    let without = without_each(list);
    without
        .map(|rest| compare(comparison, operator, Operand::List(rest)))
        .collect()
}

/// Returns a list without each of its elements, if there are several.
pub(super) fn without_each(list: &[Spanned<Operand>]) -> impl Iterator<Item = Vec<Spanned<Operand>>> {
    let several = if list.len() > 1 { list.len() } else { 0 };
    (0..several).map(|gone| {
        let rest = list.iter().enumerate().filter(|(at, _)| *at != gone);
        rest.map(|(_, one)| one.clone()).collect()
    })
}

/// Returns a comparison of the same claim.
fn compare(comparison: &Comparison, operator: Operator, operand: Operand) -> Expr {
    let mut changed = comparison.clone();
    changed.operator.node = operator;
    changed.operand.node = operand;
    Expr::Compare(Box::new(changed))
}

fn original(comparison: &Comparison) -> Expr {
    Expr::Compare(Box::new(comparison.clone()))
}

fn unlocated(node: Expr) -> Spanned<Expr> {
    let span = rolecall_syntax::Span::default();
    Spanned { node, span }
}

/// Returns the literals of an operand, those of a list with their positions, and those of a named set.
fn elements<'o, 's: 'o>(operand: &'o Operand, sets: Sets<'s>) -> Vec<(Option<usize>, &'o Operand)> {
    match operand {
        Operand::List(list) => {
            let each = list.iter().enumerate();
            each.map(|(position, one)| (Some(position), &one.node)).collect()
        }
        Operand::Reference(path) => match path.as_name().and_then(sets) {
            Some(set) => set.iter().map(|one| (None, &one.node)).collect(),
            None => vec![(None, operand)],
        },
        one => vec![(None, one)],
    }
}

fn replaced(list: &[Spanned<Operand>], position: usize, element: &Operand) -> Vec<Spanned<Operand>> {
    let each = list.iter().enumerate().map(|(at, one)| match at == position {
        true => Spanned {
            node: element.clone(),
            span: one.span,
        },
        false => one.clone(),
    });
    each.collect()
}

fn number(operand: &Operand, more: i64) -> Option<Operand> {
    match operand {
        Operand::Int(number) => number.checked_add(more).map(Operand::Int),
        _ => None,
    }
}
