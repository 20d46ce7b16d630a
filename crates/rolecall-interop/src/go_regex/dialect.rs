//! The common part of Go's regexes and those of `regex-syntax`.

use regex_syntax::ast::parse::ParserBuilder;
use regex_syntax::ast::{
    AssertionKind, Ast, ClassPerl, ClassPerlKind, ClassSet, ClassSetItem, Flag, Flags, FlagsItemKind,
    GroupKind, HexLiteralKind, Literal, LiteralKind, Repetition, RepetitionKind, RepetitionRange,
};

/// The depth of groups in groups. Go allows 1,000 levels.
const MAX_GROUPS: u32 = 64;
/// The highest number of repetitions in Go, also of those in each other.
const MAX_REPETITIONS: u32 = 1000;

/// A regex of both dialects.
pub(super) struct Found {
    /// The regex, with Perl's classes written out.
    pub(super) text: String,
    pub(super) has_dot_in_name: bool,
    pub(super) has_assertion: bool,
    pub(super) has_flag: bool,
    /// An alternation is outside of all groups.
    pub(super) is_alternation: bool,
}

/// Reads a regex, or returns the reason why it is not read.
pub(super) fn read(written: &str) -> Result<Found, String> {
    let parser = ParserBuilder::new().nest_limit(MAX_GROUPS).build().parse(written);
    let tree = parser.map_err(|error| error.kind().to_string())?;
    let mut walk = Walk {
        written,
        found: Found {
            text: String::with_capacity(written.len()),
            has_dot_in_name: false,
            has_assertion: false,
            has_flag: false,
            is_alternation: matches!(tree, Ast::Alternation(_)),
        },
        copied: 0,
        repetitions: 1,
    };
    walk.tree(&tree)?;
    walk.copy_to(written.len());
    Ok(walk.found)
}

/// Returns the reason of an error of the library, in one line.
pub(super) fn reason(error: &regex_syntax::Error) -> String {
    match error {
        regex_syntax::Error::Parse(error) => error.kind().to_string(),
        regex_syntax::Error::Translate(error) => error.kind().to_string(),
        _ => "it is not a regex".to_owned(),
    }
}

/// A walk over a tree, which copies its text.
struct Walk<'t> {
    written: &'t str,
    found: Found,
    /// The bytes of `written` that are in the text of `found`.
    copied: usize,
    /// The product of the numbers of the repetitions around the present part.
    repetitions: u32,
}

