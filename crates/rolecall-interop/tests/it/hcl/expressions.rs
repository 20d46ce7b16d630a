//! Random expressions, written together with the values that they have: a document with one means the same as a document
//! with the value. `oracles/hcl.rs` asks HCL itself for the values.

use super::role;
use crate::aws::dice::{Dice, sampled};
use crate::terraform::translated;
use rolecall_interop::{Clauses, import};
use serde_json::{Value as Json, json};

/// An expression with its value.
#[derive(Clone)]
pub(crate) struct Known {
    pub(crate) text: String,
    pub(crate) value: Json,
}

/// A writer of expressions, with the names that they may use.
pub(crate) struct Writer {
    dice: Dice,
    /// The local values.
    pub(crate) locals: Vec<Known>,
    /// The variables of `for` around an expression.
    variables: Vec<(String, Json)>,
}

/// Parts of texts, which functions look for as well.
const PARTS: [&str; 14] = [
    "https://", "repo:", "acme", "shop", "/", ":", "-", "ref", "${", "%{", "\"", "\\", "é", "%",
];

impl Writer {
    /// Creates a writer that has written some local values.
    pub(crate) fn new(seed: u64) -> Self {
        let mut writer = Self {
            dice: Dice(seed),
            locals: Vec::new(),
            variables: Vec::new(),
        };
        for _ in 0..writer.dice.below(4) {
            let local = match writer.dice.below(4) {
                0 => writer.text(2),
                1 => writer.object(2),
                2 => writer.heredoc(),
                _ => writer.list(2),
            };
            writer.locals.push(local);
        }
        writer
    }

    /// Writes an expression for a text, or for a list of texts.
    pub(crate) fn any(&mut self) -> Known {
        match self.dice.one_in(2) {
            true => self.text(3),
            false => self.list(3),
        }
    }

    /// Writes an expression for a text.
    pub(crate) fn text(&mut self, levels: usize) -> Known {
        let below = levels.saturating_sub(1);
        match self.dice.below(if levels == 0 { 3 } else { 10 }) {
            0 | 1 => {
                let value = self.plain();
                known(quoted(&value), json!(value))
            }
            2 => self
                .name(Json::is_string)
                .unwrap_or_else(|| known(quoted("a"), json!("a"))),
            3 => {
                let (inner, before, after) = (self.text(below), self.plain(), self.plain());
                let (open, close) = (quoted(&before), quoted(&after));
                let text = format!("{}${{{}}}{}", &open[..open.len() - 1], inner.text, &close[1..]);
                known(text, json!(before + string(&inner) + &after))
            }
            4 => {
                let inner = self.text(below);
                known(format!("({})", inner.text), inner.value)
            }
            5 => {
                let (whole, other) = (self.text(below), self.plain());
                let part = PARTS[self.dice.below(4)];
                let text = format!("replace({}, {}, {})", whole.text, quoted(part), quoted(&other));
                let pieces: Vec<&str> = string(&whole).split(part).collect();
                known(text, json!(pieces.join(&other)))
            }
            6 => {
                let (whole, part) = (self.text(below), quoted(PARTS[self.dice.below(6)]));
                let cut = part.trim_matches('"');
                let (text, value) = match self.dice.one_in(2) {
                    true => ("trimprefix", string(&whole).strip_prefix(cut)),
                    false => ("trimsuffix", string(&whole).strip_suffix(cut)),
                };
                let value = value.unwrap_or(string(&whole));
                known(format!("{text}({}, {part})", whole.text), json!(value))
            }
            7 => {
                let (list, separator) = (self.list(below), self.plain());
                let text = format!("join({}, {})", quoted(&separator), list.text);
                known(text, json!(strings(&list).join(&separator)))
            }
            8 => {
                let (one, other) = (self.text(below), self.text(below));
                let text = format!("format(\"%s%%/%s\", {}, {})", one.text, other.text);
                known(text, json!(format!("{}%/{}", string(&one), string(&other))))
            }
            _ => {
                let list = self.list(below);
                let elements = strings(&list);
                let index = self.dice.below(elements.len());
                match list.text.starts_with("local.") {
                    true => known(format!("{}[{index}]", list.text), json!(elements[index])),
                    false => self.text(0),
                }
            }
        }
    }

    /// Writes an expression for a list of texts, which is not empty.
    pub(crate) fn list(&mut self, levels: usize) -> Known {
        let below = levels.saturating_sub(1);
        match self.dice.below(if levels == 0 { 2 } else { 6 }) {
            0 => {
                let texts: Vec<Known> = (0..=self.dice.below(3)).map(|_| self.text(below)).collect();
                let written: Vec<&str> = texts.iter().map(|text| text.text.as_str()).collect();
                let values: Vec<&str> = texts.iter().map(string).collect();
                known(format!("[{}]", written.join(", ")), json!(values))
            }
            1 => self.name(Json::is_array).unwrap_or_else(|| {
                let text = self.text(0);
                known(format!("[{}]", text.text), json!([text.value]))
            }),
            2 => {
                let (one, other) = (self.list(below), self.list(below));
                let values = [strings(&one), strings(&other)].concat();
                known(format!("concat({}, {})", one.text, other.text), json!(values))
            }
            3 => {
                let list = self.list(below);
                // The order of a set is that of its texts.
                let collection = match self.dice.one_in(3) {
                    true => {
                        let mut texts = strings(&list);
                        texts.sort_unstable();
                        texts.dedup();
                        known(format!("toset({})", list.text), json!(texts))
                    }
                    false => list,
                };
                let elements = strings(&collection).into_iter().map(|value| (None, value));
                let elements = elements.map(|(key, value)| (key, json!(value))).collect();
                self.each(&collection.text, None, elements, below)
            }
            4 => {
                let object = self.object(below);
                let members = object.value.as_object().unwrap();
                let elements = members
                    .iter()
                    .map(|(name, value)| (Some(name.clone()), value.clone()));
                self.each(
                    &object.text,
                    Some(format!("k{levels}")),
                    elements.collect(),
                    below,
                )
            }
            _ => {
                let list = self.list(below);
                let values = list.value.clone();
                known(format!("tolist({})", list.text), values)
            }
        }
    }

