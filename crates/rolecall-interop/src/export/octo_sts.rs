//! Trust policies of octo-sts.

use super::Refusal;
use super::alternatives::Alternative;
use super::names::Names;
use super::part::{Document, Part, audiences, numbered};
use super::system::System;
use super::texts::{Texts, regex_of_pieces};
use crate::translation::are_texts;
use regex_syntax::escape;
use rolecall_engine::pattern::WildcardPiece;
use rolecall_engine::{ClaimType, JsonForm, Scalar};
use serde_json::json;
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// octo-sts.
pub(super) struct OctoSts;

impl System for OctoSts {
    type Content = String;

    /// Returns a policy: the tests of the subject and of other claims are regexes, which may have alternatives.
    fn parts(alternative: &Alternative<'_>, _: &Names<'_>) -> Result<Vec<Part<String>>, Refusal> {
        let subject = alternative.subject();
        let mut left_out = Vec::new();
        let mut patterns: BTreeMap<&str, String> = BTreeMap::new();
        for claim in alternative.claims() {
            let definition = &alternative.profile()[claim];
            let name = match definition.path.as_slice() {
                [name] if name == "aud" || name == "iss" => continue,
                [name] => Some(name),
                _ => None,
            };
            if Some(claim) == subject {
                continue;
            }
            let is_compared = match &definition.claim_type {
                // A boolean is the text `true` or `false`, and a number is refused.
                ClaimType::Scalar(Scalar::Bool(form)) => *form != JsonForm::Any,
                ClaimType::Scalar(scalar) => are_texts(scalar) == Some(true),
                ClaimType::List(_) => false,
                _ => false,
            };
            match (name, alternative.texts(claim)) {
                (Some(name), Some(texts)) if is_compared => {
                    patterns.insert(name, one_of(texts.iter().map(Texts::regex)));
                }
                _ => left_out.push(claim),
            }
        }
        let mut subjects = alternative.subjects();
        let is_asked = alternative
            .demands
            .iter()
            .any(|demand| Some(demand.claim) == subject);
        if subjects.len() > 1 && !is_asked {
            // The claims say more than several layouts of the subject.
            subjects = vec![vec![WildcardPiece::Run]];
        }
        let exact = match subjects.as_slice() {
            [pieces] => match pieces.as_slice() {
                [WildcardPiece::Text(text)] => Some(text.to_string()),
                _ => None,
            },
            _ => None,
        };
        // A text in JSON is one in YAML.
        let mut text = format!("issuer: {}\n", json!(alternative.issuer.issuer.url));
        let _ = match exact {
            Some(subject) => writeln!(text, "subject: {}", json!(subject)),
            None => {
                let pattern = one_of(subjects.iter().map(|pieces| regex_of_pieces(pieces)));
                writeln!(text, "subject_pattern: {}", json!(pattern))
            }
        };
        let _ = match audiences(alternative).as_slice() {
            [only] => writeln!(text, "audience: {}", json!(only)),
            several => {
                let pattern = one_of(several.iter().map(|audience| escape(audience)));
                writeln!(text, "audience_pattern: {}", json!(pattern))
            }
        };
        if !patterns.is_empty() {
            text.push_str("claim_pattern:\n");
            for (claim, pattern) in patterns {
                let _ = writeln!(text, "  {}: {}", json!(claim), json!(pattern));
            }
        }
        text.push_str("permissions: {}\n");
        Ok(vec![Part::new(alternative, text, &left_out)])
    }

    /// Returns a policy for each way to get the role. The permissions are not those of any grant, and are to be added.
    fn documents(parts: &[&Part<String>], names: &Names<'_>) -> Result<Vec<Document>, Refusal> {
        // `SCOPE#IDENTITY`
        let granted = names.granted("octo_sts").and_then(|name| name.split_once('#'));
        let identity = granted.map_or(names.role, |(_, identity)| identity);
        let documents = parts.iter().enumerate().map(|(number, part)| {
            let name = numbered(identity, number);
            Document::new(format!("{name}.sts.yaml"), part.content.clone())
        });
        Ok(documents.collect())
    }
}

/// Returns the regex of one of some. octo-sts puts no group around it.
fn one_of(regexes: impl Iterator<Item = String>) -> String {
    let mut regexes: Vec<String> = regexes.collect();
    regexes.dedup();
    match regexes.as_slice() {
        [only] if !only.contains('|') => only.clone(),
        regexes => format!("(?:{})", regexes.join("|")),
    }
}
