//! The floor: one verification of RS256 and one signature, with the library that the exchange uses; and a write of a line
//! to the disk.

use std::io::Write as _;
use std::time::{Duration, Instant};

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _, ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256,
    RSA_PKCS1_SHA256, RsaKeyPair,
};

const TIME: Duration = Duration::from_secs(2);
const MESSAGE: [u8; 900] = [7; 900];

/// The key of a CI system and that of an exchange, with a signature of the first.
pub(crate) struct Pair {
    public: ParsedPublicKey,
    signature: Vec<u8>,
    rsa: RsaKeyPair,
    ecdsa: Option<EcdsaKeyPair>,
    random: SystemRandom,
}

impl Pair {
    pub(crate) fn new(algorithm: &str) -> Self {
        let random = SystemRandom::new();
        let rsa = RsaKeyPair::generate(KeySize::Rsa2048).unwrap();
        let mut signature = vec![0; rsa.public_modulus_len()];
        rsa.sign(&RSA_PKCS1_SHA256, &random, &MESSAGE, &mut signature)
            .unwrap();
        let ecdsa = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).unwrap();
        Self {
            public: ParsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, rsa.public_key().as_ref()).unwrap(),
            signature,
            rsa,
            ecdsa: (algorithm == "ES256").then_some(ecdsa),
            random,
        }
    }

    pub(crate) fn verify_and_sign(&self) {
        self.public.verify_sig(&MESSAGE, &self.signature).unwrap();
        if let Some(ecdsa) = &self.ecdsa {
            ecdsa.sign(&self.random, &MESSAGE).unwrap();
        } else {
            let mut own = vec![0; self.rsa.public_modulus_len()];
            self.rsa
                .sign(&RSA_PKCS1_SHA256, &self.random, &MESSAGE, &mut own)
                .unwrap();
        }
    }
}

/// Returns how often a second both are done on one core.
pub(crate) fn per_second(algorithm: &str) -> f64 {
    let pair = Pair::new(algorithm);
    let start = Instant::now();
    let mut count = 0_u32;
    while start.elapsed() < TIME {
        pair.verify_and_sign();
        count += 1;
    }
    f64::from(count) / start.elapsed().as_secs_f64()
}

/// Returns the times of writes to the disk, one after the other, in milliseconds: the median, and the 99.9th percentile.
pub(crate) fn disk() -> (f64, f64) {
    let mut file = tempfile::tempfile().unwrap();
    let (start, mut times) = (Instant::now(), Vec::new());
    while start.elapsed() < TIME {
        let begin = Instant::now();
        file.write_all(&[b'x'; 700]).unwrap();
        file.sync_data().unwrap();
        times.push(begin.elapsed());
    }
    times.sort_unstable();
    let at = |share: f64| times[(times.len() as f64 * share) as usize].as_secs_f64() * 1_000.0;
    (at(0.5), at(0.999))
}
