//! Signatures that are none: numbers out of range, other encodings, other keys. Nothing is lax about them.

use std::collections::BTreeMap;

use crate::outside::vectors;
use crate::support::{Attempt, Signer, base64url, code, key_set, signer};
use aws_lc_rs::signature::{ED25519, UnparsedPublicKey};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rolecall::Algorithm;
use serde_json::{Value, json};

/// The orders of the groups of P-256, P-384 and P-521 (FIPS 186-5, SP 800-186), and how long a number is there.
const CURVES: [(Algorithm, usize, &str); 3] = [
    (
        Algorithm::ES256,
        32,
        "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551",
    ),
    (
        Algorithm::ES384,
        48,
        "ffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973",
    ),
    (
        Algorithm::ES512,
        66,
        concat!(
            "01fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffa",
            "51868783bf2f966b7fcc0148f709a5d03bb5c9b8899c47aebb6fb71e91386409",
        ),
    ),
];

/// The order of Ed25519's group (RFC 8032 section 5.1), big-endian.
const ED25519_ORDER: &str = "1000000000000000000000000000000014def9dea2f79cd65812631a5cf5d3ed";

fn hex(text: &str) -> Vec<u8> {
    (0..text.len() / 2)
        .map(|n| u8::from_str_radix(&text[2 * n..2 * n + 2], 16).unwrap())
        .collect()
}

/// The sum of two numbers of one length, big-endian, if it has that length.
fn sum(a: &[u8], b: &[u8]) -> Option<Vec<u8>> {
    let mut carry = 0;
    let mut sum: Vec<u8> = a
        .iter()
        .zip(b)
        .rev()
        .map(|(a, b)| {
            let digit = u16::from(*a) + u16::from(*b) + carry;
            carry = digit >> 8;
            digit.to_be_bytes()[1]
        })
        .collect();
    sum.reverse();
    (carry == 0).then_some(sum)
}

/// `a - b`, big-endian, where `a` is the larger one.
fn difference(a: &[u8], b: &[u8]) -> Vec<u8> {
    let negated: Vec<u8> = b.iter().map(|byte| !byte).collect();
    let mut carry = 1;
    let mut rest: Vec<u8> = a
        .iter()
        .zip(&negated)
        .rev()
        .map(|(a, b)| {
            let digit = u16::from(*a) + u16::from(*b) + carry;
            carry = digit >> 8;
            digit.to_be_bytes()[1]
        })
        .collect();
    rest.reverse();
    rest
}

/// A number of that length.
fn small(value: u8, length: usize) -> Vec<u8> {
    let mut bytes = vec![0; length];
    bytes[length - 1] = value;
    bytes
}

/// A good token as its signed text and its signature, with other signatures put into its place.
struct Signed {
    attempt: Attempt,
    text: String,
    signature: Vec<u8>,
}

impl Signed {
    fn new(algorithm: Algorithm) -> Self {
        let attempt = Attempt::new(algorithm);
        let token = attempt.token();
        let (text, signature) = token.rsplit_once('.').unwrap();
        let signature = URL_SAFE_NO_PAD.decode(signature).unwrap();
        Self {
            text: text.to_owned(),
            signature,
            attempt,
        }
    }

    fn code(&self, signature: &[u8]) -> &'static str {
        code(
            &self
                .attempt
                .verify(&format!("{}.{}", self.text, base64url(signature))),
        )
    }
}

/// Zero, one, the order and their neighbours in each pair, which once made a signature of nothing good for everything
/// (CVE-2022-21449), and each of them beside a good number.
#[test]
fn numbers_of_ecdsa_are_in_range() {
    for (algorithm, length, order) in CURVES {
        let signed = Signed::new(algorithm);
        let (order, one) = (hex(order), small(1, length));
        let (r, s) = signed.signature.split_at(length);
        let mut numbers = vec![
            small(0, length),
            one.clone(),
            small(2, length),
            difference(&order, &one),
            order.clone(),
            sum(&order, &one).unwrap(),
            vec![0xff; length],
            [&[0x80], &vec![0; length - 1][..]].concat(),
        ];
        // The good numbers once around the circle, where there is room for it (P-521).
        numbers.extend([sum(r, &order), sum(s, &order)].into_iter().flatten());
        for a in &numbers {
            for pair in numbers
                .iter()
                .map(|b| [a.as_slice(), b])
                .chain([[a.as_slice(), s], [r, a.as_slice()]])
            {
                assert_eq!(
                    signed.code(&pair.concat()),
                    "bad_signature",
                    "{algorithm}: {pair:02x?}"
                );
            }
        }
        assert_eq!(
            signed.code(&[s, r].concat()),
            "bad_signature",
            "{algorithm}: in the other order"
        );
    }
}

