//! Policies of plans that are known after apply: those of `aws_iam_policy_document`.
//!
//! A plan that makes a role together with its provider knows all of the policy but the ARN of the provider. The
//! condition keys have the issuer, which is all that the ARN says of the tokens.

mod statement;

use super::configuration::without_keys;
use super::instance::{Attribute, Instance, first_true};
use crate::aws::{Reading, trust};
use crate::document::{Member, Node, Value};
use crate::notice::{Notice, printable};
use rolecall_syntax::Spanned;
use statement::{Unclear, statement};
use std::collections::HashMap;

/// The attributes that add statements from other documents.
const OTHERS: &[&str] = &[
    "override_json",
    "override_policy_documents",
    "source_json",
    "source_policy_documents",
];

/// The beginning of a reference to a document.
const DATA: &str = "data.aws_iam_policy_document.";

/// The documents of a plan, by their addresses.
pub(super) struct Policies<'i, 'a> {
    documents: HashMap<&'i str, &'i Instance<'a>>,
}

impl<'i, 'a> Policies<'i, 'a> {
    /// Finds the documents among the resources of a plan.
    pub(super) fn of(instances: &'i [Instance<'a>]) -> Self {
        let documents = instances
            .iter()
            .filter(|instance| instance.kind == "aws_iam_policy_document");
        Self {
            documents: documents
                .map(|document| (document.address.as_str(), document))
                .collect(),
        }
    }

    /// Returns the policy of a role whose configuration names one document, and nothing else.
    pub(super) fn of_role(&self, role: &Instance<'a>) -> Option<Reading> {
        let document = self.document(role)?;
        let policy = policy(document)?;
        let mut reading = trust(&policy);
        let message = format!(
            "the plan does not know the policy: it is read from `{}`, for the issuer of its condition keys",
            printable(&document.address)
        );
        let help = "apply the plan and check the state";
        reading
            .notices
            .push(Notice::wider("policy-from-document", message, help, policy.span));
        Some(reading)
    }

    /// Returns the document that a role refers to, in the same module.
    fn document(&self, role: &Instance<'a>) -> Option<&'i Instance<'a>> {
        let mut names: Vec<&str> = Vec::new();
        let mut has_key = false;
        for reference in &role.configured.as_ref()?.policy {
            match reference.as_str() {
                "each.key" | "each.value" | "count.index" => has_key = true,
                _ => names.push(reference.strip_prefix(DATA)?),
            }
        }
        // A reference is followed by those that it consists of: `a["x"].json`, `a["x"]`, `a`.
        let first = names.first()?;
        let name = first
            .strip_suffix(".json")
            .or_else(|| first.strip_suffix(".minified_json"))
            .unwrap_or(first);
        let plain = without_keys(name);
        let is_one = names
            .iter()
            .all(|other| without_keys(other).split('.').next() == Some(&plain));
        let module = role
            .module
            .as_ref()
            .map(|module| format!("{module}."))
            .unwrap_or_default();
        let local = role.address.strip_prefix(&module)?;
        let key = match local.find('[').filter(|_| has_key) {
            Some(start) => local.get(start..)?,
            None => "",
        };
        let address = format!("{module}{DATA}{name}{key}");
        self.documents.get(address.as_str()).copied().filter(|_| is_one)
    }
}

/// Returns the policy of a document, as the provider writes it, or nothing if more than a provider's ARN is
/// unknown.
fn policy(document: &Instance<'_>) -> Option<Node> {
    let is_absent = |name: &&str| match document.attribute(name) {
        Attribute::Absent => true,
        Attribute::Known(value) => value
            .elements()
            .is_ok_and(|all| value.is_list() && all.is_empty()),
        Attribute::Unknown(_) => false,
    };
    if !OTHERS.iter().all(is_absent) || matches!(document.attribute("version"), Attribute::Unknown(_)) {
        return None;
    }
    let node = document.values.node().ok()?;
    let unknown = document.unknown.and_then(|unknown| unknown.node().ok());
    let statements = node.named("statement").next_back()?;
    let unclear = unknown
        .as_ref()
        .and_then(|unknown| unknown.named("statement").next_back());
    let is_all_unknown =
        unclear.is_some_and(|unclear| unclear.as_list().is_none() && first_true(unclear).is_some());
    if is_all_unknown {
        return None;
    }
    let unclear = unclear.and_then(|unclear| unclear.as_list()).unwrap_or_default();
    let all = statements.as_list()?.iter().enumerate();
    let all: Option<Vec<Node>> = all
        .map(|(at, one)| statement(one, Unclear(unclear.get(at))))
        .collect();
    let version = node
        .named("version")
        .next_back()
        .filter(|version| version.node != Value::Null);
    let version = version.cloned().unwrap_or_else(|| {
        let latest = Value::Text("2012-10-17".to_owned());
        Spanned::new(latest, statements.span)
    });
    let members = [
        member("Version", version),
        member("Statement", Spanned::new(Value::List(all?), statements.span)),
    ];
    Some(Spanned::new(Value::Map(members.into()), node.span))
}

/// Returns a member whose name is not in the document.
fn member(name: &str, value: Node) -> Member {
    let name = Spanned::new(name.to_owned(), value.span);
    Member { name, value }
}
