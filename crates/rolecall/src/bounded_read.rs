//! Reading of files whose size is limited.

use std::io::{self, Read};

/// Reads to the end, but at most one byte more than `limit`. More than `limit` bytes mean that there are more
/// to read.
///
/// # Errors
/// The error of the reader.
pub(crate) fn read_bounded(mut reader: impl Read, limit: usize) -> io::Result<Vec<u8>> {
    let most = u64::try_from(limit).map_err(io::Error::other)?;
    let mut bytes = Vec::new();
    reader.by_ref().take(most).read_to_end(&mut bytes)?;
    reader.take(1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Returns the length of a file, to be shown in an error. It saturates where memory is smaller than files.
pub(crate) fn shown_length(length: u64) -> usize {
    usize::try_from(length).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::read_bounded;

    #[test]
    fn one_byte_over_the_limit_is_read_and_no_more() {
        for (length, expected) in [(0, 0), (3, 3), (4, 4), (5, 5), (6, 5), (100, 5)] {
            let file = vec![7; length];
            assert_eq!(read_bounded(file.as_slice(), 4).ok(), Some(vec![7; expected]));
        }
    }
}
