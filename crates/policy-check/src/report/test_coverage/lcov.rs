//! LCOV trace files, as `geninfo(1)` describes them: a line counts as covered if all obligations on it are, and each
//! obligation is a branch.

use super::TestCoverage;
use crate::report::file_name::relative;

/// Formats the coverage.
pub(crate) fn text(report: &TestCoverage) -> String {
    let mut text = String::new();
    for file in &report.files {
        let lines = file.lines();
        if lines.is_empty() {
            continue;
        }
        text.push_str(&format!("TN:\nSF:{}\n", relative(&file.name)));
        let (mut branches, mut taken) = (0_usize, 0_usize);
        for (line, obligations) in &lines {
            for (number, is_covered) in obligations.iter().enumerate() {
                let hits = usize::from(*is_covered);
                branches = branches.saturating_add(1);
                taken = taken.saturating_add(hits);
                text.push_str(&format!("BRDA:{line},0,{number},{hits}\n"));
            }
        }
        text.push_str(&format!("BRF:{branches}\nBRH:{taken}\n"));
        let is_covered = |obligations: &Vec<bool>| obligations.iter().all(|covered| *covered);
        for (line, obligations) in &lines {
            text.push_str(&format!("DA:{line},{}\n", u8::from(is_covered(obligations))));
        }
        let hit = lines
            .values()
            .filter(|obligations| is_covered(obligations))
            .count();
        text.push_str(&format!("LF:{}\nLH:{hit}\nend_of_record\n", lines.len()));
    }
    text
}
