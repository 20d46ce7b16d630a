//! Writes the policies of the workload into a folder: `corpus ROLES ROLES-IN-EACH-FILE FOLDER`.

#![allow(clippy::expect_used, reason = "a bench cannot run without its input")]

use rolecall_benches::workload::Workload;
use std::path::PathBuf;

fn main() {
    let mut arguments = std::env::args().skip(1);
    let mut number = || {
        arguments
            .next()
            .and_then(|number| number.parse().ok())
            .expect("a number")
    };
    let (roles, each) = (number(), number());
    let folder = PathBuf::from(arguments.next().expect("a folder"));
    std::fs::create_dir_all(&folder).expect("a folder");
    for (name, text) in Workload::new(roles).files(each) {
        std::fs::write(folder.join(name), text).expect("a file");
    }
}
