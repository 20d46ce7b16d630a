//! Units of a diagram: roles, or similar roles.

use crate::report::graph::family::common;
use crate::report::graph::way::WayReport;
use crate::report::graph::width::{Mark, mark};
use rolecall_lint::Step;
use rolecall_report::location::count;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// The most nodes for the tenants of a unit, and for its grants. More are summed up.
const MOST_EACH: usize = 4;

/// A node for one role, or for similar ones.
pub(super) struct Unit<'r> {
    /// The number of roles.
    pub(super) roles: usize,
    /// The name, and what stands below it.
    pub(super) lines: Vec<String>,
    /// The widest step of its ways.
    pub(super) step: Step,
    pub(super) is_proved: bool,
    /// The tenants, each with its issuer.
    pub(super) tenants: Vec<(&'r str, Bundle)>,
    pub(super) grants: Vec<Bundle>,
}

/// Texts that share a node, and the noun for one of them.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Bundle(Vec<String>, String);

/// Returns the units of some ways, which are sorted, the widest first. If there are more than `most`, the roles of a family
/// are one unit. If there are still more, so are roles of the same width with the same tags, but for the widest.
pub(super) fn units(ways: &[WayReport], most: usize) -> Vec<Unit<'_>> {
    let role = |way: &WayReport| format!("role {}", way.role);
    let family = |way: &WayReport| match &way.family {
        Some(family) => format!("family {family}"),
        None => role(way),
    };
    let mut groups = grouped(ways, &role);
    if groups.len() > most {
        groups = grouped(ways, &family);
    }
    if groups.len() > most {
        // A role with several ways counts with its widest one.
        let mut steps: HashMap<&str, Step> = HashMap::new();
        for way in ways {
            steps.entry(&way.role).or_insert(way.step);
        }
        groups = grouped(ways, &|way| {
            let step = steps.get(way.role.as_str()).copied().unwrap_or(way.step);
            match way.family.is_some() || mark(step) == Mark::Widest {
                true => family(way),
                false => format!("{step:?} {:?}", way.tags),
            }
        });
    }
    groups.iter().filter_map(|ways| unit(ways)).collect()
}

/// Returns the ways by a key, in the order of the first way of each key.
fn grouped<'r>(ways: &'r [WayReport], key: &dyn Fn(&WayReport) -> String) -> Vec<Vec<&'r WayReport>> {
    let mut groups: Vec<Vec<&WayReport>> = Vec::new();
    let mut known: HashMap<String, usize> = HashMap::new();
    for way in ways {
        let at = *known.entry(key(way)).or_insert(groups.len());
        match groups.get_mut(at) {
            Some(group) => group.push(way),
            None => groups.push(vec![way]),
        }
    }
    groups
}

fn unit<'r>(ways: &[&'r WayReport]) -> Option<Unit<'r>> {
    let widest = ways.first()?;
    let roles: BTreeSet<&str> = ways.iter().map(|way| way.role.as_str()).collect();
    let tags: BTreeSet<&str> = ways
        .iter()
        .flat_map(|way| &way.tags)
        .map(String::as_str)
        .collect();
    let names: Vec<&str> = roles.iter().copied().collect();
    let mut lines = match names.as_slice() {
        [name] => vec![(*name).to_owned()],
        names => vec![common(names), count(names.len(), "role")],
    };
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

/// Returns the tenants of some ways.
fn tenants<'r>(ways: &[&'r WayReport]) -> Vec<(&'r str, Bundle)> {
    let mut by_issuer: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for way in ways {
        let tenants = by_issuer.entry(way.issuer.as_str()).or_default();
        tenants.extend(way.tenants.iter().cloned());
    }
    let bundles = by_issuer.into_iter().flat_map(|(issuer, tenants)| {
        let bundles = bundled(tenants, '/', "tenant").into_iter();
        bundles.map(move |bundle| (issuer, bundle))
    });
    bundles.collect()
}

/// Returns the grants of some ways.
fn grants(ways: &[&WayReport]) -> Vec<Bundle> {
    let grants = ways.iter().flat_map(|way| &way.grants);
    let grants = grants.map(|grant| format!("{}: {}", grant.name, grant.value));
    bundled(grants.collect(), ':', "grant")
}

/// Returns a bundle for each of a few texts; of more, for those with the same beginning; of many beginnings, for all.
fn bundled(texts: BTreeSet<String>, end: char, noun: &str) -> Vec<Bundle> {
    if texts.len() <= MOST_EACH {
        return texts
            .into_iter()
            .map(|text| Bundle(vec![text], String::new()))
            .collect();
    }
    let mut groups: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for text in &texts {
        let beginning = text.split_once(end).map_or("", |(beginning, _)| beginning);
        groups.entry(beginning.to_owned()).or_default().push(text.clone());
    }
    if groups.len() > MOST_EACH {
        groups = [(String::new(), texts.into_iter().collect())].into();
    }
    let bundle = |texts: Vec<String>| Bundle(texts, noun.to_owned());
    groups.into_values().map(bundle).collect()
}

impl Bundle {
    /// Returns the lines of the node: the one text, or the common parts of all and their number.
    pub(super) fn lines(&self) -> Vec<String> {
        let Self(texts, noun) = self;
        match texts.as_slice() {
            [text] => vec![text.clone()],
            texts => {
                let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
                vec![common(&texts), count(texts.len(), noun)]
            }
        }
    }
}
