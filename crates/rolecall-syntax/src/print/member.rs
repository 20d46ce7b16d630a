//! The members of profiles, issuers and roles.

use super::Printer;
use super::list::ListPart;
use crate::ast::{
    Claim, ClaimType, Duration, EnumValue, IssuerMember, Name, OneOrList, ProfileMember, RoleMember,
};
use crate::span::{Span, Spanned, plus};
use crate::string::Str;

impl Printer<'_> {
    pub(super) fn profile_member(&mut self, member: &Spanned<ProfileMember>) {
        match &member.node {
            ProfileMember::Claim(claim) => self.claim(member.span, claim),
            ProfileMember::Derive(derive) => self.derive(member.span, derive),
            ProfileMember::Shared(urls) => self.strings(member.span, "shared", urls),
        }
    }

    pub(super) fn issuer_member(&mut self, member: &Spanned<IssuerMember>) {
        let span = member.span;
        match &member.node {
            IssuerMember::Algorithms(names) => self.names(span, "algorithms", names),
            IssuerMember::Audience(strings) => self.strings(span, "audience", strings),
            IssuerMember::AuthorizedParty(party) => self.setting(span, "authorized_party", party),
            IssuerMember::Derive(derive) => self.derive(span, derive),
            IssuerMember::Jwks(url) => self.setting(span, "jwks", url),
            IssuerMember::Leeway(duration) => self.duration(span, "leeway", duration.node),
            IssuerMember::MaxAge(duration) => self.duration(span, "max_age", duration.node),
            IssuerMember::Profile(name) => self.leaf(span, &format!("profile {}", name.node)),
            IssuerMember::SubjectLimit(limit) => self.leaf(span, &format!("subject_limit {}", limit.node)),
            IssuerMember::Url(url) => self.setting(span, "url", url),
        }
    }

    pub(super) fn role_member(&mut self, member: &Spanned<RoleMember>) {
        let span = member.span;
        match &member.node {
            RoleMember::Allow(allow) => {
                let head = format!("allow from {}", allow.issuer.node);
                match &allow.when {
                    Some(when) => {
                        let keyword = self.keyword_after(allow.issuer.span.end, "when");
                        self.clause(span, &format!("{head} when"), keyword, when);
                    }
                    None => self.leaf(span, &head),
                }
            }
            RoleMember::Grant(grant) => {
                let word = format!("grant {} =", grant.name.node);
                self.strings_after(grant.name.span.end, span, &word, &grant.templates);
            }
            RoleMember::Tags(names) => self.names(span, "tags", names),
            RoleMember::Ttl(duration) => self.duration(span, "ttl", duration.node),
        }
    }
}

impl Printer<'_> {
    /// `WORD "…"`
    fn setting(&mut self, span: Span, word: &str, string: &Str) {
        let text = self.flat(|flat| {
            flat.push(word);
            flat.push(" ");
            flat.string(string);
        });
        self.leaf(span, &text);
    }

    /// `WORD 15m`
    fn duration(&mut self, span: Span, word: &str, duration: Duration) {
        let text = self.flat(|flat| {
            flat.push(word);
            flat.push(" ");
            flat.duration(duration);
        });
        self.leaf(span, &text);
    }

    /// `WORD "…"` or `WORD ["…", …]`
    fn strings(&mut self, span: Span, word: &str, strings: &OneOrList) {
        self.strings_after(plus(span.start, word.len()), span, word, strings);
    }

    /// The same, with the place in the text behind which the strings are.
    fn strings_after(&mut self, after: usize, span: Span, word: &str, strings: &OneOrList) {
        let strings = match strings {
            OneOrList::One(string) => return self.setting(span, word, string),
            OneOrList::List(strings) => strings,
        };
        let text = self.flat(|flat| flat.list(strings, |flat, string| flat.string(string)));
        self.word_and_list(after, span, word, &text, |printer| {
            for string in strings {
                let text = printer.flat(|flat| flat.string(string));
                printer.leaf(string.span, &format!("{text},"));
            }
        });
    }

    /// `WORD [a, b]`
    fn names(&mut self, span: Span, word: &str, names: &[Name]) {
        let text = self.flat(|flat| flat.list(names, |flat, name| flat.push(name)));
        let after = plus(span.start, word.len());
        self.word_and_list(after, span, word, &text, |printer| {
            for name in names {
                printer.leaf(name.span, &format!("{},", name.node));
            }
        });
    }

    fn word_and_list(
        &mut self,
        after: usize,
        span: Span,
        word: &str,
        text: &str,
        elements: impl FnOnce(&mut Self),
    ) {
        let part = ListPart {
            span,
            head: &format!("{word} "),
            list: Span::new(self.comments.find('[', after), span.end),
            text,
            tail: "",
        };
        self.list_part(&part, elements);
    }

    /// `claim PATH: TYPE MODIFIER…`; the values of an enumeration may be printed one per line.
    fn claim(&mut self, span: Span, claim: &Claim) {
        let mut head = self.flat(|flat| {
            flat.push("claim ");
            flat.path(&claim.path);
            flat.push(": ");
        });
        let modifiers = self.flat(|flat| flat.modifiers(&claim.modifiers));
        let mut claim_type = &claim.claim_type;
        let mut brackets = 0;
        while let ClaimType::List(element) = &claim_type.node {
            claim_type = element;
            brackets = plus(brackets, 1);
        }
        let ClaimType::Enum { values, open } = &claim_type.node else {
            let text = self.flat(|flat| flat.claim_type(&claim.claim_type));
            return self.leaf(span, &[head, text, modifiers].concat());
        };
        head += &"[".repeat(brackets);
        head += "enum ";
        let tail = "]".repeat(brackets) + &modifiers;
        let after_enum = plus(claim_type.span.start, "enum".len());
        let part = ListPart {
            span,
            head: &head,
            list: Span::new(self.comments.find('[', after_enum), claim_type.span.end),
            text: &self.flat(|flat| flat.enum_values(values, *open)),
            tail: &tail,
        };
        self.list_part(&part, |printer| printer.enum_lines(values, *open));
    }

    fn enum_lines(&mut self, values: &[Spanned<EnumValue>], open: bool) {
        for value in values {
            let text = self.flat(|flat| flat.enum_value(value));
            self.leaf(value.span, &format!("{text},"));
        }
        if open {
            let comma = values
                .last()
                .map_or(0, |last| self.comments.token_after(last.span.end));
            let start = self.comments.token_after(plus(comma, 1));
            // `...` and `…` have the same size.
            self.leaf(Span::sized(start, "...".len()), "...");
        }
    }
}
