//! All rules over one policy set.

use crate::clause::ClauseView;
use crate::finding::Finding;
use crate::linting::Linting;
use crate::rule::{Check, Rule};
use crate::rules::RULES;
use crate::settings::Settings;
use crate::suppression::{self, Suppression};
use crate::trees::Trees;
use rolecall_analysis::Analysis;
use rolecall_engine::PolicySet;
use std::ops::Range;

/// The linter of one policy set.
#[derive(Debug)]
pub struct Linter<'p> {
    set: &'p PolicySet,
    settings: &'p Settings,
    trees: Trees,
    /// The rules that are told.
    rules: Vec<&'static Rule>,
}

/// What came out.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Linted {
    /// What was found, in the order of the files.
    pub findings: Vec<Finding>,
    /// What was found and is suppressed, each with the comment that does it.
    pub suppressed: Vec<(Finding, Suppression)>,
}

impl<'p> Linter<'p> {
    /// The linter of a policy set.
    pub fn new(set: &'p PolicySet, settings: &'p Settings) -> Self {
        Self {
            set,
            settings,
            trees: Trees::new(set.program().own_sources()),
            rules: RULES.iter().copied().filter(|rule| settings.asks(rule)).collect(),
        }
    }

    /// All of it, on this thread.
    pub fn run(&self) -> Linted {
        let mut findings = self.roles(0..self.set.program().roles.len());
        findings.extend(self.whole());
        self.finish(findings)
    }

    /// What the rules about roles find of some of them. Different threads may look at different roles.
    pub fn roles(&self, roles: Range<usize>) -> Vec<Finding> {
        let program = self.set.program();
        let mut analysis = Analysis::new(self.set);
        let mut linting = self.linting(&mut analysis);
        for number in roles {
            let Some(role) = program.roles.get(number) else {
                break;
            };
            let is_privileged = linting.is_privileged(role);
            let views = role.clauses.iter().filter_map(|clause| {
                let issuer = program.issuers.get(clause.issuer)?;
                let head = self.trees.allow(clause.location).unwrap_or(clause.location);
                Some(ClauseView::new(
                    (number, role),
                    (clause, issuer),
                    head,
                    is_privileged,
                ))
            });
            let views: Vec<ClauseView<'_>> = views.collect();
            for rule in &self.rules {
                match rule.check {
                    Check::Clause(check) => {
                        for view in &views {
                            let others = std::mem::take(&mut linting.findings);
                            check(view, &mut linting);
                            let found = std::mem::replace(&mut linting.findings, others);
                            let found = found.into_iter().map(|finding| finding.of_clause(view));
                            linting.findings.extend(found);
                        }
                    }
                    Check::Role(check) => check(number, &mut linting),
                    Check::Set(_) | Check::Run | Check::Suppression => {}
                }
            }
        }
        linting.findings
    }

    /// What the rules about the whole set find.
    pub fn whole(&self) -> Vec<Finding> {
        let mut analysis = Analysis::new(self.set);
        let mut linting = self.linting(&mut analysis);
        for rule in &self.rules {
            if let Check::Set(check) = rule.check {
                check(&mut linting);
            }
        }
        linting.findings
    }

    /// What is told of all that was found, in the order of the files: each once, with its severity, and without what is
    /// suppressed.
    pub fn finish(&self, findings: Vec<Finding>) -> Linted {
        let told = findings.into_iter().filter_map(|finding| self.told(finding));
        let linted = suppression::apply(self.set, &self.trees, self.settings, told.collect());
        let findings = linted
            .findings
            .into_iter()
            .filter_map(|finding| self.told(finding));
        Linted {
            findings: each_once(findings.collect(), |finding| finding),
            suppressed: each_once(linted.suppressed, |(finding, _)| finding),
        }
    }

    /// A finding with the severity that it is told with.
    fn told(&self, finding: Finding) -> Option<Finding> {
        // Nobody can mend a built-in profile.
        self.trees.files.get(finding.location.file)?;
        let source = self.set.program().sources.get(finding.location.file)?;
        let severity = self
            .settings
            .severity(finding.rule, finding.severity, &source.name)?;
        Some(finding.severity(severity))
    }

    fn linting<'l>(&'p self, analysis: &'l mut Analysis<'p>) -> Linting<'l, 'p> {
        Linting {
            set: self.set,
            trees: &self.trees,
            settings: self.settings,
            analysis,
            findings: Vec::new(),
        }
    }
}

/// Findings in the order of the files, each once: one place may be part of many roles, by a condition with a name, or because
/// the role is many.
fn each_once<T>(mut found: Vec<T>, finding: fn(&T) -> &Finding) -> Vec<T> {
    let key = |one: &T| (finding(one).location, finding(one).rule.name);
    // Sorting keeps the order of what is equal.
    found.sort_by_key(key);
    found.dedup_by_key(|one| key(one));
    found
}
