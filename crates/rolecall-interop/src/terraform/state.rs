//! Resources of states: the values of `terraform show -json`, and state files of version 4.

use super::instance::Instance;
use super::is_ours;
use super::values::Values;
use crate::document::{DocumentError, Json, Members};
use crate::notice::Notice;

/// The deepest nesting of modules. Configurations have a few levels.
const MAX_MODULES: usize = 64;

/// Returns the resources of the values of a state, in the order of the text.
pub(super) fn of_values<'a>(
    values: Json<'a>,
    notices: &mut Vec<Notice>,
) -> Result<Vec<Instance<'a>>, DocumentError> {
    let root = Members::of(values)?.get("root_module");
    let mut modules: Vec<(Json<'a>, usize)> = root.into_iter().map(|root| (root, 0)).collect();
    let mut instances = Vec::new();
    while let Some((module, level)) = modules.pop() {
        let members = Members::of(module)?;
        if let Some(resources) = members.get("resources") {
            for resource in resources.elements()? {
                instances.extend(instance(&Members::of(resource)?, "values")?);
            }
        }
        let Some(children) = members.get("child_modules") else {
            continue;
        };
        if level >= MAX_MODULES {
            let message =
                format!("the modules have more than {MAX_MODULES} levels: the inner ones are not read");
            let help = "check the inner modules alone";
            notices.push(Notice::odd("module-too-deep", message, help, children.span()));
            continue;
        }
        let children = children.elements()?;
        modules.extend(
            children
                .into_iter()
                .rev()
                .map(|child| (child, level.saturating_add(1))),
        );
    }
    Ok(instances)
}

/// Returns a resource with an address, whose attributes are a member.
fn instance<'a>(members: &Members<'a>, attributes: &str) -> Result<Option<Instance<'a>>, DocumentError> {
    let (Some(kind), Some(values)) = (members.text("type")?, members.get(attributes)) else {
        return Ok(None);
    };
    if !is_ours(&kind) || !values.is_map() {
        return Ok(None);
    }
    let address = members.text("address")?.map(|address| address.node);
    Ok(Some(Instance {
        address: address.unwrap_or_default(),
        kind: kind.node,
        is_data: is_data(members)?,
        values: Values::Raw(values),
        previous: None,
        unknown: None,
        sensitive: members.get("sensitive_values"),
        module: None,
        configured: None,
    }))
}

/// Returns whether a resource is a data source.
pub(super) fn is_data(members: &Members<'_>) -> Result<bool, DocumentError> {
    Ok(members.text("mode")?.is_some_and(|mode| mode.node == "data"))
}

/// Returns whether a document is a state file of version 4.
pub(super) fn is_file(members: &Members<'_>) -> bool {
    let has = |name: &str| members.get(name).is_some();
    let version = members
        .get("version")
        .filter(|_| has("lineage") && has("serial") && has("resources"));
    version.and_then(Json::number) == Some("4")
}

/// Returns the resources of a state file, in the order of the text.
pub(super) fn of_file<'a>(members: &Members<'a>) -> Result<Vec<Instance<'a>>, DocumentError> {
    let mut instances = Vec::new();
    let resources = members.get("resources");
    for resource in resources.map_or(Ok(Vec::new()), Json::elements)? {
        let members = Members::of(resource)?;
        let kind = members.text("type")?.map(|kind| kind.node).unwrap_or_default();
        let Some(all) = members.get("instances").filter(|_| is_ours(&kind)) else {
            continue;
        };
        let is_data = is_data(&members)?;
        for one in all.elements()? {
            let one = Members::of(one)?;
            let Some(values) = one.get("attributes").filter(|values| values.is_map()) else {
                continue;
            };
            instances.push(Instance {
                address: address(&members, &one)?,
                kind: kind.clone(),
                is_data,
                values: Values::Raw(values),
                previous: None,
                unknown: None,
                sensitive: one.get("sensitive_attributes"),
                module: None,
                configured: None,
            });
        }
    }
    Ok(instances)
}

/// Returns the address of an instance in a state file.
fn address(resource: &Members<'_>, instance: &Members<'_>) -> Result<String, DocumentError> {
    let text = |name: &str| resource.text(name).map(|text| text.map(|text| text.node));
    let data = is_data(resource)?.then(|| "data".to_owned());
    let parts = [text("module")?, data, text("type")?, text("name")?];
    let mut address = parts.into_iter().flatten().collect::<Vec<String>>().join(".");
    if let Some(index) = instance.get("index_key").filter(|index| !index.is_null()) {
        let key = index.text()?.map(|key| format!("{:?}", key.node));
        let key = key
            .or_else(|| index.number().map(str::to_owned))
            .unwrap_or_default();
        address.push_str(&format!("[{key}]"));
    }
    Ok(address)
}
