//! What the claims of an ID token must say before a policy sees them (OpenID Connect Core sections 2 and 3.1.3.7).

use std::time::Duration;

use rolecall_engine::{Issuer, Json, Members, only_audience};

use crate::error::VerifyError;
use crate::excerpt::Excerpt;
use crate::time::UnixTime;

/// The longest `sub`, in characters (OpenID Connect Core section 2).
const LONGEST_SUBJECT: usize = 255;

/// The first second that no token speaks of: some 34,000 years from now. Times below it cannot overflow.
const END_OF_TIME: i64 = 1 << 40;

/// The claims that the rules are about, each as the token has it.
struct Registered<'a> {
    aud: Option<Json<'a>>,
    azp: Option<Json<'a>>,
    exp: Option<Json<'a>>,
    iat: Option<Json<'a>>,
    nbf: Option<Json<'a>>,
    sub: Option<Json<'a>>,
    typ: Option<Json<'a>>,
    /// A claim that only tokens of another kind have (RFC 8725 section 3.12).
    foreign: Option<&'static str>,
}

impl<'a> Registered<'a> {
    /// Finds them, in one pass over the claims.
    fn of(claims: Members<'a>) -> Self {
        let mut found = Self {
            aud: None,
            azp: None,
            exp: None,
            iat: None,
            nbf: None,
            sub: None,
            typ: None,
            foreign: None,
        };
        // Most claims are none of these, and the lengths of their names say so at once.
        for (name, value) in claims.filter(|(name, _)| matches!(name.len(), 3 | 6)) {
            let place = match name {
                "aud" => &mut found.aud,
                "azp" => &mut found.azp,
                "exp" => &mut found.exp,
                "iat" => &mut found.iat,
                "nbf" => &mut found.nbf,
                "sub" => &mut found.sub,
                "typ" => &mut found.typ,
                _ => {
                    found.foreign = found.foreign.or_else(|| foreign(name));
                    continue;
                }
            };
            *place = Some(value);
        }
        found
    }
}

/// The claim, if only tokens of another kind have it: `events`, security events and logout tokens (RFC 8417 section 2.2,
/// OpenID Connect Back-Channel Logout section 2.4); `cnf`, tokens that are worth nothing without a proof of a key (RFC 7800
/// section 3.1); `htm` and `htu`, such proofs (RFC 9449 section 4.2).
fn foreign(name: &str) -> Option<&'static str> {
    ["cnf", "events", "htm", "htu"]
        .into_iter()
        .find(|claim| *claim == name)
}

/// The `iss`, which must be a string (OpenID Connect Core section 2): a list with a good one in it is no good one.
pub(crate) fn issuer(claims: Members<'_>) -> Result<&str, VerifyError> {
    text(claims.get("iss"), "iss")
}

/// Checks everything but the `iss`, by which the issuer was found, and returns when the token lives.
pub(crate) fn check(claims: Members<'_>, issuer: &Issuer, now: UnixTime) -> Result<Life, VerifyError> {
    let claims = Registered::of(claims);
    check_kind(&claims)?;
    check_audience(&claims, issuer)?;
    check_subject(&claims)?;
    check_times(&claims, issuer, now)
}

/// A claim that must be there.
fn required<'a>(value: Option<Json<'a>>, claim: &'static str) -> Result<Json<'a>, VerifyError> {
    value.ok_or(VerifyError::MissingClaim { claim })
}

/// A claim that must be there and be a string.
fn text<'a>(value: Option<Json<'a>>, claim: &'static str) -> Result<&'a str, VerifyError> {
    required(value, claim)?
        .as_text()
        .ok_or(VerifyError::MalformedClaim { claim })
}

