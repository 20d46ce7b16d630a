//! Sizes of files, as the configuration writes them: `256MiB`.

use serde::Deserialize;

/// A number of bytes, from 4 KiB to 64 GiB.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub(crate) struct Size(u64);

const UNITS: [(&str, u64); 3] = [("KiB", 1 << 10), ("MiB", 1 << 20), ("GiB", 1 << 30)];
const LEAST: u64 = 4 << 10;
const MOST: u64 = 64 << 30;

impl Size {
    /// The size of the files of a log if none is set.
    pub(super) const OF_LOG: Self = Self(256 << 20);

    pub(crate) const fn bytes(self) -> u64 {
        self.0
    }
}

impl TryFrom<String> for Size {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let parsed = UNITS.iter().find_map(|(unit, bytes)| {
            let count: u64 = text.strip_suffix(unit)?.trim_end().parse().ok()?;
            count.checked_mul(*bytes)
        });
        parsed
            .filter(|bytes| (LEAST..=MOST).contains(bytes))
            .map(Self)
            .ok_or_else(|| format!("`{text}` is not a size from `4KiB` to `64GiB`, such as `256MiB`"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_have_a_unit_and_bounds() {
        for (text, bytes) in [("4KiB", 4_096), ("256MiB", 256 << 20), ("1 GiB", 1 << 30)] {
            assert_eq!(Size::try_from(text.to_owned()), Ok(Size(bytes)));
        }
        for text in [
            "",
            "4096",
            "3KiB",
            "65GiB",
            "1MB",
            "-1GiB",
            "1.5GiB",
            "99999999999999999999GiB",
        ] {
            assert!(Size::try_from(text.to_owned()).is_err(), "{text}");
        }
    }
}
