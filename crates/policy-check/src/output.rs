//! Outputs of a command: formats and files.

use crate::console::Console;
use crate::replace::write;
use anstream::adapter::strip_str;
use clap::ValueEnum;
use rolecall_report::failure::Failure;
use rolecall_report::printable::inert;
use std::path::PathBuf;
use std::str::FromStr;

/// An output: `FORMAT` to standard output, or `FORMAT=FILE`.
#[derive(Clone, Debug)]
pub(crate) struct Output<F> {
    pub(crate) format: F,
    /// The file; none for standard output.
    file: Option<PathBuf>,
}

impl<F: ValueEnum> FromStr for Output<F> {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (format, file) = match text.split_once('=') {
            Some((format, file)) => (format, Some(PathBuf::from(file))),
            None => (text, None),
        };
        let names = F::value_variants()
            .iter()
            .filter_map(ValueEnum::to_possible_value);
        let names: Vec<String> = names.map(|name| name.get_name().to_owned()).collect();
        let format =
            F::from_str(format, false).map_err(|_| format!("expected one of {}", names.join(", ")))?;
        Ok(Self { format, file })
    }
}

/// Refuses two formats on standard output, where no program could separate them.
pub(crate) fn only_one_to_standard_output<F: ValueEnum>(outputs: &[Output<F>]) -> Result<(), Failure> {
    let mut printed = outputs.iter().filter(|output| output.is_printed());
    let Some(second) = printed.nth(1) else {
        return Ok(());
    };
    let name = second.format.to_possible_value();
    let name = name.as_ref().map_or("FORMAT", |name| name.get_name());
    let failure = Failure::new("two formats cannot both go to standard output");
    Err(failure.help(format!("name a file for one of them: `--format {name}=FILE`")))
}

impl<F> Output<F> {
    /// Returns whether it goes to standard output.
    pub(crate) fn is_printed(&self) -> bool {
        self.file.is_none()
    }

    /// Prints bytes, or writes them into the file.
    pub(crate) fn give(&self, bytes: &[u8], console: &mut Console) -> Result<(), Failure> {
        match &self.file {
            Some(file) => write(file, bytes),
            None => console.give(bytes),
        }
    }

    /// Prints pieces of whole lines, or writes them into the file: without colours, and inert as on the console,
    /// since a job may print the file.
    pub(crate) fn print_lines<T: AsRef<str> + Sync>(
        &self,
        pieces: impl IntoIterator<Item = T>,
        console: &mut Console,
    ) -> Result<(), Failure> {
        let Some(file) = &self.file else {
            return console.say_all(pieces);
        };
        let shown = |piece: T| strip_str(&inert(piece.as_ref())).to_string();
        let text: String = pieces.into_iter().map(shown).collect();
        write(file, text.as_bytes())
    }
}
