//! Members of issuers: checks of URLs, audiences, algorithms and durations.

use crate::diagnostic::{Diagnostic, Location};
use crate::error_kind::ErrorKind;
use crate::id::FileId;
use crate::issuer::Algorithm;
use crate::issuer_url::check_issuer_url;
use crate::lower::Lowering;
use rolecall_syntax::ast::{self, Name};
use rolecall_syntax::{Spanned, Str, did_you_mean};
use std::time::Duration;

/// The help for an audience that is missing or empty.
const AUDIENCE_HELP: &str = "write the value of `aud` in tokens for your service";

impl Lowering<'_> {
    pub(super) fn url(&mut self, url: &Spanned<Str>, file: FileId) -> Option<String> {
        let location = Location::new(file, url.span);
        let text = self.plain_text(&url.node, location)?;
        match check_issuer_url(&text) {
            Ok(()) => Some(text),
            Err(fault) => {
                let message = format!("`{text}` is not a valid issuer url: {fault}");
                self.error(
                    Diagnostic::new(ErrorKind::InvalidUrl, location, message)
                        .help("write it exactly as in the claim `iss`"),
                );
                None
            }
        }
    }

    /// Returns the location of the keys: an `https` URL or a file.
    pub(super) fn jwks(&mut self, string: &Spanned<Str>, file: FileId) -> Option<String> {
        let location = Location::new(file, string.span);
        let text = self.plain_text(&string.node, location)?;
        let is_file = !text.contains("://");
        if is_file || text.starts_with("https://") || check_issuer_url(&text).is_ok() {
            return Some(text);
        }
        let message = format!("keys are not read from `{text}`");
        self.error(
            Diagnostic::new(ErrorKind::InvalidUrl, location, message)
                .help("write a url that begins with `https://`, or the path of a file"),
        );
        None
    }

    pub(super) fn audiences(
        &mut self,
        audiences: &[Spanned<Str>],
        location: Location,
    ) -> Option<Vec<String>> {
        let mut texts = Vec::new();
        for audience in audiences {
            let location = Location::new(location.file(), audience.span);
            let text = self.plain_text(&audience.node, location)?;
            if text.is_empty() {
                self.error(
                    Diagnostic::new(ErrorKind::Empty, location, "the audience is empty").help(AUDIENCE_HELP),
                );
                return None;
            }
            texts.push(text);
        }
        if texts.is_empty() {
            self.error(
                Diagnostic::new(ErrorKind::Empty, location, "the list of audiences is empty")
                    .help(AUDIENCE_HELP),
            );
            return None;
        }
        Some(texts)
    }

    pub(super) fn algorithms(&mut self, names: &[Name], location: Location) -> Vec<Algorithm> {
        if names.is_empty() {
            self.error(
                Diagnostic::new(ErrorKind::Empty, location, "the list of algorithms is empty")
                    .help("remove `algorithms` to allow all that are safe"),
            );
        }
        let mut algorithms = Vec::new();
        for name in names {
            if let Some(algorithm) = Algorithm::from_name(&name.node) {
                algorithms.push(algorithm);
                continue;
            }
            let known = || Algorithm::ALL.iter().map(|algorithm| algorithm.name());
            let help = match (name.node.as_str(), did_you_mean(&name.node, known())) {
                ("HS256" | "HS384" | "HS512" | "none", _) => {
                    "tokens must be signed with a key that only the issuer has".to_owned()
                }
                (_, Some(near)) => format!("did you mean `{near}`?"),
                (_, None) => format!("the algorithms are {}", known().collect::<Vec<_>>().join(", ")),
            };
            let location = Location::new(location.file(), name.span);
            let message = format!("the algorithm `{}` is not supported", name.node);
            self.error(Diagnostic::new(ErrorKind::UnsupportedAlgorithm, location, message).help(help));
        }
        algorithms
    }

    /// Returns a duration, which must be between `least` seconds and `most`.
    pub(super) fn duration(
        &mut self,
        name: &str,
        span: &Spanned<ast::Duration>,
        file: FileId,
        least: u64,
        most: Duration,
    ) -> Option<Duration> {
        let seconds = span.node.seconds();
        if (least..=most.as_secs()).contains(&seconds) {
            return Some(Duration::from_secs(seconds));
        }
        let location = Location::new(file, span.span);
        let message = format!("`{name}` must be between {least} and {} seconds", most.as_secs());
        self.error(Diagnostic::new(ErrorKind::InvalidDuration, location, message));
        None
    }
}
