//! Scripts of commands for a POSIX shell.

use super::part::Document;

/// A command, by its words.
pub(super) type Command = Vec<String>;

/// Returns a script of commands. Before them, comments say which others there are, for what does not exist yet.
pub(super) fn script(name: impl AsRef<str>, others: &[(&str, Command)], commands: &[Command]) -> Document {
    // A line break would end a comment.
    let others = others.iter().map(|(reason, command)| {
        let line = format!("{reason}: {}", written(command));
        format!("# {}\n", line.replace(char::is_control, " "))
    });
    let commands = commands.iter().map(|command| written(command) + "\n");
    let text = format!(
        "{}set -eu\n{}",
        others.collect::<String>(),
        commands.collect::<String>()
    );
    Document::new(name, text)
}

fn written(command: &[String]) -> String {
    let words: Vec<String> = command.iter().map(|word| quoted(word)).collect();
    words.join(" ")
}

/// Returns the words of a command that are separated by blanks, and others.
pub(super) fn command(words: &str, others: &[&str]) -> Command {
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
