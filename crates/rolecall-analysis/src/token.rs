//! From what was chosen to a token: its claims as JSON, derived ones put together.

use crate::budget::Undecided;
use crate::formula::Choices;
use crate::language::{ABSENT, Languages, ODD};
use crate::search::shortest;
use crate::variable::{Choice, Variable};
use crate::vocabulary::Vocabulary;
use rolecall_engine::ir::TrustedIssuer;
use rolecall_engine::{ClaimId, Object, Part, Scalar, Value};
use std::collections::BTreeMap;

/// A token in the making.
pub(crate) struct TokenBuilder<'a, 'l> {
    pub(crate) issuer: &'a TrustedIssuer,
    pub(crate) vocabulary: &'l Vocabulary<'a>,
    pub(crate) languages: &'l mut Languages,
    pub(crate) choices: Choices,
}

impl TokenBuilder<'_, '_> {
    /// The claims of the token, the derived ones that it lacks on purpose, and all that was chosen for it in the end.
    pub(crate) fn build(mut self) -> Result<(Object, Vec<ClaimId>, Choices), Undecided> {
        let mut values: BTreeMap<ClaimId, Value> = BTreeMap::new();
        let mut absent = Vec::new();
        let mut odd = Vec::new();
        for (variable, choice) in self.choices.clone() {
            if let (Variable::Layout(claim), Choice::Word(word)) = (variable, choice) {
                match self.text(claim)? {
                    _ if word == ABSENT => absent.push(claim),
                    Some(text) => drop(values.insert(claim, Value::Text(text))),
                    None => odd.push(claim),
                }
            }
        }
        for claim in odd {
            let value = self.contradiction(claim)?;
            values.insert(claim, value);
        }
        // Putting derived claims together may have chosen more.
        for (variable, choice) in self.choices.clone() {
            if let (Variable::Claim(claim), Choice::Word(word)) = (variable, choice)
                && let Some(value) = self.value(claim, &word)
            {
                values.insert(claim, value);
            }
        }
        Ok((self.object(&values), absent, self.choices))
    }

    /// The value of a claim that is not derived, if it has one.
    fn value(&self, claim: ClaimId, word: &[u8]) -> Option<Value> {
        if word == ABSENT {
            return None;
        }
        if word == ODD {
            return Some(self.odd(claim));
        }
        if !self.vocabulary.is_list(claim) {
            return self.typed(claim, word);
        }
        let elements = match self.choices.get(&Variable::Elements(claim)) {
            Some(Choice::Elements(elements)) => elements.as_slice(),
            _ => &[],
        };
        let mut values: Vec<Value> = elements
            .iter()
            .filter_map(|word| self.typed(claim, word))
            .collect();
        // A lone audience is written as such.
        match values.pop() {
            Some(one) if values.is_empty() => Some(one),
            last => {
                values.extend(last);
                Some(Value::List(values))
            }
        }
    }

    fn typed(&self, claim: ClaimId, word: &[u8]) -> Option<Value> {
        let text = std::str::from_utf8(word).ok()?;
        Some(match self.vocabulary.scalar(claim) {
            Scalar::Bool => Value::Bool(text == "true"),
            Scalar::Int | Scalar::Time => Value::Int(text.parse().ok()?),
            _ => Value::from(text),
        })
    }

    /// A value that is not of the claim's type.
    fn odd(&self, claim: ClaimId) -> Value {
        match self.vocabulary.scalar(claim) {
            Scalar::Bool => Value::Int(0),
            _ => Value::Bool(false),
        }
    }

    /// A value of a derived claim that none of its derivations makes. A subject is text in every verified token.
    fn contradiction(&mut self, claim: ClaimId) -> Result<Value, Undecided> {
        if self.issuer.profile.claim_by_path(&["sub".to_owned()]) != Some(claim) {
            return Ok(self.odd(claim));
        }
        let before = self.choices.clone();
        let mut made = Vec::new();
        for layout in 0..self.vocabulary.layouts(claim) {
            made.push(self.derived(claim, layout)?);
        }
        self.choices = before;
        // They make at most as many texts as there are of them.
        let mut texts = (1..=made.len().saturating_add(1)).map(|length| "x".repeat(length));
        let text = texts.find(|text| !made.iter().flatten().any(|made| made == text));
        Ok(Value::Text(text.unwrap_or_default()))
    }

