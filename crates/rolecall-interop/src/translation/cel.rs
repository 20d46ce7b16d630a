//! Expressions of CEL as conditions of ours, for all sources that have them.
//!
//! A condition of CEL is true, false or an error, and only true counts. It becomes two conditions of ours, one for true and
//! one for false, so that no comparison of ours is negated together with what makes it an error. Claims are as the profile
//! says: a list is always a list in tokens.

mod cases;
mod claims;
mod condition;
mod cut;
mod equality;
mod list;
mod outcome;
mod refusals;
mod report;
mod scope;
mod search;
mod steps;
mod value;

pub(super) use cases::Cases;
pub(super) use claims::{Kind, exists, kind, unclear};
pub(super) use equality::equal;
pub(super) use list::within;
pub(super) use outcome::{Outcome, Translated, joined, shallow};
pub(super) use refusals::untranslated;
pub(super) use report::report;
pub(super) use scope::{Found, Names, Scope};
pub(super) use steps::steps;
pub(super) use value::{Case, Piece, Value};
