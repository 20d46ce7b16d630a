//! The way from a token to claims that can be decided on, in two steps, so that keys can be fetched between them.

use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::hash::BuildHasher;
use std::sync::Arc;

use rolecall_engine::{Algorithm, Document, Issuer, JsonLimits, UnverifiedClaims, assume_verified};

use crate::claim_rules;
use crate::config::{self, ConfigError};
use crate::error::{TokenFault, VerifyError};
use crate::excerpt::Excerpt;
use crate::key_set::KeySet;
use crate::time::UnixTime;
use crate::token::SignedToken;
use crate::verified_token::VerifiedToken;

/// The issuers whose tokens are accepted, and the rules that their tokens must pass.
///
/// It holds no keys and looks at no clock: both are arguments. No rule can be turned off.
#[derive(Debug)]
pub struct Verifier {
    /// In the order of their URLs, each of which is there once.
    issuers: Vec<Arc<Issuer>>,
}

impl Verifier {
    /// A verifier for the tokens of these issuers.
    ///
    /// # Errors
    /// [`ConfigError`] if an issuer has no audience or algorithm, has a leeway or a longest life out of range, or a URL that
    /// is no issuer identifier or is another's, too.
    pub fn new(issuers: impl IntoIterator<Item = Issuer>) -> Result<Self, ConfigError> {
        let mut by_url = BTreeMap::new();
        for issuer in issuers {
            config::check(&issuer)?;
            let url = issuer.url.clone();
            if by_url.insert(url.clone(), Arc::new(issuer)).is_some() {
                return Err(ConfigError::DuplicateUrl { url });
            }
        }
        Ok(Self {
            issuers: by_url.into_values().collect(),
        })
    }

    /// The issuers, in the order of their URLs.
    pub fn issuers(&self) -> impl Iterator<Item = &Issuer> {
        self.issuers.iter().map(Arc::as_ref)
    }

    /// Reads a token as far as is needed to know whose keys to verify it with.
    ///
    /// Of an unverified token only the header's `alg` and `kid` and the claim `iss` are looked at, and `iss` only to find
    /// the configured issuer of exactly that URL (RFC 8725 section 3.8): nothing is ever fetched from where a token says.
    ///
    /// # Errors
    /// [`VerifyError`] if the token is not well formed, or not of an issuer that is trusted to sign like this.
    pub fn read<'t>(&self, token: &'t str) -> Result<UnverifiedToken<'t, '_>, VerifyError> {
        let mut token = SignedToken::read(token)?;
        let payload = std::mem::take(&mut token.payload);
        if payload.is_empty() {
            return Err(VerifyError::MalformedToken(TokenFault::EmptySegment));
        }
        let claims = Document::parse(payload, &JsonLimits::CLAIMS).map_err(VerifyError::ClaimsNotJson)?;
        let (position, issuer) = self.issuer(claim_rules::issuer(claims.members())?)?;
        let algorithm = token.header.algorithm;
        if !issuer.algorithms.contains(&algorithm) {
            return Err(VerifyError::AlgorithmNotAllowed {
                algorithm,
                issuer: issuer.name.as_str().into(),
            });
        }
        Ok(UnverifiedToken {
            token,
            claims,
            issuer,
            position,
        })
    }

    /// Reads and verifies a token with keys that are at hand.
    ///
    /// # Errors
    /// [`VerifyError`] if the token is not accepted, or there are no keys of its issuer.
    pub fn verify(
        &self,
        token: &str,
        keys: &(impl KeyLookup + ?Sized),
        now: UnixTime,
    ) -> Result<VerifiedToken, VerifyError> {
        let token = self.read(token)?;
        let issuer = token.issuer();
        let keys = keys.issuer_keys(issuer).ok_or_else(|| VerifyError::NoKeys {
            issuer: issuer.name.as_str().into(),
        })?;
        token.verify(keys, now)
    }

    /// The issuer of exactly this URL, and its place among the issuers.
    fn issuer(&self, url: &str) -> Result<(usize, &Arc<Issuer>), VerifyError> {
        let place = self
            .issuers
            .binary_search_by(|issuer| issuer.url.as_str().cmp(url));
        place
            .ok()
            .and_then(|place| Some((place, self.issuers.get(place)?)))
            .ok_or_else(|| VerifyError::UnknownIssuer {
                iss: Excerpt::of(url),
            })
    }
}

/// A token of which nothing is known but whose it claims to be. Its claims cannot be looked at.
pub struct UnverifiedToken<'t, 'v> {
    token: SignedToken<'t>,
    claims: Document,
    issuer: &'v Arc<Issuer>,
    /// The place of the issuer among those of the verifier.
    position: usize,
}

impl<'v> UnverifiedToken<'_, 'v> {
    /// The configured issuer that the token names.
    pub fn issuer(&self) -> &'v Issuer {
        self.issuer
    }

    /// The place of the issuer among those of the verifier.
    pub(crate) fn issuer_position(&self) -> usize {
        self.position
    }

    /// The `kid` of the key that the token names. It may be anybody's invention: compare it, do nothing else with it.
    pub fn kid(&self) -> Option<&str> {
        self.token.header.kid()
    }

    /// The algorithm that the token names, which is one of the issuer's.
    pub fn algorithm(&self) -> Algorithm {
        self.token.header.algorithm
    }

    /// Verifies the token with its issuer's keys: the signature first, and then what the claims say of time and audience.
    ///
    /// The keys must be those of [`UnverifiedToken::issuer`], and of no other issuer (RFC 8725 section 3.8).
    ///
    /// # Errors
    /// [`VerifyError`] if the token is not accepted. A token that is wrong in several ways is first of all not signed.
    pub fn verify(self, keys: &KeySet, now: UnixTime) -> Result<VerifiedToken, VerifyError> {
        let key = self.token.verify(keys)?;
        let life = claim_rules::check(self.claims.members(), self.issuer, now)?;
        Ok(VerifiedToken {
            issuer: Arc::clone(self.issuer),
            life,
            key_thumbprint: key.thumbprint(),
            claims: assume_verified(UnverifiedClaims::new(self.claims)),
        })
    }
}

/// Says whose the token claims to be, and nothing of what is in it.
impl fmt::Debug for UnverifiedToken<'_, '_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UnverifiedToken")
            .field("issuer", &self.issuer.name)
            .field("algorithm", &self.algorithm())
            .finish_non_exhaustive()
    }
}

/// Where the keys of an issuer are at hand.
///
/// Keys belong to their issuer: two issuers may use one `kid`, so keys must never be looked up by `kid` alone.
pub trait KeyLookup {
    /// The keys of an issuer, if there are any.
    fn issuer_keys(&self, issuer: &Issuer) -> Option<&KeySet>;
}

/// Keys under the URL of their issuer.
impl KeyLookup for BTreeMap<String, KeySet> {
    fn issuer_keys(&self, issuer: &Issuer) -> Option<&KeySet> {
        self.get(&issuer.url)
    }
}

/// Keys under the URL of their issuer.
impl<S: BuildHasher> KeyLookup for HashMap<String, KeySet, S> {
    fn issuer_keys(&self, issuer: &Issuer) -> Option<&KeySet> {
        self.get(&issuer.url)
    }
}
