//! Policies of folders on disk: which files are taken.

use std::fs;
use std::path::Path;

use rolecall::{FolderError, PolicySet, policies_from_folder, policy_sources};

const ISSUER: &str = "issuer ci { url \"https://ci.example\" profile generic audience \"sts\" }\n";
const ROLE: &str = "role build { allow from ci when sub == \"build\" }\n";

fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    folder
}

fn names(folder: &Path) -> Vec<String> {
    let policies = policies_from_folder(folder).unwrap();
    let files = policies.program().own_files();
    files.map(|(_, source)| source.name.clone()).collect()
}

#[track_caller]
fn assert_refused(folder: &Path, message: &str) {
    let error = policies_from_folder(folder).unwrap_err();
    assert_eq!(error.to_string(), message);
}

#[test]
fn all_files_of_the_folder_are_one_set() {
    let folder = folder(&[
        ("a.policy", ISSUER),
        ("sub/.b.policy", ROLE),
        (".gitignore", "*.policy"),
        (".git/c.policy", "not a policy"),
        ("d.txt", "not a policy"),
    ]);
    assert_eq!(names(folder.path()), ["a.policy", "sub/.b.policy"]);
}

#[test]
fn what_is_no_policy_set() {
    let empty = folder(&[("readme.md", "")]);
    assert_refused(empty.path(), "there are no `.policy` files in the folder");
    assert_refused(
        &empty.path().join("nowhere"),
        "cannot read the folder: it does not exist",
    );
    let without_role = folder(&[("a.policy", ISSUER)]);
    assert_refused(without_role.path(), "the policies of the folder have no role");
    let broken = folder(&[("a.policy", "role")]);
    let error = policies_from_folder(broken.path()).unwrap_err();
    assert!(matches!(error, FolderError::Compile(_)), "{error}");
    let latin = folder(&[("a.policy", ISSUER)]);
    fs::write(latin.path().join("b.policy"), b"// caf\xe9\n").unwrap();
    assert_refused(latin.path(), "the text of `b.policy` is not UTF-8");
}

#[cfg(unix)]
#[test]
fn links_and_pipes() {
    use std::os::unix::fs::symlink;
    let outside = folder(&[("secret.txt", "a secret")]);
    let folder = folder(&[("..2026/a.policy", ISSUER), ("b.policy", ROLE)]);
    let path = |name: &str| folder.path().join(name);
    symlink("..2026", path("..data")).unwrap();
    symlink("..data/a.policy", path("a.policy")).unwrap();
    assert_eq!(names(folder.path()), ["a.policy", "b.policy"]);
    // The folder itself may be named through a link.
    symlink(folder.path(), outside.path().join("named")).unwrap();
    assert_eq!(names(&outside.path().join("named")).len(), 2);

    symlink(outside.path().join("secret.txt"), path("c.policy")).unwrap();
    let error = policies_from_folder(folder.path()).unwrap_err().to_string();
    assert!(
        error.starts_with("the link `c.policy` leads outside of the folder, to `/"),
        "{error}"
    );
    fs::remove_file(path("c.policy")).unwrap();

    let made = std::process::Command::new("mkfifo")
        .arg(path("d.policy"))
        .status();
    assert!(made.unwrap().success());
    // It would wait for ever if it were opened.
    assert_refused(folder.path(), "`d.policy` is not a regular file");
}

#[cfg(target_os = "linux")]
#[test]
fn names_are_utf8() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    let folder = folder(&[("a.policy", ISSUER)]);
    fs::write(folder.path().join(OsStr::from_bytes(b"caf\xe9.policy")), ROLE).unwrap();
    assert_refused(folder.path(), "the name `caf\u{fffd}.policy` is not UTF-8");
}

#[test]
fn services_that_run_tests_get_the_files_of_tests() {
    let test = "test \"t\" { token ci from \"c.json\" {} expect allow build }\n";
    let folder = folder(&[
        ("issuer.policy", ISSUER),
        ("below/role.policy", &format!("{ROLE}{test}")),
        ("below/c.json", "{\"sub\": \"build\"}"),
    ]);
    let compile = || PolicySet::compile(policy_sources(folder.path()).unwrap());
    let set = compile().unwrap();
    assert!(set.passes(&set.program().tests()[0]));

    fs::remove_file(folder.path().join("below/c.json")).unwrap();
    let error = compile().unwrap_err();
    assert_eq!(
        error.diagnostics[0].message,
        "`c.json` cannot be used: it does not exist"
    );
    // A gate runs no tests, so that it does not need their files.
    let set = policies_from_folder(folder.path()).unwrap();
    assert_eq!(set.program().unread_tests(), ["t"]);
}
