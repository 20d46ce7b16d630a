//! The report of `profiles`.

use super::profile::ProfileReport;
use rolecall_report::json::SchemaVersion;
use rolecall_report::style::{FAINT, STRONG, paint};
use serde::Serialize;

/// Profiles, as a list or in full.
#[derive(Serialize)]
pub(crate) struct ProfilesReport {
    schema_version: SchemaVersion,
    profiles: Vec<ProfileReport>,
    /// True if the text shows all of a profile.
    #[serde(skip)]
    in_full: bool,
}

impl ProfilesReport {
    pub(crate) fn new(profiles: Vec<ProfileReport>, in_full: bool) -> Self {
        Self {
            schema_version: SchemaVersion,
            profiles,
            in_full,
        }
    }

    pub(crate) fn text(&self) -> String {
        if self.in_full {
            let profiles: Vec<String> = self.profiles.iter().map(ProfileReport::text).collect();
            return profiles.join("\n");
        }
        let rows: Vec<[String; 4]> = self.profiles.iter().map(ProfileReport::row).collect();
        let width = |column: fn(&[String; 4]) -> &str| {
            let widths = rows.iter().map(|row| column(row).chars().count());
            widths.max().unwrap_or(0)
        };
        let (name_width, shared_width) = (width(|[name, ..]| name), width(|[_, _, shared, _]| shared));
        let mut text = String::new();
        for [name, claims, shared, what] in &rows {
            let padding = " ".repeat(name_width.saturating_sub(name.chars().count()));
            text += &format!(
                "{}{padding}  {claims:>2} claims  {shared:<shared_width$}  {what}\n",
                paint(STRONG, name)
            );
        }
        text + &format!(
            "{}\n",
            paint(
                FAINT,
                "`policy-check profiles NAME` shows the claims of a profile"
            )
        )
    }
}
