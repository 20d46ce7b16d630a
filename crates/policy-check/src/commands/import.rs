//! `policy-check import`

use crate::console::Console;
use crate::help::import::{IMPORT_DETAILS, IMPORT_EXAMPLES, IMPORT_JSON};
use crate::help::paragraphs;
use crate::loaded::{Loaded, each_set};
use crate::new_tests;
use crate::paths::Paths;
use crate::replace::{create, create_folder};
use crate::report::import::ImportReport;
use crate::report::{self, Format};
use clap::Args;
use rolecall_engine::{PolicySet, RoleId, Source};
use rolecall_interop::Clauses;
use rolecall_report::exit::Exit;
use rolecall_report::failure::Failure;
use rolecall_report::text::plus;
use rolecall_report::witness::NewTest;
use rolecall_report::witness::{MAX_ROLES, WitnessReport};
use std::path::PathBuf;

/// The name of the file with the tests.
const TESTS: &str = "tests.policy";

/// Write the roles of documents in other languages as policies, with tests
#[derive(Args, Clone, Debug)]
#[command(after_help = IMPORT_EXAMPLES)]
#[command(after_long_help = paragraphs(&[IMPORT_DETAILS, IMPORT_JSON, IMPORT_EXAMPLES]))]
pub(crate) struct Arguments {
    #[command(flatten)]
    paths: Paths,
    /// The folder for the files; without it, they are only printed
    #[arg(long, value_name = "FOLDER")]
    out: Option<PathBuf>,
    /// Write clauses that differ in the values of one comparison as one
    #[arg(long)]
    families: bool,
    /// Output format
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    format: Format,
}

impl Arguments {
    fn clauses(&self) -> Clauses {
        match self.families {
            true => Clauses::Families,
            false => Clauses::Each,
        }
    }
}

pub(crate) fn run(arguments: &Arguments, console: &mut Console) -> Result<Exit, Failure> {
    let mut report = None;
    let run = |loaded: &Loaded, _: &PolicySet| {
        if loaded.foreign.count() < loaded.files.len() {
            let message = format!("`{}` has policies already", loaded.name);
            report = Some(Err(
                Failure::new(message).help("name only the documents to import")
            ));
            return;
        }
        report = Some(imported(loaded, arguments.clauses()));
    };
    let undone = "they are not imported";
    let found = arguments.paths.find();
    let mut unusable = each_set(found, None, undone, arguments.format, console, run);
    let mut report = match report.transpose() {
        Ok(report) => report.unwrap_or_default(),
        Err(failure) => return Err(failure),
    };
    if let Some(folder) = arguments.out.as_deref().filter(|_| unusable.failures.is_empty()) {
        let mut files = report.files();
        let created = create_folder(folder);
        let written =
            created.and_then(|()| files.try_for_each(|(name, text)| create(&folder.join(name), text)));
        drop(files);
        match written {
            Ok(()) => report.written_to(folder),
            Err(failure) => unusable.failures.push(failure),
        }
    }
    report.add_errors(unusable.errors);
    report::print(&report, || report.text(), arguments.format, console)?;
    Ok(console.finish(report.exit(), &unusable.failures))
}

/// Imports the documents of a set. The policies are compiled, and have a test for each way to get a role and for a near miss of
/// each condition.
pub(crate) fn imported(loaded: &Loaded, clauses: Clauses) -> Result<ImportReport, Failure> {
    let faulty = |reason: String| {
        let failure = Failure::new(format!(
            "the policies of `{}` cannot be written: {reason}",
            loaded.name
        ));
        failure.help("report this as a bug")
    };
    let import = loaded.foreign.import(clauses);
    let mut import = import.map_err(|errors| {
        faulty(
            errors
                .first()
                .map_or_else(|| "no reason".to_owned(), ToString::to_string),
        )
    })?;
    let set = PolicySet::compile(import.files.iter().cloned());
    let set = set.map_err(|error| faulty(error.to_string()))?;
    let roles: Vec<RoleId> = set.program().roles().ids().collect();
    let mut tests: Vec<NewTest> = Vec::new();
    for some in roles.chunks(MAX_ROLES) {
        let before = tests.len();
        let found = WitnessReport::default().run(&loaded.name, &set, some, true);
        tests.extend(found.into_iter().map(|test| NewTest {
            example: test.example.map(|example| plus(example, before)),
            ..test
        }));
    }
    let added = new_tests::add(&set, None, TESTS, &tests)?;
    if let Some(change) = added.change {
        import.files.push(Source::new(TESTS, change.new));
    }
    Ok(ImportReport::new(import, loaded.foreign.coverage()))
}
