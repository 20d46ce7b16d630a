//! Units of a diagram: roles, or the roles of a family.

use crate::report::graph::way::WayReport;
use crate::report::location::count;
use rolecall_lint::Step;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// The most nodes for the tenants of a unit, and for its grants. More are summed up.
const MOST_EACH: usize = 4;

/// A node for one role, or for the roles of a family.
pub(super) struct Unit<'r> {
    /// The number of roles.
    pub(super) roles: usize,
    /// The name, and what stands below it.
    pub(super) lines: Vec<String>,
    /// The widest step of its ways.
    pub(super) step: Step,
    pub(super) is_proved: bool,
    /// The tenants, each with its issuer.
    pub(super) tenants: BTreeSet<(&'r str, String)>,
    pub(super) grants: BTreeSet<String>,
}

/// Returns the units of some ways, which are sorted, the widest first. If there are more roles than `most`, those of a
/// family are one unit.
pub(super) fn units(ways: &[WayReport], most: usize) -> Vec<Unit<'_>> {
    let by_role = grouped(ways, |way| &way.role);
    let groups = match by_role.len() > most {
        true => grouped(ways, |way| way.family.as_ref().unwrap_or(&way.role)),
        false => by_role,
    };
    groups
        .into_iter()
        .filter_map(|(name, ways)| unit(name, &ways))
        .collect()
}

/// Returns the ways by a name, in the order of the first way of each name.
fn grouped<'r>(
    ways: &'r [WayReport],
    name: impl Fn(&'r WayReport) -> &'r String,
) -> Vec<(&'r str, Vec<&'r WayReport>)> {
    let mut groups: Vec<(&str, Vec<&WayReport>)> = Vec::new();
    let mut known: HashMap<&str, usize> = HashMap::new();
    for way in ways {
        let name = name(way).as_str();
        let at = *known.entry(name).or_insert(groups.len());
        match groups.get_mut(at) {
            Some((_, group)) => group.push(way),
            None => groups.push((name, vec![way])),
        }
    }
    groups
}

fn unit<'r>(name: &str, ways: &[&'r WayReport]) -> Option<Unit<'r>> {
    let widest = ways.first()?;
    let roles: BTreeSet<&str> = ways.iter().map(|way| way.role.as_str()).collect();
    let tags: BTreeSet<&str> = ways
        .iter()
        .flat_map(|way| &way.tags)
        .map(String::as_str)
        .collect();
    let mut lines = vec![name.to_owned()];
    if roles.len() > 1 {
        lines.push(count(roles.len(), "role"));
    }
    if !tags.is_empty() {
        let tags: Vec<String> = tags.iter().map(|tag| format!("#{tag}")).collect();
        lines.push(tags.join(" "));
    }
    lines.push(widest.label());
    let is_proved = ways
        .iter()
        .filter(|way| way.step == widest.step)
        .all(|way| way.proved);
    Some(Unit {
        roles: roles.len(),
        lines,
        step: widest.step,
        is_proved,
        tenants: tenants(ways),
        grants: grants(ways),
    })
}

/// Returns the tenants of some ways: each of a few, else their owners, else their number.
fn tenants<'r>(ways: &[&'r WayReport]) -> BTreeSet<(&'r str, String)> {
    let mut by_issuer: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for way in ways {
        let tenants = by_issuer.entry(way.issuer.as_str()).or_default();
        tenants.extend(way.tenants.iter().map(String::as_str));
    }
    let nodes = by_issuer.into_iter().flat_map(|(issuer, tenants)| {
        let nodes = few(
            &tenants,
            |tenant| tenant.split_once('/').map_or(tenant, |(owner, _)| owner),
            "tenant",
        );
        nodes.into_iter().map(move |node| (issuer, node))
    });
    nodes.collect()
}

/// Returns the grants of some ways: each of a few, else the number of those with a name, else their number.
fn grants(ways: &[&WayReport]) -> BTreeSet<String> {
    let grants = ways.iter().flat_map(|way| &way.grants);
    let grants: BTreeSet<String> = grants
        .map(|grant| format!("{}: {}", grant.name, grant.value))
        .collect();
    let grants: BTreeSet<&str> = grants.iter().map(String::as_str).collect();
    let name = |grant: &'_ str| grant.split_once(": ").map_or(grant.len(), |(name, _)| name.len());
    few(
        &grants,
        |grant| grant.get(..name(grant)).unwrap_or(grant),
        "grant",
    )
}

/// Returns some texts, if they are few; else the number of those that share a beginning; else the number of all.
fn few(texts: &BTreeSet<&str>, beginning: impl Fn(&str) -> &str, noun: &str) -> BTreeSet<String> {
    if texts.len() <= MOST_EACH {
        return texts.iter().map(|text| (*text).to_owned()).collect();
    }
    let mut groups: BTreeMap<&str, usize> = BTreeMap::new();
    for text in texts {
        let number = groups.entry(beginning(text)).or_default();
        *number = number.saturating_add(1);
    }
    if groups.len() > MOST_EACH {
        return [count(texts.len(), noun)].into();
    }
    let groups = groups.into_iter();
    groups
        .map(|(start, number)| format!("{start}: {}", count(number, noun)))
        .collect()
}
