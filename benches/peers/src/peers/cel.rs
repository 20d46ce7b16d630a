//! CEL: a program for each role, compiled once, all of them run over one context.
//!
//! The crate compiles a regex in each call of `matches`, so that the text in front of it is asked for first.

use super::{Peer, texts};
use ::cel::{Context, Env, Program, Value};
use rolecall_benches::workload::{Role, Test, Token};
use std::sync::Arc;

pub(super) struct Programs {
    env: Arc<Env>,
    programs: Vec<Program>,
    contexts: Vec<Context<'static, 'static>>,
}

impl Programs {
    pub(super) fn new(roles: &[Role]) -> Self {
        let env = Arc::new(Env::stdlib());
        let compile = |role| env.compile(&expression(role)).expect("an expression");
        Self {
            programs: roles.iter().map(compile).collect(),
            env,
            contexts: Vec::new(),
        }
    }
}

impl Peer for Programs {
    fn prepare(&mut self, tokens: &[Token]) {
        let context = |token: &Token| {
            let mut context = Context::with_env(Arc::clone(&self.env));
            for (name, text) in texts(token) {
                context.add_variable_from_value(name, text);
            }
            context
        };
        self.contexts = tokens.iter().map(context).collect();
    }

    fn find(&mut self, token: usize, found: &mut Vec<usize>) {
        let context = &self.contexts[token];
        let holds = |program: &Program| matches!(program.execute(context), Ok(Value::Bool(true)));
        found.extend((0..self.programs.len()).filter(|role| holds(&self.programs[*role])));
    }
}

fn expression(role: &Role) -> String {
    let mut expression = format!("iss == {:?} && aud == {:?}", role.issuer, role.audience);
    for any in &role.rest {
        let tests: Vec<String> = any.iter().map(test).collect();
        expression += &format!(" && ({})", tests.join(" || "));
    }
    expression
}

fn test(test: &Test) -> String {
    let name = test.claim().name();
    match test {
        Test::Equal(_, values) if values.len() == 1 => format!("{name} == {:?}", values[0]),
        Test::Equal(_, values) => format!("{name} in {values:?}"),
        Test::Like(_, patterns) => {
            let like = patterns
                .iter()
                .map(|pattern| match (pattern.head.as_str(), pattern.tail.as_str()) {
                    (head, "") => format!("{name}.startsWith({head:?})"),
                    // The two never overlap in a value: neither begins as the other ends.
                    (head, tail) => format!("{name}.startsWith({head:?}) && {name}.endsWith({tail:?})"),
                });
            like.collect::<Vec<String>>().join(" || ")
        }
        Test::Matches(_, head, regex) => {
            format!("{name}.startsWith({head:?}) && {name}.matches(r'^(?:{head}{regex})$')")
        }
    }
}
