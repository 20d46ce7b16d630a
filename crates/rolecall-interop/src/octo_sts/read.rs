//! Reading of trust policies, as strict as octo-sts.
//!
//! It decodes them by `sigs.k8s.io/yaml` v1.6.0 into Go's structs (`UnmarshalStrict`): names of members are
//! compared without regard to case, `null` leaves a text empty, and an empty text is an absent one. A number
//! or a boolean becomes a text in the policy of a repository, and makes the policy of an organisation
//! invalid, because its struct is embedded there.

mod collections;
mod fields;
mod text;

use super::pattern::Pattern;
use super::policy::{Matcher, TrustPolicy};
use super::token;
use crate::document::{Node, Value};
use crate::notice::{Notice, Reading, printable};
use fields::Fields;
use rolecall_syntax::Spanned;

/// Returns whether a document is a trust policy: a map with an issuer and a subject, or a pattern for them.
///
/// Azure's federated credentials have these two members also, but with `audiences`.
pub fn is_trust_policy(root: &Node) -> bool {
    let Value::Map(members) = &root.node else {
        return false;
    };
    let has_one = |name: &str| members.iter().any(|member| fields::is_same(&member.name, name));
    let has = |names: &[&str]| names.iter().any(|name| has_one(name));
    has(&["issuer", "issuer_pattern"])
        && has(&["subject", "subject_pattern", "claim_pattern"])
        && !has(&["audiences"])
}

/// Reads a trust policy.
pub fn read(root: &Node) -> Reading<TrustPolicy> {
    let mut reader = Reader::default();
    let policy = reader.policy(root);
    Reading::new(policy, reader.notices)
}

#[derive(Default)]
struct Reader {
    notices: Vec<Notice>,
    is_of_organisation: bool,
}

impl Reader {
    /// Reads the policy. Nothing is returned without a notice.
    fn policy(&mut self, root: &Node) -> Option<TrustPolicy> {
        let Value::Map(members) = &root.node else {
            let message = "a trust policy is a map with `issuer`, `subject` and `permissions`";
            self.refuse("not-a-trust-policy", root, message, "write `issuer: https://…`");
            return None;
        };
        let fields = Fields::new(members, fields::POLICY, &mut self.notices);
        let repositories = fields.get("repositories");
        self.is_of_organisation = repositories.is_some();
        let issuer = self.matcher(&fields, ["issuer", "issuer_pattern"]);
        let subject = self.matcher(&fields, ["subject", "subject_pattern"]);
        let audience = self.matcher(&fields, ["audience", "audience_pattern"]);
        let app = self.matcher(&fields, ["app", "app_pattern"]);
        self.report_impossible(issuer.as_ref(), token::refuses_issuer, "issuer");
        self.report_impossible(subject.as_ref(), token::refuses_subject, "subject");
        self.report_impossible(audience.as_ref(), token::refuses_audience, "audience");
        if let Some(app) = &app {
            let message = "octo-sts up to v0.8.0 refuses a policy with `app` or `app_pattern`";
            let help = "check that the server is newer, or remove the member";
            self.notices.push(Notice::odd(
                "refused-by-source",
                message,
                help,
                app.written().span,
            ));
        }
        let claims = self.claims(fields.get("claim_pattern"));
        let permissions = self.permissions(fields.get("permissions"));
        let repositories = repositories.and_then(|member| self.repositories(member));
        for (part, name) in [(&issuer, "issuer"), (&subject, "subject")] {
            let names = [name, &format!("{name}_pattern")];
            if part.is_none() && names.iter().all(|name| fields.is_empty(name)) {
                let message = format!("octo-sts refuses a policy without `{name}` and `{name}_pattern`");
                self.refuse("none-given", root, message, format!("add `{name}: …`"));
            }
        }
        Some(TrustPolicy {
            issuer: issuer?,
            subject: subject?,
            audience,
            claims,
            permissions,
            repositories,
            app,
            span: root.span,
        })
    }

    /// Reads a text or a pattern, of which at most one is given.
    fn matcher(&mut self, fields: &Fields<'_>, [exact, pattern]: [&'static str; 2]) -> Option<Matcher> {
        let text = fields.get(exact).and_then(|member| self.text(&member.value));
        let regex = fields.get(pattern).and_then(|member| self.text(&member.value));
        let text = text.filter(|text| !text.is_empty());
        match (text, regex.filter(|regex| !regex.is_empty())) {
            (Some(text), None) => Some(Matcher::Exact(text)),
            (None, Some(regex)) => self.pattern(regex).map(Matcher::Pattern),
            (None, None) => None,
            (Some(_), Some(regex)) => {
                let message = format!("octo-sts refuses a policy with both `{exact}` and `{pattern}`");
                let notice = Notice::refused("both-given", message, "remove one of them", regex.span);
                self.notices.push(notice);
                None
            }
        }
    }

    fn pattern(&mut self, written: Spanned<String>) -> Option<Pattern> {
        let span = written.span;
        let text = written.node.clone();
        match Pattern::parse(written) {
            Err(reason) => {
                let message = format!("the pattern `{}` is not read: {reason}", printable(&text));
                let help = "write it with literals, classes, groups, `|` and repetitions alone";
                self.notices
                    .push(Notice::refused("pattern-not-read", message, help, span));
                None
            }
            Ok(pattern) => {
                if pattern.depends_on_anchors() {
                    let message = "up to octo-sts v0.8.0, any text can follow the first alternative and precede \
                                   the last one, because the `|` is outside of a group";
                    let help = format!("write `(?:{})`, which all versions read alike", printable(&text));
                    self.notices
                        .push(Notice::wider("alternation-escapes-anchors", message, help, span));
                }
                if pattern.has_dot_in_name() {
                    let message = format!("a dot in `{}` matches any character", printable(&text));
                    self.notices.push(Notice::odd(
                        "unescaped-dot",
                        message,
                        "write `\\.` for a literal dot",
                        span,
                    ));
                }
                Some(pattern)
            }
        }
    }

    /// Reports a text that no token can have.
    fn report_impossible(&mut self, matcher: Option<&Matcher>, is_refused: fn(&str) -> bool, part: &str) {
        if let Some(Matcher::Exact(text)) = matcher
            && is_refused(text)
        {
            let message = format!(
                "octo-sts refuses every token with the {part} `{}`",
                printable(text)
            );
            let help = format!("write the {part} as tokens have it, or a pattern");
            self.notices
                .push(Notice::odd("never-matches", message, help, text.span));
        }
    }

    fn refuse(
        &mut self,
        code: &'static str,
        node: &Node,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        self.notices.push(Notice::refused(code, message, help, node.span));
    }
}
