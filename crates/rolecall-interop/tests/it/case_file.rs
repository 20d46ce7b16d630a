//! Files of cases: documents, the notices about them, and tokens with verdicts.
//! `tests/cases/octo_sts/README.md` describes them.

use serde_json::Value as Json;
use std::path::Path;

/// A document and what is expected of it.
pub(crate) struct Case {
    /// The file and the title, for messages.
    pub(crate) title: String,
    pub(crate) document: String,
    /// The codes of all notices that do not refuse the document, in order.
    pub(crate) odd: Vec<String>,
    /// The codes of all notices for which a role admits fewer tokens here, in order.
    pub(crate) narrower: Vec<String>,
    /// The codes of all notices that refuse it, in order.
    pub(crate) refused: Vec<String>,
    /// The names of roles, with their translations.
    pub(crate) roles: Vec<String>,
    /// The verdicts and the tokens.
    pub(crate) tokens: Vec<(String, Json)>,
}

/// Reads all cases of a folder in `tests/cases`.
pub(crate) fn cases(folder: &str) -> Vec<Case> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/cases")
        .join(folder);
    let mut paths: Vec<_> = folder
        .read_dir()
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "txt"));
    paths.sort();
    let mut cases = Vec::new();
    for path in paths {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let text = std::fs::read_to_string(&path).unwrap();
        // The text before the first title is a comment.
        for part in text.split("\n=== ").skip(1) {
            cases.push(case(&name, part));
        }
    }
    cases
}

fn case(file: &str, text: &str) -> Case {
    let (title, body) = text.split_once('\n').expect("a document after the title");
    let mut case = Case {
        title: format!("{file}: {title}"),
        document: String::new(),
        odd: Vec::new(),
        narrower: Vec::new(),
        refused: Vec::new(),
        roles: Vec::new(),
        tokens: Vec::new(),
    };
    for line in body.lines() {
        let words = line.split_once(' ').filter(|(word, _)| VERDICTS.contains(word));
        match words {
            Some(("odd", codes)) => case.odd.extend(codes.split_whitespace().map(str::to_owned)),
            Some(("narrower", codes)) => case.narrower.extend(codes.split_whitespace().map(str::to_owned)),
            Some(("refused", codes)) => case.refused.extend(codes.split_whitespace().map(str::to_owned)),
            Some(("role", role)) => case.roles.push(role.to_owned()),
            Some((verdict, token)) => {
                let token = serde_json::from_str(token.trim())
                    .unwrap_or_else(|error| panic!("{}: {error}: {token}", case.title));
                case.tokens.push((verdict.to_owned(), token));
            }
            None => case.document += &format!("{line}\n"),
        }
    }
    case
}

/// The words at the start of lines that are not of the document.
const VERDICTS: [&str; 6] = ["odd", "narrower", "refused", "role", "allow", "deny"];
