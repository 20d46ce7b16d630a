//! Claim checks of an ID token, made before a policy sees it (OpenID Connect Core sections 2 and 3.1.3.7).

use std::time::Duration;

use rolecall_engine::{Issuer, Json, Members, only_audience};

use crate::error::VerifyError;
use crate::excerpt::Excerpt;
use crate::time::UnixTime;

/// The maximum length of `sub` in characters (OpenID Connect Core section 2).
const MAX_SUBJECT: usize = 255;

/// The exclusive upper bound of a NumericDate: some 34,000 years from now. Sums of smaller times and a leeway
/// cannot overflow.
const END_OF_TIME: i64 = 1 << 40;

/// The claims that the rules check, as they are in the token.
struct RegisteredClaims<'a> {
    aud: Option<Json<'a>>,
    azp: Option<Json<'a>>,
    exp: Option<Json<'a>>,
    iat: Option<Json<'a>>,
    nbf: Option<Json<'a>>,
    sub: Option<Json<'a>>,
    typ: Option<Json<'a>>,
    /// A claim that only other kinds of token have (RFC 8725 section 3.12).
    foreign: Option<&'static str>,
}

impl<'a> RegisteredClaims<'a> {
    /// Collects them in one pass over the claims.
    fn collect(claims: Members<'a>) -> Self {
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
        // Most claims are not registered ones, and the length of the name rules most of them out.
        for (name, value) in claims.filter(|(name, _)| matches!(name.len(), 3 | 6)) {
            let slot = match name {
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
            *slot = Some(value);
        }
        found
    }
}

/// Returns the claim if only other kinds of token have it: `events`, security events and logout tokens (RFC
/// 8417 section 2.2, OpenID Connect Back-Channel Logout section 2.4); `cnf`, tokens bound to a key (RFC 7800
/// section 3.1); `htm` and `htu`, the proofs of such a key (RFC 9449 section 4.2).
fn foreign(name: &str) -> Option<&'static str> {
    ["cnf", "events", "htm", "htu"]
        .into_iter()
        .find(|claim| *claim == name)
}

/// Returns the `iss`, which must be a string (OpenID Connect Core section 2): a list is refused even if a
/// trusted issuer is in it.
pub(crate) fn issuer(claims: Members<'_>) -> Result<&str, VerifyError> {
    text(claims.get("iss"), "iss")
}

/// Checks all claims but `iss`, which has already selected the issuer, and returns the token's lifetime.
pub(crate) fn check(claims: Members<'_>, issuer: &Issuer, now: UnixTime) -> Result<Lifetime, VerifyError> {
    let claims = RegisteredClaims::collect(claims);
    check_kind(&claims)?;
    check_audience(&claims, issuer)?;
    check_subject(&claims)?;
    check_times(&claims, issuer, now)
}

/// Returns the value of a required claim.
fn required<'a>(value: Option<Json<'a>>, claim: &'static str) -> Result<Json<'a>, VerifyError> {
    value.ok_or(VerifyError::MissingClaim { claim })
}

/// Returns the string of a required claim.
fn text<'a>(value: Option<Json<'a>>, claim: &'static str) -> Result<&'a str, VerifyError> {
    required(value, claim)?
        .as_text()
        .ok_or(VerifyError::MalformedClaim { claim })
}

/// Refuses other kinds of token of the same issuer. Some issuers name the kind in a claim `typ`: it is `ID`
/// for ID tokens, and the header's `JWT` may be repeated (RFC 7519 section 5.3).
fn check_kind(claims: &RegisteredClaims<'_>) -> Result<(), VerifyError> {
    if let Some(claim) = claims.foreign {
        return Err(VerifyError::NotAnIdToken { claim });
    }
    match claims.typ {
        None | Some(Json::Text("ID" | "JWT")) => Ok(()),
        Some(_) => Err(VerifyError::NotAnIdToken { claim: "typ" }),
    }
}

/// Checks that the token has exactly one audience, equal byte for byte to one of the issuer's. An `azp` must
/// name the same: it is the client that the token was issued to, and this service is only known as its
/// audience (OpenID Connect Core section 3.1.3.7, steps 3 to 5).
fn check_audience(claims: &RegisteredClaims<'_>, issuer: &Issuer) -> Result<(), VerifyError> {
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

/// Checks that `sub` is not empty and not longer than OpenID Connect Core section 2 allows. GitLab can issue
/// a longer one for a branch with a very long name in a deeply nested group; other relying parties may refuse
/// such a token as well.
fn check_subject(claims: &RegisteredClaims<'_>) -> Result<(), VerifyError> {
    let subject = text(claims.sub, "sub")?;
    // A character takes at least one byte, so a text of few bytes need not be counted.
    let is_long = subject.len() > MAX_SUBJECT && subject.chars().nth(MAX_SUBJECT).is_some();
    if subject.is_empty() || is_long {
        return Err(VerifyError::MalformedClaim { claim: "sub" });
    }
    Ok(())
}

/// The period in which a token is accepted.
#[derive(Clone, Copy)]
pub(crate) struct Lifetime {
    /// The token's own `exp`.
    pub(crate) exp: UnixTime,
    /// The first time at which it is accepted, leeway included.
    pub(crate) from: UnixTime,
    /// The first time at which it is no longer accepted, leeway included.
    pub(crate) until: UnixTime,
}

/// Checks the times against each other and against `now`.
fn check_times(
    claims: &RegisteredClaims<'_>,
    issuer: &Issuer,
    now: UnixTime,
) -> Result<Lifetime, VerifyError> {
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
    // "On or after" (RFC 7519 section 4.1.4): at `exp` itself the token has expired.
    if now >= exp.plus(leeway) {
        return Err(VerifyError::Expired { exp, now, leeway });
    }
    if iat > now.plus(leeway) {
        return Err(VerifyError::IssuedInFuture { iat, now, leeway });
    }
    match nbf {
        Some(nbf) if nbf > now.plus(leeway) => Err(VerifyError::NotYetValid { nbf, now, leeway }),
        _ => Ok(Lifetime {
            exp,
            from: iat.max(nbf.unwrap_or(iat)).minus(leeway),
            until: exp.plus(leeway),
        }),
    }
}

/// Parses a NumericDate (RFC 7519 section 2) between 1 and [`END_OF_TIME`]. A fraction is dropped, never
/// rounded up.
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

/// Returns the whole seconds of a number of seconds, if they fit a [`Duration`].
fn whole_seconds(seconds: f64) -> Option<i64> {
    let whole = Duration::try_from_secs_f64(seconds.floor()).ok()?;
    i64::try_from(whole.as_secs()).ok()
}
