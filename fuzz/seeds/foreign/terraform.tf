locals {
  issuer = "token.actions.githubusercontent.com"
  owner  = "acme"
  subs   = { main = ["repo:${local.owner}/shop:ref:refs/heads/main"] }
}

data "aws_caller_identity" "me" {}

data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRoleWithWebIdentity"]

    principals {
      type        = "Federated"
      identifiers = ["arn:aws:iam::${data.aws_caller_identity.me.account_id}:oidc-provider/${local.issuer}"]
    }

    condition {
      test     = "StringEquals"
      variable = "${local.issuer}:aud"
      values   = ["shop"]
    }

    condition {
      test     = "StringLike"
      variable = "${local.issuer}:sub"
      values   = local.subs.main
    }
  }
}

resource "aws_iam_role" "deploy" {
  count              = var.enabled ? 1 : 0
  name               = "deploy"
  assume_role_policy = data.aws_iam_policy_document.trust.json
}
