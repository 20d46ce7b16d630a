//! The `allow`s that a log did not use as Markdown.

use super::UnusedReport;
use rolecall_engine::Value;
use rolecall_report::location::count;
use rolecall_report::markdown_text::{block, code, prose};

impl UnusedReport {
    /// Formats the report as a part of a comment.
    pub(crate) fn markdown(&self) -> String {
        let mut text = format!("\n#### Unused\n\n{}\n\n", prose(&self.summary()));
        for line in self.remarks() {
            text.push_str(&format!("- {}\n", prose(&line)));
        }
        let (shown, left_out) = self.shown();
        for (role, allows) in shown {
            let words = role
                .words()
                .map_or_else(String::new, |words| format!(": {words}"));
            let location = prose(&format!("`{}`{words}", role.location));
            text.push_str(&format!("\n**{}** {location}\n\n", code(&role.role)));
            for allow in allows {
                let line = format!("{}: `{}`", allow.state(), allow.location);
                text.push_str(&format!("- {} {}\n", prose(&line), code(&allow.shown())));
                if let Some(message) = &allow.message {
                    text.push_str(&format!("  - {}\n", prose(message)));
                }
                if let Some((words, token)) = allow.consequence() {
                    text.push_str(&format!("  - {}\n", prose(&words)));
                    if let Some(token) = token {
                        let token = Value::Object(token.clone()).to_string();
                        text.push_str(&format!("\n{}\n", block([token], "    ")));
                    }
                }
            }
        }
        if left_out > 0 {
            let more = count(left_out, "more `allow`");
            text.push_str(&format!("\n{}\n", prose(&format!("and {more}"))));
        }
        text
    }
}