    /// Writes a `for`. Its body is written for each element by the same choices.
    fn each(
        &mut self,
        collection: &str,
        key: Option<String>,
        elements: Vec<(Option<String>, Json)>,
        levels: usize,
    ) -> Known {
        let start = self.dice.0;
        let variable = format!("v{levels}");
        let count = self.variables.len();
        let mut body = String::new();
        let values = elements.into_iter().map(|(name, value)| {
            self.dice = Dice(start);
            self.variables.push((variable.clone(), value));
            if let (Some(key), Some(name)) = (&key, name) {
                self.variables.push((key.clone(), json!(name)));
            }
            let element = self.text(levels);
            self.variables.truncate(count);
            body.clone_from(&element.text);
            element.value
        });
        let values: Vec<Json> = values.collect();
        let key = key.map(|key| format!("{key}, ")).unwrap_or_default();
        known(
            format!("[for {key}{variable} in {collection} : {body}]"),
            json!(values),
        )
    }

    /// Writes an object whose members are texts.
    fn object(&mut self, levels: usize) -> Known {
        let names = ["b", "a-c", "a"];
        let members: Vec<(&str, Known)> = names[..=self.dice.below(3)]
            .iter()
            .map(|name| (*name, self.text(levels)))
            .collect();
        let written: Vec<String> = members
            .iter()
            .map(|(name, member)| match self.dice.one_in(2) {
                true => format!("{name} = {}", member.text),
                false => format!("\"{name}\" : {}", member.text),
            })
            .collect();
        let values = members
            .iter()
            .map(|(name, member)| ((*name).to_owned(), member.value.clone()));
        known(
            format!("{{ {} }}", written.join(", ")),
            Json::Object(values.collect()),
        )
    }

    /// Writes a heredoc with an expression in it.
    fn heredoc(&mut self) -> Known {
        let inner = self.text(1);
        let text = format!("<<-EOT\n    a\n      ${{{}}}\n  EOT", inner.text);
        // The lines have four blanks in common.
        known(text, json!(format!("a\n  {}\n", string(&inner))))
    }

    /// Returns a variable or a local value, or a part of one, whose value is of a kind.
    fn name(&mut self, is_kind: fn(&Json) -> bool) -> Option<Known> {
        let mut names: Vec<Known> = Vec::new();
        for (name, value) in &self.variables {
            names.push(known(name.clone(), value.clone()));
        }
        for (number, local) in self.locals.iter().enumerate() {
            let name = format!("local.l{number}");
            for (member, value) in local.value.as_object().into_iter().flatten() {
                names.push(known(format!("{name}[\"{member}\"]"), value.clone()));
            }
            names.push(known(name, local.value.clone()));
        }
        names.retain(|name| is_kind(&name.value));
        let index = self.dice.below(names.len().max(1));
        names.get(index).cloned()
    }

    fn plain(&mut self) -> String {
        (0..self.dice.below(4)).map(|_| self.dice.of(&PARTS)).collect()
    }

    /// Returns a block with the local values.
    pub(crate) fn block(&self) -> String {
        let lines = self.locals.iter().enumerate();
        let lines: String = lines
            .map(|(number, local)| format!("  l{number} = {}\n", local.text))
            .collect();
        format!("locals {{\n{lines}}}\n")
    }
}

fn known(text: String, value: Json) -> Known {
    Known { text, value }
}

fn string(known: &Known) -> &str {
    known.value.as_str().unwrap()
}

fn strings(known: &Known) -> Vec<&str> {
    let elements = known.value.as_array().unwrap();
    elements.iter().map(|element| element.as_str().unwrap()).collect()
}

/// Returns a text as HCL has it in quotes.
fn quoted(text: &str) -> String {
    let escaped = text
        .replace('\\', "\\\\")
        .replace('"', "\\\"")
        .replace('\n', "\\n");
    format!("\"{}\"", escaped.replace("${", "$${").replace("%{", "%%{"))
}

/// Returns the policies of a document.
fn policies(document: &str) -> Vec<std::sync::Arc<str>> {
    let import = import(&translated(document), Clauses::Each).unwrap();
    import.files.into_iter().map(|file| file.text).collect()
}

#[test]
fn an_expression_means_its_value() {
    let count = sampled(2_000, 50_000);
    let mut with_texts = 0;
    for seed in 0..count {
        let mut writer = Writer::new(seed);
        let written = writer.any();
        let values = match &written.value {
            Json::Array(texts) => texts.iter().map(|text| quoted(text.as_str().unwrap())).collect(),
            text => vec![quoted(text.as_str().unwrap())],
        };
        let whole = match written.value.is_array() {
            true => format!("[{}]", values.join(", ")),
            false => values.concat(),
        };
        // The places in descriptions are those of the role, which stands first in both.
        let (open, plain) = (role(&written.text) + &writer.block(), role(&whole));
        let policies = policies(&open);
        assert_eq!(policies, self::policies(&plain), "{open}");
        with_texts += usize::from(policies.iter().any(|policy| policy.contains("role ")));
    }
    println!("{count} expressions, {with_texts} of them in a role that is written");
    assert!(with_texts > usize::try_from(count).unwrap() / 2, "{with_texts}");
}
