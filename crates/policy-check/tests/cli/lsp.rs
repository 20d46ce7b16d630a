//! `policy-check lsp`: a client that knows only the protocol.

mod editor;

use serde_json::{Value, json};

use crate::policies::{Folder, TRUST};
use editor::{Editor, position, span};

const ISSUER: &str = "edition 2026

issuer gitlab {
  url \"https://gitlab.example\"
  profile gitlab-ci
  audience \"https://sts.acme.example\"
}

/// The jobs of acme's shop.
condition is_shop = project == \"acme/shop\" && project_id == \"4242\"
";

const ROLES: &str = "edition 2026

/// Deploys the shop.
role deploy {
  tags [production]
  ttl 15m
  allow from gitlab when is_shop && ref_type == \"branch\" && ref == \"main\" && pipeline_source == \"push\" && ref_protected
}

test \"main deploys\" {
  token gitlab { project_path = \"acme/shop\", project_id = \"4242\", ref_type = \"branch\", ref = \"main\", pipeline_source = \"push\", ref_protected = \"true\" }
  expect allow deploy
  case \"a tag\" { ref_type = \"tag\" } expect deny deploy because ref_type
}

assert \"only the shop\" { #production implies project_id == \"4242\" }
";

const FILE: &str = "acme/roles.policy";

fn with_policies() -> Editor {
    let folder = Folder::with(&[("acme/issuer.policy", ISSUER), (FILE, ROLES)]);
    let mut editor = Editor::new(folder);
    editor.open(FILE, ROLES);
    editor
}

#[test]
fn problems_follow_the_text() {
    let mut editor = with_policies();
    assert_eq!(editor.problems(FILE), []);
    editor.edit(FILE, " && ref_protected", "");
    let found = editor.problems(FILE);
    assert!(
        found.contains(&("unprotected-ref".to_owned(), "ref == \"main\"".to_owned())),
        "{found:?}"
    );
    // The place of an error in a line with characters of two code units.
    editor.edit(FILE, "ref == \"main\"", "/* 😀é */ reff == \"main\"");
    assert_eq!(
        editor.problems(FILE),
        [("unknown-claim".to_owned(), "reff".to_owned())]
    );
    editor.edit(FILE, "reff", "ref ==");
    assert_eq!(editor.problems(FILE)[0].0, "syntax");
    editor.edit(
        FILE,
        "/* 😀é */ ref == == \"main\" && pipeline_source == \"push\"",
        "ref == \"main\" && pipeline_source == \"push\" && ref_protected",
    );
    assert_eq!(editor.problems(FILE), []);
    // An error in a file can be the fault of another one.
    editor.open("acme/issuer.policy", &ISSUER.replace("is_shop", "is_web"));
    assert_eq!(editor.problems(FILE)[0].0, "unknown-name");
    editor.end();
}

#[test]
fn files_change_on_disk_and_documents_are_closed() {
    let mut editor = with_policies();
    editor.write("acme/issuer.policy", &ISSUER.replace("condition", "// condition"));
    let changes = json!({"changes": [{"uri": editor.uri("acme/issuer.policy"), "type": 2}]});
    editor.tell("workspace/didChangeWatchedFiles", &changes);
    assert_eq!(editor.problems(FILE)[0].0, "unknown-name");
    editor.write("acme/issuer.policy", ISSUER);
    let issuer = editor.uri("acme/issuer.policy");
    editor.tell("textDocument/didSave", &json!({"textDocument": {"uri": issuer}}));
    assert_eq!(editor.problems(FILE), []);
    // A closed document is the one on disk.
    editor.edit(FILE, "is_shop", "is_nothing");
    assert_eq!(editor.problems(FILE)[0].0, "unknown-name");
    editor.close(FILE, ROLES);
    assert_eq!(editor.problems(FILE), []);
    // A document that is gone has no problems.
    editor.write("acme/wrong.policy", "role wrong { allow from nobody }\n");
    let changes = json!({"changes": []});
    editor.tell("workspace/didChangeWatchedFiles", &changes);
    assert_eq!(editor.problems("acme/wrong.policy").len(), 1);
    std::fs::remove_file(editor.folder.path("acme/wrong.policy")).unwrap();
    editor.tell("workspace/didChangeWatchedFiles", &changes);
    editor.problems(FILE);
    assert_eq!(editor.sent("acme/wrong.policy"), 0);
    // A new document is one of the set of its folder before it is saved.
    editor.open(
        "acme/new.policy",
        "role read { allow from gitlab when is_shop }\nrole reed { allow from gitlub }\n",
    );
    assert_eq!(
        editor.problems("acme/new.policy"),
        [("unknown-issuer".to_owned(), "gitlub".to_owned())]
    );
    editor.end();
}

