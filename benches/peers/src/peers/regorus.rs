//! Rego, by the interpreter of regorus, and by its virtual machine.

use super::rego::{like, modules};
use super::{Peer, texts};
use ::regorus::cache::{self, Config};
use ::regorus::languages::rego::compiler::Compiler;
use ::regorus::rvm::vm::RegoVM;
use ::regorus::{Engine, Rc, Value};
use rolecall_benches::workload::{Role, Token};

/// How many roles are in a program of the virtual machine, which has at most 65,535 instructions.
const PROGRAM: usize = 1_000;

const RULE: &str = "data.rolecall.roles";

pub(super) struct Interpreter {
    engine: Engine,
    inputs: Vec<Value>,
}

impl Interpreter {
    pub(super) fn new(roles: &[Role]) -> Self {
        Self {
            engine: engine(roles, 0),
            inputs: Vec::new(),
        }
    }
}

impl Peer for Interpreter {
    fn prepare(&mut self, tokens: &[Token]) {
        self.inputs = inputs(tokens);
    }

    fn find(&mut self, token: usize, found: &mut Vec<usize>) {
        self.engine.set_input(self.inputs[token].clone());
        add(&self.engine.eval_rule(RULE.to_owned()).expect("a set"), found);
    }
}

/// As many machines as the roles need.
pub(super) struct Machines {
    machines: Vec<RegoVM>,
    inputs: Vec<Value>,
}

impl Machines {
    pub(super) fn new(roles: &[Role]) -> Self {
        let machine = |(number, roles): (usize, &[Role])| {
            let entry = Rc::from(RULE);
            let policy = engine(roles, number * PROGRAM)
                .compile_with_entrypoint(&entry)
                .expect("a policy");
            let program = Compiler::compile_from_policy(&policy, &[RULE]).expect("a program");
            let mut machine = RegoVM::new();
            machine.load_program(program);
            machine
        };
        Self {
            machines: roles.chunks(PROGRAM).enumerate().map(machine).collect(),
            inputs: Vec::new(),
        }
    }
}

impl Peer for Machines {
    fn prepare(&mut self, tokens: &[Token]) {
        self.inputs = inputs(tokens);
    }

    fn find(&mut self, token: usize, found: &mut Vec<usize>) {
        for machine in &mut self.machines {
            machine.set_input(self.inputs[token].clone());
            add(&machine.execute().expect("a set"), found);
        }
    }
}

/// Adds the numbers of a set; without a role it is empty or undefined.
fn add(set: &Value, found: &mut Vec<usize>) {
    if let Value::Set(roles) = set {
        found.extend(roles.iter().map(|role| role.as_u64().expect("a number") as usize));
    }
}

fn inputs(tokens: &[Token]) -> Vec<Value> {
    let input = |token: &Token| {
        let mut input = Value::new_object();
        let object = input.as_object_mut().expect("an object");
        object.extend(texts(token).map(|(name, text)| (Value::from(name), Value::from(text))));
        input
    };
    tokens.iter().map(input).collect()
}

/// An engine with roles, the first of which has this place.
fn engine(roles: &[Role], first: usize) -> Engine {
    // Each regex is compiled once.
    cache::configure(Config {
        regex: Config::MAX_CAPACITY,
        ..Config::default()
    });
    let mut engine = Engine::new();
    for (number, module) in modules(roles, first, like).into_iter().enumerate() {
        engine
            .add_policy(format!("{number}.rego"), module)
            .expect("a module");
    }
    engine
}
