//! Policies of octo-sts. Each is a role with one way to get it, for each of its issuers.

use super::Fact;
use super::claim::{Wanted, WantedValue, are_texts, fits, regex};
use super::condition::{all, compare, constant, text};
use super::draft::{Draft, DraftClause};
use super::names::of_role;
use super::resource::Resource;
use super::shared::{Place, Shared};
use crate::content::Found;
use crate::notice::{Notice, printable};
use crate::octo_sts::token::{SUBJECT_CHARACTER, refuses_audience, refuses_subject};
use crate::octo_sts::{Anchors, ClaimPattern, Matcher, Pattern, TrustPolicy};
use crate::target::Target;
use rolecall_engine::ir::Profile;
use rolecall_engine::pattern::Regular;
use rolecall_engine::{ClaimType, Scalar};
use rolecall_syntax::ast::{ExprAt, Operand, Operator};
use rolecall_syntax::{Span, Spanned};
use std::collections::BTreeSet;

/// The most texts of a pattern that stands for several issuers or audiences.
const MAX_TEXTS: usize = 16;

/// The audience of a policy that has none: the domain of the public server.
const SERVER: &str = "octo-sts.dev";

/// Translates the policies of a document.
pub(super) fn roles(
    policies: &[Found<TrustPolicy>],
    place: Place<'_>,
    shared: &mut Shared<'_, '_>,
) -> Vec<Draft> {
    let policies = policies.iter();
    policies.map(|policy| role(policy, place, shared)).collect()
}

fn role(policy: &Found<TrustPolicy>, place: Place<'_>, shared: &mut Shared<'_, '_>) -> Draft {
    let mut notices = policy.reading.notices.clone();
    let mut clauses = Vec::new();
    if let Some(tree) = &policy.reading.tree {
        match clauses_of(tree, shared, &mut notices) {
            Ok(found) => clauses = found,
            Err(notice) => notices.push(notice),
        }
    }
    let name = of_role("octo-sts", None, None, place.file);
    Draft {
        resource: Some(Resource::of_file(Target::OctoSts, place.file)),
        beside: beside(policy),
        name: Spanned::new(name, Span::at(policy.span.start)),
        file: place.number,
        span: policy.span,
        clauses,
        notices,
    }
}

/// Returns a clause for each issuer of a policy.
fn clauses_of(
    policy: &TrustPolicy,
    shared: &mut Shared<'_, '_>,
    notices: &mut Vec<Notice>,
) -> Result<Vec<DraftClause>, Notice> {
    let audiences = match &policy.audience {
        Some(matcher) => texts(matcher, "audience")?,
        None => {
            shared
                .granted
                .insert("octo-sts runs as `octo-sts.dev`, which is the audience of a policy without one");
            vec![SERVER.to_owned()]
        }
    };
    let audiences: Vec<String> = audiences
        .into_iter()
        .filter(|text| !refuses_audience(text))
        .collect();
    let span = policy.span;
    let mut clauses = Vec::new();
    for issuer in texts(&policy.issuer, "issuer")? {
        let written = policy.issuer.written();
        let host = issuer.strip_prefix("https://").unwrap_or_default().to_owned();
        let profile = shared.issuers.add(&host, &audiences);
        let profile = profile.ok_or_else(|| not_an_issuer(&issuer, written.span))?;
        let mut parts = vec![subject(&policy.subject, shared)?];
        if audiences.is_empty() {
            parts.push(constant(false, span));
        }
        for claim in &policy.claims {
            parts.push(claim_test(claim, &profile, notices)?);
        }
        clauses.push(DraftClause {
            issuer: Spanned::new(host, written.span),
            audiences: audiences.clone(),
            when: all(parts, span),
            span,
        });
    }
    Ok(clauses)
}

/// Returns the texts that a matcher accepts, if they are few.
fn texts(matcher: &Matcher, part: &str) -> Result<Vec<String>, Notice> {
    let pattern = match matcher {
        Matcher::Exact(text) => return Ok(vec![text.node.clone()]),
        Matcher::Pattern(pattern) => pattern,
    };
    let texts = whole(pattern)?.texts(MAX_TEXTS);
    texts.ok_or_else(|| {
        let message = format!(
            "`{}` admits more than {MAX_TEXTS} texts",
            printable(pattern.written())
        );
        let help = format!("write `{part}`, or a pattern of a few alternatives");
        Notice::refused("pattern-of-many", message, help, pattern.written().span)
    })
}

