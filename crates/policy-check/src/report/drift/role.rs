//! The difference of one live role.

use crate::report::side::Side;
use rolecall_analysis::Answer;
use rolecall_engine::Value;
use rolecall_interop::{DriftState, RoleDrift};
use rolecall_report::json::Json;
use rolecall_report::markdown_text::{block, code};
use rolecall_report::printable::printable;
use rolecall_report::style::{BAD, DOUBT, STRONG, paint};
use rolecall_report::token_text;
use serde::Serialize;

/// A live role beside the roles that grant it.
#[derive(Debug, Serialize)]
pub(super) struct RoleReport {
    /// The grant whose value the resource is.
    grant: Option<&'static str>,
    pub(super) resource: String,
    pub(super) roles: Vec<String>,
    /// The names of the live role in our language.
    live: Vec<String>,
    pub(super) state: State,
    /// Access that the live role gives and the policies do not; null if they are not compared.
    wider: Option<Side>,
    /// Access that the policies give and the live role does not.
    narrower: Option<Side>,
    /// The principals that get the live role without a token.
    also_admits: Vec<String>,
    /// The reason why the roles are not compared; null if they are.
    reason: Option<&'static str>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum State {
    Drifted,
    Equal,
    Missing,
    NotDecided,
    Unknown,
}

impl RoleReport {
    pub(super) fn new(drift: &RoleDrift) -> Self {
        let (mut wider, mut narrower, mut reason) = (None, None, None);
        let state = match &drift.state {
            DriftState::Compared {
                wider: more,
                narrower: less,
            } => {
                let is = |is: fn(&Answer) -> bool| is(more) || is(less);
                wider = Some(Side::new(more));
                narrower = Some(Side::new(less));
                match drift.is_equal() {
                    true => State::Equal,
                    false if is(|answer| matches!(answer, Answer::Token(_))) => State::Drifted,
                    false => State::NotDecided,
                }
            }
            DriftState::Missing => State::Missing,
            DriftState::Unknown => State::Unknown,
            DriftState::Untranslated(code) => {
                reason = Some(*code);
                State::NotDecided
            }
            _ => State::NotDecided,
        };
        Self {
            grant: drift.resource.target.grant(),
            resource: drift.resource.name.clone(),
            roles: drift.roles.clone(),
            live: drift.live.clone(),
            state,
            wider,
            narrower,
            also_admits: drift.also_admits.clone(),
            reason,
        }
    }

    /// Returns each side with a token, and what it means.
    fn tokens(&self) -> impl Iterator<Item = (&'static str, &Json)> {
        let sides = [
            (&self.wider, "gets the live role, and no role that grants it"),
            (
                &self.narrower,
                "gets a role that grants it, and not the live role",
            ),
        ];
        sides
            .into_iter()
            .filter_map(|(side, what)| Some((what, side.as_ref()?.token.as_ref()?)))
    }

    /// Returns the state in words.
    pub(super) fn words(&self) -> String {
        let is = |side: &Option<Side>| side.as_ref().is_some_and(|side| side.outcome == "yes");
        match (self.state, is(&self.wider), is(&self.narrower)) {
            (State::Equal, ..) => "equal".to_owned(),
            (State::Missing, ..) => "missing: no document has it".to_owned(),
            (State::Unknown, ..) => "unknown: no policy grants it".to_owned(),
            (State::Drifted, true, true) => "wider and narrower than the policies".to_owned(),
            (State::Drifted, true, false) => "wider than the policies".to_owned(),
            (State::Drifted, false, _) => "narrower than the policies".to_owned(),
            (State::NotDecided, ..) => {
                let sides = [&self.wider, &self.narrower].into_iter().flatten();
                let reason = sides.filter_map(|side| side.reason.as_deref()).next();
                let reason = self
                    .reason
                    .or(reason)
                    .unwrap_or("the live role is not translated");
                format!("not decided: {}", printable(reason))
            }
        }
    }

    pub(super) fn write(&self, text: &mut String) {
        let style = if self.state == State::NotDecided {
            DOUBT
        } else {
            BAD
        };
        let names: Vec<String> = self
            .roles
            .iter()
            .map(|name| printable(name).into_owned())
            .collect();
        let roles = match names.is_empty() {
            true => String::new(),
            false => format!("  {}", names.join(", ")),
        };
        text.push_str(&format!(
            "{}{roles}  {}\n",
            paint(STRONG, printable(&self.resource)),
            paint(style, self.words())
        ));
        for (what, token) in self.tokens() {
            text.push_str(&format!("  {what}\n"));
            if let Json(Value::Object(token)) = token {
                token_text::write(token, text);
            }
        }
        self.write_others(text);
    }

    /// Writes the principals that get the live role without a token.
    pub(super) fn write_others(&self, text: &mut String) {
        if !self.also_admits.is_empty() {
            let others: Vec<String> = self
                .also_admits
                .iter()
                .map(|one| format!("`{}`", printable(one)))
                .collect();
            text.push_str(&format!(
                "{} also admits {}\n",
                printable(&self.resource),
                others.join(", ")
            ));
        }
    }

    pub(super) fn write_markdown(&self, text: &mut String) {
        for (what, Json(token)) in self.tokens() {
            text.push_str(&format!("\n{}: this token {what}:\n\n", code(&self.resource)));
            text.push_str(&block([token.to_string()], ""));
        }
    }
}
