//! Parser that pest generates from `cel.pest`.

// The documentation of the rules comes from the grammar.
#[allow(
    missing_docs,
    reason = "the derive also generates items that the grammar does not document"
)]
mod generated {
    #[derive(pest_derive::Parser)]
    #[grammar = "cel/cel.pest"]
    pub(crate) struct Grammar;
}

pub(super) use generated::{Grammar, Rule};
