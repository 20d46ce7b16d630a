//! Texts for people in Rust sources and Markdown: documentation, messages and prose, without code.

use proc_macro2::{Delimiter, Literal, TokenStream, TokenTree};
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

/// A text for people: documentation, a message or a page.
pub(crate) struct Text {
    /// The text with blanks instead of code.
    pub(crate) text: String,
    /// The line number in the file for each line of the text.
    pub(crate) lines: Vec<usize>,
    /// The offsets at which headings, paragraphs and list items begin. A message has none.
    pub(crate) openings: Vec<usize>,
}

impl Text {
    pub(crate) fn markdown(markdown: &str, lines: Vec<usize>) -> Self {
        let (mut text, mut openings, mut is_code) = (markdown.to_owned(), Vec::new(), false);
        for (event, range) in Parser::new_ext(markdown, Options::ENABLE_TABLES).into_offset_iter() {
            match event {
                Event::Start(Tag::Heading { .. } | Tag::Paragraph | Tag::Item) => {
                    let start = &markdown[range.clone()];
                    let words = start.trim_start_matches(['#', ' ', '-', '*', '>']);
                    openings.push(range.start + start.len() - words.len());
                }
                Event::Start(Tag::CodeBlock(_)) => is_code = true,
                Event::End(TagEnd::CodeBlock) => is_code = false,
                _ => {}
            }
            if is_code || matches!(event, Event::Code(_)) {
                let blank = blank(&markdown[range.clone()]);
                text.replace_range(range, &blank);
            }
        }
        openings.sort_unstable();
        openings.dedup();
        Self {
            text,
            lines,
            openings,
        }
    }

    /// A message, with its code between backticks.
    fn message(literal: &Literal) -> Self {
        let (text, first) = content(literal);
        let lines = (first..).take(text.matches('\n').count() + 1).collect();
        let parts = text.split('`').enumerate();
        let parts = parts.map(|(number, part)| {
            if number % 2 == 0 {
                part.to_owned()
            } else {
                blank(part)
            }
        });
        Self {
            text: parts.collect::<Vec<String>>().join("`"),
            lines,
            openings: Vec::new(),
        }
    }
}

/// A text with blanks of the same length.
fn blank(text: &str) -> String {
    let blank = |c: char| match c {
        '\n' => "\n".to_owned(),
        _ => " ".repeat(c.len_utf8()),
    };
    text.chars().map(blank).collect()
}

/// The documentation and the string literals of a Rust source outside of its tests.
pub(crate) fn texts(tokens: TokenStream, texts: &mut Vec<Text>) {
    let mut tokens = tokens.into_iter().peekable();
    let mut docs: Vec<(String, usize)> = Vec::new();
    while let Some(token) = tokens.next() {
        let is_hash = matches!(&token, TokenTree::Punct(punct) if punct.as_char() == '#');
        if is_hash && matches!(tokens.peek(), Some(TokenTree::Punct(punct)) if punct.as_char() == '!') {
            tokens.next();
        }
        let attribute = match tokens.peek() {
            Some(TokenTree::Group(group)) if is_hash => Some(group.clone()),
            _ => None,
        };
        if let Some(attribute) = attribute {
            tokens.next();
            let mut inner = attribute.stream().into_iter();
            let name = inner.next().map(|name| name.to_string());
            match (name.as_deref(), inner.nth(1)) {
                (Some("doc"), Some(TokenTree::Literal(doc))) => {
                    let (doc, number) = content(&doc);
                    // Documentation of the file is followed by that of its first item.
                    if docs.last().is_some_and(|(_, last)| number > last + 1) {
                        docs.push((String::new(), number));
                    }
                    docs.push((doc, number));
                }
                (Some("cfg"), _) if attribute.to_string().replace(' ', "") == "[cfg(test)]" => {
                    // The item ends at its braces or its semicolon.
                    let is_end = |token: &TokenTree| match token {
                        TokenTree::Group(group) => group.delimiter() == Delimiter::Brace,
                        TokenTree::Punct(punct) => punct.as_char() == ';',
                        _ => false,
                    };
                    let _ = tokens.find(is_end);
                }
                _ => self::texts(attribute.stream(), texts),
            }
            continue;
        }
        if !docs.is_empty() {
            let (lines, numbers): (Vec<String>, Vec<usize>) = docs.drain(..).unzip();
            let lines = lines.iter().map(|line| line.strip_prefix(' ').unwrap_or(line));
            let lines = lines.collect::<Vec<&str>>().join("\n");
            texts.push(Text::markdown(&lines, numbers));
        }
        match token {
            TokenTree::Group(group) => self::texts(group.stream(), texts),
            TokenTree::Literal(literal) if literal.to_string().ends_with(['"', '#']) => {
                texts.push(Text::message(&literal));
            }
            _ => {}
        }
    }
}

/// The text of a literal with blanks instead of escapes for line breaks, and the line where it begins.
fn content(literal: &Literal) -> (String, usize) {
    let text = literal.to_string();
    let text = text
        .trim_start_matches(['b', 'c', 'r', '#'])
        .trim_end_matches('#');
    let text = text.trim_matches('"').replace("\\\n", " \n").replace("\\n", "  ");
    (text, literal.span().start().line)
}
