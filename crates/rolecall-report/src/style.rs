//! The styles of the output. The console removes them where colour is not shown.

use anstyle::{AnsiColor, Style};

/// Yes.
pub const GOOD: Style = AnsiColor::Green.on_default().bold();
/// No.
pub const BAD: Style = AnsiColor::BrightRed.on_default().bold();
/// Unknown.
pub const DOUBT: Style = AnsiColor::Yellow.on_default().bold();
/// Help.
pub const HELP: Style = AnsiColor::BrightCyan.on_default().bold();
/// Names.
pub const STRONG: Style = Style::new().bold();
/// Locations.
pub const FAINT: Style = Style::new().dimmed();

/// Formats a text in a style.
pub fn paint(style: Style, text: impl std::fmt::Display) -> String {
    format!("{style}{text}{style:#}")
}
