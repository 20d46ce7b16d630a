//! The other way to read a condition: `!` is pushed to the comparisons, and then each comparison, a negated one too, is
//! plainly false unless its claim is there and well typed. What is left has only `&&` and `||`, and two values.
//!
//! It shares the typed form and the patterns with the engine, and nothing else: claims are found, read, compared and
//! derived here once more, in another way.

use rolecall_engine::ir::{Derivation, Formula, Program, Question, TrustedIssuer};
use rolecall_engine::{ClaimId, ClaimType, Document, Filter, Json, Members, Object, Part, Scalar, Typed};

/// The names of the roles that a token gets.
pub fn allowed(program: &Program, claims: &Object) -> Vec<String> {
    allowed_if(program, claims, &|_| None)
}

/// The names of the roles that a token gets if external conditions have these values.
pub fn allowed_if(
    program: &Program,
    claims: &Object,
    externals: &dyn Fn(&str) -> Option<bool>,
) -> Vec<String> {
    let document = Document::from(claims);
    let claims = document.members();
    let mut names = Vec::new();
    for (id, role) in program.roles().iter() {
        let granted = program.clauses(id).iter().any(|clause| {
            let issuer = &program[clause.issuer];
            let reader = Reader {
                issuer,
                claims,
                externals,
            };
            let audiences: Vec<Json<'_>> = match claims.get("aud") {
                Some(Json::List(items)) => items.collect(),
                other => other.into_iter().collect(),
            };
            let for_us = |audience: &Json<'_>| {
                *audience == audiences[0]
                    && issuer
                        .issuer
                        .audiences
                        .iter()
                        .any(|ours| *audience == Json::Text(ours))
            };
            let is_text = matches!(claims.get("sub"), Some(Json::Text(text)) if !text.is_empty());
            let is_time = |name| claims.get(name).is_some_and(|value| value.floor().is_some());
            let fits = |part: &Part| match part {
                Part::Claim(claim, filter) => reader.fits(*claim, *filter),
                _ => true,
            };
            let is_verified = is_text && is_time("exp") && is_time("iat");
            is_verified
                && clause.grants().iter().all(|grant| grant.parts.iter().all(fits))
                && claims.get("iss") == Some(Json::Text(&issuer.issuer.url))
                && !audiences.is_empty()
                && audiences.iter().all(for_us)
                && reader.holds(&clause.condition, false)
                && clause
                    .guards()
                    .iter()
                    .all(|guard| reader.holds(&guard.condition, false))
        });
        if granted {
            names.push(role.name.to_string());
        }
    }
    names.sort();
    names
}

struct Reader<'a> {
    issuer: &'a TrustedIssuer,
    claims: Members<'a>,
    externals: &'a dyn Fn(&str) -> Option<bool>,
}

impl<'a> Reader<'a> {
    fn holds(&self, formula: &Formula, negated: bool) -> bool {
        match (formula, negated) {
            (Formula::All(parts), false) | (Formula::Any(parts), true) => {
                parts.iter().all(|part| self.holds(part, negated))
            }
            (Formula::Any(parts), false) | (Formula::All(parts), true) => {
                parts.iter().any(|part| self.holds(part, negated))
            }
            (Formula::Not(part), negated) => self.holds(part, !negated),
            (Formula::External(external, _), negated) => (self.externals)(&external.text) == Some(!negated),
            (Formula::Unknown, _) => false,
            (Formula::Atom(atom, _), negated) => match &atom.question {
                Question::Present => self.raw(atom.claim).is_some() != negated,
                Question::Fits(filter) => self.fits(atom.claim, *filter) != negated,
                Question::Null => (self.member(atom.claim) == Some(Json::Null)) != negated,
                question => {
                    let Some(values) = self.values(atom.claim) else {
                        return false;
                    };
                    let Some(answer) = self.answer(question, &values) else {
                        return false;
                    };
                    answer != negated
                }
            },
        }
    }

