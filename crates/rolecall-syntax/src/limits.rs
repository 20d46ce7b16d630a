//! Limits on the input. Each is checked before the work that it bounds.

/// The largest size of a file, in bytes: 1 MiB.
pub const MAX_FILE_BYTES: usize = 1024 * 1024;
/// The deepest nesting of `(`, `[` and `{`, in levels.
pub const MAX_NESTING: usize = 64;
/// The largest size of a string or a regex as written, in bytes: 4 KiB.
pub const MAX_LITERAL_BYTES: usize = 4 * 1024;
/// The largest size of a name, in bytes. A selector with `*` counts as one name.
pub const MAX_NAME_BYTES: usize = 256;
/// The largest number of names in a claim path.
pub const MAX_PATH: usize = 64;
/// The largest number of errors in a file; parsing stops after them.
pub const MAX_ERRORS: usize = 100;
/// The stack that must be left to parse a file and to drop its tree, in bytes.
pub(crate) const STACK_BYTES: usize = 64 * 1024;
/// The stack that must be left in addition for each level of nesting, in bytes. The parser takes 5 KiB per
/// level without optimization, and less than 2 KiB with it.
pub(crate) const STACK_BYTES_PER_LEVEL: usize = 8 * 1024;
