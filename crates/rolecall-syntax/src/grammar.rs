//! The parser that pest makes of `grammar/policy.pest`.

// The rules take their documentation from the grammar.
#[allow(
    missing_docs,
    reason = "the derive also makes things that the grammar has no words for"
)]
mod made {
    #[derive(pest_derive::Parser)]
    #[grammar = "grammar/policy.pest"]
    pub(crate) struct Grammar;
}

pub(crate) use made::{Grammar, Rule};
