//! a-tree: an expression for each role, one search.
//!
//! It has neither wildcards nor regexes. For wildcards a token is given the list of all beginnings and endings of its claims that
//! policies ask for, which a role then looks for.

use super::{Peer, texts};
use ::a_tree::{ATree, AttributeDefinition, Event};
use rolecall_benches::workload::{Claim, Role, Test, Token};
use std::collections::HashSet;

pub(super) struct Tree {
    tree: ATree<usize>,
    heads: HashSet<String>,
    tails: HashSet<String>,
    events: Vec<Event>,
}

impl Tree {
    pub(super) fn new(roles: &[Role]) -> Self {
        let mut attributes: Vec<AttributeDefinition> = Claim::ALL
            .iter()
            .map(|claim| AttributeDefinition::string(claim.name()))
            .collect();
        attributes.push(AttributeDefinition::string_list("heads"));
        attributes.push(AttributeDefinition::string_list("tails"));
        let mut tree = ATree::new(&attributes).expect("attributes");
        let (mut heads, mut tails) = (HashSet::new(), HashSet::new());
        for (place, role) in roles.iter().enumerate() {
            tree.insert(&place, &expression(role)).expect("an expression");
            for test in role.rest.iter().flatten() {
                if let Test::Like(claim, patterns) = test {
                    heads.extend(patterns.iter().map(|pattern| part(*claim, &pattern.head)));
                    tails.extend(patterns.iter().map(|pattern| part(*claim, &pattern.tail)));
                }
            }
        }
        Self {
            tree,
            heads,
            tails,
            events: Vec::new(),
        }
    }
}

impl Peer for Tree {
    fn prepare(&mut self, tokens: &[Token]) {
        let event = |token: &Token| {
            let mut event = self.tree.make_event();
            for (name, text) in texts(token) {
                event.with_string(name, text).expect("an attribute");
            }
            let (mut heads, mut tails) = (Vec::new(), Vec::new());
            for claim in Claim::ALL {
                let text = token.claim(claim).unwrap_or_default();
                heads.extend((0..=text.len()).map(|end| part(claim, &text[..end])));
                tails.extend((0..=text.len()).map(|start| part(claim, &text[start..])));
            }
            heads.retain(|head| self.heads.contains(head));
            tails.retain(|tail| self.tails.contains(tail));
            for (name, parts) in [("heads", heads), ("tails", tails)] {
                let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
                event.with_string_list(name, &parts).expect("an attribute");
            }
            event.build().expect("an event")
        };
        self.events = tokens.iter().map(event).collect();
    }

    fn find(&mut self, token: usize, found: &mut Vec<usize>) {
        let report = self.tree.search(&self.events[token]).expect("a report");
        found.extend(report.matches().iter().map(|role| **role));
    }
}

/// A beginning or an ending of a claim.
fn part(claim: Claim, text: &str) -> String {
    format!("{}={text}", claim.name())
}

fn expression(role: &Role) -> String {
    let mut expression = format!("iss = {:?} and aud = {:?}", role.issuer, role.audience);
    for any in &role.rest {
        let tests: Vec<String> = any.iter().map(test).collect();
        expression += &format!(" and ({})", tests.join(" or "));
    }
    expression
}

fn test(test: &Test) -> String {
    let name = test.claim().name();
    match test {
        Test::Equal(_, values) if values.len() == 1 => format!("{name} = {:?}", values[0]),
        Test::Equal(_, values) => format!("{name} in {values:?}"),
        Test::Like(claim, patterns) => {
            let like = patterns.iter().map(|pattern| {
                let head = format!("heads one of [{:?}]", part(*claim, &pattern.head));
                match pattern.tail.as_str() {
                    "" => head,
                    tail => format!("({head} and tails one of [{:?}])", part(*claim, tail)),
                }
            });
            like.collect::<Vec<String>>().join(" or ")
        }
        Test::Matches(..) => unreachable!("a-tree has no regexes"),
    }
}
