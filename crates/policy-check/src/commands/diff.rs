//! `policy-check diff`

use crate::comparing::{self, Pairs, Side};
use crate::console::Console;
use crate::git::Revision;
use crate::help::access::{DIFF_DETAILS, DIFF_EXAMPLES, DIFF_JSON};
use crate::help::paragraphs;
use crate::report::diff::{DiffReport, FailOn};
use crate::version::Version;
use clap::{Args, ValueEnum};
use rolecall_report::exit::Exit;
use rolecall_report::failure::Failure;
use rolecall_report::json;
use std::path::PathBuf;

/// Show which access is gained and lost between two versions of a policy set
#[derive(Args, Clone, Debug)]
#[command(after_help = DIFF_EXAMPLES)]
#[command(after_long_help = paragraphs(&[DIFF_DETAILS, DIFF_JSON, DIFF_EXAMPLES]))]
pub(crate) struct Arguments {
    /// The old and the new version; with --base, only the new one
    #[arg(value_name = "PATH", required_unless_present = "from", num_args = 1..=2)]
    paths: Vec<PathBuf>,
    /// Compare the roles before and after this plan, as `terraform show -json` prints it
    #[arg(long, value_name = "PLAN", conflicts_with_all = ["paths", "base"])]
    from: Option<PathBuf>,
    /// Take the old version from this git revision
    #[arg(long, value_name = "REVISION")]
    base: Option<String>,
    /// Exit with 1 if there is such a change
    #[arg(long, value_name = "CHANGE")]
    fail_on: Option<FailOn>,
    /// The same as `--fail-on gained`
    #[arg(long, conflicts_with = "fail_on")]
    no_new_access: bool,
    /// Accept changes by which `check` reports or proves less
    #[arg(long)]
    accept_configuration: bool,
    /// Output format
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    format: DiffFormat,
}

/// The formats of `diff`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum DiffFormat {
    /// Text for people.
    Human,
    /// One JSON object on one line.
    Json,
    /// A comment for a merge request.
    Markdown,
}

pub(crate) fn run(arguments: &Arguments, console: &mut Console) -> Result<Exit, Failure> {
    let (mut changes, mut weakenings) = (Vec::new(), Vec::new());
    match &arguments.from {
        Some(plan) => changes.push(comparing::plan(plan, console)?),
        None => {
            let (old, new) = sides(arguments)?;
            let Pairs { pairs, abandoned } = comparing::pairs(&old, &new)?;
            for pair in pairs {
                changes.push(comparing::compare(&pair, &old, &new, console)?);
            }
            weakenings = abandoned;
        }
    }
    let report = DiffReport::new(changes, weakenings, arguments.accept_configuration);
    match arguments.format {
        DiffFormat::Human => console.say(&report.text())?,
        DiffFormat::Json => console.give(&json::line(&report)?)?,
        DiffFormat::Markdown => console.say(&report.markdown())?,
    }
    let fail_on = if arguments.no_new_access {
        Some(FailOn::Gained)
    } else {
        arguments.fail_on
    };
    Ok(report.exit(fail_on))
}

/// Returns the old and the new version.
fn sides(arguments: &Arguments) -> Result<(Side, Side), Failure> {
    let disk = |path: &PathBuf| Side {
        path: path.clone(),
        version: Version::Disk,
    };
    match (arguments.paths.as_slice(), &arguments.base) {
        ([old, new], None) => Ok((disk(old), disk(new))),
        ([new], Some(revision)) => {
            let revision = Revision::find(revision, new)?;
            let path = new.clone();
            let version = Version::Revision(revision);
            Ok((Side { path, version }, disk(new)))
        }
        ([_], None) => {
            let failure = Failure::new("there is only one version to compare");
            Err(failure.help("name two folders, or a git revision with `--base`"))
        }
        _ => Err(Failure::new("`--base` replaces the first folder").help("name one folder")),
    }
}