    /// The text of a claim for a template. A claim that nothing was chosen for may be anything.
    fn text(&mut self, claim: ClaimId) -> Result<Option<String>, Undecided> {
        if self.vocabulary.layouts(claim) > 0 {
            let layout = match self.choices.get(&Variable::Layout(claim)) {
                Some(Choice::Word(word)) => std::str::from_utf8(word).ok().and_then(|word| word.parse().ok()),
                _ => Some(0),
            };
            return match layout {
                Some(layout) => self.derived(claim, layout),
                None => Ok(None),
            };
        }
        let variable = Variable::Claim(claim);
        if !self.choices.contains_key(&variable) {
            let domain = self.vocabulary.domain(claim, self.languages)?;
            let dfa = self.languages.dfa(domain);
            let word = self.vocabulary.plausible(claim).find(|word| dfa.accepts(word));
            let word = match word {
                Some(word) => Some(word),
                None => shortest(&dfa, &mut self.languages.meter)?,
            };
            let Some(word) = word else {
                return Ok(None);
            };
            self.choices.insert(variable, Choice::Word(word));
        }
        Ok(match self.choices.get(&variable) {
            Some(Choice::Word(word)) => String::from_utf8(word.clone()).ok(),
            _ => None,
        })
    }

    /// What a derivation makes.
    fn derived(&mut self, claim: ClaimId, layout: usize) -> Result<Option<String>, Undecided> {
        let issuer = self.issuer;
        let derivations = issuer.derivations.iter();
        let mut of_claim = derivations.filter(|derivation| derivation.claim == claim);
        let Some(derivation) = of_claim.nth(layout) else {
            return Ok(None);
        };
        let mut text = String::new();
        let is_whole = self.fill(&derivation.template.parts, &mut text)?;
        Ok(is_whole.then_some(text))
    }

    /// Adds what some parts make to a text, and says whether each has a value.
    fn fill(&mut self, parts: &[Part], text: &mut String) -> Result<bool, Undecided> {
        for part in parts {
            let is_whole = match part {
                Part::Text(literal) => {
                    text.push_str(literal);
                    true
                }
                Part::Claim(claim, filter) => {
                    let value = self.text(*claim)?;
                    let value = value.and_then(|value| match filter {
                        Some(filter) => filter.apply(&value),
                        None => Some(value),
                    });
                    text.push_str(value.as_deref().unwrap_or_default());
                    value.is_some()
                }
                Part::Optional(inner) => {
                    let absent =
                        |part: &Part| matches!(part, Part::Claim(claim, _) if self.is_absent(*claim));
                    inner.iter().any(absent) || self.fill(inner, text)?
                }
            };
            if !is_whole {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Whether the token lacks a claim. One that nothing was chosen for is not there.
    fn is_absent(&self, claim: ClaimId) -> bool {
        let variable = match self.vocabulary.layouts(claim) {
            0 => Variable::Claim(claim),
            _ => Variable::Layout(claim),
        };
        match self.choices.get(&variable) {
            Some(Choice::Word(word)) => word == ABSENT,
            _ => true,
        }
    }

    /// The claims as an object, in the order of the profile.
    fn object(&self, values: &BTreeMap<ClaimId, Value>) -> Object {
        let mut object = Object::new();
        for (claim, value) in values {
            put(&mut object, &self.issuer.profile[*claim].path, value.clone());
        }
        object
    }
}

/// Puts a value at a path.
fn put(object: &mut Object, path: &[String], value: Value) {
    match path {
        [] => {}
        [last] => object.set(last, value),
        [first, rest @ ..] => {
            let mut inner = match object.get(first) {
                Some(Value::Object(inner)) => inner.clone(),
                _ => Object::new(),
            };
            put(&mut inner, rest, value);
            object.set(first, Value::Object(inner));
        }
    }
}
