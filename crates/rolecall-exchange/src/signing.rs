//! The exchange as an issuer: keys, their rotation, and role tokens.
//!
//! Keys sign through `aws-lc-rs`: a parsed key signs many tokens, and a key service that only signs bytes fits behind
//! the same trait. A library for JWTs would parse the key again for each token.

mod algorithm;
mod key_file;
mod private_key;
mod ring;
mod role_token;
mod signing_key;
mod text_signature;

pub(crate) use algorithm::SigningAlgorithm;
pub(crate) use key_file::{KeyFile, read_folder};
pub(crate) use ring::KeyRing;
pub(crate) use role_token::{RoleToken, compact};
pub(crate) use text_signature::{PublicKeys, TextFault, sign_text};

/// The audience of role tokens for AWS, which its STS takes by default.
pub(crate) const AWS_AUDIENCE: &str = "sts.amazonaws.com";