#[test]
fn fixes_and_reasons() {
    let mut editor = with_policies();
    let untidy = "&& ref_protected == true && !(ref == \"x\")\n";
    editor.edit(FILE, "&& ref_protected\n", untidy);
    let found = editor.problems(FILE);
    let whole = json!({"start": {"line": 0, "character": 0}, "end": {"line": 99, "character": 0}});
    let uri = editor.uri(FILE);
    let parameters = json!({"textDocument": {"uri": uri}, "range": whole, "context": {"diagnostics": []}});
    let actions = editor.ask("textDocument/codeAction", &parameters);
    let actions = actions.as_array().unwrap();
    let fix = actions
        .iter()
        .find(|action| action["kind"] == "source.fixAll")
        .expect("a fix of all");
    let allow = actions
        .iter()
        .find(|action| action["title"].as_str().unwrap().starts_with("allow `"))
        .expect("a comment that allows");
    editor.apply(&fix["edit"]);
    assert!(editor.problems(FILE).len() < found.len());

    editor.open(FILE, &ROLES.replace("&& ref_protected\n", untidy));
    editor.apply(&allow["edit"]);
    let text = editor.text(FILE);
    assert!(
        text.contains("  // policy-check: allow(") && text.contains(") REASON\n  allow from"),
        "{text}"
    );
    let rule = allow["title"].as_str().unwrap().split('`').nth(1).unwrap();
    let after = editor.problems(FILE);
    assert!(after.iter().all(|(code, _)| code != rule), "{rule}: {after:?}");
    editor.end();
}

#[test]
fn names_are_explained() {
    let mut editor = with_policies();
    let condition = editor.hover(FILE, "is_shop");
    assert!(condition.contains("The jobs of acme's shop."), "{condition}");
    assert!(
        condition.contains("condition is_shop = project == \"acme/shop\""),
        "{condition}"
    );
    let claim = editor.hover(FILE, "ref_protected");
    assert!(
        claim.contains("`ref_protected`: bool string, the platform sets it"),
        "{claim}"
    );
    assert!(claim.contains("profile `gitlab-ci`, built in"), "{claim}");
    let alias = editor.hover(FILE, "project_path = \"acme");
    assert!(alias.contains("also called `project`"), "{alias}");
    let role = editor.hover(FILE, "deploy {");
    assert!(role.starts_with("Deploys the shop."), "{role}");
    assert!(
        role.contains("test \"a token that gets the role\"") && role.contains("ref_protected = \"true\""),
        "{role}"
    );
    assert_eq!(editor.hover(FILE, "production]"), "tag of `deploy`");
    editor.open("acme/issuer.policy", ISSUER);
    assert!(
        editor
            .hover("acme/issuer.policy", "gitlab-ci")
            .contains("built-in profile")
    );
    assert_eq!(editor.hover(FILE, "edition"), "");
    editor.end();
}

