//! The action of AWS' STS that takes a token, and the audience that it expects.

pub(super) const ACTION: &str = "AssumeRoleWithWebIdentity";

/// The audience of role tokens for AWS.
pub(super) const AUDIENCE: &str = "sts.amazonaws.com";
