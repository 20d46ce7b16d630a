//! Verification in two steps, so that keys can be fetched in between.

use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::hash::BuildHasher;
use std::sync::Arc;

use rolecall_engine::{Algorithm, Document, Issuer, JsonLimits, UnverifiedClaims, assume_verified};

use crate::accepted::Accepted;
use crate::claim_rules;
use crate::config::{self, ConfigError};
use crate::error::{TokenFault, VerifyError};
use crate::excerpt::Excerpt;
use crate::key_set::KeySet;
use crate::time::UnixTime;
use crate::token::SignedToken;
use crate::verified_token::VerifiedToken;

/// The trusted issuers, whose rules their tokens must pass.
///
/// Keys and the time are arguments. No rule can be turned off.
#[derive(Debug)]
pub struct Verifier {
    /// Sorted by URL, without duplicates.
    issuers: Vec<Arc<Issuer>>,
}

impl Verifier {
    /// Returns a verifier for the tokens of these issuers.
    ///
    /// # Errors
    /// [`ConfigError`] if an issuer has no audience or algorithm, a leeway or maximum lifetime out of range,
    /// an invalid URL, or the URL of another issuer.
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

    /// Returns the issuers, sorted by URL.
    pub fn issuers(&self) -> impl Iterator<Item = &Issuer> {
        self.issuers.iter().map(Arc::as_ref)
    }

    /// Parses a token as far as needed to find its issuer and key.
    ///
    /// Of an unverified token, only the header's `alg` and `kid` and the claim `iss` are used, and `iss` only
    /// to find the configured issuer of exactly that URL (RFC 8725 section 3.8). Nothing is fetched from a
    /// URL that a token names.
    ///
    /// # Errors
    /// [`VerifyError`] if the token is malformed, its issuer is unknown, or its algorithm is not allowed for
    /// the issuer.
    pub fn read<'t>(&self, token: &'t str) -> Result<UnverifiedToken<'t, '_>, VerifyError> {
        let mut token = SignedToken::read(token)?;
        let payload = std::mem::take(&mut token.payload);
        if payload.is_empty() {
            return Err(VerifyError::MalformedToken(TokenFault::EmptySegment));
        }
        let claims = Document::parse(payload, &JsonLimits::CLAIMS).map_err(VerifyError::ClaimsNotJson)?;
        let (index, issuer) = self.issuer(claim_rules::issuer(claims.members())?)?;
        token.header.check_kind(issuer.tokens)?;
        let algorithm = token.header.algorithm;
        if !issuer.allows(algorithm) {
            let allowed = issuer.algorithms.iter().filter(|own| issuer.allows(**own));
            let names: Vec<&str> = allowed.map(|own| own.name()).collect();
            return Err(VerifyError::AlgorithmNotAllowed {
                algorithm,
                issuer: issuer.name.as_str().into(),
                accepted: Accepted::of(names.into_iter()),
            });
        }
        Ok(UnverifiedToken {
            token,
            claims,
            issuer,
            index,
        })
    }

    /// Parses and verifies a token with the keys of its issuer from `keys`.
    ///
    /// # Errors
    /// [`VerifyError`] if the token is not accepted, or `keys` has no keys of its issuer.
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

    /// Returns the issuer of exactly this URL, and its index.
    fn issuer(&self, url: &str) -> Result<(usize, &Arc<Issuer>), VerifyError> {
        let found = self
            .issuers
            .binary_search_by(|issuer| issuer.url.as_str().cmp(url));
        found
            .ok()
            .and_then(|index| Some((index, self.issuers.get(index)?)))
            .ok_or_else(|| VerifyError::UnknownIssuer {
                iss: Excerpt::of(url),
                accepted: Accepted::of(self.issuers.iter().map(|issuer| issuer.url.as_str())),
            })
    }
}

/// A parsed token that is not verified. Its claims are not accessible.
#[must_use = "a token is not verified until `verify` succeeds"]
pub struct UnverifiedToken<'t, 'v> {
    token: SignedToken<'t>,
    claims: Document,
    issuer: &'v Arc<Issuer>,
    /// The index of the issuer in the verifier.
    index: usize,
}

impl<'v> UnverifiedToken<'_, 'v> {
    /// Returns the configured issuer that the token names.
    pub fn issuer(&self) -> &'v Issuer {
        self.issuer
    }

    /// The index of the issuer in the verifier.
    pub(crate) fn issuer_index(&self) -> usize {
        self.index
    }

    /// Returns the `kid` of the key that the token names. It is untrusted: only compare it with the `kid`s of
    /// keys.
    pub fn kid(&self) -> Option<&str> {
        self.token.header.kid()
    }

    /// Returns the algorithm of the header, which is allowed for the issuer.
    pub fn algorithm(&self) -> Algorithm {
        self.token.header.algorithm
    }

    /// Verifies the token with its issuer's keys: the signature first, then audience, subject and times.
    ///
    /// The keys must be those of [`UnverifiedToken::issuer`], not of another issuer (RFC 8725 section 3.8).
    ///
    /// # Errors
    /// [`VerifyError`] if the token is not accepted. The signature is checked first: a token with several
    /// faults yields [`VerifyError::BadSignature`].
    pub fn verify(self, keys: &KeySet, now: UnixTime) -> Result<VerifiedToken, VerifyError> {
        let key = self.token.verify(keys, self.issuer.tokens)?;
        let life = claim_rules::check(self.claims.members(), self.issuer, now)?;
        Ok(VerifiedToken {
            issuer: Arc::clone(self.issuer),
            life,
            key_thumbprint: key.thumbprint(),
            claims: assume_verified(UnverifiedClaims::new(self.claims)),
        })
    }
}

/// Shows the claimed issuer and the algorithm, and nothing else.
impl fmt::Debug for UnverifiedToken<'_, '_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UnverifiedToken")
            .field("issuer", &self.issuer.name)
            .field("algorithm", &self.algorithm())
            .finish_non_exhaustive()
    }
}

/// Keys of issuers, for [`Verifier::verify`].
///
/// Keys belong to their issuer: two issuers may use the same `kid`, so keys must never be looked up by `kid`
/// alone.
pub trait KeyLookup {
    /// Returns the keys of an issuer, if there are any.
    fn issuer_keys(&self, issuer: &Issuer) -> Option<&KeySet>;
}

/// Keys by the URL of their issuer.
impl KeyLookup for BTreeMap<String, KeySet> {
    fn issuer_keys(&self, issuer: &Issuer) -> Option<&KeySet> {
        self.get(&issuer.url)
    }
}

/// Keys by the URL of their issuer.
impl<S: BuildHasher> KeyLookup for HashMap<String, KeySet, S> {
    fn issuer_keys(&self, issuer: &Issuer) -> Option<&KeySet> {
        self.get(&issuer.url)
    }
}
