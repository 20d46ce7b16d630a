//! Conditions: operators, keys and values.

mod values;

use super::elements;
use crate::aws::keys::Key;
use crate::aws::operator::{Operator, Set, Test};
use crate::aws::text::Version;
use crate::aws::trust::{Condition, Effect};
use crate::document::{Member, Node};
use crate::notice::{Notice, printable};
use rolecall_syntax::{Span, Spanned};
use std::collections::HashSet;

/// The reader of the conditions of one statement.
pub(super) struct Reader<'a> {
    pub(super) version: Version,
    pub(super) effect: Effect,
    pub(super) notices: &'a mut Vec<Notice>,
}

impl Reader<'_> {
    /// Reads the element `Condition`.
    pub(super) fn read(mut self, node: &Node) -> Vec<Condition> {
        let mut conditions = Vec::new();
        let operators = self.members(node, "operator", "member-given-twice");
        for Member { name, value } in operators {
            let Some(operator) = Operator::parse(name) else {
                let message = format!("operator `{}` does not exist", printable(name));
                let help = "write an operator as AWS spells it, such as `StringEquals`";
                self.refuse("unknown-operator", message, help, name.span);
                continue;
            };
            let operator = Spanned::new(operator, name.span);
            let keys = self.members(value, "key", "member-given-twice");
            self.different_cases(&keys);
            if keys.is_empty() {
                let help = "remove the operator";
                let message = format!("operator `{}` has no keys", printable(name));
                self.refuse("operator-without-keys", message, help, name.span);
            }
            conditions.extend(keys.into_iter().filter_map(|key| self.condition(&operator, key)));
        }
        conditions
    }

    /// Returns the members of a map, of equal names the last one.
    ///
    /// AWS does not document equal names. Tools on the way to it keep the last one, and do not say so.
    /// (hashicorp/terraform-provider-aws#33026.)
    fn members<'n>(&mut self, node: &'n Node, what: &str, code: &'static str) -> Vec<&'n Member> {
        let Some(members) = node.as_map() else {
            elements::wrong_type(node, "a map", self.notices);
            return Vec::new();
        };
        let mut seen = HashSet::new();
        let mut kept: Vec<&Member> = Vec::new();
        for member in members.iter().rev() {
            let name = &member.name;
            if seen.insert(name.as_str()) {
                kept.push(member);
                continue;
            }
            let message = format!(
                "{what} `{}` is given again below: only the last one counts",
                printable(name)
            );
            let help = "write all of it in one place";
            self.notices.push(Notice::odd(code, message, help, name.span));
        }
        kept.reverse();
        kept
    }

    /// Refuses keys of one operator that are equal but for case: one key for AWS, and two members for JSON.
    fn different_cases(&mut self, keys: &[&Member]) {
        let mut seen = HashSet::new();
        for name in keys.iter().map(|key| &key.name) {
            if !seen.insert(name.to_ascii_lowercase()) {
                let message = format!("key `{}` is given in two spellings", printable(name));
                let help = "write all its values in one list";
                self.refuse("key-in-two-spellings", message, help, name.span);
            }
        }
    }

    fn condition(&mut self, operator: &Spanned<Operator>, member: &Member) -> Option<Condition> {
        let Member { name, value } = member;
        let Some(key) = Key::parse(name) else {
            let message = format!("key `{}` has no meaning for tokens", printable(name));
            let help = "write `ISSUER:CLAIM`, with the issuer as in the ARN of the provider";
            self.refuse("key-not-understood", message, help, name.span);
            return None;
        };
        self.check(operator, &key, name.span);
        let values = self.values(operator, value);
        let span = name.span.to(value.span);
        let written_key = name.clone();
        Some(Condition {
            operator: operator.clone(),
            written_key,
            key,
            values,
            span,
        })
    }

    /// Reports operators whose meaning for a key is not known, or admits tokens without the claim.
    fn check(&mut self, operator: &Spanned<Operator>, key: &Key, span: Span) {
        let Operator {
            set,
            test,
            negated,
            if_exists,
        } = operator.node;
        let is_claim = matches!(key, Key::Claim { .. });
        if is_claim && !test.is_of_texts() && test != Test::Null {
            // The keys for tokens "work with string operators". A claim is not converted to a number, a date
            // or an ARN.
            let message = "AWS does not document this operator for claims".to_owned();
            let help = "use a string operator, such as `StringEquals`";
            self.refuse("operator-on-claim", message, help, operator.span);
        }
        match set {
            Some(_) if test == Test::Null => {
                let message = "AWS does not document `Null` with a set operator".to_owned();
                self.refuse("set-operator-on-null", message, "write `Null`", operator.span);
            }
            // `IfExists` holds without the key, and `ForAnyValue` fails without it.
            Some(Set::Any) if if_exists => {
                let message = "AWS does not document `ForAnyValue` with `IfExists`".to_owned();
                let help = "remove one of them";
                self.refuse("for-any-value-if-exists", message, help, operator.span);
            }
            None if test != Test::Null && key.is_multivalued() => {
                let message = "AWS does not document this operator for a key with several values".to_owned();
                let help = "write `ForAnyValue:` before it";
                self.refuse("needs-set-operator", message, help, span);
            }
            _ => {}
        }
        if !is_claim || self.effect == Effect::Deny {
            return;
        }
        let what = match set {
            Some(Set::All) => "`ForAllValues` holds",
            _ if if_exists => "`IfExists` holds",
            None if negated => "a negated operator holds",
            _ => return,
        };
        let message = format!("{what} for tokens without the claim");
        let help = "require the claim in addition: `\"Null\": {KEY: \"false\"}`";
        self.notices
            .push(Notice::odd("absence-admitted", message, help, operator.span));
    }

    fn refuse(&mut self, code: &'static str, message: String, help: &str, span: Span) {
        self.notices.push(Notice::refused(code, message, help, span));
    }
}
