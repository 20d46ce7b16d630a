//! Members of issuers: checks of URLs, audiences, algorithms and durations.

use crate::diagnostic::{Diagnostic, Location};
use crate::error_kind::ErrorKind;
use crate::id::FileId;
use crate::ir::Profile;
use crate::issuer::{Algorithm, Issuer};
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

    /// Reports algorithms that tokens of the profile's kind are never signed with.
    pub(super) fn check_algorithms(
        &mut self,
        algorithms: &[Algorithm],
        profile: &Profile,
        location: Location,
    ) {
        let kind = profile.tokens;
        for algorithm in algorithms.iter().filter(|algorithm| !kind.allows(**algorithm)) {
            let message = format!("{kind} are never signed with `{algorithm}`");
            self.error(
                Diagnostic::new(ErrorKind::UnsupportedAlgorithm, location, message)
                    .help("remove the algorithm"),
            );
        }
    }

    /// Returns the number of characters that `sub` may have.
    pub(super) fn subject_limit(&mut self, limit: &Spanned<i64>, file: FileId) -> Option<usize> {
        let largest = Issuer::LARGEST_SUBJECT_LIMIT;
        let characters = usize::try_from(limit.node).ok();
        if let Some(characters @ 1..) = characters.filter(|characters| *characters <= largest) {
            return Some(characters);
        }
        let location = Location::new(file, limit.span);
        let message = format!("`subject_limit` is {}; it must be 1 to {largest}", limit.node);
        self.error(
            Diagnostic::new(ErrorKind::InvalidLimit, location, message)
                .help("write the largest number of characters that `sub` may have"),
        );
        None
    }

    /// Returns the `azp` that is accepted in addition to the audience.
    pub(super) fn authorized_party(&mut self, party: &Spanned<Str>, file: FileId) -> Option<String> {
        let location = Location::new(file, party.span);
        let text = self.plain_text(&party.node, location)?;
        if text.is_empty() {
            self.error(
                Diagnostic::new(ErrorKind::Empty, location, "the authorized party is empty")
                    .help("write the value of `azp` in the issuer's tokens, or remove `authorized_party`"),
            );
            return None;
        }
        Some(text)
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
        let help = match seconds > most.as_secs() {
            true => format!("write at most `{}`", in_units(most.as_secs())),
            false => format!("write at least `{least}s`"),
        };
        self.error(Diagnostic::new(ErrorKind::InvalidDuration, location, message).help(help));
        None
    }
}

/// Returns seconds as a duration in the largest unit that fits.
fn in_units(seconds: u64) -> String {
    let units = [(86_400, 'd'), (3_600, 'h'), (60, 'm')];
    let unit = units.iter().find(|(length, _)| seconds.is_multiple_of(*length));
    unit.and_then(|(length, unit)| Some(format!("{}{unit}", seconds.checked_div(*length)?)))
        .unwrap_or_else(|| format!("{seconds}s"))
}
