//! Claims from files that tests name with `from`.

use super::LIMITS;
use super::draft::Draft;
use crate::diagnostic::{Diagnostic, Location};
use crate::document::Document;
use crate::error_kind::ErrorKind;
use crate::lower::Lowering;
use crate::lower::reports::Reported;
use crate::token_files::TokenFileKind;
use crate::value::Value;
use rolecall_syntax::Str;

impl Lowering<'_> {
    /// Adds the claims of a file to the draft of a token.
    pub(super) fn read_claims(
        &mut self,
        path: &Str,
        location: Location,
        draft: &mut Draft,
    ) -> Result<(), Reported> {
        let path = self.plain_text(path, location).ok_or(Reported)?;
        if TokenFileKind::of(&path).is_none() {
            return self.token_file_error(
                location,
                format!("`{path}` is not the path of a file with claims"),
                "write a path below the folder of this file, which ends with `.json` (claims) or `.jwt` (a signed token)",
            );
        }
        let claims = match self.names.token_file(location.file(), &path) {
            Some(Ok(claims)) => claims,
            Some(Err(fault)) => {
                let message = format!("`{path}` cannot be used: {}", fault.reason);
                return self.token_file_error(location, message, &fault.help);
            }
            None => {
                draft.is_unread = true;
                return Ok(());
            }
        };
        if !self.take_claims(claims.len(), location) {
            return Err(Reported);
        }
        match Document::parse(claims.as_bytes().to_vec(), &LIMITS) {
            Ok(claims) => {
                for (name, value) in claims.members() {
                    draft.set(vec![name.to_owned()], Some(Value::from(value)));
                }
                Ok(())
            }
            Err(error) => self.token_file_error(
                location,
                format!("`{path}` does not have the claims of a token: {error}"),
                "write them as one JSON object, as they are in the payload of a token",
            ),
        }
    }

    fn token_file_error(&mut self, location: Location, message: String, help: &str) -> Result<(), Reported> {
        self.error(Diagnostic::new(ErrorKind::InvalidTokenFile, location, message).help(help));
        Err(Reported)
    }
}