/// Refuses other tokens of the same issuer. Some issuers name the kind in a claim `typ`: theirs is `ID` for ID tokens, and
/// the header's `JWT` may be repeated (RFC 7519 section 5.3).
fn check_kind(claims: &Registered<'_>) -> Result<(), VerifyError> {
    if let Some(claim) = claims.foreign {
        return Err(VerifyError::NotAnIdToken { claim });
    }
    match claims.typ {
        None | Some(Json::Text("ID" | "JWT")) => Ok(()),
        Some(_) => Err(VerifyError::NotAnIdToken { claim: "typ" }),
    }
}

/// The token must be meant for one audience, and that must be one of the issuer's, byte for byte. An `azp` must name the
/// same: it says to whom the token was issued, and we are nobody else than its audience (OpenID Connect Core section
/// 3.1.3.7, steps 3 to 5).
fn check_audience(claims: &Registered<'_>, issuer: &Issuer) -> Result<(), VerifyError> {
    let audience = audience(required(claims.aud, "aud")?)?;
    if !issuer.audiences.iter().any(|own| own == audience) {
        return Err(VerifyError::WrongAudience {
            audience: Excerpt::of(audience),
        });
    }
    match claims.azp {
        None => Ok(()),
        Some(Json::Text(azp)) if azp == audience => Ok(()),
        Some(Json::Text(azp)) => Err(VerifyError::WrongAuthorizedParty {
            azp: Excerpt::of(azp),
        }),
        Some(_) => Err(VerifyError::MalformedClaim { claim: "azp" }),
    }
}

/// Returns the only audience of a token. A list with several entries is refused even if they are equal, which
/// [`only_audience`] accepts.
fn audience(aud: Json<'_>) -> Result<&str, VerifyError> {
    if let Json::List(mut entries) = aud
        && let audiences @ 2.. = entries.count()
        && entries.all(|entry| entry.as_text().is_some())
    {
        return Err(VerifyError::SeveralAudiences { audiences });
    }
    only_audience(aud).ok_or(VerifyError::MalformedClaim { claim: "aud" })
}

/// The `sub`: something, and not longer than OpenID Connect Core section 2 allows. A branch of a deep group with a very
/// long name can make a longer one at GitLab; such a token is refused, for nobody else has to take it either.
fn check_subject(claims: &Registered<'_>) -> Result<(), VerifyError> {
    let subject = text(claims.sub, "sub")?;
    // A character has a byte or more: of what has no more bytes than that, nobody needs to count the characters.
    let is_long = subject.len() > LONGEST_SUBJECT && subject.chars().nth(LONGEST_SUBJECT).is_some();
    if subject.is_empty() || is_long {
        return Err(VerifyError::MalformedClaim { claim: "sub" });
    }
    Ok(())
}

/// When a token lives.
#[derive(Clone, Copy)]
pub(crate) struct Life {
    /// The end that it names itself.
    pub(crate) exp: UnixTime,
    /// The first time that it is accepted, the leeway included.
    pub(crate) from: UnixTime,
    /// The first time that it is no longer accepted, the leeway included.
    pub(crate) until: UnixTime,
}

/// Checks the times against one another and against now.
fn check_times(claims: &Registered<'_>, issuer: &Issuer, now: UnixTime) -> Result<Life, VerifyError> {
    let leeway = issuer.leeway;
    let exp = numeric_date(required(claims.exp, "exp")?, "exp")?;
    let iat = numeric_date(required(claims.iat, "iat")?, "iat")?;
    let nbf = claims.nbf.map(|nbf| numeric_date(nbf, "nbf")).transpose()?;

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
        _ => Ok(Life {
            exp,
            from: iat.max(nbf.unwrap_or(iat)).minus(leeway),
            until: exp.plus(leeway),
        }),
    }
}

/// A NumericDate (RFC 7519 section 2) after 1970 and before the end of time. A fraction is dropped, never rounded up.
fn numeric_date(value: Json<'_>, claim: &'static str) -> Result<UnixTime, VerifyError> {
    let seconds = match value {
        Json::Int(seconds) => Some(seconds),
        Json::Float(seconds) => whole_seconds(seconds),
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
