//! The floor: one verification of RS256 and one signature, with the library that the exchange uses.

use std::time::{Duration, Instant};

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _, RSA_PKCS1_2048_8192_SHA256,
    RSA_PKCS1_SHA256, RsaKeyPair, UnparsedPublicKey,
};

const TIME: Duration = Duration::from_secs(2);

/// Returns how often a second both are done on one core.
pub(crate) fn per_second(algorithm: &str) -> f64 {
    let random = SystemRandom::new();
    let rsa = RsaKeyPair::generate(KeySize::Rsa2048).unwrap();
    let ecdsa = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).unwrap();
    let message = [7; 900];
    let mut signature = vec![0; rsa.public_modulus_len()];
    rsa.sign(&RSA_PKCS1_SHA256, &random, &message, &mut signature)
        .unwrap();
    let public = UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, rsa.public_key().as_ref().to_vec());
    let mut own = vec![0; rsa.public_modulus_len()];
    let start = Instant::now();
    let mut count = 0_u32;
    while start.elapsed() < TIME {
        public.verify(&message, &signature).unwrap();
        if algorithm == "RS256" {
            rsa.sign(&RSA_PKCS1_SHA256, &random, &message, &mut own).unwrap();
        } else {
            ecdsa.sign(&random, &message).unwrap();
        }
        count += 1;
    }
    f64::from(count) / start.elapsed().as_secs_f64()
}
