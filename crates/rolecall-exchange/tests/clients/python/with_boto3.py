"""boto3 at the doors `aws` and `credentials`, as its chain of providers finds them."""

import os

import boto3

from cases import each

os.environ["AWS_DEFAULT_REGION"] = "eu-central-1"


def web_identity(case):
    os.environ["AWS_ENDPOINT_URL_STS"] = case["url"]
    os.environ["AWS_ROLE_ARN"] = case["aws_role"]
    os.environ["AWS_WEB_IDENTITY_TOKEN_FILE"] = case["job"]
    os.environ["AWS_ROLE_SESSION_NAME"] = "job"
    return boto3.Session().client("sts").get_caller_identity()["Arn"]


def container(case, url):
    uri = f"{url}/aws/credentials/{case['credentials']}"
    os.environ["AWS_CONTAINER_CREDENTIALS_FULL_URI"] = uri
    os.environ["AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"] = case["job"]
    return boto3.Session().get_credentials().get_frozen_credentials().access_key


each("boto3", "aws", web_identity)
for name in ["AWS_ROLE_ARN", "AWS_WEB_IDENTITY_TOKEN_FILE"]:
    del os.environ[name]
each("boto3", "credentials", lambda case: container(case, case["url"]))
each("boto3", "credentials, on loopback", lambda case: container(case, case["loopback"]))
