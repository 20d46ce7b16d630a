//! The work to be done, the same on every machine: an organisation with its projects, the roles of its services, and the
//! tokens of its jobs.

#![allow(
    clippy::as_conversions,
    clippy::indexing_slicing,
    clippy::unreachable,
    reason = "the input of a bench is known"
)]

mod ask;
mod claim;
mod kind;
mod organisation;
mod policy;
mod random;
mod reference;
mod role;
mod token;

pub use claim::{Claim, Test, Wildcard};
pub use kind::Kind;
pub use organisation::{AUDIENCES, ISSUERS, Project};
pub use role::Role;
pub use token::Token;

use random::Random;

/// The number of tokens that take turns.
pub const TOKENS: usize = 2_000;

/// Roles and tokens.
#[derive(Debug)]
pub struct Workload {
    /// The roles.
    pub roles: Vec<Role>,
    /// The tokens.
    pub tokens: Vec<Token>,
}

impl Workload {
    /// So many roles, for a fifth as many projects, and the tokens.
    pub fn new(roles: usize) -> Self {
        Self::among(roles, (roles / 5).max(20))
    }

    /// So many roles for so many projects, and the tokens.
    pub fn among(roles: usize, projects: usize) -> Self {
        let random = &mut Random::new(42);
        let projects = organisation::projects(projects, random);
        let roles: Vec<Role> = (0..roles)
            .map(|number| Role::new(number, &projects, random))
            .collect();
        let tokens = (0..TOKENS)
            .map(|_| Token::new(&roles, &projects, random))
            .collect();
        Self { roles, tokens }
    }

    /// Returns the names and the texts of policy files with these roles, so many in each.
    pub fn files(&self, each: usize) -> Vec<(String, String)> {
        policy::files(&self.roles, each)
    }

    /// For each token a role to ask for: three times in five one that it may take, if there is one, else any.
    pub fn pairs(&self, answers: &[Vec<usize>]) -> Vec<usize> {
        let random = &mut Random::new(43);
        let role = |found: &Vec<usize>| {
            if !found.is_empty() && random.percent(60) {
                *random.one(found)
            } else {
                random.below(self.roles.len())
            }
        };
        answers.iter().map(role).collect()
    }
}
