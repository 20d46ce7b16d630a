//! The action of AWS' STS that takes a token.

pub(super) const ACTION: &str = "AssumeRoleWithWebIdentity";
