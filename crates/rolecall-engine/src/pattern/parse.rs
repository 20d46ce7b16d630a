//! Syntax of regular expressions: the library's, without what the language does not have.

use super::error::RegularError;
use crate::certain::certain;
use regex_syntax::ast::{
    AssertionKind, Ast, ClassAscii, ClassAsciiKind, ClassBracketed, ClassPerl, ClassPerlKind, ClassSet,
    ClassSetItem, GroupKind, parse::ParserBuilder,
};
use regex_syntax::hir::Hir;
use regex_syntax::hir::translate::Translator;

/// The maximum depth of nested groups.
const NEST_LIMIT: u32 = 64;

/// The syntax tree of a regex, with `\d`, `\w` and `\s` as ASCII classes.
pub(super) struct Parsed<'t> {
    text: &'t str,
    ast: Ast,
    /// The offset in the text at which the tree begins.
    start: usize,
}

impl<'t> Parsed<'t> {
    /// Parses a regex. `\/` is a slash, as `/` is.
    pub(super) fn new(text: &'t str) -> Result<Self, RegularError> {
        let parsed = ParserBuilder::new().nest_limit(NEST_LIMIT).build().parse(text);
        let mut ast = parsed.map_err(|error| RegularError::Invalid(error.kind().to_string()))?;
        restrict(&mut ast)?;
        Ok(Self { text, ast, start: 0 })
    }

    /// Takes off the characters that the regex begins with, and returns them.
    pub(super) fn take_start(&mut self) -> String {
        let asts: &[Ast] = match &self.ast {
            Ast::Concat(concat) => &concat.asts,
            ast => std::slice::from_ref(ast),
        };
        let literals = asts.iter().map_while(|ast| match ast {
            Ast::Literal(literal) => Some(literal),
            _ => None,
        });
        let start: String = literals.clone().map(|literal| literal.c).collect();
        let count = literals.clone().count();
        let Some(last) = literals.last() else {
            return start;
        };
        self.start = last.span.end.offset;
        match &mut self.ast {
            Ast::Concat(concat) => drop(concat.asts.drain(..count)),
            literal => *literal = Ast::empty(*literal.span()),
        }
        start
    }

    /// Returns the rest of the text. A regex has no flags, so this text alone states the meaning.
    pub(super) fn rest(&self) -> &'t str {
        certain(self.text.get(self.start..), "a literal ends between characters")
    }

    /// Translates the rest.
    pub(super) fn translate(&self) -> Result<Hir, RegularError> {
        let hir = Translator::new().translate(self.text, &self.ast);
        hir.map_err(|error| RegularError::Invalid(error.kind().to_string()))
    }
}

/// Refuses what the language lacks, and makes the Perl classes ASCII. The nest limit bounds the recursion.
fn restrict(ast: &mut Ast) -> Result<(), RegularError> {
    match ast {
        Ast::Flags(_) => Err(RegularError::Flag),
        Ast::Group(group) => match &group.kind {
            GroupKind::NonCapturing(flags) if !flags.items.is_empty() => Err(RegularError::Flag),
            _ => restrict(&mut group.ast),
        },
        Ast::Assertion(assertion) => Err(match assertion.kind {
            AssertionKind::StartLine
            | AssertionKind::EndLine
            | AssertionKind::StartText
            | AssertionKind::EndText => RegularError::Anchor,
            _ => RegularError::WordBoundary,
        }),
        Ast::Repetition(repetition) => restrict(&mut repetition.ast),
        Ast::Alternation(alternation) => alternation.asts.iter_mut().try_for_each(restrict),
        Ast::Concat(concat) => concat.asts.iter_mut().try_for_each(restrict),
        Ast::ClassPerl(class) => {
            *ast = Ast::class_bracketed(ClassBracketed {
                span: class.span,
                negated: false,
                kind: ClassSet::Item(ClassSetItem::Ascii(ascii(class))),
            });
            Ok(())
        }
        Ast::ClassBracketed(class) => {
            make_ascii(&mut class.kind);
            Ok(())
        }
        Ast::Empty(_) | Ast::Literal(_) | Ast::Dot(_) | Ast::ClassUnicode(_) => Ok(()),
    }
}

