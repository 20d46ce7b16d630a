//! Roles of AWS and the tokens that their trust policies admit.

mod arn;
mod keys;
mod operator;
mod read;
mod recognition;
mod text;
mod trust;

pub use keys::{External, Key, Published, published};
pub use operator::{Operator, Set, Test};
pub use read::{Reading, trust};
pub use recognition::{Account, RegisteredProvider, Role, account};
pub use text::{Part, Text, Version};
pub use trust::{Condition, Effect, Principal, Provider, Statement, Trust};
