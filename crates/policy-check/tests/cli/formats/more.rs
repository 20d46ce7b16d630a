//! JUnit, Checkstyle, annotations and Markdown.

use super::{FOUND, SELECT, printed};
use crate::policies::Folder;
use crate::xml::Element;

#[test]
fn junit_has_what_gitlab_reads() {
    let root = Element::parse(&printed("junit", &["--tests"]));
    assert_eq!(root.name, "testsuites");
    let suites = root.all("testsuite");
    let names: Vec<&str> = suites.iter().map(|suite| suite.get("name")).collect();
    assert_eq!(
        names,
        [
            "p/broken/broken.policy",
            "p/found/a b,c.policy",
            "p/shop/shop.policy"
        ]
    );
    let mut totals = [0; 4];
    for suite in suites {
        let mut names = Vec::new();
        let mut counts = [0; 4];
        for case in suite.all("testcase") {
            counts[0] += 1;
            assert_eq!(case.get("classname"), suite.get("name"));
            assert_eq!(case.get("file"), suite.get("name"));
            assert!(case.number("line") >= 1);
            names.push(case.get("name"));
            match &case.children[..] {
                [] => {}
                [one] => {
                    assert!(one.name == "system-out" || !one.get("message").is_empty());
                    assert!(one.name == "skipped" || !one.text.is_empty());
                    let kinds = ["failure", "error", "skipped", "system-out"];
                    let kind = kinds.iter().position(|kind| *kind == one.name).unwrap();
                    if let Some(count) = counts.get_mut(kind + 1) {
                        *count += 1;
                    }
                }
                more => panic!("{more:?}"),
            }
        }
        for (index, what) in ["tests", "failures", "errors", "skipped"].into_iter().enumerate() {
            assert_eq!(suite.number(what), counts[index], "{what}");
            totals[index] += counts[index];
        }
        let all = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), all, "readers tell cases apart by their names");
    }
    for (index, what) in ["tests", "failures", "errors", "skipped"].into_iter().enumerate() {
        assert_eq!(root.number(what), totals[index], "{what}");
    }
    let case = |suite: usize, name: &str| {
        let mut cases = suites[suite].children.iter();
        cases
            .find(|case| case.get("name").starts_with(name))
            .unwrap_or_else(|| panic!("{name}"))
    };
    assert_eq!(
        case(1, "wildcard-owner").children[0].get("type"),
        "high wildcard-owner"
    );
    assert_eq!(case(1, "test: it fails").children[0].name, "failure");
    assert!(case(1, "test: it passes").children.is_empty());
    let refuted = &case(1, "assertion: refuted <&>").children[0];
    assert_eq!(refuted.get("message"), "the assertion `refuted <&>` fails");
    assert!(refuted.text.contains("token {\n"), "{}", refuted.text);
    assert!(case(2, "no findings").children.is_empty());
    assert!(
        case(2, "assertion: production belongs to acme")
            .children
            .is_empty()
    );
}

#[test]
fn junit_marks_findings_from_the_fail_level_on_as_failures() {
    let failures = |level: &str| {
        let run = printed("junit", &["--fail-level", level]);
        let root = Element::parse(&run);
        let suites = root.all("testsuite");
        let cases: Vec<&Element> = suites.iter().flat_map(|suite| suite.all("testcase")).collect();
        let of = |kind: &str| {
            let such = cases
                .iter()
                .filter(|case| case.children.first().is_some_and(|child| child.name == kind));
            such.count()
        };
        assert_eq!(root.number("failures"), of("failure"), "{level}");
        (of("failure"), of("system-out"))
    };
    let (high, noted) = failures("high");
    let (info, none) = failures("info");
    assert!(high >= 1 && noted >= 1, "{high} {noted}");
    assert_eq!((info, none), (high + noted, 0));
}

#[test]
fn checkstyle_has_what_its_readers_know() {
    let root = Element::parse(&printed("checkstyle", &[]));
    assert_eq!((root.name.as_str(), root.get("version")), ("checkstyle", "4.3"));
    let files = root.all("file");
    let names: Vec<&str> = files.iter().map(|file| file.get("name")).collect();
    assert_eq!(names, ["p/broken/broken.policy", "p/found/a b,c.policy"]);
    for error in files.iter().flat_map(|file| file.all("error")) {
        assert!(error.number("line") >= 1 && error.number("column") >= 1);
        assert!(["error", "warning", "info"].contains(&error.get("severity")));
        assert!(error.get("source").starts_with("policy-check."));
        assert!(!error.get("message").is_empty());
    }
}

#[test]
fn annotations_are_one_line_each() {
    let text = printed("github", &["--tests"]);
    for line in text.lines() {
        let (command, message) = line.strip_prefix("::").unwrap().split_once("::").unwrap();
        let (level, properties) = command.split_once(' ').unwrap();
        assert!(["error", "warning", "notice"].contains(&level), "{line}");
        assert!(!message.is_empty());
        for property in properties.split(',') {
            let (name, value) = property.split_once('=').unwrap();
            assert!(
                ["file", "line", "endLine", "col", "endColumn", "title"].contains(&name),
                "{line}"
            );
            assert!(!value.is_empty() && !value.contains(':'), "{line}");
        }
    }
    assert!(
        text.contains("::error file=p/found/a b%2Cc.policy,line=7,endLine=7,col="),
        "{text}"
    );
    assert!(text.contains("title=wildcard-owner::"), "{text}");
    assert!(
        text.contains("title=test::the test `it fails` fails%0A"),
        "{text}"
    );
}

#[test]
fn markdown_fits_a_comment() {
    let text = printed("markdown", &["--tests"]);
    assert!(
        text.starts_with("### Policies\n\n3 files, 3 policy sets"),
        "{text}"
    );
    assert!(text.contains("\n#### high (3)\n\n- <code>"), "{text}");
    assert!(
        text.contains("#### Tests\n\n- the test <code>it fails</code> fails"),
        "{text}"
    );
    assert!(text.contains("<code>refuted &#60;&#38;&#62;</code>"), "{text}");
    assert_eq!(
        text.matches("<details>").count(),
        text.matches("</details>").count()
    );
    let tags = text
        .replace("<code>", "")
        .replace("</code>", "")
        .replace("<br>", "");
    let tags = ["<details>", "</details>", "<summary>", "</summary>"]
        .iter()
        .fold(tags, |text, tag| text.replace(tag, ""));
    let prose = tags.lines().filter(|line| !line.starts_with("      "));
    assert!(prose.clone().all(|line| !line.contains('<')), "{tags}");
}

#[test]
fn what_is_much_is_folded_away() {
    let names = ["a", "b", "c", "d"].map(|name| FOUND.replace("role plan", &format!("role {name}")));
    let folder = Folder::new();
    for (index, policy) in names.iter().enumerate() {
        folder.write(&format!("{index}/a.policy"), policy);
    }
    let run = folder.run(&["check", SELECT, "--format", "markdown"]).exits(1);
    let folded = "\n<details><summary>high (12)</summary>\n\n- <code>";
    assert!(
        run.out.contains(folded) && run.out.ends_with("\n</details>\n"),
        "{}",
        run.out
    );
}
