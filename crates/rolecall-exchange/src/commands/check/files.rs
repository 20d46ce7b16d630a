//! Findings about what the server opens at its start, and would refuse to start with.

use std::fs;

use rolecall::UnixTime;

use crate::config::Config;
use crate::failure::Failure;
use crate::secrets::Folder;
use crate::server::Certificates;
use crate::sessions::Sealer;

pub(super) fn findings(config: &Config, now: UnixTime) -> Vec<Failure> {
    let mut findings = Vec::new();
    if let Some(files) = &config.listen.tls {
        findings.extend(Certificates::read(files).err());
    }
    if let Some(folder) = &config.session_keys {
        findings.extend(Sealer::usable(folder, now).err());
    }
    if let Some(folder) = &config.secrets {
        findings.extend(Folder::open(folder).err());
    }
    if let Some(path) = &config.approved
        && let Err(error) = fs::read_to_string(path)
    {
        let message = format!("cannot read `{}`: {error}", path.display());
        findings.push(
            Failure::new(message).help("name the file of approved digests in `approved`, or remove the key"),
        );
    }
    let folder = config
        .audit
        .file
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    if let Some(folder) = folder.filter(|folder| !folder.is_dir()) {
        let message = format!(
            "the folder of the audit log, `{}`, does not exist",
            folder.display()
        );
        findings.push(Failure::new(message).help("create it, and let the user of the server write to it"));
    }
    findings
}
