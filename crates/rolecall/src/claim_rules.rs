//! What the claims of an ID token must say before a policy sees them (OpenID Connect Core sections 2 and 3.1.3.7).

use std::time::Duration;

use rolecall_engine::{Issuer, Object, Value};

use crate::error::VerifyError;
use crate::excerpt::Excerpt;
use crate::time::UnixTime;

/// The longest `sub`, in characters (OpenID Connect Core section 2).
const LONGEST_SUBJECT: usize = 255;

/// The first second that no token speaks of: some 34,000 years from now. Times below it cannot overflow.
const END_OF_TIME: i64 = 1 << 40;

/// Claims that only tokens of another kind have (RFC 8725 section 3.12): `events`, security events and logout tokens (RFC
/// 8417 section 2.2, OpenID Connect Back-Channel Logout section 2.4); `cnf`, tokens that are worth nothing without a proof
/// of a key (RFC 7800 section 3.1); `htm` and `htu`, such proofs (RFC 9449 section 4.2).
const FOREIGN_CLAIMS: [&str; 4] = ["cnf", "events", "htm", "htu"];

/// What was learnt on the way.
pub(crate) struct Checked {
    pub(crate) subject: String,
    pub(crate) expires_at: UnixTime,
}

/// The `iss`, which must be a string (OpenID Connect Core section 2): a list with a good one in it is no good one.
pub(crate) fn issuer(claims: &Object) -> Result<&str, VerifyError> {
    text(claims, "iss")
}

/// Checks everything but the `iss`, by which the issuer was found.
pub(crate) fn check(claims: &Object, issuer: &Issuer, now: UnixTime) -> Result<Checked, VerifyError> {
    check_kind(claims)?;
    check_audience(claims, issuer)?;
    let subject = subject(claims)?.to_owned();
    let expires_at = check_times(claims, issuer, now)?;
    Ok(Checked { subject, expires_at })
}

/// A claim that must be there.
fn required<'a>(claims: &'a Object, claim: &'static str) -> Result<&'a Value, VerifyError> {
    claims.get(claim).ok_or(VerifyError::MissingClaim { claim })
}

/// A claim that must be there and be a string.
fn text<'a>(claims: &'a Object, claim: &'static str) -> Result<&'a str, VerifyError> {
    required(claims, claim)?
        .as_text()
        .ok_or(VerifyError::MalformedClaim { claim })
}

/// Refuses other tokens of the same issuer. Some issuers name the kind in a claim `typ`: theirs is `ID` for ID tokens, and
/// the header's `JWT` may be repeated (RFC 7519 section 5.3).
fn check_kind(claims: &Object) -> Result<(), VerifyError> {
    if let Some(claim) = FOREIGN_CLAIMS
        .into_iter()
        .find(|claim| claims.get(claim).is_some())
    {
        return Err(VerifyError::NotAnIdToken { claim });
    }
    match claims.get("typ") {
        None => Ok(()),
        Some(Value::Text(typ)) if matches!(typ.as_str(), "ID" | "JWT") => Ok(()),
        Some(_) => Err(VerifyError::NotAnIdToken { claim: "typ" }),
    }
}

/// The token must be meant for one audience, and that must be one of the issuer's, byte for byte. An `azp` must name the
/// same: it says to whom the token was issued, and we are nobody else than its audience (OpenID Connect Core section
/// 3.1.3.7, steps 3 to 5).
fn check_audience(claims: &Object, issuer: &Issuer) -> Result<(), VerifyError> {
    let malformed = VerifyError::MalformedClaim { claim: "aud" };
    let audience = match required(claims, "aud")? {
        Value::Text(audience) => audience,
        Value::List(audiences) => match audiences.as_slice() {
            [Value::Text(audience)] => audience,
            [_, _, ..] if audiences.iter().all(|audience| audience.as_text().is_some()) => {
                return Err(VerifyError::SeveralAudiences {
                    audiences: audiences.len(),
                });
            }
            _ => return Err(malformed),
        },
        _ => return Err(malformed),
    };
    if !issuer.audiences.contains(audience) {
        return Err(VerifyError::WrongAudience {
            audience: Excerpt::of(audience),
        });
    }
    match claims.get("azp") {
        None => Ok(()),
        Some(Value::Text(azp)) if azp == audience => Ok(()),
        Some(Value::Text(azp)) => Err(VerifyError::WrongAuthorizedParty {
            azp: Excerpt::of(azp),
        }),
        Some(_) => Err(VerifyError::MalformedClaim { claim: "azp" }),
    }
}

/// The `sub`: something, and not longer than OpenID Connect Core section 2 allows. A branch of a deep group with a very
/// long name can make a longer one at GitLab; such a token is refused, for nobody else has to take it either.
fn subject(claims: &Object) -> Result<&str, VerifyError> {
    let subject = text(claims, "sub")?;
    if subject.is_empty() || subject.chars().nth(LONGEST_SUBJECT).is_some() {
        return Err(VerifyError::MalformedClaim { claim: "sub" });
    }
    Ok(subject)
}

/// Checks the times against one another and against now, and returns `exp`.
fn check_times(claims: &Object, issuer: &Issuer, now: UnixTime) -> Result<UnixTime, VerifyError> {
    let leeway = issuer.leeway;
    let exp = numeric_date(required(claims, "exp")?, "exp")?;
    let iat = numeric_date(required(claims, "iat")?, "iat")?;
    let nbf = claims
        .get("nbf")
        .map(|nbf| numeric_date(nbf, "nbf"))
        .transpose()?;

    let Some(life) = exp.since(iat) else {
        return Err(VerifyError::TimesOutOfOrder {
            first: "iat",
            last: "exp",
        });
    };
    if nbf.is_some_and(|nbf| nbf > exp) {
        return Err(VerifyError::TimesOutOfOrder {
            first: "nbf",
            last: "exp",
        });
    }
    if life > issuer.max_age {
        return Err(VerifyError::LivesTooLong {
            life,
            max_age: issuer.max_age,
        });
    }
    // "On or after" (RFC 7519 section 4.1.4): at `exp` itself it is over.
    if now >= exp.plus(leeway) {
        return Err(VerifyError::Expired { exp, now, leeway });
    }
    if iat > now.plus(leeway) {
        return Err(VerifyError::IssuedInFuture { iat, now, leeway });
    }
    match nbf {
        Some(nbf) if nbf > now.plus(leeway) => Err(VerifyError::NotYetValid { nbf, now, leeway }),
        _ => Ok(exp),
    }
}

/// A NumericDate (RFC 7519 section 2) after 1970 and before the end of time. A fraction is dropped, never rounded up.
fn numeric_date(value: &Value, claim: &'static str) -> Result<UnixTime, VerifyError> {
    let seconds = match value {
        Value::Int(seconds) => Some(*seconds),
        Value::Float(seconds) => whole_seconds(*seconds),
        _ => None,
    };
    match seconds {
        Some(seconds @ 1..END_OF_TIME) => Ok(UnixTime::from_secs(seconds)),
        _ => Err(VerifyError::MalformedClaim { claim }),
    }
}

/// The whole seconds of a number of seconds, if a duration can be as long.
fn whole_seconds(seconds: f64) -> Option<i64> {
    let whole = Duration::try_from_secs_f64(seconds.floor()).ok()?;
    i64::try_from(whole.as_secs()).ok()
}