impl Walk<'_> {
    fn tree(&mut self, tree: &Ast) -> Result<(), String> {
        match tree {
            Ast::Empty(_) | Ast::Dot(_) => Ok(()),
            Ast::Flags(flags) => self.flags(&flags.flags),
            Ast::Literal(literal) => character(literal),
            Ast::Assertion(assertion) => self.assertion(&assertion.kind),
            Ast::ClassUnicode(_) => Err("classes such as `\\pL` are not read".to_owned()),
            Ast::ClassPerl(class) => {
                let negation = if class.negated { "^" } else { "" };
                self.replace(class, &format!("[{negation}{}]", characters(class)));
                Ok(())
            }
            Ast::ClassBracketed(class) => self.set(&class.kind),
            Ast::Repetition(repetition) => self.repetition(repetition),
            Ast::Group(group) => {
                match &group.kind {
                    GroupKind::CaptureIndex(_) => {}
                    GroupKind::CaptureName { name, .. } if is_name_in_go(&name.name) => {}
                    GroupKind::CaptureName { .. } => {
                        return Err(
                            "Go takes letters, digits and `_` alone in the name of a group".to_owned()
                        );
                    }
                    GroupKind::NonCapturing(flags) => self.flags(flags)?,
                }
                self.tree(&group.ast)
            }
            Ast::Alternation(alternation) => alternation.asts.iter().try_for_each(|tree| self.tree(tree)),
            Ast::Concat(concat) => {
                let triples = concat.asts.windows(3);
                let mut triples = triples.filter_map(|triple| <&[Ast; 3]>::try_from(triple).ok());
                self.found.has_dot_in_name |= triples.any(is_dot_in_name);
                concat.asts.iter().try_for_each(|tree| self.tree(tree))
            }
        }
    }

    fn flags(&mut self, flags: &Flags) -> Result<(), String> {
        self.found.has_flag |= !flags.items.is_empty();
        let is_common = |kind: &FlagsItemKind| match kind {
            FlagsItemKind::Negation => true,
            FlagsItemKind::Flag(flag) => match flag {
                Flag::CaseInsensitive | Flag::MultiLine | Flag::DotMatchesNewLine | Flag::SwapGreed => true,
                Flag::Unicode | Flag::CRLF | Flag::IgnoreWhitespace => false,
            },
        };
        match flags.items.iter().all(|item| is_common(&item.kind)) {
            true => Ok(()),
            false => Err("Go takes the flags `i`, `m`, `s` and `U` alone".to_owned()),
        }
    }

    fn assertion(&mut self, kind: &AssertionKind) -> Result<(), String> {
        use AssertionKind::{EndLine, EndText, StartLine, StartText};
        self.found.has_assertion = true;
        match kind {
            StartLine | EndLine | StartText | EndText => Ok(()),
            _ => Err("word boundaries are not read".to_owned()),
        }
    }

    fn set(&mut self, set: &ClassSet) -> Result<(), String> {
        match set {
            ClassSet::Item(item) => self.item(item),
            ClassSet::BinaryOp(_) => Err("`&&`, `--` and `~~` in a class are characters in Go".to_owned()),
        }
    }

    fn item(&mut self, item: &ClassSetItem) -> Result<(), String> {
        match item {
            ClassSetItem::Empty(_) | ClassSetItem::Ascii(_) => Ok(()),
            ClassSetItem::Literal(literal) => character(literal),
            ClassSetItem::Range(range) => character(&range.start).and_then(|()| character(&range.end)),
            ClassSetItem::Unicode(_) => Err("classes such as `\\pL` are not read".to_owned()),
            ClassSetItem::Perl(class) => {
                let characters = characters(class);
                match class.negated {
                    true => self.replace(class, &format!("[^{characters}]")),
                    false => self.replace(class, characters),
                }
                Ok(())
            }
            ClassSetItem::Bracketed(_) => Err("a `[` in a class is a character in Go".to_owned()),
            ClassSetItem::Union(union) => union.items.iter().try_for_each(|item| self.item(item)),
        }
    }

    fn repetition(&mut self, repetition: &Repetition) -> Result<(), String> {
        if matches!(
            &*repetition.ast,
            Ast::Repetition(_) | Ast::Flags(_) | Ast::Empty(_)
        ) {
            return Err("Go does not take a repetition of this part".to_owned());
        }
        let around = self.repetitions;
        if let RepetitionKind::Range(range) = &repetition.op.kind {
            let span = repetition.op.span;
            let written = self.written.get(span.start.offset..span.end.offset).unwrap_or("");
            let most = most(range);
            // Go reads other numbers in braces as characters.
            if written.trim_end_matches('?') != in_go(range) {
                return Err(format!(
                    "Go takes this number of repetitions as `{}` alone",
                    in_go(range)
                ));
            }
            self.repetitions = around.saturating_mul(most.max(1));
            if self.repetitions > MAX_REPETITIONS {
                return Err(format!("Go takes at most {MAX_REPETITIONS} repetitions"));
            }
        }
        self.tree(&repetition.ast)?;
        self.repetitions = around;
        Ok(())
    }

    /// Copies the text up to a byte.
    fn copy_to(&mut self, end: usize) {
        self.found.text += self.written.get(self.copied..end).unwrap_or("");
        self.copied = end;
    }

    fn replace(&mut self, class: &ClassPerl, by: &str) {
        self.copy_to(class.span.start.offset);
        self.found.text += by;
        self.copied = class.span.end.offset;
    }
}

/// Reports an escape that Go lacks.
fn character(literal: &Literal) -> Result<(), String> {
    match &literal.kind {
        LiteralKind::HexFixed(kind) | LiteralKind::HexBrace(kind) if *kind != HexLiteralKind::X => {
            Err("Go does not take the escapes `\\u` and `\\U`".to_owned())
        }
        _ => Ok(()),
    }
}

/// Returns the characters of a class as Go has it, whether it is negated or not.
fn characters(class: &ClassPerl) -> &'static str {
    match class.kind {
        ClassPerlKind::Digit => "0-9",
        ClassPerlKind::Space => "\\t\\n\\f\\r ",
        ClassPerlKind::Word => "0-9A-Za-z_",
    }
}

fn most(range: &RepetitionRange) -> u32 {
    match range {
        RepetitionRange::Exactly(most)
        | RepetitionRange::AtLeast(most)
        | RepetitionRange::Bounded(_, most) => *most,
    }
}

fn in_go(range: &RepetitionRange) -> String {
    match range {
        RepetitionRange::Exactly(count) => format!("{{{count}}}"),
        RepetitionRange::AtLeast(least) => format!("{{{least},}}"),
        RepetitionRange::Bounded(least, most) => format!("{{{least},{most}}}"),
    }
}

fn is_name_in_go(name: &str) -> bool {
    name.bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

/// Returns whether a dot is between a part of a name or a slash, and a part of a name.
fn is_dot_in_name(triple: &[Ast; 3]) -> bool {
    let is_of_name = |tree: &Ast, others: &str| match tree {
        Ast::Literal(literal) => literal.c.is_alphanumeric() || others.contains(literal.c),
        _ => false,
    };
    match triple {
        [before, Ast::Dot(_), after] => is_of_name(before, "-_/") && is_of_name(after, ""),
        _ => false,
    }
}
