//! Pages made of the help of a command, one for each subcommand that the help lists.

use anyhow::{Context, Result, bail};
use std::path::Path;
use std::process::Command;

/// The help of a command or a subcommand.
#[derive(Debug)]
pub(crate) struct Help {
    /// The words of the command line, such as `rolecall-exchange keys new`.
    pub(crate) line: String,
    /// The page.
    pub(crate) text: String,
    /// The help of its subcommands.
    pub(crate) subcommands: Vec<Self>,
}

impl Help {
    /// Runs a program for its help and that of all subcommands.
    ///
    /// # Errors
    ///
    /// If the program does not run, or has no help.
    pub(crate) fn read(program: &Path) -> Result<Self> {
        let name = program.file_stem().and_then(|name| name.to_str());
        let name = name.with_context(|| format!("`{}` has no name", program.display()))?;
        Self::of(program, &[name])
    }

    fn of(program: &Path, words: &[&str]) -> Result<Self> {
        let line = words.join(" ");
        let mut command = Command::new(program);
        command.args(words.iter().skip(1)).arg("--help");
        // The same width everywhere, and no escapes.
        command.env_clear().env("NO_COLOR", "1").env("COLUMNS", "100");
        let output = command.output();
        let output = output.with_context(|| format!("cannot run `{}`: build it first", program.display()))?;
        if !output.status.success() {
            bail!("`{line} --help` failed: {}", output.status);
        }
        let help = String::from_utf8(output.stdout).with_context(|| format!("the help of `{line}`"))?;
        let subcommands = subcommands(&help);
        let subcommands = subcommands.map(|name| {
            let words: Vec<&str> = words.iter().copied().chain([name]).collect();
            Self::of(program, &words)
        });
        let subcommands = subcommands.collect::<Result<_>>()?;
        // Lines of the help end with blanks.
        let help: Vec<&str> = help.lines().map(str::trim_end).collect();
        let text = format!("# {line}\n\n````text\n{}\n````\n", help.join("\n"));
        Ok(Self {
            line,
            text,
            subcommands,
        })
    }

    /// The last word of the command line.
    pub(crate) fn name(&self) -> &str {
        self.line.rsplit(' ').next().unwrap_or_default()
    }
}

/// The subcommands that a help lists, apart from `help` itself: its continued lines are indented further.
fn subcommands(help: &str) -> impl Iterator<Item = &str> {
    let lines = help.lines().skip_while(|line| *line != "Commands:").skip(1);
    let lines = lines.take_while(|line| !line.is_empty());
    let names = lines.filter_map(|line| line.strip_prefix("  ")?.split(' ').next());
    names.filter(|name| !["", "help"].contains(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn subcommands_are_those_of_the_list() {
        let help = "About\n\nUsage: x\n\nCommands:\n  new   Make\n        a key\n  list  List\n  \
                    help  Print\n\nOptions:\n  -h  Print help\n";
        assert_eq!(subcommands(help).collect::<Vec<_>>(), ["new", "list"]);
        assert_eq!(subcommands("About\n\nUsage: x\n").count(), 0);
    }
}
