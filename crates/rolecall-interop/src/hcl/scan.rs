//! Comments and brackets of a text in HCL, found before it is parsed: the parser is recursive.

use crate::document::DocumentError;
use rolecall_syntax::Span;

/// The deepest nesting of brackets, texts and templates.
const MAX_DEPTH: usize = 32;

/// Returns the locations of the comments, in the order of the text.
///
/// # Errors
///
/// The text is nested too deeply, or has a heredoc whose end depends on the parser.
pub(super) fn comments(text: &str) -> Result<Vec<Span>, DocumentError> {
    let mut scanner = Scanner {
        text,
        at: 0,
        inside: Vec::new(),
        comments: Vec::new(),
    };
    while scanner.at < text.len() {
        match scanner.inside.last().copied() {
            None | Some(Inside::Brackets) => scanner.code()?,
            Some(Inside::Quotes) => scanner.quoted()?,
            Some(Inside::Heredoc(end)) => scanner.heredoc(end)?,
        }
    }
    Ok(scanner.comments)
}

/// A part of a text that has not ended.
#[derive(Clone, Copy)]
enum Inside<'t> {
    /// Brackets of an expression, a block or a sequence in a template.
    Brackets,
    Quotes,
    /// A heredoc with this word at its end.
    Heredoc(&'t str),
}

struct Scanner<'t> {
    text: &'t str,
    at: usize,
    inside: Vec<Inside<'t>>,
    comments: Vec<Span>,
}

impl<'t> Scanner<'t> {
    fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn advance(&mut self, bytes: usize) {
        self.at = self.at.saturating_add(bytes);
    }

    /// Goes into a part that begins with so many bytes.
    fn enter(&mut self, inside: Inside<'t>, bytes: usize) -> Result<(), DocumentError> {
        if self.inside.len() >= MAX_DEPTH {
            return Err(self.error(format!("the text has more than {MAX_DEPTH} levels")));
        }
        self.inside.push(inside);
        self.advance(bytes);
        Ok(())
    }

    fn error(&self, message: String) -> DocumentError {
        let span = Span::at(self.at);
        DocumentError { message, span }
    }

    /// Takes a comment of so many bytes.
    fn comment(&mut self, bytes: usize) {
        let end = self.at.saturating_add(bytes);
        let written = Span::new(self.at, end).text(self.text).trim_end_matches('\r');
        self.comments
            .push(Span::new(self.at, self.at.saturating_add(written.len())));
        self.advance(bytes);
    }

    fn code(&mut self) -> Result<(), DocumentError> {
        let rest = self.rest();
        match rest.bytes().next() {
            Some(b'"') => return self.enter(Inside::Quotes, 1),
            Some(b'(' | b'[' | b'{') => return self.enter(Inside::Brackets, 1),
            Some(b')' | b']' | b'}') => {
                self.inside.pop();
                self.advance(1);
            }
            Some(b'<') => match heredoc_start(rest) {
                Some((end, bytes)) => return self.enter(Inside::Heredoc(end), bytes),
                None => self.advance(1),
            },
            _ if rest.starts_with('#') || rest.starts_with("//") => {
                self.comment(rest.find('\n').unwrap_or(rest.len()));
            }
            _ if rest.starts_with("/*") => {
                let end = rest.find("*/").map(|end| end.saturating_add(2));
                self.comment(end.unwrap_or(rest.len()));
            }
            _ => {
                let first = rest.chars().next().map_or(1, char::len_utf8);
                let others = rest.get(first..).unwrap_or_default();
                let next = others.find(['"', '(', '[', '{', ')', ']', '}', '<', '#', '/']);
                self.advance(first.saturating_add(next.unwrap_or(others.len())));
            }
        }
        Ok(())
    }

    fn quoted(&mut self) -> Result<(), DocumentError> {
        let rest = self.rest();
        match rest.bytes().next() {
            Some(b'"') => {
                self.inside.pop();
                self.advance(1);
            }
            Some(b'\\') => {
                let escaped = rest.chars().nth(1).map_or(0, char::len_utf8);
                self.advance(escaped.saturating_add(1));
            }
            Some(b'$' | b'%') => return self.template(),
            _ => self.advance(rest.find(['"', '\\', '$', '%']).unwrap_or(rest.len())),
        }
        Ok(())
    }

    /// Takes a `$` or a `%` in a template.
    fn template(&mut self) -> Result<(), DocumentError> {
        let rest = self.rest();
        if rest.starts_with("$${") || rest.starts_with("%%{") {
            self.advance(3);
        } else if rest.starts_with("${") || rest.starts_with("%{") {
            return self.enter(Inside::Brackets, 2);
        } else {
            self.advance(1);
        }
        Ok(())
    }

    fn heredoc(&mut self, end: &str) -> Result<(), DocumentError> {
        let rest = self.rest();
        let before = self.text.get(..self.at).unwrap_or_default();
        if before.ends_with('\n') {
            let line = rest.lines().next().unwrap_or_default();
            let word = line.trim_start_matches([' ', '\t']);
            let after = word.strip_prefix(end);
            if after == Some("") {
                self.inside.pop();
                self.advance(line.len());
                return Ok(());
            }
            // Terraform takes such a line for a part of the text, and other parsers do not.
            if after.is_some_and(|after| !after.starts_with(is_in_name)) {
                return Err(self.error(format!("the end `{end}` of a text stands alone on its line")));
            }
        }
        match rest.bytes().next() {
            Some(b'$' | b'%') => return self.template(),
            Some(b'\n') => self.advance(1),
            _ => {
                let next = rest.find(['$', '%', '\n']).unwrap_or(rest.len());
                self.advance(next);
            }
        }
        Ok(())
    }
}

/// Returns the word at the end of a heredoc, and the bytes of the line that begins it.
fn heredoc_start(text: &str) -> Option<(&str, usize)> {
    let (line, _) = text.split_once('\n')?;
    let word = line.strip_prefix("<<")?.trim_end_matches('\r');
    let word = word.strip_prefix('-').unwrap_or(word);
    let is_word = !word.is_empty() && word.chars().all(is_in_name);
    is_word.then_some((word, line.len().saturating_add(1)))
}

fn is_in_name(c: char) -> bool {
    c.is_alphanumeric() || c == '_' || c == '-'
}