    /// The answer to a question, or nothing if another claim that it needs is not there and well typed.
    fn answer(&self, question: &Question, values: &[Typed<'_>]) -> Option<bool> {
        Some(match question {
            Question::OneOf(literals) => literals.contains(&owned(&values[0])),
            Question::Only(literal) => {
                !values.is_empty() && values.iter().filter(|value| *value != literal).count() == 0
            }
            Question::ContainsAny(literals) => literals.iter().any(|literal| values.contains(literal)),
            Question::ContainsAll(literals) => !literals.iter().any(|literal| !values.contains(literal)),
            Question::Order(order, literal) => order.holds(values[0].as_int()?, *literal),
            Question::Pattern(patterns) => {
                let text = values[0].as_text()?;
                patterns.iter().any(|pattern| pattern.accepts(text))
            }
            Question::ContainsPattern(patterns) => {
                let mut texts = values.iter().filter_map(Typed::as_text);
                texts.any(|text| patterns.iter().any(|pattern| pattern.accepts(text)))
            }
            Question::Filled(template) => self.fill(&template.parts)? == values[0].to_string(),
            Question::SameAs(other) => self.values(*other)?[0] == values[0],
            other => panic!("a new question: {other:?}"),
        })
    }

    /// What the token has at the place of a claim; null is nothing.
    fn raw(&self, claim: ClaimId) -> Option<Json<'a>> {
        self.member(claim).filter(|value| *value != Json::Null)
    }

    /// What the token has at the place of a claim.
    fn member(&self, claim: ClaimId) -> Option<Json<'a>> {
        let mut path = self.issuer.profile[claim].path.iter();
        let mut value = self.claims.get(path.next()?)?;
        for name in path {
            let Json::Object(object) = value else { return None };
            value = object.get(name)?;
        }
        Some(value)
    }

    /// The values of a claim, one if it is no list, if all are well typed and the claim says what it is made of.
    fn values(&self, claim: ClaimId) -> Option<Vec<Typed<'a>>> {
        let raw = self.raw(claim)?;
        let values = match (&self.issuer.profile[claim].claim_type, raw) {
            (ClaimType::List(scalar), Json::List(items)) => {
                items.map(|item| scalar.read(item)).collect::<Option<_>>()?
            }
            (claim_type, value) => vec![claim_type.scalar().read(value)?],
        };
        let ways: Vec<&Derivation> = self
            .issuer
            .derivations
            .iter()
            .filter(|way| way.claim == claim)
            .collect();
        let fits = |way: &&Derivation| {
            self.holds(&way.when, false) && self.fill(&way.template.parts) == Some(values[0].to_string())
        };
        (ways.is_empty() || ways.iter().any(fits)).then_some(values)
    }

    /// Whether a claim may stand in a grant.
    fn fits(&self, claim: ClaimId, filter: Option<Filter>) -> bool {
        let is_path = matches!(self.issuer.profile[claim].claim_type.scalar(), Scalar::Path(_));
        let Some(text) = self.fill(&[Part::Claim(claim, filter)]) else {
            return false;
        };
        let segments: Vec<&str> = if is_path {
            text.split('/').collect()
        } else {
            vec![&text]
        };
        segments.iter().all(|segment| {
            !["", ".", ".."].contains(segment)
                && segment
                    .chars()
                    .all(|c| c.is_ascii_alphanumeric() || "._-".contains(c))
        })
    }

    fn fill(&self, parts: &[Part]) -> Option<String> {
        let mut text = String::new();
        for part in parts {
            match part {
                Part::Text(literal) => text += literal,
                Part::Claim(claim, filter) => {
                    let value = self.values(*claim)?[0].to_string();
                    text += &match filter {
                        None => value,
                        Some(Filter::ColonEncoded) => value.split(':').collect::<Vec<_>>().join("%3A"),
                        Some(Filter::Name) => value.split('/').next_back()?.to_owned(),
                        Some(Filter::Parent) => value[..value.rfind('/')?].to_owned(),
                    };
                }
                Part::Optional(inner) => {
                    let missing =
                        |part: &Part| matches!(part, Part::Claim(claim, _) if self.raw(*claim).is_none());
                    if !inner.iter().any(missing) {
                        text += &self.fill(inner)?;
                    }
                }
            }
        }
        Some(text)
    }
}

fn owned(value: &Typed<'_>) -> Typed<'static> {
    match value {
        Typed::Bool(value) => Typed::Bool(*value),
        Typed::Int(value) => Typed::Int(*value),
        Typed::Text(text) => Typed::Text(text.clone().into_owned().into()),
    }
}
