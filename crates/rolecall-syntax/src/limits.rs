//! How much of a file is read. Each bound is checked before the work that it bounds.

/// The size of a file in bytes: 1 MiB.
pub const MAX_FILE_BYTES: usize = 1024 * 1024;
/// How deep `(`, `[` and `{` may nest.
pub const MAX_NESTING: usize = 64;
/// The size of a string or a regex in bytes, as written: 4 KiB.
pub const MAX_LITERAL_BYTES: usize = 4 * 1024;
/// The size of a name in bytes; a selector with `*` counts as one.
pub const MAX_NAME_BYTES: usize = 256;
/// The number of names in the path of a claim.
pub const MAX_PATH: usize = 64;
/// After so many errors a file is not looked at further.
pub const MAX_ERRORS: usize = 100;
/// What must be left of the stack to read a file, and to drop what was read.
pub(crate) const STACK_BYTES: usize = 64 * 1024;
/// What must be left besides for each level of nesting. Without optimization the parser takes 5 KiB, else not 2.
pub(crate) const STACK_BYTES_PER_LEVEL: usize = 8 * 1024;
