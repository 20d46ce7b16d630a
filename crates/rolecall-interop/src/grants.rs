//! Grants of roles whose values do not depend on a token.

use rolecall_engine::RoleId;
use rolecall_engine::ir::Program;
use std::collections::{BTreeMap, BTreeSet};

/// The grants of a role, each with its values.
pub type Grants = BTreeMap<String, BTreeSet<String>>;

/// Returns the grants of a role, without the values that have claims in them.
pub fn constant_grants(program: &Program, role: RoleId) -> Grants {
    let mut grants = Grants::new();
    for (place, name) in program[role].grants.iter().enumerate() {
        for clause in program.clauses(role) {
            let template = clause.grants().get(place);
            if let Some(template) = template.filter(|template| template.claims().next().is_none()) {
                let value = program.issuers()[clause.issuer].profile.written(template);
                grants.entry(name.to_string()).or_default().insert(value);
            }
        }
    }
    grants
}
