//! ARNs of IAM: `arn:aws:iam::ACCOUNT:KIND/NAME`.

/// The parts of an ARN of IAM that say whose and what it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct IamArn<'a> {
    /// The partition: `aws`, `aws-cn`, `aws-us-gov` or another one.
    pub(crate) partition: &'a str,
    /// The account that has the resource.
    pub(crate) account: &'a str,
    /// The kind, such as `role`.
    pub(crate) kind: &'a str,
    /// The name, with its path.
    pub(crate) name: &'a str,
}

impl<'a> IamArn<'a> {
    /// Reads an ARN.
    pub(crate) fn parse(arn: &'a str) -> Option<Self> {
        let (partition, rest) = arn.strip_prefix("arn:")?.split_once(':')?;
        let (account, resource) = rest.strip_prefix("iam::")?.split_once(':')?;
        let (kind, name) = resource.split_once('/')?;
        let is_complete = ![partition, account, kind, name].contains(&"");
        is_complete.then_some(Self {
            partition,
            account,
            kind,
            name,
        })
    }
}
