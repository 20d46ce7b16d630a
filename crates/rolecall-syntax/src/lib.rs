//! Text and syntax tree of the `.policy` language.
//!
//! [`parse`] reads a file into an [`ast::File`], a tree that is faithful to the text and has a location for
//! each part. It never fails and never panics: a part that can't be read is left out and reported, and
//! parsing continues with the next item. [`format()`] and [`print()`] turn a tree back into text. What a tree
//! means is decided in `rolecall-engine`.
//!
//! ```
//! use rolecall_syntax::{format, parse};
//!
//! let source = "role deploy { ttl 15m allow from gitlab when (ref==\"main\") }";
//! assert_eq!(parse(source).errors, []);
//! assert_eq!(
//!     format(source).unwrap(),
//!     "role deploy {\n  ttl 15m\n  allow from gitlab when ref == \"main\"\n}\n",
//! );
//! ```
//!
//! Input is bounded before it is processed: see the constants `MAX_…`. The grammar is `grammar/policy.pest`,
//! its reference for users `grammar/README.md`.
//!
//! The wording of suggestions ([`did_you_mean`], [`names_there_are`], [`operator_for`]) is public because the crates above
//! report unknown names with it, and this crate is the lowest one that needs it.

pub mod ast;
mod error;
mod expected;
mod function;
mod grammar;
mod invisible;
mod limits;
mod parse;
mod print;
mod regex;
mod scan;
mod span;
mod string;
mod suggest;

pub use error::{SyntaxError, SyntaxErrorKind};
pub use function::operator_for;
pub use invisible::is_invisible;
pub use limits::{MAX_ERRORS, MAX_FILE_BYTES, MAX_LITERAL_BYTES, MAX_NAME_BYTES, MAX_NESTING, MAX_PATH};
pub use parse::{EDITION, Parse, is_free_name, parse, parse_bytes};
pub use print::{format, print, print_claims};
pub use regex::{regex_of, regex_of_string};
pub use span::{Span, Spanned, line_column};
pub use string::{MisplacedEscape, Str, StrChar, UnknownEscape, names_in_braces};
pub use suggest::{did_you_mean, names_there_are};
