//! Tests of one token, and statements about all tokens.

use super::{P, Reader, Rule, all, first, only};
use crate::ast::{Assertion, Entry, Expectation, Key, Statement, Test, Token, Value, Verdict};
use crate::span::Spanned;

impl Reader<'_> {
    pub(super) fn test(&mut self, pair: &P<'_>) -> Option<Test> {
        let token = first(pair, Rule::token)?;
        let base = match first(&token, Rule::token_base) {
            Some(base) => Some(self.string_in(&base)?),
            None => None,
        };
        let claims = self.object(&first(&token, Rule::object)?)?;
        let node = Token {
            issuer: self.name_in(&token)?,
            base,
            claims,
        };
        let mut expectations = Vec::new();
        for expectation in all(pair, Rule::expectation) {
            let verdict = expectation
                .clone()
                .into_inner()
                .find_map(|word| match word.as_rule() {
                    Rule::kw_allow => Some(Verdict::Allow),
                    Rule::kw_deny => Some(Verdict::Deny),
                    Rule::kw_only => Some(Verdict::Only),
                    _ => None,
                })?;
            let node = Expectation {
                verdict,
                selectors: self.selectors(&expectation),
            };
            expectations.push(self.at(&expectation, node));
        }
        Some(Test {
            name: self.string_in(pair)?,
            token: self.at(&token, node),
            expectations,
        })
    }

    fn object(&mut self, pair: &P<'_>) -> Option<Vec<Spanned<Entry>>> {
        let mut entries = Vec::new();
        for entry in all(pair, Rule::entry) {
            let key = only(entry.clone())?;
            let key_node = match key.as_rule() {
                Rule::string => Key::Quoted(self.string(&key)?.node),
                _ => Key::Word(key.as_str().to_owned()),
            };
            let node = Entry {
                key: self.at(&key, key_node),
                value: self.value(first(&entry, Rule::value)?)?,
            };
            entries.push(self.at(&entry, node));
        }
        Some(entries)
    }

    fn value(&mut self, pair: P<'_>) -> Option<Spanned<Value>> {
        if !self.has_stack(&pair) {
            return None;
        }
        let span = self.span(&pair);
        let inner = only(pair)?;
        let node = match inner.as_rule() {
            Rule::string => Value::Text(self.string(&inner)?.node),
            Rule::integer => Value::Int(self.integer(&inner).node),
            Rule::boolean => Value::Bool(inner.as_str() == "true"),
            Rule::kw_null => Value::Null,
            Rule::kw_absent => Value::Absent,
            Rule::array => Value::List(
                all(&inner, Rule::value)
                    .map(|item| self.value(item))
                    .collect::<Option<_>>()?,
            ),
            Rule::object => Value::Object(self.object(&inner)?),
            _ => return None,
        };
        Some(Spanned::new(node, span))
    }

    pub(super) fn assertion(&mut self, pair: &P<'_>) -> Option<Assertion> {
        let statement = pair
            .clone()
            .into_inner()
            .find(|part| is_statement(part.as_rule()))?;
        let mut selectors = self.selectors(&statement).into_iter();
        let node = match statement.as_rule() {
            Rule::disjoint => Statement::Disjoint(selectors.collect()),
            rule => {
                let selector = selectors.next()?;
                match rule {
                    Rule::never => Statement::Never(selector, self.when_in(&statement)??),
                    Rule::possible => Statement::Possible(selector, self.when_in(&statement)?),
                    Rule::equivalent => Statement::Equivalent(selector, selectors.next()?),
                    Rule::covers => Statement::Covers(selector, selectors.next()?),
                    Rule::implies => Statement::Implies(selector, self.expr_in(&statement)?),
                    _ => return None,
                }
            }
        };
        Some(Assertion {
            name: self.string_in(pair)?,
            statement: self.at(&statement, node),
        })
    }
}

fn is_statement(rule: Rule) -> bool {
    matches!(
        rule,
        Rule::never | Rule::possible | Rule::disjoint | Rule::equivalent | Rule::implies | Rule::covers
    )
}
