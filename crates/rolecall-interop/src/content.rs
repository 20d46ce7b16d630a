//! Contents of documents, by the sources that recognise them.

use crate::aws::Account;
use crate::azure::Identities;
use crate::cloudformation;
use crate::document::{DocumentError, Json, Node, comments, yaml, yaml_of_template};
use crate::google;
use crate::hcl;
use crate::kubernetes::{self, AuthenticatorReading};
use crate::notice::{Notice, Reading};
use crate::octo_sts::{self, TrustPolicy};
use crate::target::Target;
use crate::terraform::{self, Side, Sink};
use crate::vault;
use rolecall_syntax::ast::Comment;
use rolecall_syntax::{Span, Spanned};

/// The parts of a document that say who gets roles. One document can have parts of several sources.
#[derive(Clone, Debug, Default)]
pub(crate) struct Content {
    pub(crate) aws: Account,
    pub(crate) azure: Identities,
    pub(crate) google: google::Documents,
    pub(crate) kubernetes: Vec<AuthenticatorReading>,
    pub(crate) octo_sts: Vec<Found<TrustPolicy>>,
    pub(crate) vault: vault::Documents,
    /// The comments, in the order of the text. JSON has none.
    pub(crate) comments: Vec<Spanned<Comment>>,
    /// The notices about a state or a plan.
    notices: Vec<Notice>,
}

/// A part of a document and the location of all that the document says of it.
#[derive(Clone, Debug)]
pub(crate) struct Found<T> {
    pub(crate) reading: Reading<T>,
    pub(crate) span: Span,
}

/// The bytes of the largest document of a source that prints one role at a time.
const MAX_SMALL: usize = 1024 * 1024;

impl Content {
    /// Recognises the sources of a document; nothing if no source knows it.
    pub(crate) fn read(text: &str) -> Result<Option<Self>, DocumentError> {
        let mut content = Self::default();
        if hcl::is_configuration(text) {
            let configuration = hcl::parse(text)?;
            terraform::read_configuration(text, &configuration, &mut content.sink());
            content.comments = configuration.comments;
            return Ok(Some(content));
        }
        if !text.trim_start().starts_with(['{', '[']) {
            let document = match cloudformation::may_be(text) {
                true => yaml_of_template(text)?,
                false => yaml(text)?,
            };
            let is_found = content.take(text, &document);
            content.comments = comments(text, &document);
            return Ok(is_found.then_some(content));
        }
        let document = Json::parse(text)?;
        let mut is_found = false;
        for part in [document].into_iter().chain(document.elements()?) {
            // The clouds are first: their dumps are large, and most of their parts are never read.
            is_found |= content.read_terraform(text, part, Side::After)?
                || content.aws.read(text, part)?
                || content.azure.read(text, part)?
                || is_small(part) && content.take(text, &part.node()?);
        }
        Ok(is_found.then_some(content))
    }

    /// Recognises a plan of Terraform: the content before it, and the content after it.
    pub(crate) fn read_plan(text: &str) -> Result<Option<[Self; 2]>, DocumentError> {
        let document = Json::parse(text)?;
        if !terraform::is_plan(document)? {
            return Ok(None);
        }
        let side = |side| {
            let mut content = Self::default();
            content.read_terraform(text, document, side)?;
            Ok(content)
        };
        Ok(Some([side(Side::Before)?, side(Side::After)?]))
    }

    /// Adds a state or a plan. Returns whether the document is one.
    fn read_terraform(&mut self, text: &str, document: Json<'_>, side: Side) -> Result<bool, DocumentError> {
        terraform::read(text, document, side, &mut self.sink())
    }

    /// Returns the sources that take the roles of Terraform.
    fn sink(&mut self) -> Sink<'_> {
        Sink {
            aws: &mut self.aws,
            azure: &mut self.azure,
            google: &mut self.google,
            vault: &mut self.vault,
            notices: &mut self.notices,
        }
    }

    /// Adds a small document. Returns whether a source knows it.
    fn take(&mut self, text: &str, document: &Node) -> bool {
        if octo_sts::is_trust_policy(document) {
            self.octo_sts.push(Found {
                reading: octo_sts::read(document),
                span: document.span,
            });
            return true;
        }
        if kubernetes::is_configuration(document) {
            self.kubernetes.extend(kubernetes::authenticators(text, document));
            return true;
        }
        cloudformation::take(document, &mut self.aws)
            || self.google.take(text, document)
            || self.vault.take(document)
    }

    /// Returns the systems of which the document has parts.
    pub(crate) fn targets(&self) -> impl Iterator<Item = Target> {
        let Self {
            aws,
            azure,
            google,
            kubernetes,
            octo_sts,
            vault,
            ..
        } = self;
        let are_there = [
            (Target::Aws, !aws.roles.is_empty() || !aws.providers.is_empty()),
            (Target::Azure, !azure.identities.is_empty()),
            (
                Target::Google,
                !google.policies.is_empty() || !google.providers.is_empty(),
            ),
            (Target::Kubernetes, !kubernetes.is_empty()),
            (Target::OctoSts, !octo_sts.is_empty()),
            (Target::Vault, !vault.roles.is_empty() || !vault.mounts.is_empty()),
        ];
        are_there
            .into_iter()
            .filter_map(|(target, is_there)| is_there.then_some(target))
    }

    /// Returns the notices about the document itself.
    pub(crate) fn notices(&self) -> impl Iterator<Item = &Notice> {
        let of_sources = self.aws.notices.iter().chain(&self.azure.notices);
        of_sources.chain(&self.notices)
    }

    /// Returns the locations of the parts that say who gets a role. All else stays hidden: dumps of accounts and states have
    /// secrets.
    pub(crate) fn shown(&self) -> Vec<Span> {
        let mut shown: Vec<Span> = self.aws.shown().collect();
        shown.extend(self.azure.shown());
        shown.extend(self.kubernetes.iter().map(|entry| entry.span));
        shown.extend(self.octo_sts.iter().map(|policy| policy.span));
        shown.extend(self.google.shown());
        shown.extend(self.vault.shown());
        let directives = self
            .comments
            .iter()
            .filter(|comment| comment.text.contains("policy-check:"));
        shown.extend(directives.map(|comment| comment.span));
        shown.sort_unstable();
        shown
    }
}

/// Returns whether a value is a map that can be read as a whole before its source is known.
fn is_small(part: Json<'_>) -> bool {
    let Span { start, end } = part.span();
    part.is_map() && end.saturating_sub(start) <= MAX_SMALL
}
