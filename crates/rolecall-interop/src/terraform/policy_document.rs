//! Policies that roles take from `aws_iam_policy_document`: those of plans that are known after apply, and those of
//! configurations.

mod statement;

use super::configuration::without_keys;
use super::instance::{Attribute, Instance};
use crate::document::{Member, Node, Value};
use crate::notice::Notice;
use rolecall_syntax::Spanned;
use statement::statement;
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

    /// Returns the document that a role refers to, in the same module. Its configuration names one document, and
    /// nothing else.
    pub(super) fn of_role(&self, role: &Instance<'a>) -> Option<&'i Instance<'a>> {
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

/// Returns the policy of a document, as the provider writes it. Parts of it can be unknown. A document with other
/// documents in it has none.
pub(super) fn policy(document: &Instance<'_>, notices: &mut Vec<Notice>) -> Option<Node> {
    let is_absent = |name: &&str| match document.attribute(name) {
        Attribute::Absent => true,
        Attribute::Known(value) => value.as_list().is_some_and(<[_]>::is_empty),
        Attribute::Unknown(_) => false,
    };
    if !OTHERS.iter().all(is_absent) {
        return None;
    }
    let node = document.tree()?;
    let statements = node.named("statement").next_back()?;
    let all = match statements.as_list() {
        Some(all) => {
            let all: Option<Vec<Node>> = all.iter().map(|one| statement(one, notices)).collect();
            Value::List(all?)
        }
        None => statements.node.clone(),
    };
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
        member("Statement", Spanned::new(all, statements.span)),
    ];
    Some(Spanned::new(Value::Map(members.into()), node.span))
}

/// Returns a member whose name is not in the document.
fn member(name: &str, value: Node) -> Member {
    let name = Spanned::new(name.to_owned(), value.span);
    Member { name, value }
}
