//! Roles of AWS and the tokens that their trust policies admit.

mod trust;

pub use trust::{
    Condition, Effect, Operator, Part, Principal, Provider, Set, Statement, Test, Text, Trust, Version,
};
