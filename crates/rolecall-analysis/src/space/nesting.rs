//! Claims inside of claims: where one is there, the one around it is an object.

use super::Space;
use crate::budget::Reason;
use crate::formula::NodeId;
use crate::language::Languages;
use crate::variable::Variable;
use rolecall_engine::ClaimId;

impl Space<'_> {
    /// What holds of the claims of a formula because some of them stand inside others.
    pub(crate) fn nesting(&mut self, formula: NodeId, languages: &mut Languages) -> Result<NodeId, Reason> {
        let mut claims: Vec<ClaimId> = self
            .formulas
            .atoms(formula)
            .into_iter()
            .filter_map(claim)
            .collect();
        claims.sort_unstable();
        claims.dedup();
        // The audience and the issuer are always asked for.
        claims.extend(["aud", "iss"].into_iter().filter_map(|name| self.claim(name)));
        let profile = &self.issuer.profile;
        let path = |claim: ClaimId| profile.claim(claim).map(|definition| definition.path.as_slice());
        let is_inside = |inner: ClaimId, outer: ClaimId| match (path(inner), path(outer)) {
            (Some(inner), Some(outer)) => inner.len() > outer.len() && inner.starts_with(outer),
            _ => false,
        };
        let mut pairs = Vec::new();
        for inner in claims
            .iter()
            .filter(|claim| path(**claim).is_some_and(|path| path.len() > 1))
        {
            let around = claims.iter().filter(|outer| is_inside(*inner, **outer));
            pairs.extend(around.map(|outer| (*inner, *outer)));
        }
        let mut rules = Vec::new();
        for (inner, outer) in pairs {
            let inner = self.present(inner, languages)?;
            let outer = self.odd(outer, languages)?;
            let not_inner = self.formulas.not(inner);
            rules.push(self.formulas.any([not_inner, outer]));
        }
        Ok(self.formulas.all(rules))
    }
}

fn claim(atom: crate::variable::Atom) -> Option<ClaimId> {
    match atom.variable() {
        Variable::Claim(claim) | Variable::Elements(claim) | Variable::Layout(claim) => Some(claim),
        Variable::Open(_) => None,
    }
}
