//! Regular expressions: the whole value, ASCII classes, linear time, bounded size.

use regex_syntax::ast::{self, Ast};
use std::fmt;
use std::sync::Arc;

/// The size of a compiled regex: 64 KiB.
const SIZE_LIMIT: usize = 64 * 1024;
/// How deep groups may nest in a regex.
const NEST_LIMIT: u32 = 64;

/// A regular expression that always means the whole value.
#[derive(Clone)]
pub struct Regular {
    regex: Arc<regex::Regex>,
    text: Arc<str>,
}

/// Why a regular expression is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RegularError {
    /// `^`, `$`, `\A`, `\z`: the whole value is meant anyway.
    Anchor,
    /// `(?i)` and the like.
    Flag,
    /// What the regex library says of a text that is no regex, or has look-around or back-references.
    Invalid(String),
    /// More than 64 KiB when compiled.
    TooLarge,
    /// `\b`, `\B` and their kin.
    WordBoundary,
}

impl Regular {
    /// Compiles what stands between the slashes; `\/` there is a slash.
    ///
    /// # Errors
    /// What the language does not have, and what is too large: see [`RegularError`].
    pub fn new(text: &str) -> Result<Self, RegularError> {
        // A slash needs no escape outside of a policy, and to `regex` an escaped one means the same.
        let ast = ast::parse::ParserBuilder::new()
            .nest_limit(NEST_LIMIT)
            .build()
            .parse(text)
            .map_err(|error| RegularError::Invalid(error.kind().to_string()))?;
        let checked = ast::visit(&ast, Check::default())?;
        let ascii = with_ascii_classes(text, &checked);
        let regex = regex::RegexBuilder::new(&format!("\\A(?:{ascii})\\z"))
            .size_limit(SIZE_LIMIT)
            .nest_limit(NEST_LIMIT.saturating_add(4))
            .build()
            .map_err(|error| match error {
                regex::Error::CompiledTooBig(_) => RegularError::TooLarge,
                other => {
                    RegularError::Invalid(other.to_string().lines().last().unwrap_or_default().to_owned())
                }
            })?;
        Ok(Self {
            regex: Arc::new(regex),
            text: text.into(),
        })
    }

    /// The regex as written, without its slashes.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether the whole value fits.
    pub fn accepts(&self, value: &str) -> bool {
        self.regex.is_match(value)
    }
}

impl fmt::Debug for Regular {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "/{}/", self.text)
    }
}

/// Writes `\d`, `\w`, `\s` out, from the last to the first so that the places stay true.
fn with_ascii_classes(text: &str, classes: &[(usize, usize, &'static str)]) -> String {
    let mut ascii = text.to_owned();
    for (start, end, class) in classes.iter().rev() {
        ascii.replace_range(*start..*end, class);
    }
    ascii
}

/// Walks over a regex: refuses what the language does not have, and collects the Perl classes.
#[derive(Default)]
struct Check {
    classes: Vec<(usize, usize, &'static str)>,
}

impl Check {
    fn class(&mut self, class: &ast::ClassPerl) {
        let ascii = match (&class.kind, class.negated) {
            (ast::ClassPerlKind::Digit, false) => "[0-9]",
            (ast::ClassPerlKind::Digit, true) => "[^0-9]",
            (ast::ClassPerlKind::Space, false) => "[\\t\\n\\x0B\\f\\r ]",
            (ast::ClassPerlKind::Space, true) => "[^\\t\\n\\x0B\\f\\r ]",
            (ast::ClassPerlKind::Word, false) => "[0-9A-Za-z_]",
            (ast::ClassPerlKind::Word, true) => "[^0-9A-Za-z_]",
        };
        self.classes
            .push((class.span.start.offset, class.span.end.offset, ascii));
    }
}

impl ast::Visitor for Check {
    type Output = Vec<(usize, usize, &'static str)>;
    type Err = RegularError;

    fn finish(mut self) -> Result<Self::Output, RegularError> {
        self.classes.sort_unstable();
        Ok(self.classes)
    }

    fn visit_pre(&mut self, ast: &Ast) -> Result<(), RegularError> {
        match ast {
            Ast::Flags(_) => return Err(RegularError::Flag),
            Ast::Group(group) => {
                if let ast::GroupKind::NonCapturing(flags) = &group.kind
                    && !flags.items.is_empty()
                {
                    return Err(RegularError::Flag);
                }
            }
            Ast::Assertion(assertion) => {
                return Err(match assertion.kind {
                    ast::AssertionKind::StartLine
                    | ast::AssertionKind::EndLine
                    | ast::AssertionKind::StartText
                    | ast::AssertionKind::EndText => RegularError::Anchor,
                    _ => RegularError::WordBoundary,
                });
            }
            Ast::ClassPerl(class) => self.class(class),
            _ => {}
        }
        Ok(())
    }

    fn visit_class_set_item_pre(&mut self, item: &ast::ClassSetItem) -> Result<(), RegularError> {
        if let ast::ClassSetItem::Perl(class) = item {
            self.class(class);
        }
        Ok(())
    }
}
