//! Comments and space at every place of a text where they may stand.

use proptest::prelude::*;

/// Puts noise into a text that was printed from a tree.
pub(crate) fn noisy(printed: &str) -> BoxedStrategy<String> {
    let tokens = tokens(printed);
    let gaps = prop::collection::vec(gap(), tokens.len() + 1);
    gaps.prop_map(move |gaps| {
        let mut number = 0;
        let mut text = String::new();
        for (index, gap) in gaps.iter().enumerate() {
            for piece in gap {
                // Each comment has a text of its own.
                number += 1;
                text.push_str(&piece.replace('N', &number.to_string()));
            }
            text.push_str(tokens.get(index).map_or("", String::as_str));
        }
        text
    })
    .boxed()
}

fn gap() -> impl Strategy<Value = Vec<&'static str>> {
    let piece = prop::sample::select(vec![
        " ",
        "\n",
        "\n\n",
        "\t",
        "\r\n",
        "\n  ",
        "//N\n",
        " // N \n",
        "\n// N\n",
        "\n\n// N\r\n\n",
        "/// N\n",
        "/*N*/",
        " /* N */ ",
        "/* N\n  * N */",
        "\n/* N */\n",
    ]);
    prop_oneof![
        6 => Just(Vec::new()),
        4 => prop::collection::vec(piece, 1..4),
    ]
}

/// The parts of a text between which noise may stand, each with the space before it.
fn tokens(text: &str) -> Vec<String> {
    let mut tokens: Vec<String> = Vec::new();
    let mut token = String::new();
    let mut path_brackets = 0_usize;
    let mut chars = text.chars().peekable();
    let is_word = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '*' | '#');
    while let Some(c) = chars.next() {
        token.push(c);
        match c {
            ' ' | '\n' => continue,
            '"' | '/' => {
                while let Some(inner) = chars.next() {
                    token.push(inner);
                    if inner == '\\' {
                        token.extend(chars.next());
                    } else if inner == c {
                        break;
                    }
                }
            }
            _ if is_word(c) => {
                while let Some(next) = chars.next_if(|next| is_word(*next)) {
                    token.push(next);
                }
            }
            '&' | '|' => token.extend(chars.next()),
            '=' | '!' | '<' | '>' => token.extend(chars.next_if_eq(&'=')),
            '.' => {
                while let Some(next) = chars.next_if_eq(&'.') {
                    token.push(next);
                }
            }
            _ => {}
        }
        // What is in the brackets of a claim's path stands together with it, and so do the parts of a role's name.
        let in_word = is_word(c) || c == ']';
        match chars.peek() {
            Some('[') if in_word => {
                path_brackets = 1;
                continue;
            }
            Some(next) if path_brackets > 0 => {
                if *next == ']' {
                    path_brackets = 0;
                }
                continue;
            }
            Some('.') if in_word => continue,
            Some('{') if is_word(c) || c == '}' => continue,
            Some(next) if c == '{' && is_word(*next) => continue,
            Some('}') if is_word(c) => continue,
            Some(next) if c == '}' && is_word(*next) => continue,
            Some(next) if c == '.' && is_word(*next) => continue,
            _ => tokens.push(std::mem::take(&mut token)),
        }
    }
    tokens.push(token);
    tokens
}
