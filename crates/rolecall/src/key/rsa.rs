//! RSA keys (RFC 7518 section 6.3).

use rolecall_engine::{Algorithm, Members};

use super::Material;
use super::members::{algorithms, bytes, text};
use crate::signature::PublicKey;
use crate::skip_reason::SkipReason;
use crate::thumbprint::Thumbprint;
use crate::weak_key;

const ALGORITHMS: [Algorithm; 6] = [
    Algorithm::PS256,
    Algorithm::PS384,
    Algorithm::PS512,
    Algorithm::RS256,
    Algorithm::RS384,
    Algorithm::RS512,
];

/// Parses an RSA key (RFC 7518 section 6.3.1).
pub(super) fn read(jwk: &Members<'_>) -> Result<Material, SkipReason> {
    let algorithms = algorithms(jwk, &ALGORITHMS)?;
    let (modulus, exponent) = (bytes(jwk, "n")?, bytes(jwk, "e")?);
    let bits = check_modulus(&modulus)?;
    check_exponent(&exponent)?;
    let public = PublicKey::rsa(&modulus, &exponent, &algorithms).ok_or(SkipReason::InvalidKey)?;
    Ok(Material {
        kind: "RSA",
        bits,
        public,
        thumbprint: Thumbprint::of(&[("e", text(jwk, "e")?), ("kty", "RSA"), ("n", text(jwk, "n")?)]),
    })
}

/// Checks a modulus, and returns its size in bits.
fn check_modulus(modulus: &[u8]) -> Result<usize, SkipReason> {
    let (Some((first, rest)), Some(last)) = (modulus.split_first(), modulus.last()) else {
        return Err(SkipReason::MalformedMember { member: "n" });
    };
    if *first == 0 {
        return Err(SkipReason::LeadingZero { member: "n" });
    }
    let significant = (0..8).filter(|shift| first >> shift > 0).count();
    // A size that saturates is refused like any other that is too large.
    let bits = rest.len().saturating_mul(8).saturating_add(significant);
    if !(2048..=8192).contains(&bits) {
        return Err(SkipReason::RsaSize { bits });
    }
    if last & 1 == 0 {
        return Err(SkipReason::EvenModulus);
    }
    if weak_key::is_roca(modulus) {
        Err(SkipReason::Factorable)
    } else {
        Ok(bits)
    }
}

fn check_exponent(exponent: &[u8]) -> Result<(), SkipReason> {
    match exponent.first() {
        None => return Err(SkipReason::MalformedMember { member: "e" }),
        Some(0) => return Err(SkipReason::LeadingZero { member: "e" }),
        Some(_) => {}
    }
    let out_of_range = |value| SkipReason::ExponentOutOfRange {
        bytes: exponent.len(),
        value,
    };
    if exponent.len() > 4 {
        return Err(out_of_range(None));
    }
    let value = exponent
        .iter()
        .fold(0_u32, |value, &byte| (value << 8) | u32::from(byte));
    if value > 1 << 16 && value & 1 == 1 {
        Ok(())
    } else {
        Err(out_of_range(Some(value)))
    }
}
