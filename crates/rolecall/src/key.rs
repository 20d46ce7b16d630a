//! One key of a JWK set (RFC 7517 section 4): everything it says is checked once, when it is read.

use std::fmt;

use rolecall_engine::{Algorithm, Object, Value};

use crate::base64url;
use crate::excerpt::Excerpt;
use crate::signature::PublicKey;
use crate::skip_reason::SkipReason;
use crate::thumbprint::Thumbprint;
use crate::weak_key;

/// A public key that verifies signatures.
pub struct Key {
    kid: Option<String>,
    public: PublicKey,
    thumbprint: Thumbprint,
}

/// The members that only a private or a symmetric key has (RFC 7518 section 6).
const PRIVATE_MEMBERS: [&str; 8] = ["d", "dp", "dq", "k", "oth", "p", "q", "qi"];

const RSA_ALGORITHMS: [Algorithm; 6] = [
    Algorithm::PS256,
    Algorithm::PS384,
    Algorithm::PS512,
    Algorithm::RS256,
    Algorithm::RS384,
    Algorithm::RS512,
];

/// The longest `kid`, of a key as of a token.
const LONGEST_KID: usize = 256;

/// Whether a text can be a `kid`: something, not long, and without control characters.
pub(crate) fn is_kid(text: &str) -> bool {
    !text.is_empty() && text.len() <= LONGEST_KID && !text.chars().any(char::is_control)
}

impl Key {
    /// The `kid`, if the set gives it one.
    pub fn kid(&self) -> Option<&str> {
        self.kid.as_deref()
    }

    /// The algorithms that the key may be used with.
    pub fn algorithms(&self) -> impl Iterator<Item = Algorithm> {
        self.public.algorithms()
    }

    /// The key's RFC 7638 thumbprint.
    pub fn thumbprint(&self) -> Thumbprint {
        self.thumbprint
    }

    /// Whether the key may be used with the algorithm.
    pub(crate) fn fits(&self, algorithm: Algorithm) -> bool {
        self.algorithms().any(|own| own == algorithm)
    }

    /// Whether the signature over the bytes is good.
    pub(crate) fn verifies(&self, algorithm: Algorithm, signed: &[u8], signature: &[u8]) -> bool {
        self.public.verifies(algorithm, signed, signature)
    }

    /// Reads an entry of a set.
    pub(crate) fn read(jwk: &Object) -> Result<Self, SkipReason> {
        let kty = text(jwk, "kty")?;
        if kty == "oct" {
            return Err(SkipReason::Symmetric);
        }
        if PRIVATE_MEMBERS.iter().any(|member| jwk.get(member).is_some()) {
            return Err(SkipReason::PrivateKey);
        }
        let kid = optional_text(jwk, "kid")?;
        if kid.is_some_and(|kid| !is_kid(kid)) {
            return Err(SkipReason::MalformedMember { member: "kid" });
        }
        check_purpose(jwk)?;

        let (public, thumbprint) = match kty {
            "EC" => read_ec(jwk)?,
            "OKP" => read_okp(jwk)?,
            "RSA" => read_rsa(jwk)?,
            _ => return Err(SkipReason::UnsupportedKeyType { kty: Excerpt::of(kty) }),
        };
        Ok(Self { kid: kid.map(str::to_owned), public, thumbprint })
    }
}

/// A key as its owner would name it; public keys are no secret, but they are long.
impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Key")
            .field("kid", &self.kid)
            .field("algorithms", &self.algorithms().collect::<Vec<_>>())
            .field("thumbprint", &self.thumbprint)
            .finish()
    }
}

/// The value of a member that must be a string.
fn text<'a>(jwk: &'a Object, member: &'static str) -> Result<&'a str, SkipReason> {
    optional_text(jwk, member)?.ok_or(SkipReason::MalformedMember { member })
}

/// The value of a member that must be a string if it is there.
fn optional_text<'a>(jwk: &'a Object, member: &'static str) -> Result<Option<&'a str>, SkipReason> {
    match jwk.get(member) {
        None => Ok(None),
        Some(Value::Text(text)) => Ok(Some(text)),
        Some(_) => Err(SkipReason::MalformedMember { member }),
    }
}

/// Checks `use` and `key_ops`. Where both stand they must agree (RFC 7517 section 4.3): a key that also encrypts is not
/// for us.
fn check_purpose(jwk: &Object) -> Result<(), SkipReason> {
    if optional_text(jwk, "use")?.is_some_and(|purpose| purpose != "sig") {
        return Err(SkipReason::NotForVerifying);
    }
    let malformed = SkipReason::MalformedMember { member: "key_ops" };
    let operations = match jwk.get("key_ops") {
        None => return Ok(()),
        Some(Value::List(operations)) => operations.iter().map(Value::as_text).collect::<Option<Vec<_>>>(),
        Some(_) => None,
    };
    let mut operations = operations.ok_or_else(|| malformed.clone())?;
    if !operations.contains(&"verify") || !operations.iter().all(|name| matches!(*name, "sign" | "verify")) {
        return Err(SkipReason::NotForVerifying);
    }
    let named = operations.len();
    operations.sort_unstable();
    operations.dedup();
    if operations.len() < named { Err(malformed) } else { Ok(()) }
}

