//! The linter: all rules over one policy set.

use crate::clause::ClauseView;
use crate::context::RuleContext;
use crate::finding::Finding;
use crate::report::LintReport;
use crate::rule::{Check, Rule};
use crate::rules;
use crate::settings::Settings;
use crate::suppress::Comments;
use crate::trees::Trees;
use rolecall_analysis::Analysis;
use rolecall_engine::ir::Role;
use rolecall_engine::{Location, PolicySet, RoleId};

/// The linter of one policy set.
#[derive(Debug)]
pub struct Linter<'p> {
    set: &'p PolicySet,
    settings: &'p Settings,
    trees: Trees,
    /// The rules that are reported in any file.
    rules: Vec<&'static Rule>,
}

impl<'p> Linter<'p> {
    /// Creates the linter of a policy set.
    pub fn new(set: &'p PolicySet, settings: &'p Settings) -> Self {
        let rules = rules::ALL.iter().copied();
        Self {
            set,
            settings,
            trees: Trees::new(set.program()),
            rules: rules.filter(|rule| settings.reports(&rule.info)).collect(),
        }
    }

    /// Lints the policy set on this thread.
    pub fn run(&self) -> LintReport {
        let mut findings = self.roles(self.set.program().roles().ids());
        findings.extend(self.whole());
        self.finish(findings)
    }

    /// Runs the rules for roles on some roles. Different threads may lint different roles.
    pub fn roles(&self, roles: impl IntoIterator<Item = RoleId>) -> Vec<Finding> {
        let mut analysis = Analysis::new(self.set);
        let mut context = self.context(&mut analysis);
        let roles = roles.into_iter();
        roles.flat_map(|role| self.role(role, &mut context)).collect()
    }

    fn role(&self, id: RoleId, context: &mut RuleContext<'_, '_>) -> Vec<Finding> {
        let program = self.set.program();
        let is_privileged = context.is_privileged(&program[id]);
        let views = program.clauses(id).iter().map(|clause| {
            let head = self.trees.allow(clause.location).unwrap_or(clause.location);
            ClauseView::new(
                (id, &program[id]),
                (clause, &program[clause.issuer]),
                head,
                is_privileged,
            )
        });
        let views: Vec<ClauseView<'_>> = views.collect();
        let found = self.rules.iter().flat_map(|rule| match rule.check {
            Check::Role(check) => check(id, context),
            _ => rule.of_clauses(&views, context),
        });
        found.collect()
    }

    /// Runs the rules for the whole policy set.
    pub fn whole(&self) -> Vec<Finding> {
        let mut analysis = Analysis::new(self.set);
        let mut context = self.context(&mut analysis);
        let found = self.rules.iter().flat_map(|rule| match rule.check {
            Check::Set(check) => check(&mut context),
            _ => Vec::new(),
        });
        found.collect()
    }

    /// Completes the report of the findings of all roles and of the whole set: sets their severities, removes
    /// those that comments suppress, and adds the findings about such comments.
    pub fn finish(&self, findings: Vec<Finding>) -> LintReport {
        let (mut comments, unusable) = Comments::read(self.set, &self.trees, self.settings);
        let reported = findings.into_iter().filter_map(|finding| self.reported(finding));
        let (mut findings, suppressed) = comments.suppress(reported.collect());
        let of_comments = unusable
            .into_iter()
            .chain(comments.unused(self.set, self.settings));
        findings.extend(of_comments.filter_map(|finding| self.reported(finding)));
        self.relate(&mut findings);
        LintReport::new(findings, suppressed)
    }

    /// Relates findings about a role to its first `allow`, so that they count with those about it.
    fn relate(&self, findings: &mut [Finding]) {
        let program = self.set.program();
        let first = |(id, role): (RoleId, &Role)| {
            let clause = program.clauses(id).first()?.location;
            Some((role.location, self.trees.allow(clause).unwrap_or(clause)))
        };
        let mut roles: Vec<(Location, Location)> = program.roles().iter().filter_map(first).collect();
        roles.sort_unstable();
        let start = |location: Location| (location.file(), location.span().start);
        for finding in findings.iter_mut().filter(|finding| finding.clause.is_none()) {
            let at = finding.location;
            let before = roles.partition_point(|(role, _)| start(*role) <= start(at));
            let role = before.checked_sub(1).and_then(|role| roles.get(role));
            let is_inside = |(role, _): &&(Location, Location)| {
                role.file() == at.file() && at.span().end <= role.span().end
            };
            finding.clause = role.filter(is_inside).map(|(_, head)| *head);
        }
    }

    /// Returns a finding with the severity that it is reported with, or `None` if it is not reported.
    fn reported(&self, finding: Finding) -> Option<Finding> {
        // Users cannot change built-in profiles.
        self.trees.files.find(finding.location.file())?;
        let source = &self.set.program()[finding.location.file()];
        let severity = self
            .settings
            .severity(finding.rule, finding.severity, &source.name)?;
        Some(finding.severity(severity))
    }

    fn context<'l>(&'p self, analysis: &'l mut Analysis<'p>) -> RuleContext<'l, 'p> {
        RuleContext {
            set: self.set,
            trees: &self.trees,
            settings: self.settings,
            analysis,
        }
    }
}
