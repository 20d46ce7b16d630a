//! The frame of HTML pages: nothing outside of the page is loaded, and no script runs but one of ours, by its hash.

use crate::printable::printable;
use maud::{DOCTYPE, Markup, PreEscaped, html};

/// The style of the pages, for light and dark, and for narrow and wide windows.
const STYLE: &str = include_str!("html/style.css");

/// The permitted content. `default-src` does not cover forms and base URLs.
const CONTENT: &str = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

/// A script of ours, with the SHA-256 hash of its text in Base64, by which browsers permit it and no other one.
#[derive(Clone, Copy, Debug)]
pub struct Script {
    pub text: &'static str,
    pub hash: &'static str,
}

/// Returns a page.
pub fn page(title: &str, body: &Markup) -> String {
    framed(title, body, "", None)
}

/// Returns a page with more styles and a script.
pub fn page_with(title: &str, body: &Markup, style: &str, script: Script) -> String {
    framed(title, body, style, Some(script))
}

fn framed(title: &str, body: &Markup, style: &str, script: Option<Script>) -> String {
    let scripts = script.map_or_else(String::new, |script| {
        format!("; script-src 'sha256-{}'", script.hash)
    });
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                // Text of others cannot load or run anything even if an escape were missing.
                meta http-equiv="Content-Security-Policy" content={ (CONTENT) (scripts) };
                title { (printable(title)) }
                style { (PreEscaped(STYLE)) (PreEscaped(style)) }
            }
            body {
                main { (*body) }
                @if let Some(script) = script { script { (PreEscaped(script.text)) } }
            }
        }
    };
    page.into_string() + "\n"
}

/// Returns the mark of a truth value.
pub fn mark(truth: &str) -> Markup {
    let (class, sign) = match truth {
        "true" => ("yes", "✓"),
        "false" => ("no", "✗"),
        _ => ("doubt", "?"),
    };
    html! { span class={ "mark " (class) } role="img" aria-label=(truth) { (sign) } }
}

/// Returns the badge of a verdict.
pub fn badge(is_good: bool, words: &str) -> Markup {
    html! { span class=(if is_good { "badge yes" } else { "badge no" }) { (words) } }
}

/// Returns a message, with the text in backticks as code.
pub fn words(message: &str) -> Markup {
    let parts = message.split('`').enumerate();
    html! {
        @for (index, part) in parts {
            @if index.checked_rem(2) == Some(1) { code { (printable(part)) } } @else { (printable(part)) }
        }
    }
}