/// Tests `sub`. octo-sts refuses subjects with some characters under any policy.
fn subject(matcher: &Matcher, shared: &mut Shared<'_, '_>) -> Result<ExprAt, Notice> {
    let path = ["sub".to_owned()];
    let span = matcher.written().span;
    let matches = |regex: Regular| {
        let operand = Spanned::new(Operand::Regex(regex.text().to_owned()), span);
        compare(&path, Operator::Matches, operand, span)
    };
    let pattern = match matcher {
        Matcher::Exact(subject) if refuses_subject(subject) => return Ok(constant(false, span)),
        Matcher::Exact(subject) => return Ok(compare(&path, Operator::Equal, text(subject, span), span)),
        Matcher::Pattern(pattern) => whole(pattern)?,
    };
    if let Some(texts) = pattern.texts(MAX_TEXTS) {
        let texts = texts.iter().filter(|subject| !refuses_subject(subject));
        let texts: Vec<_> = texts.map(|subject| text(subject, span)).collect();
        return Ok(match texts.is_empty() {
            true => constant(false, span),
            false => compare(
                &path,
                Operator::In,
                Spanned::new(Operand::List(texts), span),
                span,
            ),
        });
    }
    shared
        .granted
        .insert("no subject has more than 255 characters, which octo-sts refuses");
    let valid = compiled(&format!("{SUBJECT_CHARACTER}+"), matcher.written())?;
    Ok(all([matches(pattern), matches(valid)], span))
}

/// Tests a claim. octo-sts takes a boolean for its text, and refuses a token whose claim is another value than a text.
fn claim_test(test: &ClaimPattern, profile: &Profile, notices: &mut Vec<Notice>) -> Result<ExprAt, Notice> {
    let span = test.claim.span.to(test.pattern.written().span);
    let path = [test.claim.node.clone()];
    let id = profile.claim_by_path(&path).ok_or_else(|| {
        let message = format!(
            "the profile `{}` has no claim `{}`",
            profile.name,
            printable(&test.claim)
        );
        let help = "compare a claim of the profile: `policy-check profiles` shows them";
        Notice::refused("claim-not-in-profile", message, help, test.claim.span)
    })?;
    let claim = &profile[id];
    let ClaimType::Scalar(scalar) = &claim.claim_type else {
        return Ok(constant(false, span));
    };
    match are_texts(scalar) {
        _ if matches!(scalar, Scalar::Bool(_)) => {}
        Some(true) => {}
        Some(false) => return Ok(constant(false, span)),
        None => {
            let message = format!(
                "octo-sts refuses a token whose `{}` is a number, and here it is taken for its digits",
                printable(&test.claim)
            );
            let help = "compare another claim, such as the name that belongs to the number";
            notices.push(Notice::wider("number-or-text", message, help, span));
        }
    }
    let wanted = Wanted {
        value: WantedValue::Matching(whole(&test.pattern)?),
        span: test.pattern.written().span,
    };
    fits(claim, &[wanted], span).map_err(|_| {
        let message = format!("`{}` is not compared with patterns", printable(&test.claim));
        Notice::refused("claim-without-text", message, "compare another claim", span)
    })
}

/// Returns the regex of the whole values that a pattern admits. Without a group around it, it admits no fewer.
fn whole(pattern: &Pattern) -> Result<Regular, Notice> {
    compiled(pattern.whole_value(Anchors::WithoutGroup), pattern.written())
}

fn compiled(text: &str, written: &Spanned<String>) -> Result<Regular, Notice> {
    regex(text).map_err(|_| {
        let message = format!(
            "the pattern `{}` is larger than is translated",
            printable(written)
        );
        Notice::refused(
            "pattern-not-translated",
            message,
            "write a smaller pattern",
            written.span,
        )
    })
}

fn not_an_issuer(issuer: &str, span: Span) -> Notice {
    let message = format!("`{}` is not the URL of an issuer", printable(issuer));
    let help = "write it as the tokens have it in `iss`, with `https://`";
    Notice::refused("issuer-not-understood", message, help, span)
}

/// Returns the permissions of the GitHub token, and its repositories.
fn beside(policy: &Found<TrustPolicy>) -> BTreeSet<Fact> {
    let trees = || policy.reading.tree.iter();
    let permissions = trees().flat_map(|tree| &tree.permissions);
    let permissions = permissions.map(|one| format!("permission {}: {}", *one.name, *one.level));
    let repositories = trees().flat_map(|tree| tree.repositories.iter().flatten());
    permissions
        .chain(repositories.map(|one| format!("repository {}", **one)))
        .map(Fact::Gives)
        .collect()
}
