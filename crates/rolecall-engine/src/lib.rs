//! From a policy set to a decision: the typed form of the language, what it means, and why.

mod claims;
mod issuer;

pub use claims::{Claims, DuplicateMember, Object, UnverifiedClaims, Value};
pub use issuer::{Algorithm, Issuer};
