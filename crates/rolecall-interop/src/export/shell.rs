//! Scripts of commands for a POSIX shell.

use super::part::Document;

/// Returns a script of commands, each a list of words. Lines of comments stand before them.
pub(super) fn script(name: impl Into<String>, comments: &[String], commands: &[Vec<String>]) -> Document {
    let comments = comments.iter().map(|comment| format!("# {comment}\n"));
    let commands = commands.iter().map(|words| {
        let words: Vec<String> = words.iter().map(|word| quoted(word)).collect();
        words.join(" ") + "\n"
    });
    let text = format!(
        "{}set -eu\n{}",
        comments.collect::<String>(),
        commands.collect::<String>()
    );
    Document::new(name, text)
}

/// Returns the words of a command that are separated by blanks, and others.
pub(super) fn command(words: &str, others: &[&str]) -> Vec<String> {
    let words = words.split_whitespace().chain(others.iter().copied());
    words.map(str::to_owned).collect()
}

/// Returns a word as the shell reads it.
fn quoted(word: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_./:=@,+".contains(c);
    match !word.is_empty() && word.chars().all(is_plain) {
        true => word.to_owned(),
        false => format!("'{}'", word.replace('\'', "'\\''")),
    }
}