/// A signature of ECDSA has a twin, `(r, n - s)`, which anybody can compute and which is as good: JWS forbids it nowhere.
/// So a token must never be recognised by its bytes: two texts can be one token.
#[test]
fn a_signature_of_ecdsa_has_one_twin() {
    for (algorithm, length, order) in CURVES {
        let signed = Signed::new(algorithm);
        let (r, s) = signed.signature.split_at(length);
        let twin = [r, &difference(&hex(order), s)].concat();
        assert_ne!(twin, signed.signature);
        assert_eq!(signed.code(&twin), "accepted", "{algorithm}");
        let other = [&difference(&hex(order), r), s].concat();
        assert_eq!(signed.code(&other), "bad_signature", "{algorithm}");
    }
}

/// An integer in DER (X.690 section 8.3).
fn der_integer(number: &[u8]) -> Vec<u8> {
    let mut bytes: Vec<u8> = number.iter().copied().skip_while(|byte| *byte == 0).collect();
    if bytes.first().is_none_or(|byte| byte & 0x80 != 0) {
        bytes.insert(0, 0);
    }
    [&[2, u8::try_from(bytes.len()).unwrap()], bytes.as_slice()].concat()
}

/// The same numbers in each other shape: only both at full length, side by side, are a signature (RFC 7518 section 3.4).
#[test]
fn a_signature_of_ecdsa_has_one_shape() {
    for (algorithm, length, _) in CURVES {
        let signed = Signed::new(algorithm);
        let (r, s) = signed.signature.split_at(length);
        let integers = [der_integer(r), der_integer(s)].concat();
        let long = if integers.len() > 127 {
            vec![0x30, 0x81]
        } else {
            vec![0x30]
        };
        for (name, signature) in [
            (
                "DER",
                [&long, &[u8::try_from(integers.len()).unwrap()][..], &integers].concat(),
            ),
            ("DER without its frame", integers),
            ("a byte less", signed.signature[..2 * length - 1].to_vec()),
            ("a byte more", [&signed.signature, &[0][..]].concat()),
            ("a zero in front", [&[0], signed.signature.as_slice()].concat()),
            ("a zero before each", [&[0], r, &[0], s].concat()),
            ("a zero behind each", [r, &[0], s, &[0]].concat()),
            ("a recovery bit", [&signed.signature, &[27][..]].concat()),
            ("a tag of a point", [&[4], signed.signature.as_slice()].concat()),
            (
                "little-endian",
                r.iter().rev().chain(s.iter().rev()).copied().collect(),
            ),
            ("twice", signed.signature.repeat(2)),
            ("only r", r.to_vec()),
            (
                "as hexadecimal text",
                signed
                    .signature
                    .iter()
                    .flat_map(|byte| format!("{byte:02x}").into_bytes())
                    .collect(),
            ),
            ("as base64 text", base64url(&signed.signature).into_bytes()),
        ] {
            assert_eq!(signed.code(&signature), "bad_signature", "{algorithm}: {name}");
        }
    }
}

#[test]
fn signatures_of_every_other_length_are_refused() {
    for algorithm in Algorithm::ALL {
        let signed = Signed::new(algorithm);
        let right = signed.signature.len();
        for length in (1..300).filter(|length| *length != right) {
            let mut signature = signed.signature.clone();
            signature.resize(length, 0);
            assert_eq!(signed.code(&signature), "bad_signature", "{algorithm}: {length}");
        }
        for byte in [0, 1, 0x7f, 0x80, 0xff] {
            assert_eq!(
                signed.code(&vec![byte; right]),
                "bad_signature",
                "{algorithm}: {byte}"
            );
        }
    }
}

/// `S` must be less than the order (RFC 8032 section 5.1.7): each multiple of it that fits is refused.
#[test]
fn the_number_of_ed25519_is_in_range() {
    let signed = Signed::new(Algorithm::EdDSA);
    let (r, s) = signed.signature.split_at(32);
    let order = hex(ED25519_ORDER);
    let reversed = |bytes: &[u8]| bytes.iter().rev().copied().collect::<Vec<_>>();
    let mut number = reversed(s);
    let mut tried = 0;
    while let Some(larger) = sum(&number, &order) {
        assert_eq!(signed.code(&[r, &reversed(&larger)].concat()), "bad_signature");
        number = larger;
        tried += 1;
    }
    assert_eq!(tried, 15, "the order fits so often into 256 bits");
    for other in [vec![0; 32], small(1, 32), reversed(&order), vec![0xff; 32]] {
        assert_eq!(signed.code(&[r, other.as_slice()].concat()), "bad_signature");
        assert_eq!(signed.code(&[other.as_slice(), s].concat()), "bad_signature");
    }
    assert_eq!(signed.code(&[s, r].concat()), "bad_signature");
}