/// The algorithms that a key may be used with: all that fit it, or the one that its `alg` names (RFC 7517 section 4.4).
fn algorithms(jwk: &Object, fitting: &[Algorithm]) -> Result<Vec<Algorithm>, SkipReason> {
    let Some(alg) = optional_text(jwk, "alg")? else {
        return Ok(fitting.to_vec());
    };
    match Algorithm::from_name(alg) {
        None => Err(SkipReason::UnsupportedAlgorithm { alg: Excerpt::of(alg) }),
        Some(algorithm) if fitting.contains(&algorithm) => Ok(vec![algorithm]),
        Some(algorithm) => Err(SkipReason::WrongAlgorithm { algorithm }),
    }
}

/// The bytes of a member, which must be in their one spelling.
fn bytes(jwk: &Object, member: &'static str) -> Result<Vec<u8>, SkipReason> {
    base64url::decode(text(jwk, member)?).ok_or(SkipReason::MalformedMember { member })
}

/// A coordinate of a point, which must have the full length.
fn coordinate(jwk: &Object, member: &'static str, expected: usize) -> Result<Vec<u8>, SkipReason> {
    let bytes = bytes(jwk, member)?;
    if bytes.len() == expected {
        Ok(bytes)
    } else {
        Err(SkipReason::WrongLength { member, length: bytes.len(), expected })
    }
}

/// RFC 7518 section 6.2.1.
fn read_ec(jwk: &Object) -> Result<(PublicKey, Thumbprint), SkipReason> {
    let crv = text(jwk, "crv")?;
    let (algorithm, length) = match crv {
        "P-256" => (Algorithm::ES256, 32),
        "P-384" => (Algorithm::ES384, 48),
        "P-521" => (Algorithm::ES512, 66),
        _ => return Err(SkipReason::UnsupportedCurve { crv: Excerpt::of(crv) }),
    };
    algorithms(jwk, &[algorithm])?;

    // Each length is checked by itself: joined, 31 and 33 bytes would pass for a point.
    let (x, y) = (coordinate(jwk, "x", length)?, coordinate(jwk, "y", length)?);
    let point = [&[4_u8], x.as_slice(), y.as_slice()].concat();
    let public = PublicKey::elliptic(algorithm, &point).ok_or(SkipReason::InvalidKey)?;
    let members = [("crv", crv), ("kty", "EC"), ("x", text(jwk, "x")?), ("y", text(jwk, "y")?)];
    Ok((public, Thumbprint::of(&members)))
}

/// RFC 8037 section 2.
fn read_okp(jwk: &Object) -> Result<(PublicKey, Thumbprint), SkipReason> {
    let crv = text(jwk, "crv")?;
    if crv != "Ed25519" {
        return Err(SkipReason::UnsupportedCurve { crv: Excerpt::of(crv) });
    }
    algorithms(jwk, &[Algorithm::EdDSA])?;

    let x = coordinate(jwk, "x", 32)?;
    let key = x.as_slice().try_into().map_err(|_| SkipReason::InvalidKey)?;
    if weak_key::is_small_or_crooked(key) {
        return Err(SkipReason::SmallOrder);
    }
    let public = PublicKey::elliptic(Algorithm::EdDSA, key).ok_or(SkipReason::InvalidKey)?;
    Ok((public, Thumbprint::of(&[("crv", crv), ("kty", "OKP"), ("x", text(jwk, "x")?)])))
}

/// RFC 7518 section 6.3.1.
fn read_rsa(jwk: &Object) -> Result<(PublicKey, Thumbprint), SkipReason> {
    let algorithms = algorithms(jwk, &RSA_ALGORITHMS)?;
    let (modulus, exponent) = (bytes(jwk, "n")?, bytes(jwk, "e")?);
    check_modulus(&modulus)?;
    check_exponent(&exponent)?;
    let public = PublicKey::rsa(&modulus, &exponent, &algorithms).ok_or(SkipReason::InvalidKey)?;
    Ok((public, Thumbprint::of(&[("e", text(jwk, "e")?), ("kty", "RSA"), ("n", text(jwk, "n")?)])))
}

fn check_modulus(modulus: &[u8]) -> Result<(), SkipReason> {
    let (Some(first), Some(last)) = (modulus.first(), modulus.last()) else {
        return Err(SkipReason::MalformedMember { member: "n" });
    };
    if *first == 0 {
        return Err(SkipReason::LeadingZero { member: "n" });
    }
    let unused = usize::try_from(first.leading_zeros()).unwrap_or_default();
    let bits = modulus.len().saturating_mul(8).saturating_sub(unused);
    if !(2048..=8192).contains(&bits) {
        return Err(SkipReason::RsaSize { bits });
    }
    if last & 1 == 0 {
        return Err(SkipReason::EvenModulus);
    }
    if weak_key::is_roca(modulus) { Err(SkipReason::Factorable) } else { Ok(()) }
}

fn check_exponent(exponent: &[u8]) -> Result<(), SkipReason> {
    match exponent.first() {
        None => return Err(SkipReason::MalformedMember { member: "e" }),
        Some(0) => return Err(SkipReason::LeadingZero { member: "e" }),
        Some(_) if exponent.len() > 4 => return Err(SkipReason::ExponentOutOfRange),
        Some(_) => {}
    }
    let value = exponent.iter().fold(0_u32, |value, &byte| (value << 8) | u32::from(byte));
    if value > 1 << 16 && value & 1 == 1 { Ok(()) } else { Err(SkipReason::ExponentOutOfRange) }
}
