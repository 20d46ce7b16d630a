//! Claim checks of an ID token, made before a policy sees it (OpenID Connect Core sections 2 and 3.1.3.7).

use rolecall_engine::{Issuer, Json, Members, TokenKind, only_audience};

use crate::accepted::Accepted;
use crate::error::VerifyError;
use crate::excerpt::Excerpt;
use crate::member::{member, present};
use crate::spiffe_id::is_spiffe_id;
use crate::time::UnixTime;

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
            *slot = present(value);
        }
        found
    }
}

/// Returns the claim if only other kinds of token have it: `events`, security events and logout tokens (RFC
/// 8417 section 2.2, OpenID Connect Back-Channel Logout section 2.4); `cnf`, tokens bound to a key (RFC 7800
/// section 3.1); `htm` and `htu`, the proofs of such a key (RFC 9449 section 4.2). They count even if they are
/// `null`.
fn foreign(name: &str) -> Option<&'static str> {
    ["cnf", "events", "htm", "htu"]
        .into_iter()
        .find(|claim| *claim == name)
}

/// Returns the `iss`, which must be a string (OpenID Connect Core section 2): a list is refused even if a
/// trusted issuer is in it.
pub(crate) fn issuer(claims: Members<'_>) -> Result<&str, VerifyError> {
    text(member(&claims, "iss"), "iss")
}

/// Checks all claims but `iss`, which has already selected the issuer, and returns the token's lifetime.
pub(crate) fn check(claims: Members<'_>, issuer: &Issuer, now: UnixTime) -> Result<Lifetime, VerifyError> {
    let claims = RegisteredClaims::collect(claims);
    check_kind(&claims)?;
    check_audience(&claims, issuer)?;
    check_subject(&claims, issuer)?;
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
        .ok_or(malformed(claim, "a string"))
}

fn malformed(claim: &'static str, expected: &'static str) -> VerifyError {
    VerifyError::MalformedClaim { claim, expected }
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
/// name the same, because it is the client that the token was issued to, and this service is only known as
/// its audience (OpenID Connect Core section 3.1.3.7, steps 3 to 5); or the party that the policies name.
fn check_audience(claims: &RegisteredClaims<'_>, issuer: &Issuer) -> Result<(), VerifyError> {
    let audience = audience(required(claims.aud, "aud")?, issuer)?;
    if !issuer.audiences.iter().any(|own| own == audience) {
        return Err(VerifyError::WrongAudience {
            audience: Excerpt::of(audience),
            accepted: audiences(issuer),
        });
    }
    let Some(azp) = claims.azp else {
        return Ok(());
    };
    let azp = azp.as_text().ok_or(malformed("azp", "a string"))?;
    let party = issuer.authorized_party.as_deref();
    if azp == audience || party == Some(azp) {
        return Ok(());
    }
    let accepted: Vec<&str> = [audience].into_iter().chain(party).collect();
    Err(VerifyError::WrongAuthorizedParty {
        azp: Excerpt::of(azp),
        accepted: Accepted::of(accepted.into_iter()),
    })
}

fn audiences(issuer: &Issuer) -> Accepted {
    Accepted::of(issuer.audiences.iter().map(String::as_str))
}

/// Returns the only audience of a token. A list with several entries is refused even if they are equal, which
/// [`only_audience`] accepts.
fn audience<'a>(aud: Json<'a>, issuer: &Issuer) -> Result<&'a str, VerifyError> {
    if let Json::List(mut entries) = aud
        && let audiences @ 2.. = entries.count()
        && entries.all(|entry| entry.as_text().is_some())
    {
        return Err(VerifyError::SeveralAudiences {
            audiences,
            accepted: self::audiences(issuer),
        });
    }
    only_audience(aud).ok_or(malformed("aud", "a string, or a list of one string"))
}

/// Checks that `sub` is not empty and not longer than the issuer's limit, and that of a JWT-SVID is a SPIFFE
/// ID. OpenID Connect Core section 2 allows 255 characters; GitLab issues a longer one for a branch with a
/// long name in a deeply nested group.
fn check_subject(claims: &RegisteredClaims<'_>, issuer: &Issuer) -> Result<(), VerifyError> {
    let subject = text(claims.sub, "sub")?;
    if subject.is_empty() {
        return Err(malformed("sub", "a string that is not empty"));
    }
    let limit = issuer.subject_limit;
    // A character takes at least one byte, so a text of few bytes need not be counted.
    if subject.len() > limit {
        let characters = subject.chars().count();
        if characters > limit {
            return Err(VerifyError::SubjectTooLong { characters, limit });
        }
    }
    match issuer.tokens {
        TokenKind::JwtSvid if !is_spiffe_id(subject) => Err(VerifyError::NotASpiffeId {
            sub: Excerpt::of(subject),
        }),
        _ => Ok(()),
    }
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

/// Parses a NumericDate (RFC 7519 section 2): the floor of a number, which must be from 1 to
/// [`UnixTime::LAST`].
fn numeric_date(value: Json<'_>, claim: &'static str) -> Result<UnixTime, VerifyError> {
    match (value.floor(), value) {
        (Some(seconds @ 1..=UnixTime::LAST), _) => Ok(UnixTime::from_secs(seconds)),
        (_, Json::Decimal(_) | Json::Int(_)) => Err(VerifyError::TimeOutOfRange {
            claim,
            written: Excerpt::of(&value.to_string()),
        }),
        _ => Err(malformed(claim, "a number")),
    }
}
