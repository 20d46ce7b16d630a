//! ARNs of IAM: `arn:aws:iam::ACCOUNT:KIND/NAME`.

/// The parts of an ARN of IAM that say whose and what it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct IamArn<'a> {
    /// The account that has the resource.
    pub(super) account: &'a str,
    /// The kind, such as `role`.
    pub(super) kind: &'a str,
    /// The name, with its path.
    pub(super) name: &'a str,
}

impl<'a> IamArn<'a> {
    /// Reads an ARN. The partition is `aws`, `aws-cn`, `aws-us-gov` or another one.
    pub(super) fn parse(arn: &'a str) -> Option<Self> {
        let (partition, rest) = arn.strip_prefix("arn:")?.split_once(':')?;
        let (account, resource) = rest.strip_prefix("iam::")?.split_once(':')?;
        let (kind, name) = resource.split_once('/')?;
        let is_complete = ![partition, account, kind, name].contains(&"");
        is_complete.then_some(Self { account, kind, name })
    }
}
