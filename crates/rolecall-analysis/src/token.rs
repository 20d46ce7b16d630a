//! Construction of a token from choices: its claims as JSON, with the derived ones.

use crate::budget::Undecided;
use crate::formula::Choices;
use crate::language::{ABSENT, ILL_TYPED, Languages, NULL};
use crate::search::shortest;
use crate::space::{EQUAL, Equation};
use crate::variable::{Choice, Variable};
use crate::vocabulary::Vocabulary;
use rolecall_engine::ir::TrustedIssuer;
use rolecall_engine::{ClaimId, JsonForm, Object, Part, PathKind, Scalar, Value};
use std::collections::BTreeMap;

/// Returns a subject of an issuer's tokens.
pub(crate) fn any_subject(issuer: &TrustedIssuer) -> &'static str {
    let subject = issuer.profile.claim_by_path(&["sub".to_owned()]);
    let is_spiffe = subject.is_some_and(|subject| {
        let scalar = issuer.profile[subject].claim_type.scalar();
        *scalar == Scalar::Path(PathKind::Spiffe)
    });
    if is_spiffe { "spiffe://x" } else { "x" }
}

/// Builder of a token.
pub(crate) struct TokenBuilder<'a, 'l> {
    pub(crate) issuer: &'a TrustedIssuer,
    pub(crate) vocabulary: &'l Vocabulary<'a>,
    pub(crate) languages: &'l mut Languages,
    pub(crate) equations: &'l [Equation],
    pub(crate) choices: Choices,
}

impl TokenBuilder<'_, '_> {
    /// Returns the claims of the token, the derived claims that are chosen to be absent, and all choices,
    /// including those that were added for the templates of derived claims.
    pub(crate) fn build(mut self) -> Result<(Object, Vec<ClaimId>, Choices), Undecided> {
        let mut values: BTreeMap<ClaimId, Value> = BTreeMap::new();
        let mut absent = Vec::new();
        let mut ill_typed = Vec::new();
        for (variable, choice) in self.choices.clone() {
            if let (Variable::Derivation(claim), Choice::Word(word)) = (variable, choice) {
                match self.text(claim)? {
                    _ if word == ABSENT => absent.push(claim),
                    _ if word == NULL => drop(values.insert(claim, Value::Null)),
                    Some(text) => drop(values.insert(claim, Value::Text(text))),
                    None => ill_typed.push(claim),
                }
            }
        }
        for claim in ill_typed {
            let value = self.contradiction(claim)?;
            values.insert(claim, value);
        }
        let mut filled: BTreeMap<ClaimId, String> = BTreeMap::new();
        for (index, equation) in self.equations.iter().enumerate() {
            if self.is_equal(index)
                && let Some(text) = self.filled(equation)?
            {
                filled.insert(equation.claim, text);
            }
        }
        // The texts of derived claims and of equations may have added choices.
        for (variable, choice) in self.choices.clone() {
            if let (Variable::Claim(claim) | Variable::Left(claim), Choice::Word(word)) = (variable, choice)
                && let Some(value) = self.value(claim, &word)
            {
                values.insert(claim, value);
            }
        }
        for (claim, text) in filled {
            values.extend(self.typed(claim, text.as_bytes()).map(|value| (claim, value)));
        }
        Ok((self.object(&values), absent, self.choices))
    }

