//! The shape of a question: all of it but its names.
//!
//! A name is a segment of a path, or an id. Equal names are equal in each question with the same shape. A word that
//! the search also tries when no policy has it, such as `main`, is not a name: the analogous token is the one that the
//! search finds.

use crate::query::{Query, clauses_for, condition_for, some_for};
use crate::vocabulary::is_invented;
use rolecall_engine::ir::{Clause, Formula, Goal, Question};
use rolecall_engine::pattern::{GlobSegment, Pattern, Wildcard, WildcardPiece};
use rolecall_engine::{IssuerId, Literal, PolicySet};
use std::hash::{BuildHasher, Hash, Hasher};
use std::mem::discriminant;

/// The most names of a shape. Of long lists, the rest counts as it is written.
const MAX_NAMES: usize = 64;

/// The shape of a question, as a hash, and its names.
#[derive(Debug)]
pub(crate) struct Shape<'q> {
    hash: u64,
    names: Vec<&'q str>,
}

/// A walk over a question.
struct Reader<'q, H> {
    hasher: H,
    names: Vec<&'q str>,
}

impl<'q> Shape<'q> {
    pub(super) fn new(
        hashes: &impl BuildHasher,
        set: &'q PolicySet,
        issuer: IssuerId,
        query: &'q Query<'_>,
    ) -> Self {
        let mut reader = Reader {
            hasher: hashes.build_hasher(),
            names: Vec::new(),
        };
        set.program().issuers().position(issuer).hash(&mut reader.hasher);
        reader.query(set, issuer, query);
        Self {
            hash: reader.hasher.finish(),
            names: reader.names,
        }
    }

    pub(super) fn hash(&self) -> u64 {
        self.hash
    }

    pub(super) fn names(&self) -> &[&'q str] {
        &self.names
    }
}

impl<'q, H: Hasher> Reader<'q, H> {
    fn query(&mut self, set: &'q PolicySet, issuer: IssuerId, query: &'q Query<'_>) {
        match query {
            Query::All(parts) | Query::Any(parts) => {
                self.node(query, parts.len());
                parts.iter().for_each(|part| self.query(set, issuer, part));
            }
            Query::Fulfils(Goal::Condition(conditions)) => {
                let of_issuer = condition_for(set, conditions, issuer);
                self.node(query, of_issuer.iter().len());
                of_issuer.into_iter().for_each(|of| self.formula(&of.condition));
            }
            Query::Fulfils(Goal::Role(role)) | Query::Gets(role) => {
                self.clauses(issuer, query, clauses_for(set, *role, issuer));
            }
            Query::GetsBy(_, clauses) => {
                self.clauses(issuer, query, some_for(set, clauses, issuer));
            }
            Query::Opposed(role, at) => {
                self.clauses(issuer, query, clauses_for(set, *role, issuer));
                for condition in clauses_for(set, *role, issuer).flat_map(Clause::conditions) {
                    condition.each_atom(&mut |_, location| (location == *at).hash(&mut self.hasher));
                }
            }
            Query::Not(part) | Query::Whatever(part) => {
                self.node(query, 1);
                self.query(set, issuer, part);
            }
        }
    }

    fn clauses(
        &mut self,
        issuer: IssuerId,
        query: &Query<'_>,
        clauses: impl Iterator<Item = &'q Clause> + Clone,
    ) {
        self.node(query, clauses.clone().count());
        for clause in clauses {
            (clause.issuer == issuer).hash(&mut self.hasher);
            clause.conditions().count().hash(&mut self.hasher);
            clause.conditions().for_each(|condition| self.formula(condition));
        }
    }

    fn formula(&mut self, formula: &'q Formula) {
        match formula {
            Formula::All(parts) | Formula::Any(parts) => {
                self.node(formula, parts.len());
                parts.iter().for_each(|part| self.formula(part));
            }
            Formula::Atom(atom, _) => {
                self.node(formula, 1);
                atom.claim.hash(&mut self.hasher);
                self.question(&atom.question);
            }
            Formula::External(external, _) => {
                self.node(formula, 1);
                external.hash(&mut self.hasher);
            }
            Formula::Not(part) => {
                self.node(formula, 1);
                self.formula(part);
            }
            Formula::Unknown => self.node(formula, 0),
        }
    }

