//! Weak public keys: well formed, but worthless.

/// The primes of the fingerprint of CVE-2017-15361 ("ROCA").
const ROCA_PRIMES: [u32; 38] = [
    3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89, 97, 101, 103,
    107, 109, 113, 127, 131, 137, 139, 149, 151, 157, 163, 167,
];

/// Returns whether an RSA modulus has the fingerprint of the generator of CVE-2017-15361: modulo each small
/// prime it is a power of 65537. About one sound key in a hundred million has it by chance.
/// 65537. One good key in some hundred million does by chance.
pub(crate) fn is_roca(modulus: &[u8]) -> bool {
    ROCA_PRIMES.iter().all(|&prime| {
        let residue = modulus
            .iter()
            .fold(0, |sum, &byte| mul_add_mod(sum, 256, u32::from(byte), prime));
        let mut power = 1;
        // There are fewer powers than `prime`.
        (0..prime).any(|_| {
            power = mul_add_mod(power, 65_537, 0, prime);
            power == residue
        })
    })
}

/// Returns `(a * b + c) mod prime`, for a residue `a`, a `b` of at most 17 bits and a byte `c`.
#[allow(
    clippy::arithmetic_side_effects,
    reason = "a residue of the primes above has 8 bits, so the sum has at most 26"
)]
fn mul_add_mod(a: u32, b: u32, c: u32, prime: u32) -> u32 {
    debug_assert!(a < 1 << 8 && b < 1 << 17 && c < 1 << 8 && prime > 0);
    (a * b + c) % prime
}

/// The `y` coordinates of the points of order 8, little-endian.
const ORDER_8: [[u8; 32]; 2] = [
    [
        0x26, 0xe8, 0x95, 0x8f, 0xc2, 0xb2, 0x27, 0xb0, 0x45, 0xc3, 0xf4, 0x89, 0xf2, 0xef, 0x98, 0xf0, 0xd5,
        0xdf, 0xac, 0x05, 0xd3, 0xc6, 0x33, 0x39, 0xb1, 0x38, 0x02, 0x88, 0x6d, 0x53, 0xfc, 0x05,
    ],
    [
        0xc7, 0x17, 0x6a, 0x70, 0x3d, 0x4d, 0xd8, 0x4f, 0xba, 0x3c, 0x0b, 0x76, 0x0d, 0x10, 0x67, 0x0f, 0x2a,
        0x20, 0x53, 0xfa, 0x2c, 0x39, 0xcc, 0xc6, 0x4e, 0xc7, 0xfd, 0x77, 0x92, 0xac, 0x03, 0x7a,
    ],
];

/// Returns whether an Ed25519 key is a point of small order, under which forged signatures can verify, or not
/// canonical (RFC 8032 section 5.1.3: `y` must be less than p).
pub(crate) fn is_weak_ed25519(key: &[u8; 32]) -> bool {
    let mut y = *key;
    let [low, middle @ .., high] = &mut y;
    // The top bit is the sign of x. Without it, the points of small order come in pairs with the same y.
    *high &= 0x7f;
    let all = |byte: u8| middle.iter().all(|&other| other == byte);
    match (*low, *high) {
        // 0 (order 4) and 1 (order 1).
        (0 | 1, 0) if all(0) => true,
        // p - 1 (order 2), and every number from p on.
        (0xec.., 0x7f) if all(0xff) => true,
        _ => ORDER_8.contains(&y),
    }
}
