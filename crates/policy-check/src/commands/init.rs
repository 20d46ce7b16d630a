//! `policy-check init`

use super::import;
use crate::checkout;
use crate::console::Console;
use crate::help::init::{INIT_DETAILS, INIT_EXAMPLES};
use crate::help::paragraphs;
use crate::input;
use crate::replace::{create, create_folder};
use crate::starter::answers::complete;
use crate::starter::documents::{find_documents, read_documents};
use crate::starter::known::Known;
use crate::starter::question::Ask;
use crate::starter::{Ci, NewFile, Target, imported, pipeline};
use clap::Args;
use rolecall_interop::Clauses;
use rolecall_report::exit::Exit;
use rolecall_report::failure::Failure;
use rolecall_report::printable::{path_name, printable};
use rolecall_report::style::{GOOD, STRONG, paint};
use std::path::{Component, Path, PathBuf};

/// Write the first policies of a repository, with tests and a pipeline
#[derive(Args, Clone, Debug)]
#[command(after_help = INIT_EXAMPLES)]
#[command(after_long_help = paragraphs(&[INIT_DETAILS, INIT_EXAMPLES]))]
pub(crate) struct Arguments {
    /// The folder for the policies
    #[arg(value_name = "FOLDER", default_value = "policies")]
    folder: PathBuf,
    /// The CI system
    #[arg(long, value_name = "CI")]
    ci: Option<Ci>,
    /// The system that gives jobs access
    #[arg(long, value_name = "TARGET", default_value = "exchange")]
    to: Target,
    /// The URL of the issuer: that of a GitLab server, for example
    #[arg(long, value_name = "URL")]
    url: Option<String>,
    /// The audience of the tokens: the service that gives access
    #[arg(long, value_name = "AUDIENCE")]
    audience: Option<String>,
    /// The path of the project whose jobs get the roles
    #[arg(long, value_name = "PROJECT")]
    project: Option<String>,
    /// The number of the project
    #[arg(long, value_name = "NUMBER")]
    project_id: Option<String>,
    /// The protected branch that deploys
    #[arg(long, value_name = "BRANCH")]
    branch: Option<String>,
    /// The environment of the deployment
    #[arg(long, value_name = "NAME")]
    environment: Option<String>,
    /// A file with the claims of a job, as JSON, that answers most questions
    #[arg(long, value_name = "FILE")]
    claims: Option<PathBuf>,
    /// Begin from the roles of documents in other languages
    #[arg(long, value_name = "FILE", conflicts_with_all = ["url", "project", "project_id", "claims", "audience", "branch", "environment", "to"])]
    import: Vec<PathBuf>,
    /// Take the suggested answers instead of asking
    #[arg(long, short)]
    yes: bool,
}

/// The number of lines that a person may answer with.
const MAX_LINES: usize = 100;

