//! Objects of a configuration, decoded strictly (`sigs.k8s.io/json`, `UnmarshalStrict`): an unknown name and one that is given
//! twice are faults, and the case of letters counts.

use crate::document::{Node, Value};
use crate::fields::{Fields, Wording};
use crate::notice::printable;

/// The words about values.
static WORDING: Wording = Wording {
    expects: "the API server takes",
    help: |value| match value {
        Value::Bool(_) | Value::Number(_) | Value::Unsettled(_) => "put it in quotes",
        _ => "write it as the page \"Authenticating\" of the Kubernetes documentation does",
    },
};

/// Returns the members of an object, which has no others than those that are known.
pub(super) fn fields<'a>(text: &'a str, object: &'a Node, known: &[&str]) -> Fields<'a> {
    strict(Fields::new(&WORDING, text, object), known)
}

/// Returns the members of an object inside of another one.
pub(super) fn inner<'a>(fields: &Fields<'a>, object: &'a Node, known: &[&str]) -> Fields<'a> {
    strict(fields.inner(object), known)
}

/// Returns the members of a member that is an object; an absent one has none.
pub(super) fn object<'a>(fields: &Fields<'a>, name: &str, known: &[&str]) -> Option<Fields<'a>> {
    Some(inner(fields, fields.get(name)?, known))
}

/// Refuses members that are not known.
fn strict<'a>(mut fields: Fields<'a>, known: &[&str]) -> Fields<'a> {
    for member in fields.members() {
        let name = &member.name;
        if !known.contains(&name.as_str()) {
            let message = format!("the API server refuses the member `{}`", printable(name));
            let help = format!("remove it, or use one of {}", known.join(", "));
            fields.refuse("unknown-member", message, &help, name.span);
        }
    }
    fields
}
