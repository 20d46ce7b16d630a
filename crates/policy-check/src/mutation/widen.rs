//! Wider literals: the mistakes that let others in, such as a pattern without the `/` at its end.

use rolecall_syntax::Spanned;
use rolecall_syntax::Str;
use rolecall_syntax::ast::{Comparison, Expr, Operand, Operator};

/// The characters that end a name in a path, a `sub` or a version.
const SEPARATORS: [char; 6] = ['/', ':', '-', '.', '_', '@'];

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
            Operand::List(list) if list.len() > 1 => {
                let without = (0..list.len()).map(|gone| {
                    let rest = list.iter().enumerate().filter(|(at, _)| *at != gone);
                    let rest = rest.map(|(_, one)| one.clone()).collect();
                    with(Operator::ContainsAll, Operand::List(rest))
                });
                without.collect()
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
            let each = each.filter_map(|(position, one)| {
                let (wider, element) = pattern(operator, one)?;
                Some(match (operand, position) {
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

/// Returns the pattern of all texts that begin with a literal, or with the value of a parameter.
fn begins(operand: &Operand) -> Option<Operand> {
    match operand {
        Operand::Text(text) if !text.raw().contains(['*', '?']) => appended(text.raw(), "*"),
        Operand::Reference(path) => appended(&format!("{{{}}}", path.as_name()?), "*"),
        _ => None,
    }
}

fn appended(raw: &str, end: &str) -> Option<Operand> {
    Str::new(&format!("{raw}{end}")).ok().map(Operand::Text)
}

/// Returns a wider pattern with its operator.
fn pattern(operator: Operator, operand: &Operand) -> Option<(Operator, Operand)> {
    let (text, like) = match operand {
        Operand::Text(text) => (text.raw().to_owned(), operator),
        Operand::Reference(path) => (format!("{{{}}}", path.as_name()?), operator),
        Operand::Regex(regex) => return Some((operator, Operand::Regex(format!("(?:{regex}).*")))),
        _ => return None,
    };
    let wider = match like {
        Operator::Like | Operator::ContainsLike => match text.strip_suffix('*') {
            Some(start) => appended(
                start.strip_suffix(SEPARATORS).filter(|start| !start.is_empty())?,
                "*",
            ),
            None => appended(&text, "*"),
        },
        Operator::Glob | Operator::ContainsGlob => match text.strip_suffix("/**") {
            Some(start) => appended(start, "*/**"),
            None if text.ends_with("/*") => appended(&text, "*"),
            None if text.ends_with('*') => None,
            None => appended(&text, "*"),
        },
        Operator::Under => return appended(&text, "*").map(|wider| (Operator::Like, wider)),
        Operator::ContainsUnder => return appended(&text, "*").map(|wider| (Operator::ContainsLike, wider)),
        _ => None,
    };
    wider.map(|wider| (operator, wider))
}

fn number(operand: &Operand, more: i64) -> Option<Operand> {
    match operand {
        Operand::Int(number) => number.checked_add(more).map(Operand::Int),
        _ => None,
    }
}
