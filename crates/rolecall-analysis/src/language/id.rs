//! Identity of languages.

/// A language of a [`Languages`](super::Languages). Equal languages have equal ids.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct LangId(pub(super) u32);
