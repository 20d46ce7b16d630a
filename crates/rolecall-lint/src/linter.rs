//! The linter: all rules over one policy set.

use crate::clause::ClauseView;
use crate::context::RuleContext;
use crate::finding::Finding;
use crate::report::LintReport;
use crate::role_spans::RoleSpans;
use crate::rule::{Check, Rule};
use crate::rules;
use crate::settings::Settings;
use crate::severity::Category;
use crate::suppress::Comments;
use crate::trees::Trees;
use rolecall_analysis::Analysis;
use rolecall_engine::ir::Clause;
use rolecall_engine::{ParsedFile, PolicySet, RoleId};

/// The rules about spelling that the translation of a document checks itself, where it still knows what was written.
const TRANSLATED: [&str; 6] = [
    "empty-or-padded-text",
    "pattern-without-wildcard",
    "regex-for-list",
    "regex-for-wildcard",
    "unescaped-dot",
    "wildcard-in-equality",
];

/// The findings about one role, or about the whole policy set.
#[derive(Clone, Debug)]
pub struct Part {
    /// The role; `None` for the whole set.
    pub(crate) role: Option<RoleId>,
    pub(crate) findings: Vec<Finding>,
}

impl Part {
    /// Creates the part of findings that the translation of foreign documents reports.
    pub fn foreign(findings: Vec<Finding>) -> Self {
        Self { role: None, findings }
    }
}

/// The linter of one policy set.
#[derive(Debug)]
pub struct Linter<'p> {
    pub(crate) set: &'p PolicySet,
    pub(crate) settings: &'p Settings,
    pub(crate) trees: Trees,
    /// The rules that are reported in any file.
    rules: Vec<&'static Rule>,
}

impl<'p> Linter<'p> {
    /// Creates the linter of a policy set, and parses its files again.
    pub fn new(set: &'p PolicySet, settings: &'p Settings) -> Self {
        Self::with_files(set, &[], settings)
    }

    /// Creates the linter of a policy set that was compiled from these files, in this order.
    pub fn with_files(set: &'p PolicySet, files: &[ParsedFile], settings: &'p Settings) -> Self {
        let rules = rules::ALL.iter().copied();
        Self {
            set,
            settings,
            trees: Trees::new(set.program(), files),
            rules: rules.filter(|rule| settings.reports(&rule.info)).collect(),
        }
    }

    /// Lints the policy set on this thread.
    pub fn run(&self) -> LintReport {
        let mut parts = self.roles(self.set.program().roles().ids());
        parts.push(self.whole());
        self.finish(parts)
    }

    /// Runs the rules for roles on some roles. Different threads may lint different roles.
    pub fn roles(&self, roles: impl IntoIterator<Item = RoleId>) -> Vec<Part> {
        let mut analysis = Analysis::new(self.set);
        let mut context = self.context(&mut analysis);
        let part = |role| Part {
            role: Some(role),
            findings: self.role(role, &mut context),
        };
        roles.into_iter().map(part).collect()
    }

    /// Returns whether the findings about a role depend on the other roles.
    pub(crate) fn compares_roles(&self) -> bool {
        let mut rules = self.rules.iter();
        rules.any(|rule| matches!(rule.check, Check::Among(_)))
    }

    fn role(&self, id: RoleId, context: &mut RuleContext<'_, '_>) -> Vec<Finding> {
        let program = self.set.program();
        let views = self.views(id, context.is_privileged(&program[id]));
        let of_rule = |rule: &&'static Rule| match rule.check {
            Check::Role(check) | Check::Among(check) => check(id, context),
            _ => rule.of_clauses(&views, context),
        };
        if !program.is_foreign(program[id].location.file()) {
            return self.rules.iter().flat_map(of_rule).collect();
        }
        // A document in another language has no tests and descriptions as policies have them.
        let rules = self.rules.iter().filter(|rule| {
            let info = &rule.info;
            info.category != Category::Hygiene && !TRANSLATED.contains(&info.name)
        });
        rules.flat_map(of_rule).map(Finding::without_help).collect()
    }

    /// Returns the clauses of a role.
    pub(crate) fn views(&self, id: RoleId, is_privileged: bool) -> Vec<ClauseView<'p>> {
        let program = self.set.program();
        let view = |clause: &'p Clause| {
            let head = self.trees.allow(clause.location).unwrap_or(clause.location);
            ClauseView::new(
                (id, &program[id]),
                (clause, &program[clause.issuer]),
                head,
                is_privileged,
            )
        };
        program.clauses(id).iter().map(view).collect()
    }

    /// Runs the rules for the whole policy set.
    pub fn whole(&self) -> Part {
        let mut analysis = Analysis::new(self.set);
        let mut context = self.context(&mut analysis);
        let found = self.rules.iter().flat_map(|rule| match rule.check {
            Check::Set(check) => check(&mut context),
            _ => Vec::new(),
        });
        let is_foreign = |finding: &Finding| self.set.program().is_foreign(finding.location.file());
        let found = found.filter_map(|finding| match is_foreign(&finding) {
            true if finding.rule.category == Category::Hygiene => None,
            true => Some(finding.without_help()),
            false => Some(finding),
        });
        Part {
            role: None,
            findings: found.collect(),
        }
    }

    /// Completes the report of the findings of all roles and of the whole set: sets their severities, removes
    /// those that comments suppress, and adds the findings about such comments.
    pub fn finish(&self, mut parts: Vec<Part>) -> LintReport {
        // Of equal findings, the one about the first role is kept, whichever thread was the first.
        parts.sort_by_key(|part| (part.role.is_none(), part.role));
        let (mut comments, unusable) = Comments::read(self.set, &self.trees, self.settings);
        let findings = parts.into_iter().flat_map(|part| part.findings);
        let roles = RoleSpans::new(self.set.program());
        let reported = findings.filter_map(|finding| self.reported(finding, &roles));
        let (mut findings, suppressed) = comments.suppress(reported.collect());
        let of_comments = unusable
            .into_iter()
            .chain(comments.unused(self.set, self.settings));
        findings.extend(of_comments.filter_map(|finding| self.reported(finding, &roles)));
        self.relate(&mut findings, &roles);
        LintReport::new(findings, suppressed)
    }

    /// Relates findings about a role to its first `allow`, so that they count with those about it.
    fn relate(&self, findings: &mut [Finding], roles: &RoleSpans) {
        let program = self.set.program();
        for finding in findings.iter_mut().filter(|finding| finding.clause.is_none()) {
            let clauses = roles.at(finding.location).map(|role| program.clauses(role));
            let first = clauses.and_then(|clauses| clauses.first());
            finding.clause = first.map(|clause| {
                let clause = clause.location;
                self.trees.allow(clause).unwrap_or(clause)
            });
        }
    }

    /// Returns a finding with the severity that it is reported with, or `None` if it is not reported.
    fn reported(&self, finding: Finding, roles: &RoleSpans) -> Option<Finding> {
        // Users cannot change built-in profiles.
        self.trees.file(finding.location.file())?;
        let source = &self.set.program()[finding.location.file()];
        let role = roles
            .at(finding.location)
            .map(|role| &*self.set.program()[role].name);
        let severity = self
            .settings
            .severity(finding.rule, finding.severity, &source.name, role)?;
        Some(finding.severity(severity))
    }

    pub(crate) fn context<'l>(&'p self, analysis: &'l mut Analysis<'p>) -> RuleContext<'l, 'p> {
        RuleContext {
            set: self.set,
            trees: &self.trees,
            settings: self.settings,
            analysis,
        }
    }
}
