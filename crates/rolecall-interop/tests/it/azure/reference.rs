//! Reference evaluator: Entra as Microsoft's pages say, over plain JSON.

use serde_json::Value as Json;

/// Decides a token, or returns nothing for a document that Entra does not hold, or whose meaning its pages do
/// not say.
pub(crate) fn allows(document: &Json, token: &Json) -> Option<bool> {
    let mut credentials = Vec::new();
    collect(document, &mut credentials);
    let verdicts: Option<Vec<bool>> = credentials
        .into_iter()
        .map(|one| credential(one, token))
        .collect();
    verdicts.map(|verdicts| verdicts.contains(&true))
}

fn collect<'a>(document: &'a Json, credentials: &mut Vec<&'a Json>) {
    if document.get("audiences").is_some() {
        return credentials.push(document);
    }
    let inner = ["value", "properties", "federatedIdentityCredentials"]
        .iter()
        .filter_map(|name| document.get(name));
    let elements = document.as_array().into_iter().flatten();
    inner
        .chain(elements)
        .for_each(|inner| collect(inner, credentials));
}

fn credential(credential: &Json, token: &Json) -> Option<bool> {
    let issuer = credential["issuer"].as_str()?;
    let [audience] = credential["audiences"].as_array()?.as_slice() else {
        return None;
    };
    let subject = &credential["subject"];
    let expression = &credential["claimsMatchingExpression"];
    let fits = match (subject.as_str(), expression.as_object()) {
        (Some(subject), None) => token["sub"] == subject,
        (None, Some(expression)) => {
            if expression["languageVersion"] != 1 {
                return None;
            }
            holds(expression["value"].as_str()?, token)?
        }
        _ => return None,
    };
    Some(token["iss"] == issuer && token["aud"] == audience.as_str()? && fits)
}

/// Evaluates an expression: the parts between ` and `, each of three words.
fn holds(expression: &str, token: &Json) -> Option<bool> {
    let mut all = true;
    let inner = expression.strip_prefix("claims['")?.strip_suffix('\'')?;
    for part in inner.split("' and claims['") {
        let (claim, rest) = part.split_once("'] ")?;
        let (operator, text) = rest.split_once(" '")?;
        if text.contains('\'') {
            return None;
        }
        let Some(value) = token[claim].as_str() else {
            all = false;
            continue;
        };
        all &= match operator {
            "eq" => value == text,
            "matches" => {
                let text: Vec<char> = text.chars().collect();
                let value: Vec<char> = value.chars().collect();
                like(&text, &value)
            }
            _ => return None,
        };
    }
    Some(all)
}

fn like(pattern: &[char], value: &[char]) -> bool {
    match (pattern, value) {
        ([], []) => true,
        (['*', rest @ ..], _) if like(rest, value) => true,
        (['*', ..], [_, value @ ..]) => like(pattern, value),
        (['?', pattern @ ..], [_, value @ ..]) => like(pattern, value),
        ([c, pattern @ ..], [d, value @ ..]) => c == d && like(pattern, value),
        _ => false,
    }
}
