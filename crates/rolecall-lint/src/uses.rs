//! Names that items use.

use crate::trees::{Trees, conditions_of, each_part};
use hashbrown::HashSet;
use rolecall_syntax::ast::{Expr, ExprAt, IssuerMember, Item, Operand, RoleMember, TokenBase, Values};
use rolecall_syntax::{Spanned, names_in_braces};

/// The names of items that other items use.
#[derive(Debug, Default)]
pub(crate) struct Uses<'t> {
    pub(crate) conditions: HashSet<&'t str>,
    /// The issuers in the clauses of roles.
    pub(crate) issuers: HashSet<&'t str>,
    /// The issuers that guards and tests name.
    pub(crate) named_issuers: HashSet<&'t str>,
    /// The profiles of issuers, and those that other profiles extend.
    pub(crate) profiles: HashSet<&'t str>,
    pub(crate) sets: HashSet<&'t str>,
    /// The tests whose token another test modifies.
    pub(crate) tests: HashSet<String>,
}

impl<'t> Uses<'t> {
    /// Collects the names that some files use.
    pub(crate) fn new(trees: &'t Trees) -> Self {
        let mut uses = Self::default();
        for (_, item) in trees.items() {
            uses.add(&item.node);
        }
        uses
    }

    fn add(&mut self, item: &'t Item) {
        // A parameter shadows a set of its name.
        let mut parameters: Vec<&str> = Vec::new();
        match item {
            Item::Condition(condition) => {
                parameters.extend(condition.parameters.iter().map(|name| name.node.as_str()));
            }
            Item::Guard(guard) => self
                .named_issuers
                .extend(guard.from.iter().map(|name| name.node.as_str())),
            Item::Issuer(issuer) => {
                self.profiles
                    .extend(issuer.members.iter().filter_map(|member| match &member.node {
                        IssuerMember::Profile(name) => Some(name.node.as_str()),
                        _ => None,
                    }));
            }
            Item::Role(role) => {
                for expansion in &role.expansions {
                    parameters.extend(expansion.parameters.iter().map(|name| name.node.as_str()));
                    if let Values::Set(name) = &expansion.values.node {
                        self.sets.insert(name);
                    }
                }
                self.issuers
                    .extend(role.members.iter().filter_map(|member| match &member.node {
                        RoleMember::Allow(allow) => Some(allow.issuer.node.as_str()),
                        _ => None,
                    }));
            }
            Item::Test(test) => {
                self.named_issuers.insert(&test.token.issuer.node);
                if let Some(TokenBase::Test(name)) = test.token.base.as_ref().map(|base| &base.node) {
                    self.tests.extend(name.text());
                }
            }
            Item::Profile(profile) => {
                let base = profile.extends.as_ref();
                self.profiles.extend(base.map(|base| base.node.as_str()));
            }
            Item::Assertion(_) | Item::Edition(_) | Item::Set(_) => {}
        }
        conditions_of(item, &mut |condition| {
            each_part(condition, &mut |part| match &part.node {
                Expr::Bare(path) => self.conditions.extend(path.as_name()),
                Expr::Call(call) => {
                    self.conditions.insert(&call.name.node);
                    call.arguments
                        .iter()
                        .for_each(|argument| self.operand(argument, &parameters));
                }
                Expr::Compare(comparison) => self.operand(&comparison.operand, &parameters),
                Expr::All(_)
                | Expr::Any(_)
                | Expr::External(_)
                | Expr::Has(_)
                | Expr::IsNull(_)
                | Expr::Not(_) => {}
            });
        });
    }

    fn operand(&mut self, operand: &'t Spanned<Operand>, parameters: &[&str]) {
        if let Operand::Reference(path) = &operand.node {
            let name = path.as_name().filter(|name| !parameters.contains(name));
            self.sets.extend(name);
        }
    }
}

/// Shows the names in an operand: of a set, a parameter or a claim, also in the braces of strings.
fn each_name<'t>(operand: &'t Operand, show: &mut dyn FnMut(&'t str)) {
    match operand {
        Operand::List(operands) => operands.iter().for_each(|operand| each_name(&operand.node, show)),
        Operand::Reference(path) => path.as_name().into_iter().for_each(show),
        Operand::Text(string) => names_in_braces(string.raw()).for_each(show),
        Operand::Bool(_) | Operand::Int(_) | Operand::Regex(_) => {}
    }
}

/// Returns the names that a condition compares with: sets, parameters and claims.
pub(crate) fn references(condition: &ExprAt) -> HashSet<&str> {
    let mut names = HashSet::new();
    each_part(condition, &mut |part| {
        let operands: &[Spanned<Operand>] = match &part.node {
            Expr::Call(call) => &call.arguments,
            Expr::Compare(comparison) => std::slice::from_ref(&comparison.operand),
            _ => &[],
        };
        for operand in operands {
            each_name(&operand.node, &mut |name| {
                names.insert(name);
            });
        }
    });
    names
}
