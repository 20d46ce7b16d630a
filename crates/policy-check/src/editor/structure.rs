//! The structure of a document: its symbols, the parts that can be folded, and its kinds of words.

use super::names::{Kind, Occurrence};
use super::text::Lines;
use lsp_types::{
    DocumentSymbol, FoldingRange, FoldingRangeKind, SemanticToken, SemanticTokenModifier, SemanticTokenType,
    SemanticTokensLegend, SymbolKind,
};
use rolecall_syntax::ast::{CommentKind, File, Item, RoleMember};
use rolecall_syntax::{Span, Spanned};

/// Returns the items of a file as symbols.
pub(crate) fn symbols(file: &File, lines: &Lines<'_>) -> Vec<DocumentSymbol> {
    let symbol = |item: &Spanned<Item>| {
        let (name, kind, detail) = match &item.node {
            Item::Assertion(assertion) => (of_text(&assertion.name), SymbolKind::BOOLEAN, "assertion"),
            Item::Condition(condition) => (of_name(&condition.name), SymbolKind::FUNCTION, "condition"),
            Item::Edition(_) => return None,
            Item::Guard(guard) => (of_name(&guard.name), SymbolKind::INTERFACE, "guard"),
            Item::Issuer(issuer) => (of_name(&issuer.name), SymbolKind::MODULE, "issuer"),
            Item::Profile(profile) => (of_name(&profile.name), SymbolKind::STRUCT, "profile"),
            Item::Role(role) => (of_name(&role.name), SymbolKind::CLASS, "role"),
            Item::Set(set) => (of_name(&set.name), SymbolKind::ARRAY, "set"),
            Item::Test(test) => (of_text(&test.name), SymbolKind::METHOD, "test"),
        };
        let (name, span) = name;
        #[allow(deprecated, reason = "the type has the field `deprecated`")]
        Some(DocumentSymbol {
            name: if name.is_empty() { "?".to_owned() } else { name },
            detail: Some(detail.to_owned()),
            kind,
            tags: None,
            deprecated: None,
            range: lines.range(item.span),
            selection_range: lines.range(span),
            children: None,
        })
    };
    file.items.iter().filter_map(symbol).collect()
}

fn of_name(name: &Spanned<String>) -> (String, Span) {
    (name.node.clone(), name.span)
}

fn of_text(text: &Spanned<rolecall_syntax::Str>) -> (String, Span) {
    let shown = text
        .node
        .text()
        .map_or_else(|_| text.node.raw().to_owned(), |text| text.to_string());
    (shown, text.span)
}

/// Returns the parts of a file that can be folded: items, `allow`s, cases, and comments of several lines.
pub(crate) fn folds(file: &File, lines: &Lines<'_>) -> Vec<FoldingRange> {
    let mut spans: Vec<(Span, Option<FoldingRangeKind>)> = Vec::new();
    for item in &file.items {
        spans.push((item.span, None));
        match &item.node {
            Item::Role(role) => {
                let allows = role
                    .members
                    .iter()
                    .filter(|member| matches!(member.node, RoleMember::Allow(_)));
                spans.extend(allows.map(|member| (member.span, None)));
            }
            Item::Test(test) => {
                spans.push((test.token.span, None));
                spans.extend(test.cases.iter().map(|case| (case.span, None)));
            }
            _ => {}
        }
    }
    let mut run: Option<Span> = None;
    for comment in &file.comments {
        let is_next = |run: &Span| {
            let (end, start) = (
                lines.position(run.end).line,
                lines.position(comment.span.start).line,
            );
            comment.node.kind != CommentKind::Block && start == end.saturating_add(1)
        };
        run = match run {
            Some(before) if is_next(&before) => Some(before.to(comment.span)),
            before => {
                spans.extend(before.map(|span| (span, Some(FoldingRangeKind::Comment))));
                Some(comment.span)
            }
        };
    }
    spans.extend(run.map(|span| (span, Some(FoldingRangeKind::Comment))));
    let folds = spans.into_iter().map(|(span, kind)| {
        let range = lines.range(span);
        FoldingRange {
            start_line: range.start.line,
            end_line: range.end.line,
            kind,
            ..FoldingRange::default()
        }
    });
    folds.filter(|fold| fold.start_line < fold.end_line).collect()
}

/// The types of words, in the order in which [`semantic_tokens`] counts them.
const TYPES: [(Kind, SemanticTokenType); 10] = [
    (Kind::Claim, SemanticTokenType::PROPERTY),
    (Kind::Condition, SemanticTokenType::FUNCTION),
    (Kind::Grant, SemanticTokenType::VARIABLE),
    (Kind::Issuer, SemanticTokenType::NAMESPACE),
    (Kind::Parameter, SemanticTokenType::PARAMETER),
    (Kind::Profile, SemanticTokenType::STRUCT),
    (Kind::Role, SemanticTokenType::CLASS),
    (Kind::Set, SemanticTokenType::ENUM),
    (Kind::Tag, SemanticTokenType::DECORATOR),
    (Kind::Test, SemanticTokenType::STRING),
];

/// Returns the words that [`semantic_tokens`] uses.
pub(crate) fn legend() -> SemanticTokensLegend {
    SemanticTokensLegend {
        token_types: TYPES.into_iter().map(|(_, word)| word).collect(),
        token_modifiers: vec![SemanticTokenModifier::DECLARATION],
    }
}

/// Returns the kinds of the names in a document, each relative to the one before.
pub(crate) fn semantic_tokens(names: &[Occurrence], lines: &Lines<'_>) -> Vec<SemanticToken> {
    let mut tokens = Vec::new();
    let (mut line, mut start, mut end) = (0, 0, 0);
    for name in names {
        let range = lines.range(name.span);
        // Names do not overlap, but a selector and its tag begin at the same place.
        if range.start.line != range.end.line || name.span.start < end {
            continue;
        }
        end = name.span.end;
        let kind = TYPES.iter().position(|(kind, _)| *kind == name.kind);
        let delta_line = range.start.line.saturating_sub(line);
        let delta_start = match delta_line {
            0 => range.start.character.saturating_sub(start),
            _ => range.start.character,
        };
        tokens.push(SemanticToken {
            delta_line,
            delta_start,
            length: range.end.character.saturating_sub(range.start.character),
            token_type: kind.and_then(|kind| u32::try_from(kind).ok()).unwrap_or_default(),
            token_modifiers_bitset: u32::from(name.is_declaration),
        });
        (line, start) = (range.start.line, range.start.character);
    }
    tokens
}
