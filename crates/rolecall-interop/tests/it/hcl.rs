//! Configurations of Terraform in HCL: cases by hand, random expressions, places, and hostile texts.

pub(crate) mod expressions;
mod hostile;
mod locations;

use crate::terraform::check;

#[test]
fn cases_of_hcl_have_the_same_verdicts() {
    let (documents, verdicts) = check("hcl");
    assert!(documents >= 15 && verdicts >= 25);
}

/// Returns a configuration with a role for the subjects of an expression.
fn role(subjects: &str) -> String {
    let policy = format!(
        r#"jsonencode({{ Statement = {{ Effect = "Allow", Action = "sts:AssumeRoleWithWebIdentity", Principal = {{ Federated = "arn:aws:iam::123456789012:oidc-provider/gitlab.com" }}, Condition = {{ StringEquals = {{ "gitlab.com:sub" = {subjects} }} }} }} }})"#
    );
    format!(
        "resource \"aws_iam_role\" \"deploy\" {{\n  name = \"deploy\"\n  assume_role_policy = {policy}\n}}\n"
    )
}
