//! The few styles of the output. They are taken out again where nobody sees colour.

use anstyle::{AnsiColor, Style};

/// Yes.
pub(crate) const GOOD: Style = AnsiColor::Green.on_default().bold();
/// No.
pub(crate) const BAD: Style = AnsiColor::BrightRed.on_default().bold();
/// Unknown.
pub(crate) const DOUBT: Style = AnsiColor::Yellow.on_default().bold();
/// What to do.
pub(crate) const HELP: Style = AnsiColor::BrightCyan.on_default().bold();
/// Names.
pub(crate) const STRONG: Style = Style::new().bold();
/// Places.
pub(crate) const FAINT: Style = Style::new().dimmed();

/// The text in a style.
pub(crate) fn paint(style: Style, text: impl std::fmt::Display) -> String {
    format!("{style}{text}{style:#}")
}
