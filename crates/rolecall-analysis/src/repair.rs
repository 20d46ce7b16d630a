//! Repairs: the fewest changes with which a denied token gets a role.

mod actor;
mod change;
mod changes;
mod given;
mod minimum;
mod nearest;
mod oddity;
mod ties;

pub use actor::Actor;
pub use change::Change;
pub use changes::Changes;
pub use nearest::Nearest;
pub use oddity::Oddity;

use crate::analysis::Analysis;
use crate::budget::Undecided;
use crate::language::ABSENT;
use crate::query::Query;
use crate::sample::sample;
use crate::token::any_subject;
use crate::variable::{Choice, Variable};
use crate::witness::Witness;
use minimum::Minimum;
use rolecall_engine::ir::TrustedIssuer;
use rolecall_engine::{ClaimId, Document, IssuerId, Object, RoleId, UnverifiedClaims, Value};

/// The most claims that are tried in all combinations.
const MAX_CLAIMS: usize = 20;

/// The result for a token and a role.
#[derive(Clone, Debug, PartialEq)]
#[must_use]
#[non_exhaustive]
pub enum Repair {
    /// The token gets the role.
    Allowed,
    /// The fewest changes with which it gets the role. It is proved that fewer do not suffice.
    Changes(Box<Changes>),
    /// It is proved that no token of its issuer gets the role.
    Impossible,
    /// The role is for tokens of other issuers.
    OtherIssuer,
    /// More than 20 claims could be changed, the budget ran out, or the question cannot be expressed in languages.
    NotDecided(Undecided),
}

impl Repair {
    /// Returns the number of claims to change, if it is known.
    pub fn size(&self) -> Option<usize> {
        match self {
            Self::Allowed => Some(0),
            Self::Changes(changes) => Some(changes.claims.len()),
            Self::Impossible | Self::NotDecided(_) | Self::OtherIssuer => None,
        }
    }
}

impl Analysis<'_> {
    /// Returns the fewest changes with which a token gets a role. Its issuer stays, and derived claims, such as `sub`,
    /// follow the others and count as none.
    ///
    /// ```
    /// use rolecall_analysis::{Analysis, Repair};
    /// use rolecall_engine::{Object, PolicySet, Source, UnverifiedClaims, Value};
    ///
    /// let policy = r#"
    ///     issuer gitlab { url "https://gitlab.com" profile gitlab-ci audience "https://sts.acme.example" }
    ///     role deploy { allow from gitlab when project == "acme/shop" && ref == "main" && ref_protected }
    /// "#;
    /// let set = PolicySet::compile([Source::new("acme.policy", policy)])?;
    /// let mut token = Object::new();
    /// token.set("project_path", Value::from("acme/shop"));
    /// token.set("ref", Value::from("topic"));
    /// token.set("ref_protected", Value::from("true"));
    /// let claims = UnverifiedClaims::new(set.complete("gitlab", &token));
    ///
    /// let repair = Analysis::new(&set).repair(&claims, set.program().role("deploy").unwrap());
    /// let Repair::Changes(changes) = repair else { panic!() };
    /// assert_eq!(changes.claims.len(), 1);
    /// assert_eq!(changes.claims[0].claim, "ref");
    /// assert_eq!(changes.claims[0].to, Some(Value::from("main")));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn repair(&mut self, claims: &UnverifiedClaims, role: RoleId) -> Repair {
        let program = self.set.program();
        if self.set.evaluate(claims, &program[role].name).is_ok() {
            return Repair::Allowed;
        }
        let token = Object::from(claims.members());
        let url = token.get("iss").and_then(|iss| iss.as_text());
        let mut issuers = program.clauses(role).iter().map(|clause| clause.issuer);
        // The clauses of a role are of policies or of a document: no two of their issuers have the same URL.
        let Some(issuer) = issuers.find(|issuer| Some(program[*issuer].issuer.url.as_str()) == url) else {
            return Repair::OtherIssuer;
        };
        match self.with_space(issuer, |analysis| analysis.repair_from(issuer, &token, role)) {
            Ok(Some(changes)) => Repair::Changes(Box::new(changes)),
            Ok(None) => Repair::Impossible,
            Err(reason) => Repair::NotDecided(reason),
        }
    }

    /// Returns the fewest changes of a token of this issuer.
    fn repair_from(
        &mut self,
        issuer: IssuerId,
        token: &Object,
        role: RoleId,
    ) -> Result<Option<Changes>, Undecided> {
        let set = self.set;
        let trusted = &set.program()[issuer];
        let query = match set.program().externals(role).as_slice() {
            [] => Query::Gets(role),
            _ => Query::Whatever(Box::new(Query::Gets(role))),
        };
        let id = role;
        let role = &set.program()[id].name;
        let gets = |token: &Object| {
            let claims = UnverifiedClaims::new(Document::from(token));
            set.evaluate(&claims, role).is_ok()
        };
        self.in_space(issuer, &query, |asked, space, languages, mut vocabulary| {
            let parts = [asked, space.universe(languages)?, space.verified(languages)?];
            let formula = space.formulas.all(parts, &mut languages.meter)?;
            let tests = set.program().tests().iter();
            let tests = tests.filter(|test| test.issuer == issuer && test.allows(id));
            let tested = tests.map(|test| given::choices(space, &Object::from(test.claims.members())));
            vocabulary.prefer_tested(tested);
            languages.meter.hold(vocabulary.size())?;
            let choices = given::choices(space, token);
            let minimum = Minimum::new(formula, &choices, space, languages)?;
            let most = minimum.claims().len();
            if most > MAX_CLAIMS {
                return Err(Undecided::Claims { limit: MAX_CLAIMS });
            }
            for changed in (0..=most).flat_map(|size| minimum.sets(size)) {
                let requirement = minimum.requirement(&changed, space, languages)?;
                if !minimum.may_suffice(&changed, &requirement, space, languages)? {
                    continue;
                }
                vocabulary.fix_but(&changed, &choices);
                let Some(found) = sample(issuer, space, &requirement, languages, &vocabulary)? else {
                    continue;
                };
                let after = changed_token(trusted, token, &found.witness, &changed, gets);
                found.confirmed(after.is_some())?;
                let clauses = set.program().clauses(id).iter();
                let names = oddity::exact_names(trusted, clauses.filter(|clause| clause.issuer == issuer));
                return Ok(after.map(|after| Changes::new(trusted, token, after, &changed, &names)));
            }
            Ok(None)
        })
    }
}

