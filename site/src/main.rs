//! `rolecall-site`, see `site/README.md`.

use clap::Parser;
use rolecall_site::{Options, build};
use std::path::PathBuf;
use std::process::ExitCode;

/// Build the documentation as a site, and check its links
#[derive(Debug, Parser)]
struct Arguments {
    /// Programs whose help is part of the site
    programs: Vec<PathBuf>,

    /// The checkout
    #[arg(long, value_name = "DIR", default_value = ".")]
    root: PathBuf,

    /// The folder to write, whose content is replaced
    #[arg(long, value_name = "DIR")]
    out: PathBuf,

    /// A built playground, to copy to `play`
    #[arg(long, value_name = "DIR")]
    playground: Option<PathBuf>,
}

#[expect(clippy::print_stderr, reason = "a program may print")]
fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let out = arguments.out.clone();
    let faults = build(&Options {
        programs: arguments.programs,
        root: arguments.root,
        out: arguments.out,
        playground: arguments.playground,
    });
    match faults {
        Ok(faults) if faults.is_empty() => {
            eprintln!("the site is in `{}`", out.display());
            ExitCode::SUCCESS
        }
        Ok(faults) => {
            for fault in faults {
                eprintln!("{fault}");
            }
            ExitCode::FAILURE
        }
        Err(error) => {
            eprintln!("{error:#}");
            ExitCode::from(2)
        }
    }
}
