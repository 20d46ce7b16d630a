//! Roles of AWS and the tokens that their trust policies admit.
//!
//! [`account`] finds the roles and providers of a text, and [`trust`] reads one trust policy. Its statements
//! compare condition keys: [`Provider::claim`] returns the claim that a key stands for.

mod arn;
mod keys;
mod operator;
mod read;
mod recognition;
mod text;
mod tokens;
mod trust;

pub(crate) use arn::IamArn;
pub use keys::{External, Key, Published, published};
pub use operator::{Operator, Set, Test};
pub use read::{Reading, trust};
pub use recognition::{Account, RegisteredProvider, Role, account};
pub(crate) use recognition::{account_of, issuer_of, policy};
pub use text::{Part, Text, Version};
pub(crate) use tokens::{may_be_for_tokens, not_for_tokens};
pub use trust::{Condition, Effect, Principal, Provider, Statement, Trust};
