//! The lock of role names: findings about it, and writing it.

use rolecall::PolicySet;

use crate::config::Config;
use crate::console::Console;
use crate::failure::Failure;
use crate::policies::{Names, Policies};
use crate::whole_file::{self, Readers};

const HELP: &str = "`rolecall-exchange check --lock` writes it";

/// Finds that the lock is missing, or has names in use that no role has. A role that is not in it is a fault of the
/// policies.
pub(super) fn findings(config: &Config, set: &PolicySet) -> Vec<Failure> {
    let file = config.policies.join(Names::FILE);
    let file = file.display();
    let names = match Names::read(&config.policies) {
        Ok(Some(names)) => names,
        Ok(None) => {
            let message = format!("`{file}` is missing: a removed role's name could be given to others");
            return vec![Failure::new(message).help(HELP)];
        }
        Err(failure) => return vec![failure],
    };
    let free = names.free(set).into_iter();
    free.map(|name| {
        Failure::new(format!(
            "no role has the name `{name}`, which `{file}` does not say is retired"
        ))
        .help(HELP)
    })
    .collect()
}

/// Writes the lock for the roles of the policies.
pub(super) fn lock(config: &Config, console: &Console) -> Result<(), Failure> {
    let sources = Policies::new(config).read()?;
    let set = PolicySet::compile(sources).map_err(|_| {
        Failure::new("the policies do not compile: the lock stays")
            .help("`policy-check check` shows the errors")
    })?;
    let names = Names::read(&config.policies)?.unwrap_or_else(|| Names::new(&config.policies));
    let (path, text) = names.updated(&set);
    let shown = path.display();
    let is_new = whole_file::replace(path, text.as_bytes(), Readers::All)
        .map_err(|error| Failure::new(format!("cannot write `{shown}`: {error}")))?;
    let state = if is_new { "written" } else { "as it was" };
    console.say(&format!("`{shown}`: {state}"))
}
