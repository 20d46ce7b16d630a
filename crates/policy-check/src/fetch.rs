//! Issuers' keys, read over the network or from the file named in the policies.

use crate::checkout;
use crate::console::Console;
use crate::input::document;
use crate::keys::{checked, is_issuer};
use clap::Args;
use rolecall::{
    CertificateFault, Discovered, FetchError, FileKeys, HttpFault, HttpKeys, IssuerDocument, KeySet,
    KeySource,
};
use rolecall_engine::{Issuer, IssuerUrlFault, PolicySet};
use rolecall_report::claims::unknown_issuer;
use rolecall_report::failure::Failure;
use rolecall_report::printable::{path_name, printable};
use std::fmt;
use std::path::PathBuf;

const NETWORK: &str = "Fetching keys";

/// The options for fetching keys over the network.
#[derive(Args, Clone)]
pub(crate) struct FetchOptions {
    /// Trust the certificate authorities in this file (PEM) instead of the system's
    #[arg(long, value_name = "FILE", help_heading = NETWORK)]
    ca: Option<PathBuf>,
    /// Allow this host to have private addresses, for issuers with their URL or `jwks` on it; `NAME=HOST`
    /// also allows the discovery document of the issuer NAME to refer to the host; may be repeated
    #[arg(long, value_name = "[NAME=]HOST", help_heading = NETWORK)]
    allow_private: Vec<String>,
    /// Use this proxy, such as http://proxy.example:3128; proxy environment variables are ignored
    #[arg(long, value_name = "URL", help_heading = NETWORK)]
    proxy: Option<String>,
    /// Allow `http://` URLs that lead to this machine, for tests and development
    #[arg(long, help_heading = NETWORK)]
    allow_loopback_http: bool,
}

/// Hides the proxy, whose URL can contain a password.
impl fmt::Debug for FetchOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FetchOptions")
            .field("ca", &self.ca)
            .field("allow_private", &self.allow_private)
            .field("allow_loopback_http", &self.allow_loopback_http)
            .finish_non_exhaustive()
    }
}

impl FetchOptions {
    /// Creates the fetcher with these options. Issuer names must exist in the policy set, if there is one.
    /// Key files are relative to the folder.
    pub(crate) fn fetcher(&self, folder: PathBuf, set: Option<&PolicySet>) -> Result<Fetcher, Failure> {
        let mut http = HttpKeys::new();
        if let Some(path) = &self.ca {
            let roots = http.roots(&document(path)?);
            http =
                roots.map_err(|error| Failure::new(format!("cannot use `{}`: {error}", path_name(path))))?;
        }
        let mut private_hosts = Vec::new();
        for argument in &self.allow_private {
            match argument.rsplit_once('=') {
                Some((name, host)) => {
                    if let Some(set) = set.filter(|set| !is_issuer(name, set)) {
                        return Err(unknown_issuer(name, set));
                    }
                    private_hosts.push((name.to_owned(), host.to_owned()));
                }
                None => http = http.allow_private(argument),
            }
        }
        if let Some(url) = &self.proxy {
            let proxied = http.proxy(url);
            http = proxied.map_err(|error| Failure::new(format!("cannot use `--proxy`: {error}")))?;
        }
        if self.allow_loopback_http {
            http = http.allow_loopback_http();
        }
        Ok(Fetcher {
            http,
            private_hosts,
            folder,
        })
    }
}

/// A reader of issuers' keys.
#[derive(Debug)]
pub(crate) struct Fetcher {
    http: HttpKeys,
    /// The names of issuers, each with a private host to which its discovery document may refer.
    private_hosts: Vec<(String, String)>,
    folder: PathBuf,
}

impl Fetcher {
    /// Reads an issuer's keys without judging them, and returns their source.
    pub(crate) fn fetch(&self, issuer: &Issuer) -> Result<Discovered, Failure> {
        let failed = |error: FetchError| failure(issuer, &error);
        let Some(file) = issuer.jwks.as_deref().filter(|jwks| !is_url(jwks)) else {
            return self.http(issuer).discover(issuer).map_err(failed);
        };
        let path = self.folder.join(file);
        checkout::locate(&path)?.check()?;
        let jwks_uri = path_name(&path);
        let mut fetched = FileKeys::new(path).fetch(issuer).map_err(failed)?;
        // This is the interval at which a service reads the file again, not a property of the file.
        fetched.max_age = None;
        Ok(Discovered { jwks_uri, fetched })
    }

    /// Returns the HTTP client for this issuer.
    fn http(&self, issuer: &Issuer) -> HttpKeys {
        let own = self.private_hosts.iter().filter(|(name, _)| *name == issuer.name);
        own.fold(self.http.clone(), |http, (_, host)| {
            http.allow_private_for(&issuer.url, host)
        })
    }

    /// Reads an issuer's keys for verification, and warns of unusable ones.
    pub(crate) fn keys(&self, issuer: &Issuer, console: &mut Console) -> Result<KeySet, Failure> {
        let found = self.fetch(issuer)?;
        let keys = found.fetched.keys.for_tokens(issuer.tokens);
        checked(&printable(&found.jwks_uri), keys, console)
    }
}

/// Returns whether a `jwks` value is a URL and not a file, as in policies.
pub(crate) fn is_url(jwks: &str) -> bool {
    jwks.contains("://")
}

/// Converts an error of fetching an issuer's keys.
fn failure(issuer: &Issuer, error: &FetchError) -> Failure {
    let failure = Failure::new(format!("cannot read the keys of `{}`: {error}", issuer.name));
    match help(issuer, error) {
        Some(help) => failure.help(help),
        None => failure,
    }
}

fn help(issuer: &Issuer, error: &FetchError) -> Option<String> {
    let FetchError::Http { document, fault } = error else {
        return error.help().map(str::to_owned);
    };
    Some(match fault {
        HttpFault::Address { host } => {
            // A host found by discovery must be allowed for this issuer only.
            let is_discovered = *document == IssuerDocument::KeySet && issuer.jwks.is_none();
            let name = if is_discovered {
                format!("{}=", issuer.name)
            } else {
                String::new()
            };
            format!("if this is your own host, allow it with `--allow-private {name}{host}`")
        }
        HttpFault::Certificate(CertificateFault::UnknownAuthority) => {
            "if this is your own authority, give the file with its certificate with `--ca FILE`".to_owned()
        }
        HttpFault::NoRoots => "give the certificates of the trusted authorities with `--ca FILE`".to_owned(),
        HttpFault::Status { status: 429 | 500.. } => "try again later".to_owned(),
        HttpFault::Url(IssuerUrlFault::Scheme) => {
            let help = "use `https://`; for tests and development on this machine, `--allow-loopback-http` \
                allows `http://`";
            help.to_owned()
        }
        _ => return error.help().map(str::to_owned),
    })
}