    /// Returns the value of a claim that is not derived, if it has one.
    fn value(&self, claim: ClaimId, word: &[u8]) -> Option<Value> {
        if word == ABSENT {
            return None;
        }
        if word == NULL {
            return Some(Value::Null);
        }
        if word == ILL_TYPED {
            return Some(self.ill_typed(claim));
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
        // A single audience is written without a list.
        match values.pop() {
            Some(one) if values.is_empty() => Some(one),
            last => {
                values.extend(last);
                Some(Value::List(values))
            }
        }
    }

    /// Returns a word as a value of the claim's type.
    fn typed(&self, claim: ClaimId, word: &[u8]) -> Option<Value> {
        let text = std::str::from_utf8(word).ok()?;
        Some(match self.vocabulary.scalar(claim) {
            Scalar::Bool(JsonForm::String) => Value::from(text),
            Scalar::Bool(_) => Value::Bool(text == "true"),
            Scalar::Id(JsonForm::Json) | Scalar::Int | Scalar::Time => Value::Int(text.parse().ok()?),
            _ => Value::from(text),
        })
    }

    /// Returns a value that is not of the claim's type.
    fn ill_typed(&self, claim: ClaimId) -> Value {
        match self.vocabulary.scalar(claim) {
            Scalar::Bool(_) => Value::Int(0),
            _ => Value::Bool(false),
        }
    }

    /// Returns a value of a derived claim that none of its derivations makes. A subject is text in every
    /// verified token.
    fn contradiction(&mut self, claim: ClaimId) -> Result<Value, Undecided> {
        if self.issuer.profile.claim_by_path(&["sub".to_owned()]) != Some(claim) {
            return Ok(self.ill_typed(claim));
        }
        let before = self.choices.clone();
        let mut texts = Vec::new();
        for derivation in 0..self.vocabulary.derivations(claim) {
            texts.extend(self.derived(claim, derivation)?);
        }
        self.choices = before;
        let mut other = any_subject(self.issuer).to_owned();
        // A text that is longer than all of them is none of them.
        while texts.contains(&other) {
            other.push('x');
        }
        Ok(Value::Text(other))
    }

    /// Returns the text of a claim for a template. A claim without a choice gets one.
    fn text(&mut self, claim: ClaimId) -> Result<Option<String>, Undecided> {
        if self.vocabulary.derivations(claim) > 0 {
            let derivation = match self.choices.get(&Variable::Derivation(claim)) {
                Some(Choice::Word(word)) => std::str::from_utf8(word).ok().and_then(|word| word.parse().ok()),
                _ => Some(0),
            };
            return match derivation {
                Some(derivation) => self.derived(claim, derivation),
                None => Ok(None),
            };
        }
        let equations = self.equations;
        let mut equations = equations.iter().enumerate();
        let variable = match equations.find(|(_, equation)| equation.claim == claim) {
            Some((index, equation)) if self.is_equal(index) => return self.filled(equation),
            Some(_) => Variable::Left(claim),
            None => Variable::Claim(claim),
        };
        if !self.choices.contains_key(&variable) {
            let Some(choice) = self.choice(variable, claim)? else {
                return Ok(None);
            };
            self.choices.insert(variable, choice);
        }
        Ok(match self.choices.get(&variable) {
            Some(Choice::Word(word)) => String::from_utf8(word.clone()).ok(),
            _ => None,
        })
    }

    /// Returns a choice for a claim that does not matter: the fixed one, or a plausible one.
    fn choice(&mut self, variable: Variable, claim: ClaimId) -> Result<Option<Choice>, Undecided> {
        if let Some(fixed) = self.vocabulary.fixed(variable) {
            return Ok(Some(fixed));
        }
        let domain = self.vocabulary.domain(claim, self.languages)?;
        let dfa = self.languages.dfa(domain);
        let plausible = self.vocabulary.plausible(claim).find(|word| dfa.accepts(word));
        let word = match plausible {
            Some(word) => Some(word),
            None => shortest(&dfa, &mut self.languages.meter)?,
        };
        Ok(word.map(Choice::Word))
    }

    /// Returns the text of a claim's derivation with this index, if all its parts have values.
    fn derived(&mut self, claim: ClaimId, index: usize) -> Result<Option<String>, Undecided> {
        let issuer = self.issuer;
        let derivations = issuer.derivations.iter();
        let mut of_claim = derivations.filter(|derivation| derivation.claim == claim);
        let Some(derivation) = of_claim.nth(index) else {
            return Ok(None);
        };
        let mut text = String::new();
        let is_complete = self.append(&derivation.template.parts, &mut text)?;
        Ok(is_complete.then_some(text))
    }

    /// Returns whether an equation is chosen to hold.
    fn is_equal(&self, equation: usize) -> bool {
        let choice = self.choices.get(&Variable::Equation(equation));
        matches!(choice, Some(Choice::Word(word)) if word == EQUAL)
    }

    /// Returns the text of the claim of an equation that holds.
    fn filled(&mut self, equation: &Equation) -> Result<Option<String>, Undecided> {
        let mut text = String::new();
        let is_complete = self.append(&equation.template.parts, &mut text)?;
        Ok(is_complete.then_some(text))
    }

    /// Appends some parts of a template to a text. Returns whether each has a value.
    fn append(&mut self, parts: &[Part], text: &mut String) -> Result<bool, Undecided> {
        for part in parts {
            let has_value = match part {
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
                    if let Some(value) = &value {
                        text.push_str(value);
                    }
                    value.is_some()
                }
                Part::Optional(inner) => {
                    let absent =
                        |part: &Part| matches!(part, Part::Claim(claim, _) if self.is_absent(*claim));
                    inner.iter().any(absent) || self.append(inner, text)?
                }
            };
            if !has_value {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Returns whether the token does not have a claim. A claim without a choice is absent.
    fn is_absent(&self, claim: ClaimId) -> bool {
        let variable = match self.vocabulary.derivations(claim) {
            0 => {
                let equation = self.equations.iter().position(|equation| equation.claim == claim);
                match equation {
                    Some(equation) if self.is_equal(equation) => return false,
                    Some(_) => Variable::Left(claim),
                    None => Variable::Claim(claim),
                }
            }
            _ => Variable::Derivation(claim),
        };
        match self.choices.get(&variable) {
            Some(Choice::Word(word)) => word == ABSENT || word == NULL,
            _ => true,
        }
    }

    /// Returns the claims as an object, in the order of the profile.
    fn object(&self, values: &BTreeMap<ClaimId, Value>) -> Object {
        let mut object = Object::new();
        for (claim, value) in values {
            object.put(&self.issuer.profile[*claim].path, Some(value.clone()));
        }
        object
    }
}
