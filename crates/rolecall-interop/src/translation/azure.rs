//! Applications and managed identities of Azure. Each credential is a way to get its identity.

use super::claim::{Incomparable, Wanted, WantedValue, fits};
use super::condition::{all, compare, text};
use super::draft::{Draft, DraftClause};
use super::names::of_role;
use super::resource::Resource;
use super::shared::{Place, Shared};
use crate::azure::{Comparison, Credential, Identities, Identity, Subject, Test};
use crate::notice::{Notice, printable};
use crate::target::Target;
use rolecall_engine::ir::Profile;
use rolecall_engine::pattern::WildcardPiece;
use rolecall_syntax::ast::{ExprAt, Operator};
use rolecall_syntax::{Span, Spanned};
use std::collections::BTreeSet;

/// Translates the identities of a document.
pub(super) fn roles(identities: &Identities, place: Place<'_>, shared: &mut Shared<'_, '_>) -> Vec<Draft> {
    let all = identities.identities.iter();
    all.map(|identity| role(identities, identity, place, shared))
        .collect()
}

fn role(
    identities: &Identities,
    identity: &Identity,
    place: Place<'_>,
    shared: &mut Shared<'_, '_>,
) -> Draft {
    let mut notices = identity.reading.notices.clone();
    let mut clauses = Vec::new();
    for credential in identity.reading.tree.iter().flatten() {
        match clause(credential, shared) {
            Ok(clause) => clauses.push(clause),
            Err(notice) => notices.push(notice),
        }
    }
    let (group, name) = (identity.group.as_deref(), identity.name.as_deref());
    let name = of_role("azure", group, name, place.file);
    Draft {
        resource: Some(match identities.client(identity) {
            Some(client) => Resource::end(Target::Azure, client),
            None => Resource::of_file(Target::Azure, place.file),
        }),
        beside: BTreeSet::new(),
        name: Spanned::new(name, Span::at(identity.span.start)),
        file: place.number,
        span: identity.span,
        clauses,
        notices,
    }
}

fn clause(credential: &Credential, shared: &mut Shared<'_, '_>) -> Result<DraftClause, Notice> {
    let (issuer, span) = (&credential.issuer, credential.span);
    let host = issuer.strip_prefix("https://").unwrap_or_default();
    let audiences = vec![credential.audience.node.clone()];
    let profile = shared.issuers.add(host, &audiences);
    let profile = profile.ok_or_else(|| not_an_issuer(issuer))?;
    let when = match &credential.subject {
        Subject::Exact(subject) => {
            let operand = text(subject, subject.span);
            compare(&["sub".to_owned()], Operator::Equal, operand, subject.span)
        }
        Subject::Flexible(expression) => {
            let parts = expression.comparisons.iter();
            let parts: Result<Vec<ExprAt>, Notice> = parts.map(|part| holds(part, &profile)).collect();
            all(parts?, expression.span)
        }
    };
    Ok(DraftClause {
        issuer: Spanned::new(host.to_owned(), issuer.span),
        audiences,
        when,
        span,
    })
}

/// Returns the condition that a comparison holds. It fails for a token without the claim, as ours does.
fn holds(comparison: &Comparison, profile: &Profile) -> Result<ExprAt, Notice> {
    let (claim, written) = (&comparison.claim, &comparison.text);
    let id = profile
        .claim_by_path(std::slice::from_ref(&claim.node))
        .ok_or_else(|| {
            let message = format!(
                "the profile `{}` has no claim `{}`",
                profile.name,
                printable(claim)
            );
            let help = "compare a claim of the profile: `policy-check profiles` shows them";
            Notice::refused("claim-not-in-profile", message, help, claim.span)
        })?;
    let value = match comparison.test {
        Test::Equals => WantedValue::Exactly(written.node.clone()),
        Test::Matches => WantedValue::like(pieces(written)),
    };
    let wanted = Wanted {
        value,
        span: written.span,
    };
    fits(&profile[id], &[wanted], comparison.span).map_err(|why| match why {
        Incomparable::QuestionMark => {
            let message = "Entra does not say whether `?` is one byte or one character beyond ASCII";
            Notice::refused(
                "question-mark",
                message,
                "write `*`, or the characters",
                written.span,
            )
        }
        Incomparable::Type => {
            let message = format!("a comparison of `{}` has no translation", printable(claim));
            Notice::refused("claim-without-text", message, "compare `sub`", comparison.span)
        }
    })
}

/// Returns the parts of a pattern.
fn pieces(pattern: &str) -> impl Iterator<Item = WildcardPiece> {
    pattern.split_inclusive(['*', '?']).flat_map(|part| {
        let (text, wildcard) = match part.strip_suffix('*') {
            Some(text) => (text, Some(WildcardPiece::Run)),
            None => match part.strip_suffix('?') {
                Some(text) => (text, Some(WildcardPiece::One)),
                None => (part, None),
            },
        };
        let text = (!text.is_empty()).then(|| WildcardPiece::Text(text.into()));
        text.into_iter().chain(wildcard)
    })
}

fn not_an_issuer(issuer: &Spanned<String>) -> Notice {
    let message = format!("`{}` is not the URL of an issuer", printable(issuer));
    let help = "write it as the tokens have it in `iss`, with `https://`";
    Notice::refused("issuer-not-understood", message, help, issuer.span)
}
