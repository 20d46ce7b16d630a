//! Elliptic-curve keys (RFC 7518 section 6.2, RFC 8037).

use rolecall_engine::{Algorithm, Members};

use super::Material;
use super::members::{algorithms, bytes, text};
use crate::excerpt::Excerpt;
use crate::signature::PublicKey;
use crate::skip_reason::SkipReason;
use crate::thumbprint::Thumbprint;
use crate::weak_key;

/// Parses a key on a NIST curve (RFC 7518 section 6.2.1).
pub(super) fn read_ec(jwk: &Members<'_>) -> Result<Material, SkipReason> {
    let crv = text(jwk, "crv")?;
    let (kind, bits, algorithm, length) = match crv {
        "P-256" => ("P-256", 256, Algorithm::ES256, 32),
        "P-384" => ("P-384", 384, Algorithm::ES384, 48),
        "P-521" => ("P-521", 521, Algorithm::ES512, 66),
        _ => {
            return Err(SkipReason::UnsupportedCurve {
                crv: Excerpt::of(crv),
            });
        }
    };
    algorithms(jwk, &[algorithm])?;

    // Each length is checked on its own: concatenated, 31 and 33 bytes would pass for a point.
    let (x, y) = (coordinate(jwk, "x", length)?, coordinate(jwk, "y", length)?);
    let point = [&[4_u8], x.as_slice(), y.as_slice()].concat();
    let public = PublicKey::elliptic(algorithm, &point).ok_or(SkipReason::InvalidKey)?;
    let members = [
        ("crv", crv),
        ("kty", "EC"),
        ("x", text(jwk, "x")?),
        ("y", text(jwk, "y")?),
    ];
    Ok(Material {
        kind,
        bits,
        public,
        thumbprint: Thumbprint::of(&members),
    })
}

/// Parses an Ed25519 key (RFC 8037 section 2).
pub(super) fn read_okp(jwk: &Members<'_>) -> Result<Material, SkipReason> {
    let crv = text(jwk, "crv")?;
    if crv != "Ed25519" {
        return Err(SkipReason::UnsupportedCurve {
            crv: Excerpt::of(crv),
        });
    }
    algorithms(jwk, &[Algorithm::EdDSA])?;

    let x = coordinate(jwk, "x", 32)?;
    let key = x.as_slice().try_into().map_err(|_| SkipReason::InvalidKey)?;
    if weak_key::is_weak_ed25519(key) {
        return Err(SkipReason::SmallOrder);
    }
    let public = PublicKey::elliptic(Algorithm::EdDSA, key).ok_or(SkipReason::InvalidKey)?;
    Ok(Material {
        kind: "Ed25519",
        bits: 256,
        public,
        thumbprint: Thumbprint::of(&[("crv", crv), ("kty", "OKP"), ("x", text(jwk, "x")?)]),
    })
}

/// Returns a coordinate of a point, which must have the full length in bytes.
fn coordinate(jwk: &Members<'_>, member: &'static str, expected: usize) -> Result<Vec<u8>, SkipReason> {
    let bytes = bytes(jwk, member)?;
    if bytes.len() == expected {
        Ok(bytes)
    } else {
        Err(SkipReason::WrongLength {
            member,
            length: bytes.len(),
            expected,
        })
    }
}
