//! Roles that are translated but for their names and audiences, which depend on all documents.

use super::condition::{all, any, compare, text};
use super::coverage::{Fact, Fidelity, TranslatedRole};
use super::issuers::Issuers;
use super::resource::Resource;
use crate::notice::{Notice, NoticeKind};
use rolecall_syntax::ast::{Allow, Expr, ExprAt, Item, Operator, Role, RoleMember};
use rolecall_syntax::{Span, Spanned};
use std::collections::BTreeSet;

/// A role.
#[derive(Debug)]
pub(super) struct Draft {
    pub(super) name: Spanned<String>,
    /// The resource that the clients of its source get with it, see [`TranslatedRole::resource`].
    pub(super) resource: Option<Resource>,
    /// The facts of the role beside its tokens, see [`TranslatedRole::beside`].
    pub(super) beside: BTreeSet<Fact>,
    pub(super) file: usize,
    pub(super) span: Span,
    pub(super) clauses: Vec<DraftClause>,
    pub(super) notices: Vec<Notice>,
}

/// A way to get a role.
#[derive(Debug)]
pub(super) struct DraftClause {
    pub(super) issuer: Spanned<String>,
    /// The audiences of the tokens that the clause is for.
    pub(super) audiences: Vec<String>,
    pub(super) when: ExprAt,
    pub(super) span: Span,
}

impl Draft {
    /// Returns the item of the role, unless it is refused or for no token, and its summary.
    pub(super) fn finish(self, issuers: &Issuers<'_>) -> (Option<Spanned<Item>>, TranslatedRole) {
        let fidelity = self.fidelity();
        let has_externals = self.clauses.iter().any(|clause| has_external(&clause.when));
        let summary = TranslatedRole {
            name: self.name.node.clone(),
            resource: self.resource,
            beside: self.beside,
            file: self.file,
            span: self.span,
            has_externals,
            fidelity,
            needs: self
                .notices
                .iter()
                .filter_map(|notice| notice.needs.clone())
                .collect(),
        };
        if matches!(summary.fidelity, Fidelity::Refused(_) | Fidelity::NotForTokens) {
            return (None, summary);
        }
        let members = self.clauses.into_iter().map(|clause| clause.member(issuers));
        let role = Role {
            name: self.name,
            expansions: Vec::new(),
            members: members.collect(),
        };
        (Some(Spanned::new(Item::Role(role), self.span)), summary)
    }

    /// Compares the tokens that get the translated role with those of its source.
    fn fidelity(&self) -> Fidelity {
        let first = |kind| {
            let mut notices = self.notices.iter().filter(|notice| notice.kind == kind);
            notices.next().map(|notice| notice.code)
        };
        match (
            first(NoticeKind::Refused),
            first(NoticeKind::Narrower),
            first(NoticeKind::Wider),
        ) {
            // A role that admits more tokens and fewer ones says nothing about either.
            (Some(code), _, _) | (None, Some(code), Some(_)) => Fidelity::Refused(code),
            (None, Some(code), None) => Fidelity::Narrower(code),
            (None, None, Some(code)) => Fidelity::Wider(code),
            (None, None, None) if self.clauses.is_empty() => Fidelity::NotForTokens,
            (None, None, None) => Fidelity::Exact,
        }
    }
}

impl DraftClause {
    fn member(self, issuers: &Issuers<'_>) -> Spanned<RoleMember> {
        let Self {
            issuer,
            audiences,
            when,
            span,
        } = self;
        let at = issuer.span;
        // An issuer of ours has the audiences of all its roles.
        let when = match issuers.are_all(&issuer.node, &audiences) {
            true => when,
            false => {
                let path = ["aud".to_owned()];
                let one = |audience: &String| compare(&path, Operator::Equal, text(audience, at), at);
                all([any(audiences.iter().map(one), at), when], span)
            }
        };
        let is_always = matches!(&when.node, Expr::All(parts) if parts.is_empty());
        let allow = Allow {
            issuer,
            when: (!is_always).then_some(when),
        };
        Spanned::new(RoleMember::Allow(allow), span)
    }
}

/// Returns whether a condition has a part that no token decides.
fn has_external(condition: &ExprAt) -> bool {
    match &condition.node {
        Expr::All(parts) | Expr::Any(parts) => parts.iter().any(has_external),
        Expr::External(_) => true,
        Expr::Not(part) => has_external(part),
        Expr::Bare(_) | Expr::Call(_) | Expr::Compare(_) | Expr::Has(_) | Expr::IsNull(_) => false,
    }
}