#[test]
fn names_are_found_and_changed_in_all_files() {
    let mut editor = with_policies();
    editor.open("acme/issuer.policy", ISSUER);
    let nothing = json!({});
    let definition = editor.at("textDocument/definition", FILE, "is_shop", &nothing);
    assert_eq!(definition[0]["uri"], editor.uri("acme/issuer.policy"));
    assert_eq!(&ISSUER[span(ISSUER, &definition[0]["range"])], "is_shop");
    let context = json!({"context": {"includeDeclaration": true}});
    let uses = editor.at("textDocument/references", FILE, "expect allow |deploy", &context);
    assert_eq!(uses.as_array().unwrap().len(), 3, "{uses}");
    let here = editor.at("textDocument/documentHighlight", FILE, "gitlab when", &nothing);
    assert_eq!(here.as_array().unwrap().len(), 2, "{here}");

    for (place, new) in [
        ("is_shop", "of_shop"),
        ("deploy {", "ship"),
        ("production]", "prod"),
        ("gitlab when", "ci"),
        ("main deploys", "the main branch"),
    ] {
        let edit = editor.at("textDocument/rename", FILE, place, &json!({"newName": new}));
        editor.apply(&edit);
        assert_eq!(editor.problems(FILE), [], "{new}");
    }
    let text = editor.text(FILE);
    for part in [
        "role ship",
        "of_shop &&",
        "#prod ",
        "allow from ci",
        "test \"the main branch\"",
        "deny ship",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
    assert!(editor.text("acme/issuer.policy").contains("issuer ci {"));

    editor.open(
        "acme/more.policy",
        "guard g for shi* { has ref }\nassert \"all\" { * implies has ref }\ntest \"t\" {\n  token ci like \"the main branch: a tag\" { }\n  expect deny ship\n}\n",
    );
    for (place, new) in [("the main branch", "main"), ("role |ship", "shift")] {
        let edit = editor.at("textDocument/rename", FILE, place, &json!({"newName": new}));
        editor.apply(&edit);
    }
    let more = editor.text("acme/more.policy");
    for part in ["for shi* {", "{ * implies", "like \"main: a tag\"", "deny shift"] {
        assert!(more.contains(part), "{part}: {more}");
    }
    let family = "role role-{place} for place in [\"eu\", \"us\"] { allow from ci when of_shop }\ntest \"family\" { token ci { } expect deny role-eu }\n";
    let text = editor.text(FILE) + family;
    editor.open(FILE, &text);
    for (place, new, reason) in [
        ("role-eu", "x", "it is not declared by this name"),
        ("of_shop", "when", "conditions cannot use this word"),
        ("of_shop", "project", "something else has this name already"),
        ("shift", "deploy", "a selector with `*` selects only one"),
        ("shift", "shift", "something else has this name already"),
        ("ref_protected", "x", "a claim has the name that tokens have"),
        ("of_shop", "no name", "a name has letters"),
        ("edition", "x", "this place does not have a name"),
    ] {
        let position = position(&text, text.find(place).unwrap());
        let uri = editor.uri(FILE);
        let parameters = json!({"textDocument": {"uri": uri}, "position": position, "newName": new});
        let response = editor.response("textDocument/rename", &parameters);
        let message = response["error"]["message"].as_str().unwrap();
        assert!(message.contains(reason), "{place}: {message}");
    }
    editor.end();
}

#[test]
fn words_are_completed_where_they_fit() {
    let mut editor = with_policies();
    let has =
        |found: &[String], words: &[&str]| words.iter().all(|word| found.iter().any(|label| label == word));
    let found = editor.completions(FILE, "when |is_shop");
    let wanted = [
        "is_shop",
        "ref",
        "project",
        "project_id",
        "has",
        "pipeline_source",
    ];
    assert!(has(&found, &wanted), "{found:?}");
    let found = editor.completions(FILE, "allow from |gitlab");
    assert_eq!(found, ["gitlab"]);
    let found = editor.completions(FILE, "expect allow |deploy");
    assert!(has(&found, &["deploy", "#production", "*"]), "{found:?}");
    let found = editor.completions(FILE, "ref_type == \"|branch");
    assert!(has(&found, &["branch", "tag"]), "{found:?}");
    let found = editor.completions(FILE, "token gitlab { |project_path");
    assert!(
        has(&found, &["ref", "project_path"]) && !has(&found, &["has"]),
        "{found:?}"
    );
    editor.edit(FILE, "edition 2026\n", "edition 2026\n\nro\n");
    let found = editor.completions(FILE, "ro|\n");
    assert!(has(&found, &["role", "issuer", "test"]), "{found:?}");
    editor.edit(FILE, "  ttl 15m\n", "  ttl 15m\n  gr\n");
    let found = editor.completions(FILE, "  gr|\n");
    assert_eq!(found, ["allow", "grant", "tags", "ttl"]);
    editor.edit(FILE, "  gr\n", "");
    editor.edit(FILE, "when is_shop", "when\n    is_shop");
    let found = editor.completions(FILE, "when\n    |is_shop");
    assert!(has(&found, &["is_shop", "ref"]), "{found:?}");
    let found = editor.completions(FILE, "  |expect allow");
    assert_eq!(found, ["case", "expect", "token"]);
    // While the text does not compile, the names of the last one that did are offered.
    editor.edit(FILE, "is_shop && ", "is_shop && pipeline_source == \"");
    let found = editor.completions(FILE, "pipeline_source == \"|");
    assert!(has(&found, &["push", "merge_request_event"]), "{found:?}");
    editor.open("acme/issuer.policy", ISSUER);
    let found = editor.completions("acme/issuer.policy", "profile |gitlab-ci");
    assert!(has(&found, &["gitlab-ci", "github-actions"]), "{found:?}");
    let found = editor.completions("acme/issuer.policy", "\n  |audience");
    assert!(has(&found, &["algorithms", "audience", "url"]), "{found:?}");
    assert!(!has(&found, &["ref"]), "{found:?}");
    editor.end();
}

#[test]
fn tests_and_proofs_have_lenses() {
    let mut editor = with_policies();
    let found = editor.lenses(FILE);
    let titles: Vec<&str> = found
        .iter()
        .map(|lens| lens["command"]["title"].as_str().unwrap())
        .collect();
    assert_eq!(titles, ["✓ passes", "✓ passes", "prove", "show a token"]);
    assert_eq!(editor.run(&found[2]), "`only the shop` is proved");
    assert!(editor.run(&found[3]).starts_with("test \"deploy is granted\""));
    editor.edit(FILE, "ref == \"main\" &&", "ref == \"release\" &&");
    let found = editor.lenses(FILE);
    assert_eq!(found[0]["command"]["title"], "✗ fails: show why");
    assert_eq!(
        editor.run(&found[0]),
        "`main deploys` fails: `deploy` is denied, and should be allowed"
    );
    editor.edit(
        FILE,
        "implies project_id == \"4242\"",
        "implies project_id == \"1\"",
    );
    let found = editor.lenses(FILE);
    assert!(
        editor
            .run(&found[2])
            .starts_with("`only the shop` is refuted by\n")
    );
    editor.end();
}

#[test]
fn texts_are_formatted_and_have_a_structure() {
    let mut editor = with_policies();
    let uri = editor.uri(FILE);
    let options = json!({"textDocument": {"uri": uri}, "options": {"tabSize": 2, "insertSpaces": true}});
    let edits = editor.ask("textDocument/formatting", &options);
    editor.apply(&json!({"changes": {uri.clone(): edits}}));
    let formatted = editor.text(FILE);
    editor.write(FILE, &formatted);
    editor.folder.run(&["fmt", "--check", FILE]).exits(0);
    assert_eq!(editor.ask("textDocument/formatting", &options), json!([]));
    let of = json!({"textDocument": {"uri": uri}});
    let symbols = editor.ask("textDocument/documentSymbol", &of);
    let names: Vec<&str> = symbols
        .as_array()
        .unwrap()
        .iter()
        .map(|symbol| symbol["name"].as_str().unwrap())
        .collect();
    assert_eq!(names, ["deploy", "main deploys", "only the shop"]);
    let folds = editor.ask("textDocument/foldingRange", &of);
    assert!(folds.as_array().unwrap().len() >= 2, "{folds}");
    let tokens = editor.ask("textDocument/semanticTokens/full", &of);
    let words = words(&formatted, &tokens["data"]);
    // `deploy` is a class that is declared here.
    assert_eq!(words[0], ("deploy".to_owned(), 6, 1));
    assert!(words.contains(&("is_shop".to_owned(), 1, 0)), "{words:?}");
    assert!(words.contains(&("ref_protected".to_owned(), 0, 0)), "{words:?}");

    // Broken texts are not formatted.
    editor.edit(FILE, "role deploy {", "role deploy");
    assert_eq!(editor.ask("textDocument/formatting", &options), json!(null));
    editor.end();
}

/// The words of semantic tokens, each with its type and its modifiers. The text has no characters of two code units.
fn words(text: &str, data: &Value) -> Vec<(String, u64, u64)> {
    let data: Vec<u64> = data
        .as_array()
        .unwrap()
        .iter()
        .map(|number| number.as_u64().unwrap())
        .collect();
    let (mut line, mut start) = (0, 0);
    let words = data.chunks(5).map(|token| {
        start = if token[0] == 0 { start + token[1] } else { token[1] };
        line += token[0];
        let shown = text.lines().nth(usize::try_from(line).unwrap()).unwrap();
        let [start, length] = [start, token[2]].map(|number| usize::try_from(number).unwrap());
        (shown[start..start + length].to_owned(), token[3], token[4])
    });
    words.collect()
}

#[test]
fn other_messages() {
    let mut editor = with_policies();
    let response = editor.response("textDocument/declaration", &json!({}));
    assert_eq!(response["error"]["code"], -32601);
    let response = editor.response("textDocument/hover", &json!({"position": 1}));
    assert_eq!(response["error"]["code"], -32602);
    let nowhere = json!({"textDocument": {"uri": "untitled:x"}, "position": {"line": 0, "character": 0}});
    assert_eq!(editor.ask("textDocument/hover", &nowhere), json!(null));
    editor.tell("$/setTrace", &json!({"value": "off"}));
    editor.end();
    // A folder without policies is a workspace, too, and one with a wrong configuration says so.
    Editor::new(Folder::new()).end();
    let files = [("a.policy", ISSUER), ("policy-check.toml", "persona = 1\n")];
    let mut wrong = Editor::new(Folder::with(&files));
    wrong.open("b.policy", "");
    wrong.problems("b.policy");
    assert!(
        wrong.messages[0].contains("policy-check.toml"),
        "{:?}",
        wrong.messages
    );
    wrong.end();
}

#[test]
fn documents_in_other_languages_have_findings() {
    let mut editor = Editor::new(Folder::new());
    editor.open("trust.json", TRUST);
    let found = editor.problems("trust.json");
    let owner = found.iter().find(|(code, _)| code == "wildcard-owner");
    assert!(
        owner.is_some_and(|(_, text)| text.contains("repo:acme*")),
        "{found:?}"
    );
    editor.edit(
        "trust.json",
        "repo:acme*",
        "repo:acme/shop:environment:production",
    );
    let found = editor.problems("trust.json");
    assert!(
        found.iter().all(|(code, _)| code != "wildcard-owner"),
        "{found:?}"
    );
    // Other documents have no findings.
    editor.edit("trust.json", "\"Statement\"", "\"Statements\"");
    assert_eq!(editor.problems("trust.json"), []);
    editor.open("package.json", "{\"name\": \"shop\"}");
    assert_eq!(editor.problems("package.json"), []);
    assert_eq!(editor.hover("trust.json", "Effect"), "");
    editor.end();
}
