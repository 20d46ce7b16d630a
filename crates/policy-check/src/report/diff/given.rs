//! What a role gives otherwise than before.

use rolecall_analysis::GivenChange;
use rolecall_engine::Value;
use serde::Serialize;
use std::time::Duration;

/// How long what a role grants lives, or one of its grants.
#[derive(Debug, Serialize)]
pub(super) struct Given {
    /// `ttl`, or `grant NAME`.
    what: String,
    /// Before: seconds or a text, or null.
    old: Option<Worth>,
    /// Now.
    new: Option<Worth>,
    /// Whether more is given, or may be.
    pub(super) gained: bool,
    /// Whether less is given, or may be.
    pub(super) lost: bool,
}

#[derive(Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
enum Worth {
    Seconds(u64),
    Text(String),
}

impl Given {
    pub(super) fn new(change: &GivenChange) -> Self {
        let seconds = |ttl: &Option<Duration>| ttl.map(|ttl| Worth::Seconds(ttl.as_secs()));
        let text = |text: &Option<String>| text.clone().map(Worth::Text);
        let (what, old, new) = match change {
            GivenChange::Ttl { old, new } => ("ttl".to_owned(), seconds(old), seconds(new)),
            GivenChange::Grant { name, old, new } => (format!("grant {name}"), text(old), text(new)),
            // A change that is newer than this.
            _ => (String::new(), None, None),
        };
        Self {
            what,
            old,
            new,
            gained: change.is_gain(),
            lost: change.is_loss(),
        }
    }

    /// The change on one line.
    pub(super) fn words(&self) -> String {
        let shown = |worth: &Option<Worth>| match worth {
            Some(Worth::Seconds(seconds)) => format!("{seconds} s"),
            Some(Worth::Text(text)) => Value::from(text.as_str()).to_string(),
            None => "nothing".to_owned(),
        };
        let (what, old, new) = (&self.what, shown(&self.old), shown(&self.new));
        if self.old == self.new {
            format!("{what} is still {new}, but a claim in it is declared differently")
        } else {
            format!("{what} is now {new}, was {old}")
        }
    }
}
