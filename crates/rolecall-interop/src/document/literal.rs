//! String literals of JSON, HCL and YAML: their contents, with the place of each character.
//!
//! Facts about HCL are from its specification (hashicorp/hcl v2.25.0, `hclsyntax/spec.md`, "Template Expressions") and
//! from Terraform 1.11.4.

/// The content of a literal.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Literal {
    /// The content.
    pub(crate) text: String,
    /// The offset of the first character in the literal.
    pub(super) start: usize,
    /// The bytes of each character in the content, and those that it is written with.
    pub(super) widths: Vec<(usize, usize)>,
}

impl Literal {
    fn new(start: usize) -> Self {
        Self {
            text: String::new(),
            start,
            widths: Vec::new(),
        }
    }

    fn push(&mut self, character: char, width: usize) {
        self.text.push(character);
        self.widths.push((character.len_utf8(), width));
    }

    /// Decodes a string of JSON.
    pub(super) fn json(written: &str) -> Option<Self> {
        let content: String = serde_json::from_str(written).ok()?;
        let mut literal = Self::new(1);
        let mut rest = written.get(1..)?;
        for character in content.chars() {
            // `\n` has two bytes, `\u000a` six, and a pair of surrogates twelve.
            let width = match (rest.starts_with(r"\u"), rest.starts_with('\\')) {
                (true, _) if character.len_utf16() == 2 => 12,
                (true, _) => 6,
                (_, true) => 2,
                _ => character.len_utf8(),
            };
            rest = rest.get(width..).unwrap_or_default();
            literal.push(character, width);
        }
        Some(literal)
    }

    /// Takes a text without escapes, which can be in quotes.
    pub(super) fn plain(written: &str) -> impl Iterator<Item = Self> {
        let quoted = written.get(1..written.len().saturating_sub(1));
        let forms = [(0, Some(written)), (1, quoted)];
        forms.into_iter().filter_map(|(start, content)| {
            let mut literal = Self::new(start);
            for character in content?.chars() {
                literal.push(character, character.len_utf8());
            }
            Some(literal)
        })
    }

    /// Decodes a quoted template of HCL, or nothing if it has other parts than characters.
    pub(crate) fn quoted(written: &str) -> Option<Self> {
        let inner = written.strip_prefix('"')?.strip_suffix('"')?;
        let literal = Self::characters(inner, true)?;
        Some(Self { start: 1, ..literal })
    }

    /// Decodes characters of a template of HCL. A quoted one has escapes.
    pub(crate) fn characters(written: &str, is_quoted: bool) -> Option<Self> {
        let mut literal = Self::new(0);
        let mut rest = written;
        while let Some(character) = rest.chars().next() {
            // `$${` is the text `${`.
            if let Some(after) = rest.strip_prefix("$${").or_else(|| rest.strip_prefix("%%{")) {
                literal.push(character, 2);
                literal.push('{', 1);
                rest = after;
                continue;
            }
            let is_template = matches!(character, '$' | '%') && rest.get(1..)?.starts_with('{');
            let (character, width) = match character {
                _ if is_template => return None,
                '"' | '\n' | '\r' if is_quoted => return None,
                '\\' if is_quoted => escape(rest)?,
                other => (other, other.len_utf8()),
            };
            literal.push(character, width);
            rest = rest.get(width..)?;
        }
        Self::is_normal(&literal.text).then_some(literal)
    }

    /// Decodes a heredoc of HCL, or nothing if it has other parts than characters. One that begins with `<<-` is
    /// without the indentation that its lines have in common.
    pub(crate) fn heredoc(written: &str) -> Option<Self> {
        let (first, rest) = written.split_once('\n')?;
        // Without a line before the one that ends it, the text is empty.
        let body = rest.rsplit_once('\n').map(|(body, _)| body);
        let lines = || body.into_iter().flat_map(|body| body.split('\n'));
        let indent = |line: &str| match line.trim().is_empty() {
            // Terraform keeps the blanks of a line without other characters.
            true => None,
            false => Some(
                line.len()
                    .saturating_sub(line.trim_start_matches([' ', '\t']).len()),
            ),
        };
        let common = match first.starts_with("<<-") {
            true => lines().filter_map(indent).min().unwrap_or_default(),
            false => 0,
        };
        let mut literal = Self::new(first.len().saturating_add(1));
        for line in lines() {
            let stripped = indent(line).map_or(0, |_| common);
            match literal.widths.last_mut() {
                Some((_, width)) => *width = width.saturating_add(stripped),
                None => literal.start = literal.start.saturating_add(stripped),
            }
            let part = Self::characters(line.get(stripped..)?, false)?;
            literal.text.push_str(&part.text);
            literal.widths.extend(part.widths);
            literal.push('\n', 1);
        }
        Some(literal)
    }

    /// Returns whether a text is sure to be in Unicode's normal form C, into which Terraform brings all texts. No
    /// character before U+0300 changes by it.
    pub(crate) fn is_normal(text: &str) -> bool {
        text.chars().all(|character| character < '\u{300}')
    }
}

/// Returns the character of an escape at the start of a text, and the bytes of the escape.
fn escape(text: &str) -> Option<(char, usize)> {
    let digits = |number: usize| {
        let end = number.saturating_add(2);
        let digits = text
            .get(2..end)
            .filter(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()))?;
        Some((char::from_u32(u32::from_str_radix(digits, 16).ok()?)?, end))
    };
    match text.chars().nth(1)? {
        'n' => Some(('\n', 2)),
        'r' => Some(('\r', 2)),
        't' => Some(('\t', 2)),
        '"' => Some(('"', 2)),
        '\\' => Some(('\\', 2)),
        'u' => digits(4),
        'U' => digits(8),
        _ => None,
    }
}