/// Returns a token with other values of some claims, and with derived claims that follow; `None` if the engine does
/// not confirm it.
fn changed_token(
    issuer: &TrustedIssuer,
    token: &Object,
    found: &Witness,
    changed: &[ClaimId],
    gets: impl Fn(&Object) -> bool,
) -> Option<Object> {
    let made = &found.token;
    let mut after = token.clone();
    for claim in changed {
        let path = &issuer.profile[*claim].path;
        after.put(path, made.at(path).cloned());
    }
    if token
        .get("sub")
        .and_then(Value::as_text)
        .is_none_or(str::is_empty)
    {
        let subject = made.get("sub").cloned();
        after.set("sub", subject.unwrap_or_else(|| Value::from(any_subject(issuer))));
    }
    // The other elements of a list stay if they may.
    let mut longer = after.clone();
    for claim in changed {
        let path = &issuer.profile[*claim].path;
        if let (Some(Value::List(own)), Some(new)) = (token.at(path), made.at(path)) {
            let new = match new {
                Value::List(new) => new.as_slice(),
                one => std::slice::from_ref(one),
            };
            let added = new.iter().filter(|element| !own.contains(element));
            let all = own.iter().chain(added).cloned();
            longer.put(path, Some(Value::List(all.collect())));
        }
    }
    let mut same_layouts = [longer, after.clone()]
        .map(|after| issuer.follow(token, after))
        .into_iter();
    if let Some(found) = same_layouts.find(&gets) {
        return Some(ties::follow(issuer, token, found, &gets));
    }
    // The role needs another layout of a derived claim, or a token without it.
    for derivation in &issuer.derivations {
        let path = &issuer.profile[derivation.claim].path;
        let is_absent = matches!(
            found.choices.get(&Variable::Derivation(derivation.claim)),
            Some(Choice::Word(word)) if word == ABSENT
        );
        if is_absent || made.at(path).is_some() {
            after.put(path, made.at(path).cloned());
        }
    }
    let other_layouts = issuer.follow(token, after);
    gets(&other_layouts).then(|| ties::follow(issuer, token, other_layouts, &gets))
}
