//! The `allow`s that a log did not use as a part of a page.

use super::{RoleReport, UnusedReport};
use maud::{Markup, html};
use rolecall_engine::Object;
use rolecall_report::html::{badge, words};
use rolecall_report::printable::printable;
use rolecall_report::token_text;

impl UnusedReport {
    /// Formats the report as a part of a page, with all `allow`s.
    pub(crate) fn html(&self) -> Markup {
        html! {
            h2 { "Unused" }
            p { (words(&self.summary())) }
            @for line in self.remarks() { p class="faint" { (words(&line)) } }
            @for role in &self.roles { (section(role)) }
        }
    }
}

fn section(role: &RoleReport) -> Markup {
    html! {
        details open {
            summary {
                code { (printable(&role.role)) } " "
                span class="place" { (role.location) }
            }
            div {
                @if let Some(remark) = role.words() { p { (words(&remark)) } }
                @for allow in &role.allows {
                    p class="clause" {
                        (badge(false, allow.state())) " "
                        code { (allow.shown()) } " "
                        span class="place" { (allow.location) }
                    }
                    @if let Some(message) = &allow.message { p { (words(message)) } }
                    @if let Some((consequence, token)) = allow.consequence() {
                        p { (words(&consequence)) }
                        @if let Some(token) = token { pre { (lines(token)) } }
                    }
                }
            }
        }
    }
}

/// Returns a token as text with one claim on each line.
fn lines(token: &Object) -> String {
    let mut text = String::new();
    token_text::write(token, &mut text);
    text
}
