//! Small repositories whose sites have one fault each.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use rolecall_site::{Options, build};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use tempfile::TempDir;

/// A committed repository with two pages and an example.
struct Small {
    folder: TempDir,
}

const SUMMARY: &str = "# Summary\n\n[Home](README.md)\n\n- [Guide](docs/guide.md)\n";

impl Small {
    fn new() -> Self {
        let folder = TempDir::new().unwrap();
        let small = Self { folder };
        small.git(&["init", "-q"]);
        let settings = fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("book.toml")).unwrap();
        small.add("site/book.toml", std::str::from_utf8(&settings).unwrap());
        small.add("site/style.css", "");
        small.add("site/policy.js", "");
        small.add("site/SUMMARY.md", SUMMARY);
        small.add("site/left-out.txt", "# Nothing.\n");
        small.add("README.md", "# Home\n\n[guide](docs/guide.md#the-first-step)\n");
        small.add(
            "docs/guide.md",
            "# Guide\n\n## The first step\n\n[home](../README.md)\n",
        );
        small.add("policies/shop/a.policy", "edition 2026\n");
        small
    }

    fn git(&self, arguments: &[&str]) {
        let mut git = Command::new("git");
        let status = git.arg("-C").arg(self.folder.path()).args(arguments).status();
        assert!(status.unwrap().success());
    }

    fn write(&self, file: &str, text: &str) {
        let path = self.folder.path().join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn add(&self, file: &str, text: &str) {
        self.write(file, text);
        self.git(&["add", "--", file]);
    }

    fn out(&self) -> PathBuf {
        self.folder.path().join("target/site")
    }

    fn options(&self) -> Options {
        Options {
            programs: Vec::new(),
            root: self.folder.path().to_owned(),
            out: self.out(),
            playground: None,
        }
    }

    fn faults(&self) -> Vec<String> {
        build(&self.options()).unwrap()
    }

    fn read(&self, file: &str) -> String {
        fs::read_to_string(self.out().join(file)).unwrap()
    }
}

/// The faults of the home page with a text.
fn faults_with(text: &str) -> Vec<String> {
    let small = Small::new();
    small.write("README.md", &format!("# Home\n\n{text}\n"));
    small.faults()
}

#[test]
fn links_lead_to_pages_copies_and_listings() {
    let small = Small::new();
    small.add("docs/.hidden/x.svg", "<svg xmlns='http://www.w3.org/2000/svg'/>");
    small.write(
        "README.md",
        "# Home\n\n[guide](docs/guide.md) [policy](policies/shop/a.policy) [sets](policies/) [self](#home)\n\
         ![x](docs/.hidden/x.svg) [![x](docs/.hidden/x.svg)](docs/guide.md) `[code](no.md)`\n\
         [elsewhere](https://example.org/x.md) [mail](mailto:a@example.org)\n",
    );
    assert_eq!(small.faults(), Vec::<String>::new());
    let home = small.read("index.html");
    for link in [
        "<a href=\"docs/guide.html\">guide</a>",
        "<a href=\"policies/shop/a.policy.txt\">policy</a>",
        "<a href=\"policies/index.html\">sets</a>",
        "<a href=\"docs/guide.html\"><img src=\"docs/hidden/x.svg\"",
        "<code>[code](no.md)</code>",
        "href=\"https://example.org/x.md\"",
    ] {
        assert!(home.contains(link), "{link}");
    }
    assert_eq!(small.read("policies/shop/a.policy.txt"), "edition 2026\n");
    assert!(
        small
            .read("policies/index.html")
            .contains("href=\"shop/index.html\"")
    );
    assert!(
        small
            .read("policies/shop/index.html")
            .contains("href=\"a.policy.txt\"")
    );
    assert!(
        small
            .read("docs/guide.html")
            .contains("<a href=\"../index.html\">home</a>")
    );
}

#[test]
fn rules_and_rust_files_are_pages() {
    let small = Small::new();
    small.add(
        "rules/README.md",
        "# Rules\n\n## logic: conditions\n\n| rule |\n|---|\n| [odd](odd.md) |\n",
    );
    small.add("rules/odd.md", "# odd\n");
    small.add("a/src/lib.rs", "//! A [`Gate`].\n//!\n//! # Use\n\nmod x;\n");
    small.write(
        "site/SUMMARY.md",
        &format!("{SUMMARY}- [Rules](rules:rules/README.md)\n- [a](a/src/lib.rs)\n"),
    );
    assert_eq!(small.faults(), Vec::<String>::new());
    assert!(small.read("rules/odd.html").contains("odd"));
    let page = small.read("a/src/lib.html");
    assert!(
        page.contains("<code>Gate</code>") && page.contains("<h2 id=\"use\">") && !page.contains("mod x")
    );
}

#[test]
fn a_forgotten_page_is_a_fault() {
    let small = Small::new();
    small.add("docs/new.md", "# New\n");
    small.write("site/left-out.txt", "docs/old/\n");
    assert_eq!(
        small.faults(),
        [
            "docs/new.md: the page is not in the site: add it to `site/SUMMARY.md`, or to `site/left-out.txt` with \
             the reason",
            "site/left-out.txt: `docs/old/` leaves out no page: remove the line",
        ]
    );
    small.write("site/left-out.txt", "docs/new.md\n");
    assert_eq!(small.faults(), Vec::<String>::new());
}

