//! Parser that pest generates from `grammar/policy.pest`.

// The documentation of the rules comes from the grammar.
#[allow(
    missing_docs,
    reason = "the derive also generates items that the grammar does not document"
)]
mod generated {
    #[derive(pest_derive::Parser)]
    #[grammar = "grammar/policy.pest"]
    pub(crate) struct Grammar;
}

pub(crate) use generated::{Grammar, Rule};
