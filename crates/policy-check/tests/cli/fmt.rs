//! `policy-check fmt`

use crate::policies::{Folder, SHOP, SMALL};
use insta::assert_snapshot;

/// Policies as somebody may type them, and their one layout.
const TYPED: &str = "set  b = [ \"x\",\"y\" ]   // of two\nset a=[\"z\"]\n";
const LAID_OUT: &str = "set b = [\"x\", \"y\"] // of two\nset a = [\"z\"]\n";

#[test]
fn files_are_laid_out_once() {
    let folder = Folder::with(&[
        ("a.policy", TYPED),
        ("b.policy", LAID_OUT),
        ("c/shop.policy", SHOP),
    ]);
    assert_snapshot!(folder.run(&["fmt"]).exits(0).out, @"
    formatted a.policy
    1 file formatted, 2 files already formatted
    ");
    assert_eq!(folder.read("a.policy"), LAID_OUT);
    assert_eq!(folder.read("b.policy"), LAID_OUT);
    assert_eq!(folder.read("c/shop.policy"), SHOP);
    assert_snapshot!(folder.run(&["fmt"]).exits(0).out, @"3 files already formatted");
}

#[test]
fn diff_changes_nothing() {
    let folder = Folder::with(&[
        ("a.policy", TYPED),
        ("b.policy", LAID_OUT),
        ("c.policy", TYPED.trim_end()),
    ]);
    let run = folder.run(&["fmt", "--diff"]).exits(1);
    assert_snapshot!(run.out, @r#"
    --- a.policy
    +++ a.policy
    @@ -1,2 +1,2 @@
    -set  b = [ "x","y" ]   // of two
    -set a=["z"]
    +set b = ["x", "y"] // of two
    +set a = ["z"]
    --- c.policy
    +++ c.policy
    @@ -1,2 +1,2 @@
    -set  b = [ "x","y" ]   // of two
    -set a=["z"]
    \ No newline at end of file
    +set b = ["x", "y"] // of two
    +set a = ["z"]
    "#);
    assert_eq!(folder.read("a.policy"), TYPED);
    assert_eq!(folder.run(&["fmt", "--diff", "b.policy"]).exits(0).out, "");
    let both = folder.run(&["fmt", "--diff", "--check", "a.policy"]).exits(1);
    assert!(run.out.starts_with(&both.out), "{}", both.out);
}

#[test]
fn standard_input_to_standard_output() {
    let folder = Folder::new();
    let run = folder.run_with(&["fmt", "-"], TYPED.as_bytes()).exits(0);
    assert_eq!((run.out.as_str(), run.err.as_str()), (LAID_OUT, ""));
    assert_eq!(
        folder.run_with(&["fmt", "-"], LAID_OUT.as_bytes()).exits(0).out,
        LAID_OUT
    );
    let run = folder
        .run_with(&["fmt", "--check", "-"], TYPED.as_bytes())
        .exits(1);
    assert_snapshot!(run.out, @"would format <stdin>");
    assert_eq!(
        folder
            .run_with(&["fmt", "--check", "-"], LAID_OUT.as_bytes())
            .exits(0)
            .out,
        ""
    );
    let arguments = ["fmt", "--diff", "--stdin-filename", "new.policy", "-"];
    let run = folder.run_with(&arguments, TYPED.as_bytes()).exits(1);
    assert!(
        run.out.starts_with("--- new.policy\n+++ new.policy\n"),
        "{}",
        run.out
    );
    // What is wrong goes where it does not end up in the file.
    let run = folder.run_with(&["fmt", "-"], b"role").exits(1);
    assert_eq!(run.out, "");
    assert!(run.err.contains("<stdin>:1:5"), "{}", run.err);
    let run = folder.run_with(&["fmt", "-", "a.policy"], b"").exits(2);
    assert_snapshot!(run.err, @r"
    error: `-` cannot be formatted together with files
      help: run it twice
    ");
}

#[test]
fn files_with_errors_of_syntax_are_left_alone() {
    let folder = Folder::with(&[("a.policy", TYPED), ("b.policy", "set  x = [\n")]);
    let run = folder.run(&["fmt"]).exits(1);
    assert_snapshot!(run.out, @"
    formatted a.policy
    error[syntax]: this `[` is never closed
     --> b.policy:1:10
      |
    1 | set  x = [
      |          ^
      |
      = help: add the `]` that closes it

    1 file formatted, 1 file with errors, unchanged
    ");
    assert_eq!(folder.read("a.policy"), LAID_OUT);
    assert_eq!(folder.read("b.policy"), "set  x = [\n");
    folder.write("c.policy", b"\xff");
    let run = folder.run(&["fmt", "c.policy"]).exits(1);
    assert!(run.out.contains("the file is not UTF-8"), "{}", run.out);
}

#[test]
fn policies_need_not_fit_together_to_be_laid_out() {
    let folder = Folder::with(&[("a.policy", "role  x { allow from nobody }\n")]);
    folder.run(&["fmt"]).exits(0);
    assert_eq!(folder.read("a.policy"), "role x {\n  allow from nobody\n}\n");
}

#[test]
fn missing_files() {
    let folder = Folder::with(&[("a.policy", TYPED)]);
    let run = folder.run(&["fmt", "a.policy", "nowhere.policy"]).exits(2);
    assert_snapshot!(run.err, @"error: cannot read `nowhere.policy`: it does not exist");
    assert_eq!(folder.read("a.policy"), LAID_OUT);
}

#[cfg(unix)]
mod on_unix {
    use std::fs::{self, Permissions};
    use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};

    use super::*;

    #[test]
    fn permissions_stay_and_links_are_not_written_through() {
        let folder = Folder::with(&[("real/a.policy", TYPED)]);
        let real = folder.path("real/a.policy");
        fs::set_permissions(&real, Permissions::from_mode(0o640)).unwrap();
        let link = folder.path("link.policy");
        symlink("real/a.policy", &link).unwrap();
        let run = folder.run(&["fmt", "link.policy"]).exits(2);
        assert_snapshot!(run.err, @"
        error: cannot write `link.policy`: it is not a regular file
          help: name another file
        ");
        assert_eq!(folder.read("real/a.policy"), TYPED);
        // The folder has the file, which is no link itself.
        folder.run(&["fmt", "."]).exits(0);
        assert_eq!(folder.read("real/a.policy"), LAID_OUT);
        assert_eq!(fs::metadata(&real).unwrap().mode() & 0o777, 0o640);
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        // Nothing is left beside it.
        let names = fs::read_dir(folder.path("real")).unwrap().count();
        assert_eq!(names, 1);
    }

    #[test]
    fn files_are_replaced_in_one_step_or_not_touched() {
        let folder = Folder::with(&[("a.policy", TYPED), ("b.policy", SMALL)]);
        let inode = |name: &str| fs::metadata(folder.path(name)).unwrap().ino();
        let before = ["a.policy", "b.policy"].map(inode);
        folder.run(&["fmt"]).exits(0);
        let after = ["a.policy", "b.policy"].map(inode);
        assert_ne!(before[0], after[0]);
        assert_eq!(before[1], after[1]);
    }

    #[test]
    fn read_only_files_stay_as_they_are() {
        let folder = Folder::with(&[("a.policy", TYPED)]);
        fs::set_permissions(folder.path("a.policy"), Permissions::from_mode(0o444)).unwrap();
        let run = folder.run(&["fmt"]).exits(2);
        assert_snapshot!(run.err, @"error: cannot write `a.policy`: it is read-only");
        assert_eq!(folder.read("a.policy"), TYPED);
    }
}
