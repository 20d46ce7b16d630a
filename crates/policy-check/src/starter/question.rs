//! Questions: answered by an option, by a person, or by a suggestion.

use rolecall_report::failure::Failure;

/// A question that one option answers.
pub(super) struct Question<'a> {
    pub(super) option: &'static str,
    pub(super) text: String,
    /// The answer that an option gave.
    pub(super) given: Option<&'a String>,
    /// The answer of an empty line; empty if nothing is also an answer.
    pub(super) guess: Option<String>,
    /// The reason why a text is not an answer.
    pub(super) fault: fn(&str) -> Option<String>,
    /// The place where the answer is found.
    pub(super) help: String,
}

/// The person at the terminal: asks, and returns the line that was typed; `None` at the end.
pub(crate) type Ask<'a> = &'a mut dyn FnMut(&str) -> Option<String>;

impl Question<'_> {
    /// Returns the answer: that of the option, of the person if there is one, or the guess.
    pub(super) fn answer(self, ask: &mut Option<Ask<'_>>) -> Result<String, Failure> {
        let fault = |text: &str| match text {
            "" if self.guess.as_deref() == Some("") => None,
            text => (self.fault)(text),
        };
        let missing = || Failure::new(format!("`{}` is missing", self.option)).help(self.help.as_str());
        let refused = |text: &str, reason: String| {
            Failure::new(format!(
                "`{text}` cannot be the answer to `{}`: {reason}",
                self.option
            ))
            .help(self.help.as_str())
        };
        if let Some(given) = self.given {
            return fault(given).map_or(Ok(given.clone()), |reason| Err(refused(given, reason)));
        }
        let Some(ask) = ask else {
            let guess = self.guess.clone().ok_or_else(missing)?;
            return fault(&guess).map_or(Ok(guess.clone()), |reason| Err(refused(&guess, reason)));
        };
        let guess = self.guess.as_deref().filter(|guess| fault(guess).is_none());
        let mut prompt = match guess {
            Some("") => format!("{} (optional): ", self.text),
            Some(guess) => format!("{} [{guess}]: ", self.text),
            None => format!("{}\n  {}\n> ", self.text, self.help),
        };
        loop {
            let line = ask(&prompt).ok_or_else(missing)?;
            let text = match line.trim() {
                "" => guess.unwrap_or_default(),
                text => text,
            };
            match fault(text) {
                None => return Ok(text.to_owned()),
                Some(reason) => prompt = format!("  {reason}: {}\n> ", self.help),
            }
        }
    }
}

/// Returns the fault of a text that is not the path of a project.
pub(super) fn project_fault(text: &str) -> Option<String> {
    let is_of_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
    let is_part = |part: &str| !part.is_empty() && part.chars().all(is_of_name);
    let is_project = text.len() <= 255 && text.contains('/') && text.split('/').all(is_part);
    (!is_project).then(|| "it is not the path of a project".to_owned())
}

/// Returns the fault of a text that is not the path of a repository of GitHub.
pub(super) fn repository_fault(text: &str) -> Option<String> {
    let is_repository = text.split('/').count() == 2;
    project_fault(text).or_else(|| (!is_repository).then(|| "it is not `OWNER/REPOSITORY`".to_owned()))
}

/// Returns the fault of a text that is not the name of a branch (git-check-ref-format(1)).
pub(super) fn branch_fault(text: &str) -> Option<String> {
    let is_odd =
        text.contains("..") || text.contains("//") || text.contains([':', '~', '^', '!', ',', '&', '|', '%']);
    let is_odd = is_odd
        || text.starts_with(['-', '/', '.'])
        || text.ends_with(['/', '.'])
        || text.starts_with("refs/");
    word_fault(text).or_else(|| is_odd.then(|| "it is not the name of a branch".to_owned()))
}

/// Returns the fault of a text that is not a word without characters that mean something in policies.
pub(super) fn word_fault(text: &str) -> Option<String> {
    let is_plain = |c: char| c.is_ascii_graphic() && !"\"'\\{}[]$*?<>`#".contains(c);
    let is_word = !text.is_empty() && text.len() <= 255 && text.chars().all(is_plain);
    (!is_word).then(|| "it has characters that such a name does not have".to_owned())
}
