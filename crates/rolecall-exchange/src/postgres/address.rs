//! The URL of the database, in a file. It has a password, so no error repeats any of it.

use std::fs;
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use tokio_postgres::Config;
use tokio_postgres::config::{Host, SslMode};

use crate::failure::Failure;

/// The maximum size of the file in bytes.
const MAX_BYTES: u64 = 16 * 1024;
/// The time in which a host must be connected.
const CONNECT_TIME: Duration = Duration::from_secs(2);

/// The address of the database, and how its server is verified.
#[derive(Debug)]
pub(super) struct Address {
    pub(super) config: Config,
    pub(super) security: Security,
}

/// The protection of a connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Security {
    /// None: the server is on this machine.
    Plain,
    /// TLS with the certificate authorities of the system.
    System,
    /// TLS with those of a file.
    Roots(PathBuf),
}

impl Address {
    /// Reads the file. A path in the URL is relative to the folder of the file.
    pub(super) fn read(path: &Path) -> Result<Self, Failure> {
        let shown = path.display();
        let cannot = |error: std::io::Error| Failure::new(format!("cannot read `{shown}`: {error}"));
        if fs::metadata(path).map_err(cannot)?.len() > MAX_BYTES {
            return Err(Failure::new(format!("`{shown}` has more than 16 KiB")));
        }
        let text = fs::read_to_string(path).map_err(cannot)?;
        let folder = path.parent().unwrap_or(Path::new(""));
        Self::parse(text.trim(), folder).map_err(|fault| {
            Failure::new(format!("the URL in `{shown}` {fault}")).help(
                "write it as `postgres://USER:PASSWORD@HOST/DATABASE?sslmode=verify-full`, \
                 with `%` and two digits for special characters",
            )
        })
    }

    /// Parses a URL.
    ///
    /// `sslmode` and `sslrootcert` are taken out of it, because the library does not know `verify-full`.
    fn parse(text: &str, folder: &Path) -> Result<Self, &'static str> {
        if !text.starts_with("postgres://") && !text.starts_with("postgresql://") {
            return Err("does not begin with `postgres://`");
        }
        let (base, query) = text.split_once('?').unwrap_or((text, ""));
        let (mut mode, mut roots, mut kept) = (None, None, Vec::new());
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            match name {
                "sslmode" => mode = Some(value),
                "sslrootcert" => roots = Some(decoded(value)).filter(|path| path != "system"),
                "sslcert" | "sslkey" => return Err("has a client certificate, which is not supported"),
                _ => kept.push(pair),
            }
        }
        let url = format!("{base}?{}", kept.join("&"));
        let mut config: Config = url.parse().map_err(|_| "is not one of PostgreSQL")?;
        if config.get_hosts().is_empty() && config.get_hostaddrs().is_empty() {
            return Err("names no host");
        }
        let is_local = is_local(&config);
        let security = match mode {
            None | Some("disable" | "allow" | "prefer") if is_local => Security::Plain,
            Some("disable") => return Err("has `sslmode=disable`, which is only for this machine"),
            None | Some("allow" | "prefer" | "require" | "verify-ca" | "verify-full") => match roots {
                None => Security::System,
                Some(path) => Security::Roots(folder.join(path)),
            },
            Some(_) => return Err("has another `sslmode` than `verify-full`"),
        };
        config
            .ssl_mode(match security {
                Security::Plain => SslMode::Disable,
                _ => SslMode::Require,
            })
            .connect_timeout(CONNECT_TIME);
        if config.get_application_name().is_none() {
            config.application_name("rolecall-exchange");
        }
        Ok(Self { config, security })
    }
}

/// Returns whether all hosts are this machine.
fn is_local(config: &Config) -> bool {
    let addresses = config.get_hostaddrs();
    if !addresses.is_empty() {
        return addresses.iter().all(IpAddr::is_loopback);
    }
    config.get_hosts().iter().all(|host| match host {
        Host::Tcp(name) => {
            let address = name
                .trim_start_matches('[')
                .trim_end_matches(']')
                .parse::<IpAddr>();
            name == "localhost" || address.is_ok_and(|address| address.is_loopback())
        }
        Host::Unix(_) => true,
    })
}

/// Decodes `%41`. A plus sign stands for itself.
fn decoded(value: &str) -> String {
    let value = value.replace('+', "%2B");
    let mut pairs = form_urlencoded::parse(value.as_bytes());
    pairs.next().map_or(String::new(), |(name, _)| name.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn security(url: &str) -> Result<Security, &'static str> {
        Address::parse(url, Path::new("/etc/exchange")).map(|address| address.security)
    }

    #[test]
    fn only_this_machine_is_asked_without_tls() {
        let roots = |path: &str| Ok(Security::Roots(PathBuf::from(path)));
        for (url, wanted) in [
            ("postgres://u:p@127.0.0.1/db", Ok(Security::Plain)),
            (
                "postgres://u:p@localhost:5433/db?sslmode=prefer",
                Ok(Security::Plain),
            ),
            ("postgresql://u@[::1]/db", Ok(Security::Plain)),
            ("postgres://u@%2Frun%2Fpostgresql/db", Ok(Security::Plain)),
            ("postgres://u@localhost/db?sslmode=require", Ok(Security::System)),
            ("postgres://u:p@db.acme.example/db", Ok(Security::System)),
            (
                "postgres://u:p@db.acme.example/db?sslmode=prefer",
                Ok(Security::System),
            ),
            (
                "postgres://u:p@db.acme.example/db?sslmode=verify-full&sslrootcert=ca+1%20.pem",
                roots("/etc/exchange/ca+1 .pem"),
            ),
            (
                "postgres://u:p@db.acme.example/db?sslrootcert=/ca.pem&sslmode=verify-ca",
                roots("/ca.pem"),
            ),
            (
                "postgres://u:p@db.acme.example/db?sslrootcert=system",
                Ok(Security::System),
            ),
            (
                "postgres://u:p@127.0.0.1,db.acme.example/db",
                Ok(Security::System),
            ),
            (
                "postgres://u:p@localhost/db?hostaddr=192.0.2.1",
                Ok(Security::System),
            ),
        ] {
            assert_eq!(security(url), wanted, "{url}");
        }
        for url in [
            "",
            "host=localhost",
            "postgres://u:p@/db",
            "postgres://u:p@db.acme.example/db?sslmode=disable",
            "postgres://u:p@127.0.0.1,db.acme.example/db?sslmode=disable",
            "postgres://u:p@localhost/db?hostaddr=192.0.2.1&sslmode=disable",
            "postgres://u:p@localhost/db?sslmode=verify-most",
            "postgres://u:p@localhost/db?sslcert=c.pem",
            "postgres://u:p@localhost/db?secret=secret",
            "postgres://u:p@localhost:secret/db",
        ] {
            let error = security(url).unwrap_err();
            assert!(!error.contains("secret"), "{url}: {error}");
        }
    }
}
