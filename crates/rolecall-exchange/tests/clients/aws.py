"""Asks the door `aws` with boto3, as jobs do: keys for a token file, and the identity that they have."""

import json
import os

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError


def say(**answer):
    print(json.dumps(answer))


url, job = os.environ["URL"], os.environ["JOB"]
once = Config(retries={"total_max_attempts": 1})
for path in ["", "/aws"]:
    client = boto3.client("sts", region_name="eu-central-1", endpoint_url=url + path, config=once)
    try:
        # The token is in a file, which boto3 finds in the environment.
        say(way="chain", arn=client.get_caller_identity()["Arn"])
    except ClientError as error:
        say(way="chain", code=error.response["Error"]["Code"])
anonymous = boto3.client("sts", region_name="eu-central-1", endpoint_url=url, config=once)
for arn in [os.environ["AWS_ROLE_ARN"], "arn:aws:iam::123456789012:role/other"]:
    try:
        answer = anonymous.assume_role_with_web_identity(
            RoleArn=arn, RoleSessionName="direct", WebIdentityToken=job, DurationSeconds=900
        )
        say(way="direct", arn=answer["AssumedRoleUser"]["Arn"])
    except ClientError as error:
        say(way="direct", code=error.response["Error"]["Code"])
try:
    secrets = boto3.client("secretsmanager", region_name="eu-central-1", endpoint_url=url, config=once)
    secrets.get_secret_value(SecretId="db")
except ClientError as error:
    say(way="secret", code=error.response["Error"]["Code"], message=error.response["Error"]["Message"])