/// About half of all 32 bytes are no point of the curve: they pass for a key, and nothing is ever signed with them.
#[test]
fn a_key_of_ed25519_that_is_no_point_verifies_nothing() {
    let mut signed = Signed::new(Algorithm::EdDSA);
    for y in 2..60 {
        let key: Vec<u8> = small(y, 32).into_iter().rev().collect();
        signed.attempt.jwk()["x"] = json!(base64url(&key));
        for signature in [signed.signature.clone(), vec![0; 64], [key, vec![0; 32]].concat()] {
            assert_eq!(signed.code(&signature), "bad_signature", "{y}");
        }
    }
}

#[test]
fn the_number_of_rsa_is_in_range() {
    for algorithm in [
        Algorithm::RS256,
        Algorithm::RS512,
        Algorithm::PS256,
        Algorithm::PS512,
    ] {
        let signed = Signed::new(algorithm);
        let modulus = URL_SAFE_NO_PAD
            .decode(signer(algorithm).jwk("key")["n"].as_str().unwrap())
            .unwrap();
        let one = small(1, 256);
        let mut numbers = vec![
            small(0, 256),
            one.clone(),
            difference(&modulus, &one),
            modulus.clone(),
            vec![0xff; 256],
        ];
        numbers.push(difference(&modulus, &signed.signature));
        numbers.extend(sum(&signed.signature, &modulus));
        numbers.push([&[0], signed.signature.as_slice()].concat());
        numbers.push([signed.signature.as_slice(), &[0]].concat());
        for number in numbers {
            assert_eq!(
                signed.code(&number),
                "bad_signature",
                "{algorithm}: {number:02x?}"
            );
        }
    }
}

/// Two keys of one issuer: a token is signed by the one that it names.
#[test]
fn another_key_of_the_same_issuer_is_another_key() {
    for algorithm in [
        Algorithm::EdDSA,
        Algorithm::ES256,
        Algorithm::ES384,
        Algorithm::ES512,
    ] {
        let signers = [
            Signer::generate(algorithm),
            Signer::generate(algorithm),
            Signer::generate(algorithm),
        ];
        let kids = ["a", "b", "c"];
        let keys = signers
            .iter()
            .zip(kids)
            .map(|(signer, kid)| signer.jwk(kid))
            .collect();
        let attempt = Attempt {
            keys: Some(keys),
            ..Attempt::new(algorithm)
        };
        for (signer, owner) in signers.iter().zip(kids) {
            for kid in kids {
                let header = json!({"alg": algorithm.name(), "kid": kid}).to_string();
                let token = signer.token(header, attempt.claims.to_string());
                let expected = if kid == owner { "accepted" } else { "bad_signature" };
                assert_eq!(
                    code(&attempt.verify(&token)),
                    expected,
                    "{algorithm}: {kid} by {owner}"
                );
            }
        }
    }
}

/// Edge cases on which implementations of Ed25519 differ. The rule here: a key of small order or in a second spelling is
/// no key; for the others, the equation holds without the cofactor, and `R` is compared in its one spelling.
#[test]
fn one_rule_for_the_edges_of_ed25519() {
    let Some(path) = vectors("cctv-ed25519/ed25519vectors.json") else {
        return;
    };
    let cases: Vec<Value> = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
    let mut seen: BTreeMap<bool, usize> = BTreeMap::new();
    for case in cases {
        let bytes = |member: &str| hex(case[member].as_str().unwrap());
        let flags: Vec<&str> = case["flags"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .collect();
        let has = |flag| flags.contains(&flag);
        let good_key = !has("low_order_A") && !has("non_canonical_A");
        let holds = !has("low_order_residue") && !has("non_canonical_R") && !has("reencoded_k");

        let jwk = json!({"kty": "OKP", "crv": "Ed25519", "x": base64url(bytes("key"))});
        let message = case["msg"].as_str().unwrap().as_bytes();
        let verified = UnparsedPublicKey::new(&ED25519, bytes("key")).verify(message, &bytes("sig"));
        let accepted = !key_set(&[jwk]).is_empty() && verified.is_ok();
        assert_eq!(accepted, good_key && holds, "{}: {flags:?}", case["number"]);
        *seen.entry(accepted).or_default() += 1;
    }
    assert!(seen[&true] > 10 && seen[&false] > 100, "{seen:?}");
}