pub(crate) fn run(arguments: &Arguments, console: &mut Console) -> Result<Exit, Failure> {
    let is_named = |part: &Component<'_>| !matches!(part, Component::CurDir);
    let folder: &PathBuf = &arguments.folder.components().filter(is_named).collect();
    let shown = plain_folder(folder)?;
    refuse_existing(folder)?;
    let known = match &arguments.claims {
        Some(path) => Known::of_claims(input::document(path)?)?.or(Known::of_clone()),
        None => Known::of_clone(),
    };
    let given = arguments.given();
    // An option about a project is a wish for new roles.
    let answers = [
        &given.url,
        &given.project,
        &given.id,
        &given.audience,
        &given.branch,
        &given.environment,
    ];
    let is_new = arguments.claims.is_some()
        || arguments.to != Target::Exchange
        || answers.iter().any(|answer| answer.is_some());
    let documents = match arguments.import.as_slice() {
        [] if is_new => None,
        [] => find_documents(),
        paths => Some(read_documents(paths)?),
    };
    let has_other = exists(Path::new(".gitlab-ci.yml"))?;
    let (files, next) = match documents {
        Some(loaded) => {
            console.complain(&format!("begins from {}\n", printable(&loaded.files.join(", "))));
            let report = import::imported(&loaded, Clauses::Each)?;
            let mut files = imported::files(&report, folder);
            match given.ci.or(known.ci) {
                Some(ci) => files.push(pipeline::pipeline(ci, "main", &shown, has_other)),
                None => console.complain("no pipeline is written: name the CI system with `--ci`\n"),
            }
            (files, imported::next(&shown))
        }
        None => {
            let lines = console.is_interactive() && !arguments.yes;
            let mut left = MAX_LINES;
            let mut ask = |prompt: &str| {
                left = left.checked_sub(1)?;
                console.ask(prompt)
            };
            let ask: Option<Ask<'_>> = if lines { Some(&mut ask) } else { None };
            let starter = complete(&given, arguments.to, &known, ask)?;
            let mut files = starter.policies(folder)?;
            files.push(starter.configuration());
            files.push(starter.pipeline(&shown, has_other));
            (files, starter.next(&shown))
        }
    };
    let mut text = String::new();
    let width = files
        .iter()
        .map(|file| path_name(&file.path).chars().count())
        .max()
        .unwrap_or_default();
    // A folder that cannot be made is found before any file is written.
    for file in &files {
        make_folders(file)?;
    }
    for file in &files {
        text += &write(file, width)?;
    }
    text += &format!("{}\n", paint(STRONG, "next"));
    for command in next {
        text += &format!("  {command}\n");
    }
    console.say(&text)?;
    Ok(Exit::Yes)
}

impl Arguments {
    fn given(&self) -> Known {
        Known {
            ci: self.ci,
            url: self.url.clone(),
            project: self.project.clone(),
            id: self.project_id.clone(),
            branch: self.branch.clone(),
            audience: self.audience.clone(),
            environment: self.environment.clone(),
        }
    }
}

/// Creates the folders around a new file.
fn make_folders(file: &NewFile) -> Result<(), Failure> {
    let folders: Vec<&Path> = file.path.ancestors().skip(1).collect();
    let named = |folder: &&Path| !folder.as_os_str().is_empty();
    folders
        .into_iter()
        .rev()
        .filter(named)
        .try_for_each(create_folder)
}

/// Writes a new file, and returns a line about it. One that exists is left alone.
fn write(file: &NewFile, width: usize) -> Result<String, Failure> {
    let name = printable(&path_name(&file.path)).into_owned();
    if exists(&file.path)? {
        return Ok(format!("exists  {name:width$}  left alone\n"));
    }
    create(&file.path, &file.text)?;
    Ok(format!(
        "{}   {name:width$}  {}\n",
        paint(GOOD, "wrote"),
        file.content
    ))
}

fn exists(path: &Path) -> Result<bool, Failure> {
    Ok(checkout::locate(path)?.absolute().symlink_metadata().is_ok())
}

/// Refuses a folder that has policies.
fn refuse_existing(folder: &Path) -> Result<(), Failure> {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return Ok(());
    };
    let mut names = entries.flatten().map(|entry| entry.file_name());
    match names.any(|name| rolecall::is_policy(&name.to_string_lossy())) {
        true => Err(
            Failure::new(format!("`{}` has policies already", path_name(folder))).help("name another folder"),
        ),
        false => Ok(()),
    }
}

/// Returns the folder as commands and pipelines name it.
fn plain_folder(folder: &Path) -> Result<String, Failure> {
    let is_here = folder.as_os_str().is_empty();
    let name = if is_here {
        ".".to_owned()
    } else {
        path_name(folder)
    };
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | '/');
    let is_below = folder.is_relative()
        && folder
            .components()
            .all(|part| matches!(part, Component::Normal(_)));
    match !is_here && is_below && name.chars().all(is_plain) && !name.starts_with('-') {
        true => Ok(name.trim_end_matches('/').to_owned()),
        false => Err(
            Failure::new(format!("`{name}` cannot be the folder of the policies"))
                .help("write a folder below this one, without spaces, such as `policies`"),
        ),
    }
}
