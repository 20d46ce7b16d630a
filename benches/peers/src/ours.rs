//! Our own way.

use rolecall_benches::workload::Token;
use rolecall_engine::{
    CachedDecision, Claims, Decision, Document, JsonLimits, PolicySet, Source, UnverifiedClaims,
    assume_verified,
};
use rolecall_syntax::Parse;

/// Reads the files of a policy set, and does nothing with them.
pub fn parse(files: &[(String, String)]) -> Vec<Parse> {
    files
        .iter()
        .map(|(_, text)| rolecall_syntax::parse(text))
        .collect()
}

/// Compiles the files of a policy set.
pub fn compile(files: Vec<(String, String)>) -> PolicySet {
    PolicySet::compile(sources(files)).expect("a policy set")
}

/// Files of a policy set.
pub fn sources(files: Vec<(String, String)>) -> Vec<Source> {
    let source = |(name, text): (String, String)| Source::new(name, text);
    files.into_iter().map(source).collect()
}

/// The claims of each token, ready for a decision.
pub fn claims(tokens: &[Token]) -> Vec<Claims> {
    let claims = |token: &Token| read(token.json.as_bytes());
    tokens.iter().map(claims).collect()
}

fn read(bytes: &[u8]) -> Claims {
    let document = Document::parse(bytes.to_vec(), &JsonLimits::CLAIMS).expect("claims");
    assume_verified(UnverifiedClaims::new(document))
}

/// A set and what it needs to decide.
pub struct Ours<'a> {
    set: &'a PolicySet,
    claims: &'a [Claims],
    room: Vec<CachedDecision>,
}

impl<'a> Ours<'a> {
    /// Decides with this set on these claims.
    pub fn new(set: &'a PolicySet, claims: &'a [Claims]) -> Self {
        let room = Vec::new();
        Self { set, claims, room }
    }

    /// How many roles a token may take.
    pub fn count(&mut self, token: usize) -> usize {
        self.roles(token).count()
    }

    /// The roles that a token may take.
    pub fn find(&mut self, token: usize) -> Vec<usize> {
        self.roles(token).map(number).collect()
    }

    /// Whether a token may take a role.
    pub fn allows(&self, token: usize, role: &str) -> bool {
        self.set.decide(&self.claims[token], role).is_allowed()
    }

    fn roles(&mut self, token: usize) -> impl Iterator<Item = Decision<'_>> {
        self.set.roles(&self.claims[token], &mut self.room)
    }
}

/// A set that reads the claims of each token anew, from their bytes.
pub struct FromBytes<'a> {
    set: &'a PolicySet,
    tokens: &'a [Token],
    room: Vec<CachedDecision>,
}

impl<'a> FromBytes<'a> {
    /// Decides with this set on the claims of these tokens.
    pub fn new(set: &'a PolicySet, tokens: &'a [Token]) -> Self {
        let room = Vec::new();
        Self { set, tokens, room }
    }

    /// How many roles a token may take.
    pub fn count(&mut self, token: usize) -> usize {
        let claims = read(self.tokens[token].json.as_bytes());
        self.set.roles(&claims, &mut self.room).count()
    }

    /// The roles that a token may take.
    pub fn find(&mut self, token: usize) -> Vec<usize> {
        let claims = read(self.tokens[token].json.as_bytes());
        self.set.roles(&claims, &mut self.room).map(number).collect()
    }
}

/// The number of an allowed role.
fn number(decision: Decision<'_>) -> usize {
    let name = &decision.role().expect("a role").name;
    name[1..].parse().expect("`r` and a number")
}
