//! Resources of plans: each change has the attributes before and after it.

use super::configuration::Configuration;
use super::instance::Instance;
use super::state::{is_data, of_values};
use super::values::Values;
use super::{Side, is_ours};
use crate::document::{DocumentError, Json, Members};
use crate::notice::Notice;

/// Returns the resources on one side of a plan, in the order of the text.
pub(super) fn instances<'a>(
    plan: &Members<'a>,
    side: Side,
    notices: &mut Vec<Notice>,
) -> Result<Vec<Instance<'a>>, DocumentError> {
    report_incomplete(plan, notices);
    let configuration = Configuration::of(plan.get("configuration"))?;
    let mut instances = Vec::new();
    let changes = plan.get("resource_changes");
    let planned = plan.get("planned_values");
    if let (None, Some(planned)) = (changes, planned)
        && !of_values(planned, notices)?.is_empty()
    {
        let message = "the plan has resources, and no changes of them";
        let help = "write it with `terraform show -json PLAN`";
        notices.push(Notice::odd("plan-not-complete", message, help, planned.span()));
    }
    for change in changes.map_or(Ok(Vec::new()), Json::elements)? {
        let members = Members::of(change)?;
        let kind = members.text("type")?.map(|kind| kind.node).unwrap_or_default();
        if is_ours(&kind) {
            of_change(&members, &kind, side, &configuration, &mut instances)?;
        }
    }
    // Data sources that are read before the plan is made are in the prior state alone.
    let prior = plan
        .get("prior_state")
        .map_or(Ok(None), |prior| Ok(Members::of(prior)?.get("values")))?;
    if let Some(values) = prior {
        let prior = of_values(values, notices)?.into_iter();
        instances.extend(prior.filter(|instance| instance.is_data));
    }
    Ok(instances)
}

/// Adds the resource of a change, as it is on one side.
fn of_change<'a>(
    members: &Members<'a>,
    kind: &str,
    side: Side,
    configuration: &Configuration,
    instances: &mut Vec<Instance<'a>>,
) -> Result<(), DocumentError> {
    let Some(change) = members.get("change") else {
        return Ok(());
    };
    let change = Members::of(change)?;
    let address = members
        .text("address")?
        .map(|address| address.node)
        .unwrap_or_default();
    let module = members.text("module_address")?.map(|module| module.node);
    let is_data = is_data(members)?;
    let value = |name: &str| change.get(name).filter(|value| value.is_map());
    let (before, after) = (value("before"), value("after"));
    let instance = |values: Json<'a>, is_after: bool| Instance {
        address: address.clone(),
        kind: kind.to_owned(),
        is_data,
        values: Values::Raw(values),
        previous: before.filter(|_| is_after),
        unknown: change.get("after_unknown").filter(|_| is_after),
        sensitive: change.get(if is_after {
            "after_sensitive"
        } else {
            "before_sensitive"
        }),
        module: module.clone(),
        configured: configuration.resource(&address).filter(|_| is_after),
    };
    let actions = change.get("actions").map_or(Ok(Vec::new()), Json::texts)?;
    // The resource stays as it is, but Terraform does not manage it any more.
    let is_forgotten = actions.iter().any(|action| action.node == "forget");
    if side == Side::Before || is_forgotten {
        instances.extend(before.map(|values| instance(values, false)));
    }
    if side == Side::After {
        instances.extend(after.map(|values| instance(values, true)));
    }
    Ok(())
}

/// Reports a plan that does not have all changes: it has errors, or is for a part of the configuration.
fn report_incomplete(plan: &Members<'_>, notices: &mut Vec<Notice>) {
    for (name, expected) in [("errored", false), ("complete", true)] {
        let Some(found) = plan.get(name) else {
            continue;
        };
        if found.flag().is_some_and(|found| found != expected) {
            let message = "the plan does not have all changes of its configuration";
            let help = "plan without `-target`, and fix the errors";
            notices.push(Notice::odd("plan-not-complete", message, help, found.span()));
        }
    }
}
