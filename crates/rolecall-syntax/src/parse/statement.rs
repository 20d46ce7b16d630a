//! Tests and assertions.

use super::part::Part;
use super::{Reader, Rule};
use crate::ast::{
    Assertion, Case, Entry, Expectation, ExpectationKind, Fact, Given, Statement, Test, Token, TokenBase,
    Value,
};
use crate::span::Spanned;

impl Reader<'_> {
    pub(super) fn test(&mut self, part: Part<'_>) -> Option<Test> {
        let token = part.first(Rule::token)?;
        let base = match token.first(Rule::token_base) {
            Some(base) => Some(token_base(base)?),
            None => None,
        };
        let claims = self.object(token.first(Rule::object)?)?;
        let node = Token {
            issuer: token.name_in()?,
            base,
            claims,
        };
        let mut cases = Vec::new();
        for case in part.all(Rule::case) {
            cases.push(case.at(self.case(case)?));
        }
        Some(Test {
            name: part.string_in()?,
            token: token.at(node),
            expectations: self.expectations(part)?,
            cases,
        })
    }

    fn case(&mut self, part: Part<'_>) -> Option<Case> {
        let changes = part.first(Rule::object)?;
        Some(Case {
            name: match part.first(Rule::string) {
                Some(name) => Some(name.string()?),
                None => None,
            },
            changes: changes.at(self.object(changes)?),
            expectations: self.expectations(part)?,
        })
    }

    fn expectations(&mut self, part: Part<'_>) -> Option<Vec<Spanned<Expectation>>> {
        let mut expectations = Vec::new();
        for expectation in part.all(Rule::expectation) {
            let kind = expectation.inner().find_map(|word| match word.rule() {
                Rule::kw_allow => Some(ExpectationKind::Allow),
                Rule::kw_deny => Some(ExpectationKind::Deny),
                Rule::kw_only => Some(ExpectationKind::Only),
                _ => None,
            })?;
            let node = Expectation {
                kind,
                selectors: expectation.selectors(),
                facts: match expectation.first(Rule::with) {
                    Some(with) => self.facts(with)?,
                    None => Vec::new(),
                },
                because: match expectation.first(Rule::because) {
                    Some(because) => Some(because.claim_path_in()?),
                    None => None,
                },
            };
            expectations.push(expectation.at(node));
        }
        Some(expectations)
    }

    fn facts(&mut self, part: Part<'_>) -> Option<Vec<Spanned<Fact>>> {
        let mut facts = Vec::new();
        for fact in part.inner() {
            let node = match fact.rule() {
                Rule::ttl => Fact::Ttl(self.duration_in(fact)?),
                Rule::given => Fact::Grant(Given {
                    name: fact.name_in()?,
                    text: fact.string_in()?,
                }),
                _ => continue,
            };
            facts.push(fact.at(node));
        }
        Some(facts)
    }

    fn object(&mut self, part: Part<'_>) -> Option<Vec<Spanned<Entry>>> {
        let mut entries = Vec::new();
        for entry in part.all(Rule::entry) {
            let node = Entry {
                key: entry.only()?.key()?,
                value: self.value(entry.first(Rule::value)?)?,
            };
            entries.push(entry.at(node));
        }
        Some(entries)
    }

    fn value(&mut self, part: Part<'_>) -> Option<Spanned<Value>> {
        let span = part.span();
        let inner = part.only()?;
        let node = match inner.rule() {
            Rule::string => Value::Text(inner.string()?.node),
            Rule::integer => Value::Int(self.integer(inner).node),
            Rule::boolean => Value::Bool(inner.text() == "true"),
            Rule::kw_null => Value::Null,
            Rule::kw_absent => Value::Absent,
            Rule::array => Value::List(
                inner
                    .all(Rule::value)
                    .map(|item| self.value(item))
                    .collect::<Option<_>>()?,
            ),
            Rule::object => Value::Object(self.object(inner)?),
            _ => return None,
        };
        Some(Spanned::new(node, span))
    }

    pub(super) fn assertion(&mut self, part: Part<'_>) -> Option<Assertion> {
        let statement = part.inner().find(|part| is_statement(part.rule()))?;
        let mut selectors = statement.selectors().into_iter();
        let node = match statement.rule() {
            Rule::disjoint => Statement::Disjoint(selectors.collect()),
            rule => {
                let selector = selectors.next()?;
                match rule {
                    Rule::never => Statement::Never(selector, self.when_in(statement)??),
                    Rule::possible => Statement::Possible(selector, self.when_in(statement)?),
                    Rule::equivalent => Statement::Equivalent(selector, selectors.next()?),
                    Rule::covers => Statement::Covers(selector, selectors.next()?),
                    Rule::implies => Statement::Implies(selector, self.expr_in(statement)?),
                    _ => return None,
                }
            }
        };
        Some(Assertion {
            name: part.string_in()?,
            statement: statement.at(node),
        })
    }
}

/// Returns the base of a token, at the place of its text.
fn token_base(part: Part<'_>) -> Option<Spanned<TokenBase>> {
    let text = part.string_in()?;
    let is_file = part.first(Rule::kw_from).is_some();
    let node = match is_file {
        true => TokenBase::File(text.node),
        false => TokenBase::Test(text.node),
    };
    Some(Spanned::new(node, text.span))
}

fn is_statement(rule: Rule) -> bool {
    matches!(
        rule,
        Rule::never | Rule::possible | Rule::disjoint | Rule::equivalent | Rule::implies | Rule::covers
    )
}