#[test]
fn a_target_that_does_not_exist_is_a_fault() {
    let fault = "README.md: `docs/no.md` does not exist: fix the path";
    assert_eq!(faults_with("[x](docs/no.md)"), [fault]);
    assert_eq!(
        faults_with("<a href=\"docs/no.html\">x</a>"),
        ["README.md: `docs/no.html` does not exist: fix the link"]
    );
    let fault = "README.md: `../x.md` leads out of the repository: link to a file in it";
    assert_eq!(faults_with("[x](../x.md)"), [fault]);
}

#[test]
fn a_target_that_is_not_committed_is_a_fault() {
    let small = Small::new();
    small.write("docs/draft.txt", "secret");
    small.write("README.md", "# Home\n\n[x](docs/draft.txt)\n");
    let fault = "README.md: `docs/draft.txt` is not committed: `git add` it, or remove the link";
    assert_eq!(small.faults(), [fault]);
}

#[test]
fn a_fragment_that_is_no_id_is_a_fault() {
    let fault = "README.md: `docs/guide.html#no` has no target `#no` in `docs/guide.md`: use the id of one of its headings";
    assert_eq!(faults_with("[x](docs/guide.md#no)"), [fault]);
    let fault = "README.md: `#no` has no target `#no` in `README.md`: use the id of one of its headings";
    assert_eq!(faults_with("[x](#no)"), [fault]);
}

#[test]
fn an_id_of_two_elements_is_a_fault() {
    let fault = "README.md: `#a` is the id of two elements: rename one of the headings or ids";
    assert_eq!(faults_with("<b id=\"a\">x</b> <b id=\"a\">y</b>"), [fault]);
    // Equal headings get different ids.
    assert_eq!(
        faults_with("## Use\n\n## Use\n\n[x](#use-1)"),
        Vec::<String>::new()
    );
}

#[test]
fn a_link_to_another_scheme_or_an_absolute_path_is_a_fault() {
    let fault = "README.md: `file:///etc/x` leads out of the site: use a relative link, or `https`";
    assert_eq!(faults_with("[x](file:///etc/x)"), [fault]);
    let fault = "README.md: `//x.example` leads out of the site: use a relative link, or `https`";
    assert_eq!(faults_with("[x](//x.example)"), [fault]);
    let fault = "README.md: `/docs/guide.html` depends on the folder of the site: use a relative link";
    assert_eq!(faults_with("<a href=\"/docs/guide.html\">x</a>"), [fault]);
}

#[test]
fn anything_that_is_loaded_from_elsewhere_is_a_fault() {
    for (text, target) in [
        ("![x](https://x.example/x.png)", "https://x.example/x.png"),
        (
            "<script src=\"https://x.example/x.js\"></script>",
            "https://x.example/x.js",
        ),
        (
            "<link rel=\"stylesheet\" href=\"//x.example/x.css\">",
            "//x.example/x.css",
        ),
        (
            "<style>@import \"https://x.example/x.css\";</style>",
            "https://x.example/x.css",
        ),
        (
            "<p style=\"background: url(https://x.example/x.png)\">x</p>",
            "https://x.example/x.png",
        ),
    ] {
        let fault = format!("README.md: `{target}` is loaded from elsewhere: commit a copy, and use it");
        assert_eq!(faults_with(text), [fault]);
    }
    let small = Small::new();
    small.write(
        "site/style.css",
        "@font-face { src: url('https://x.example/x.woff2') }",
    );
    let faults = small.faults();
    assert!(
        matches!(faults.as_slice(), [fault] if fault.contains("x.woff2` is loaded from elsewhere")),
        "{faults:?}"
    );
}

#[test]
fn a_folder_with_other_files_is_not_replaced() {
    let small = Small::new();
    small.write("target/site/work.txt", "");
    assert!(build(&small.options()).is_err());
    assert_eq!(small.read("work.txt"), "");
}

#[test]
fn a_playground_is_linked_and_checked() {
    let small = Small::new();
    let play = TempDir::new().unwrap();
    fs::create_dir(play.path().join("code")).unwrap();
    fs::write(play.path().join("code/play.js"), "").unwrap();
    fs::write(
        play.path().join("index.html"),
        "<script src=\"code/play.js\"></script><img src=no.png>",
    )
    .unwrap();
    let mut options = small.options();
    options.playground = Some(play.path().to_owned());
    let faults = build(&options).unwrap();
    assert_eq!(faults, ["play/index.html: `no.png` does not exist: fix the link"]);
    assert!(small.read("playground.html").contains("href=\"play/index.html\""));
    assert!(small.read("play/code/play.js").is_empty());
}

#[cfg(unix)]
#[test]
fn help_has_a_page_for_each_subcommand() {
    use std::os::unix::fs::PermissionsExt;
    let small = Small::new();
    let program = small.folder.path().join("tool");
    let script = "#!/bin/sh\ncase \"$1\" in\n--help) printf 'Usage: tool\\n\\nCommands:\\n  sub  Do\\n  help  Print\\n\\nEnd\\n' ;;\n\
                  sub) echo 'Usage: tool sub' ;;\nesac\n";
    fs::write(&program, script).unwrap();
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
    small.write("site/SUMMARY.md", &format!("{SUMMARY}- [Help](help:tool)\n"));
    small.add("crates/tool/schemas/sub.schema.json", "{}");
    let mut options = small.options();
    options.programs.push(program);
    assert_eq!(build(&options).unwrap(), Vec::<String>::new());
    assert!(small.read("commands/tool/index.html").contains("Usage: tool\n"));
    let page = small.read("commands/tool/sub.html");
    assert!(page.contains("Usage: tool sub"));
    assert!(page.contains("href=\"../../crates/tool/schemas/sub.schema.json\""));
}
