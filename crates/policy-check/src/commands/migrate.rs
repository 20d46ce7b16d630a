//! `policy-check migrate`

use super::names::Dumps;
use crate::console::Console;
use crate::help::names::{MIGRATE_DETAILS, MIGRATE_EXAMPLES, MIGRATE_JSON};
use crate::help::paragraphs;
use crate::loaded::load_one;
use crate::replace::replace;
use crate::report::migrate::MigrateReport;
use crate::report::{self, Format};
use clap::{Args, ValueEnum};
use rolecall_interop::{Step, migrate};
use rolecall_report::exit::Exit;
use rolecall_report::failure::Failure;
use rolecall_report::snippet;
use std::path::{Path, PathBuf};

/// Move policies to another form of what they compare
#[derive(Args, Clone, Debug)]
#[command(after_help = MIGRATE_EXAMPLES)]
#[command(after_long_help = paragraphs(&[MIGRATE_DETAILS, MIGRATE_JSON, MIGRATE_EXAMPLES]))]
pub(crate) struct Arguments {
    /// The migration
    migration: Migration,
    /// The folder of a policy set, or a policy file
    policies: PathBuf,
    #[command(flatten)]
    dumps: Dumps,
    /// Remove each old form that has the new one beside it, instead of adding new ones
    #[arg(long)]
    drop_old: bool,
    /// Write the files; without it, the changes are only printed
    #[arg(long)]
    write: bool,
    /// Output format
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    format: Format,
}

/// The migrations that there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Migration {
    /// Subjects of GitHub with the ids of the owner and the repository
    ImmutableSubjects,
}

pub(crate) fn run(arguments: &Arguments, console: &mut Console) -> Result<Exit, Failure> {
    let Migration::ImmutableSubjects = arguments.migration;
    let projects = arguments.dumps.read()?;
    let policies = load_one(std::slice::from_ref(&arguments.policies), console)?;
    let step = match arguments.drop_old {
        true => Step::DropOld,
        false => Step::AddNew,
    };
    let migration = migrate(&policies.set, &projects, step).map_err(|error| {
        console.complain(&snippet::render_all(&error));
        Failure::new("the policies do not compile after the migration").help("report this as a bug")
    })?;
    let is_written = arguments.write && migration.gains.is_empty();
    if is_written {
        for (source, text) in &migration.files {
            replace(Path::new(&*source.name), &source.text, text)?;
        }
    }
    let report = MigrateReport::new(&migration, step, is_written);
    report::print(&report, || report.text(), arguments.format, console)?;
    Ok(report.exit())
}
