//! ARNs of IAM roles and of their sessions.

use crate::digest::sha256;

/// An ARN of an IAM role: `arn:PARTITION:iam::ACCOUNT:role/[PATH/]NAME`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct RoleArn<'a> {
    partition: &'a str,
    pub(super) account: &'a str,
    name: &'a str,
    text: &'a str,
}

impl<'a> RoleArn<'a> {
    pub(super) fn parse(text: &'a str) -> Option<Self> {
        let parts: Vec<&str> = text.splitn(6, ':').collect();
        let ["arn", partition, "iam", "", account, role] = *parts.as_slice() else {
            return None;
        };
        let (_, name) = role
            .strip_prefix("role/")
            .map(|path| path.rsplit_once('/').unwrap_or(("", path)))?;
        let is_partition = |byte: u8| byte.is_ascii_lowercase() || byte == b'-';
        let is_name = |byte: u8| byte.is_ascii_alphanumeric() || b"_+=,.@-".contains(&byte);
        let is_arn = (20..=2048).contains(&text.len())
            && text.bytes().all(|byte| byte.is_ascii_graphic())
            && partition.starts_with("aws")
            && partition.bytes().all(is_partition)
            && account.len() == 12
            && account.bytes().all(|byte| byte.is_ascii_digit())
            && (1..=64).contains(&name.len())
            && name.bytes().all(is_name);
        is_arn.then_some(Self {
            partition,
            account,
            name,
            text,
        })
    }

    /// Returns the ARN of a session of the role.
    pub(super) fn session(self, session_name: &str) -> String {
        let Self {
            partition,
            account,
            name,
            ..
        } = self;
        format!("arn:{partition}:sts::{account}:assumed-role/{name}/{session_name}")
    }

    /// Returns the identifier of a session: one of the role, which is always the same, and the session's name.
    pub(super) fn session_id(self, session_name: &str) -> String {
        format!("AROA{}:{session_name}", identifier(&sha256(self.text.as_bytes())))
    }

    /// Returns the ARN of the identity provider of an issuer.
    pub(super) fn provider(self, issuer: &str) -> String {
        let host = issuer.split_once("://").map_or(issuer, |(_, rest)| rest);
        format!(
            "arn:{}:iam::{}:oidc-provider/{host}",
            self.partition, self.account
        )
    }
}

/// Returns an identifier of 16 characters, as AWS writes them.
pub(super) fn identifier(bytes: &[u8]) -> String {
    let letter = |byte: &u8| {
        let value = byte & 31;
        match value.checked_sub(26) {
            None => char::from(b'A'.saturating_add(value)),
            Some(digit) => char::from(b'2'.saturating_add(digit)),
        }
    };
    bytes.iter().take(16).map(letter).collect()
}

/// Returns whether AWS takes a text as the name of a session.
pub(super) fn is_session_name(text: &str) -> bool {
    let is_name = |byte: u8| byte.is_ascii_alphanumeric() || b"_+=,.@-".contains(&byte);
    (2..=64).contains(&text.len()) && text.bytes().all(is_name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arns_are_those_of_iam_roles() {
        let arn = RoleArn::parse("arn:aws:iam::123456789012:role/ci/deploy").unwrap();
        assert_eq!(
            arn.session("job"),
            "arn:aws:sts::123456789012:assumed-role/deploy/job"
        );
        assert_eq!(
            arn.provider("https://sts.acme.example/ci"),
            "arn:aws:iam::123456789012:oidc-provider/sts.acme.example/ci"
        );
        assert_eq!(arn.session_id("job").len(), 24);
        assert!(RoleArn::parse("arn:aws-us-gov:iam::123456789012:role/a").is_some());
        for bad in [
            "",
            "arn:aws:iam::123456789012:user/deploy",
            "arn:aws:iam::12345678901:role/deploy",
            "arn:aws:iam:eu:123456789012:role/deploy",
            "arn:gcp:iam::123456789012:role/deploy",
            "arn:aws:iam::123456789012:role/",
            "arn:aws:iam::123456789012:role/a b",
            "arn:aws:iam::123456789012:role/a:b",
        ] {
            assert_eq!(RoleArn::parse(bad), None, "{bad}");
        }
    }
}
