//! Tokens that were made to confuse an index: nearly what policies ask for, long, cut into many parts, empty, odd.

use rolecall_engine::{Decimal, Object, Value};

/// Numbers that look random, and are the same in each run.
#[derive(Clone, Debug)]
pub struct Numbers(u64);

impl Numbers {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// The next number (splitmix64).
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    pub fn below(&mut self, limit: usize) -> usize {
        (self.next() % limit as u64) as usize
    }

    pub fn one<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[self.below(of.len())]
    }

    /// Whether something comes about that does so once in so many times.
    pub fn once_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }
}

/// The words that random policies ask for, and neighbours of theirs.
const WORDS: &[&str] = &[
    "",
    "a",
    "b",
    "c",
    "a/b",
    "a/b/c",
    "a/bc",
    "b/a",
    "ab",
    "main",
    "main/a",
    "a:b",
    "a/b:c",
    "a//b",
    "/a",
    "a/",
    ":",
    "/",
    "p:a",
    "p:a/b",
    "p:a/b:r:main",
    "p:a/b:r:",
    "i:1:a",
    "i:22:a%3Ab",
    "p:*",
    "a*",
    "?",
    "1",
    "01",
    "0",
    "5",
    "-1",
    "2000",
    "22",
    "true",
    "false",
    "x",
    "y",
    "é",
    "a\u{301}",
    "a\nb",
    "a b",
    "..",
    "a.lock",
    "@",
    "@{",
    "a\u{0}",
    "zz",
];

/// The claims of the profile of random policies.
pub const CLAIMS: &[&str] = &[
    "text",
    "path",
    "other",
    "ref",
    "id",
    "int",
    "moment",
    "bool",
    "closed",
    "open",
    "texts",
    "paths",
    "parent",
    "sub",
    "object",
    "code",
    "count",
    "sure",
    "said",
    "repository",
    "project_path",
    "group",
    "ids",
    "maybe",
    "lists",
    "iss",
    "aud",
    "exp",
    "iat",
    "never-heard-of",
];

/// A text near to what policies ask for.
pub fn text(numbers: &mut Numbers) -> String {
    let mut text = (*numbers.one(WORDS)).to_owned();
    match numbers.below(12) {
        // Longer by a part, cut elsewhere.
        0 | 1 => text += &format!("{}{}", numbers.one(&["/", ":", "", "//"]), numbers.one(WORDS)),
        2 => text = format!("{}{text}", numbers.one(&["p:", "a/", "x", ":", "/"])),
        // One character less or more.
        3 => drop(text.pop()),
        4 => text.push(*numbers.one(&['a', '/', ':', '-', 'é'])),
        // Many parts, and few that are long.
        5 if numbers.once_in(4) => {
            let part = format!("{text}{}", numbers.one(&["/", ":"]));
            text = part.repeat(numbers.below(120)) + *numbers.one(WORDS);
        }
        6 if numbers.once_in(20) => text += &"a".repeat(numbers.below(8_000)),
        _ => {}
    }
    text
}

/// Numbers that are not integers of 64 bits. The floors of most are compared by random policies.
const DECIMALS: [&str; 12] = [
    "1.0",
    "1.5",
    "-0.0",
    "-0.5",
    "5.999999999999999999999",
    "0.5e1",
    "2e3",
    "1999.9999999999999999",
    "2000.0",
    "1e300",
    "9223372036854775808",
    "-9223372036854775808.5",
];

/// A JSON number that is not an integer of 64 bits.
pub fn decimal(text: &str) -> Value {
    Value::Decimal(Decimal::new(text).expect("a JSON number"))
}

/// A value of any kind.
fn value(numbers: &mut Numbers) -> Value {
    match numbers.below(24) {
        0 => Value::Null,
        1 => Value::Bool(numbers.once_in(2)),
        2..=4 => Value::Int(*numbers.one(&[-1, 0, 1, 5, 22, 2_000, i64::MAX, i64::MIN])),
        5 => decimal(numbers.one::<&str>(&DECIMALS)),
        6 | 7 => Value::List(
            (0..numbers.below(4))
                .map(|_| Value::Text(text(numbers)))
                .collect(),
        ),
        8 => {
            let mixed = [
                Value::Text(text(numbers)),
                Value::Null,
                Value::Int(1),
                Value::Bool(true),
            ];
            Value::List(
                (0..numbers.below(4))
                    .map(|_| numbers.one(&mixed).clone())
                    .collect(),
            )
        }
        9 if numbers.once_in(10) => Value::List(vec![Value::Text(text(numbers)); numbers.below(300)]),
        10 => {
            let mut object = Object::new();
            object.set("inner", Value::Text(text(numbers)));
            object.set("maybe", numbers.one(&[Value::Null, Value::Bool(true)]).clone());
            Value::Object(object)
        }
        _ => Value::Text(text(numbers)),
    }
}

/// A token of an issuer of random policies, or nearly; half of them say the same in all claims.
pub fn token(numbers: &mut Numbers) -> Object {
    let mut token = Object::new();
    if numbers.once_in(50) {
        return token;
    }
    let iss = numbers.one(&[
        "https://first.example",
        "https://first.example",
        "https://first.example",
        "https://second.example",
        "https://first.example/",
    ]);
    token.set("iss", Value::from(*iss));
    let aud = match numbers.below(12) {
        0 => Value::List(vec![Value::from("x"), Value::from("x")]),
        1 => Value::List(vec![Value::from("x"), Value::from("y")]),
        2 => Value::List(Vec::new()),
        3 => Value::from("y"),
        _ => Value::from("x"),
    };
    token.set("aud", aud);
    // Some tokens lack what every verified token has.
    if !numbers.once_in(20) {
        token.set("exp", Value::Int(2_000));
    }
    token.set("iat", Value::Int(1_000));
    token.set("sub", Value::from(*numbers.one(&["a", "p:a/b", "x"])));
    if numbers.once_in(2) {
        let path = *numbers.one(&["a", "a/b", "a/b/c", "b/a"]);
        let reference = *numbers.one(&["main", "a", "a/b", "b"]);
        token.set("path", Value::from(path));
        token.set("ref", Value::from(reference));
        token.set("other", Value::from(*numbers.one(&["a", "a/b", path])));
        token.set("id", Value::from(*numbers.one(&["1", "22"])));
        token.set("text", Value::from(*numbers.one(&["a", "a:b", "b"])));
        token.set("closed", Value::from(*numbers.one(&["a", "b"])));
        if let Some((parent, _)) = path.rsplit_once('/') {
            token.set("parent", Value::from(parent));
        }
        let sub = match numbers.below(4) {
            0 => format!("p:{path}"),
            1 => path
                .rsplit_once('/')
                .map_or(path, |(parent, _)| parent)
                .to_owned(),
            _ => format!("p:{path}:r:{reference}"),
        };
        token.set("sub", Value::Text(sub));
    }
    for _ in 0..numbers.below(8) {
        let claim = *numbers.one(CLAIMS);
        token.set(claim, value(numbers));
    }
    token
}