    fn question(&mut self, question: &'q Question) {
        match question {
            Question::ContainsAll(literals) | Question::ContainsAny(literals) | Question::OneOf(literals) => {
                self.node(question, literals.len());
                literals.iter().for_each(|literal| self.literal(literal));
            }
            Question::ContainsPattern(patterns) | Question::Pattern(patterns) => {
                self.node(question, patterns.len());
                patterns.iter().for_each(|pattern| self.pattern(pattern));
            }
            Question::Only(literal) => {
                self.node(question, 1);
                self.literal(literal);
            }
            question => question.hash(&mut self.hasher),
        }
    }

    fn literal(&mut self, literal: &'q Literal) {
        match literal {
            Literal::Text(text) => self.text(text),
            literal => literal.hash(&mut self.hasher),
        }
    }

    fn pattern(&mut self, pattern: &'q Pattern) {
        match pattern {
            Pattern::Glob(glob) => {
                self.node(pattern, glob.fields().count());
                for field in glob.fields() {
                    field.len().hash(&mut self.hasher);
                    for segment in field {
                        self.node(segment, 0);
                        if let GlobSegment::One(wildcard) = segment {
                            self.wildcard(wildcard);
                        }
                    }
                }
            }
            Pattern::Like(wildcard) => {
                self.node(pattern, 1);
                self.wildcard(wildcard);
            }
            Pattern::Under(path) => {
                self.node(pattern, 1);
                self.text(path);
            }
            pattern => pattern.hash(&mut self.hasher),
        }
    }

    fn wildcard(&mut self, wildcard: &'q Wildcard) {
        wildcard.pieces().len().hash(&mut self.hasher);
        for piece in wildcard.pieces() {
            self.node(piece, 0);
            if let WildcardPiece::Text(text) = piece {
                self.text(text);
            }
        }
    }

    /// Reads a text: its names as their indices, the rest as it is.
    fn text(&mut self, text: &'q str) {
        let mut rest = text;
        loop {
            let end = rest.find(':').unwrap_or(rest.len());
            let (field, after) = rest.split_at_checked(end).unwrap_or((rest, ""));
            let is_id = !field.is_empty() && field.bytes().all(|byte| byte.is_ascii_digit());
            for (segment, delimiter) in segments(field) {
                let is_name = (is_id || field.contains('/')) && !segment.is_empty() && !is_invented(segment);
                match is_name.then(|| self.name(segment)).flatten() {
                    Some(name) => (true, name).hash(&mut self.hasher),
                    None => (false, segment).hash(&mut self.hasher),
                }
                delimiter.hash(&mut self.hasher);
            }
            match after.strip_prefix(':') {
                Some(after) => rest = after,
                None => return false.hash(&mut self.hasher),
            }
        }
    }

    /// Returns the index of a name, which is added if there is room.
    fn name(&mut self, segment: &'q str) -> Option<usize> {
        let known = self.names.iter().position(|name| *name == segment);
        if known.is_none() && self.names.len() < MAX_NAMES {
            self.names.push(segment);
            return self.names.len().checked_sub(1);
        }
        known
    }

    fn node<T>(&mut self, node: &T, parts: usize) {
        (discriminant(node), parts).hash(&mut self.hasher);
    }
}

/// Returns the segments of a text, each with the delimiter after it: of a path, or of a `sub`.
pub(super) fn segments(text: &str) -> impl Iterator<Item = (&str, &str)> {
    text.split_inclusive([':', '/']).map(|piece| {
        let segment = piece.trim_end_matches([':', '/']);
        piece.split_at_checked(segment.len()).unwrap_or((piece, ""))
    })
}
