//! Reports about policies: each is a value that serialises to JSON and formats itself as text.
//!
//! `policy-check` prints them, and the playground shows them. The crate reads no file, clock or network. Its JSON is that of
//! the schemas of `policy-check`.

#![allow(
    missing_docs,
    reason = "the schemas describe the reports; the rest is for the two programs that show them"
)]

pub mod case;
pub mod claims;
pub mod comparison;
pub mod condition;
pub mod contradiction;
pub mod coverage;
pub mod duration;
pub mod exit;
pub mod explanation;
pub mod explanations;
pub mod failure;
pub mod fault;
pub mod finding;
pub mod findings;
pub mod foreign;
pub mod gathered;
pub mod html;
pub mod json;
pub mod layout;
pub mod location;
pub mod markdown_text;
pub mod policy_text;
pub mod printable;
pub mod proof;
pub mod prove;
pub mod repair;
pub mod role_names;
pub mod selected;
pub mod selectors;
pub mod severity;
pub mod snippet;
pub mod statement;
pub mod style;
pub mod tenants;
pub mod test_names;
pub mod test_result;
pub mod text;
pub mod texts;
pub mod token_text;
pub mod witness;
