//! Demands on the form of claims that Vault takes values from.

use super::Bound;
use crate::notice::{Notice, printable};
use crate::translation::claim::are_texts;
use crate::translation::condition::{constant, has, not};
use crate::vault::Claim;
use rolecall_engine::ClaimType;
use rolecall_engine::ir::ClaimDefinition;
use rolecall_syntax::Span;
use rolecall_syntax::ast::ExprAt;

impl Bound<'_> {
    /// Translates the demand that the claim of the user is a text.
    pub(in crate::translation::vault) fn user(&mut self, claim: &Claim) -> Result<ExprAt, Notice> {
        let definition = self.known(claim)?;
        let span = claim.written.span;
        Ok(match &definition.claim_type {
            ClaimType::Scalar(scalar) if are_texts(scalar) != Some(false) => {
                self.report_form(claim, are_texts(scalar));
                present(definition, span)
            }
            _ => constant(false, span),
        })
    }

    /// Translates the demand that the claim of the groups is a text or a list of texts.
    pub(in crate::translation::vault) fn groups(&mut self, claim: &Claim) -> Result<ExprAt, Notice> {
        let definition = self.known(claim)?;
        let span = claim.written.span;
        let are_texts = match &definition.claim_type {
            ClaimType::List(scalar) | ClaimType::Scalar(scalar) => are_texts(scalar),
            _ => Some(false),
        };
        self.report_form(claim, are_texts);
        Ok(match are_texts {
            Some(false) => constant(false, span),
            _ => present(definition, span),
        })
    }

    /// Translates the demand that a mapped claim is absent or a text.
    pub(in crate::translation::vault) fn mapped(&mut self, claim: &Claim) -> Result<ExprAt, Notice> {
        let definition = self.known(claim)?;
        let span = claim.written.span;
        Ok(match &definition.claim_type {
            ClaimType::Scalar(scalar) if are_texts(scalar) != Some(false) => {
                self.report_form(claim, are_texts(scalar));
                constant(true, span)
            }
            _ => not(has(&definition.path, span)),
        })
    }

    /// Reports a claim whose type does not tell texts from other values, which Vault refuses.
    fn report_form(&mut self, claim: &Claim, are_texts: Option<bool>) {
        if are_texts.is_none() {
            let message = format!(
                "Vault refuses a token whose `{}` is not a text, and here its type is not known",
                printable(&claim.written)
            );
            let help = "name a claim that is always a text, such as `sub`";
            let notice = Notice::wider("number-or-text", message, help, claim.written.span);
            self.notices.push(notice);
        }
    }
}

/// Returns the condition that a token has a claim.
fn present(claim: &ClaimDefinition, span: Span) -> ExprAt {
    match claim.path.as_slice() {
        // Every token has it.
        [name] if name == "sub" || name == "iss" || name == "aud" => constant(true, span),
        path => has(path, span),
    }
}