fn make_ascii(set: &mut ClassSet) {
    match set {
        ClassSet::Item(item) => make_item_ascii(item),
        ClassSet::BinaryOp(operation) => {
            make_ascii(&mut operation.lhs);
            make_ascii(&mut operation.rhs);
        }
    }
}

fn make_item_ascii(item: &mut ClassSetItem) {
    match item {
        ClassSetItem::Perl(class) => *item = ClassSetItem::Ascii(ascii(class)),
        ClassSetItem::Bracketed(class) => make_ascii(&mut class.kind),
        ClassSetItem::Union(union) => union.items.iter_mut().for_each(make_item_ascii),
        ClassSetItem::Empty(_)
        | ClassSetItem::Literal(_)
        | ClassSetItem::Range(_)
        | ClassSetItem::Ascii(_)
        | ClassSetItem::Unicode(_) => {}
    }
}

/// Returns the ASCII class of a Perl class: `[:digit:]` of `\d`, `[:word:]` of `\w`, `[:space:]` of `\s`.
fn ascii(class: &ClassPerl) -> ClassAscii {
    ClassAscii {
        span: class.span,
        kind: match class.kind {
            ClassPerlKind::Digit => ClassAsciiKind::Digit,
            ClassPerlKind::Space => ClassAsciiKind::Space,
            ClassPerlKind::Word => ClassAsciiKind::Word,
        },
        negated: class.negated,
    }
}

#[cfg(test)]
mod tests {
    use super::Parsed;

    #[test]
    fn regexes_are_cut_after_the_characters_that_they_begin_with() {
        for (regex, start, rest) in [
            ("", "", ""),
            ("a", "a", ""),
            (r"refs\/tags\/v\d", "refs/tags/v", r"\d"),
            (r"caf\xe9é\.x*", "café\u{e9}.", "x*"),
            ("ab+c", "a", "b+c"),
            ("ab|cd", "", "ab|cd"),
            ("a(b|c)|d", "", "a(b|c)|d"),
            ("a[|(]b", "a", "[|(]b"),
            ("a[]|)]", "a", "[]|)]"),
            ("(ab)c", "", "(ab)c"),
            ("a{2}b", "", "a{2}b"),
            ("x.y", "x", ".y"),
        ] {
            let mut parsed = Parsed::new(regex).unwrap();
            assert_eq!(
                (parsed.take_start().as_str(), parsed.rest()),
                (start, rest),
                "{regex}"
            );
            assert_eq!(
                parsed.translate().unwrap(),
                Parsed::new(rest).unwrap().translate().unwrap(),
                "{regex}"
            );
        }
    }

    /// Each Perl class is what its ASCII ranges are, alone and inside of brackets.
    #[test]
    fn perl_classes_are_ascii() {
        for (perl, ascii) in [
            (r"\d", "[0-9]"),
            (r"\D", "[^0-9]"),
            (r"\s", r"[\t\n\x0B\f\r ]"),
            (r"\S", r"[^\t\n\x0B\f\r ]"),
            (r"\w", "[0-9A-Za-z_]"),
            (r"\W", "[^0-9A-Za-z_]"),
            (r"(?:a\d)*\w+|\s", r"(?:a[0-9])*[0-9A-Za-z_]+|[\t\n\x0B\f\r ]"),
            (r"[\d_]", "[0-9_]"),
            (r"[^\D_]", "[^[^0-9]_]"),
            (r"[\w&&[^\d]]", "[[0-9A-Za-z_]&&[^0-9]]"),
            (r"[a[\s]--\w]", r"[a[\t\n\x0B\f\r ]--[0-9A-Za-z_]]"),
        ] {
            let hir = |regex| Parsed::new(regex).unwrap().translate().unwrap();
            assert_eq!(hir(perl), hir(ascii), "{perl}");
        }
    }
}
