"""The command `aws` at the doors `aws` and `credentials`, and in the lines of GitLab's tutorial."""

import os
import pathlib
import subprocess
import sys
import tempfile

from cases import each, token

PROGRAM = pathlib.Path(sys.executable).with_name("aws")


class CommandFailed(Exception):
    """The command has ended with an error. Its message is what the command wrote."""


def aws(case, *arguments, **variables):
    # It keeps keys in its home.
    with tempfile.TemporaryDirectory() as home:
        changes = {
            "HOME": home,
            "AWS_DEFAULT_REGION": "eu-central-1",
            "AWS_ENDPOINT_URL_STS": case["url"],
            **variables,
        }
        command = [PROGRAM, *arguments, "--output", "text"]
        done = subprocess.run(
            command, env={**os.environ, **changes}, capture_output=True, text=True, check=False
        )
    if done.returncode != 0:
        raise CommandFailed(f"{done.returncode}: {done.stderr.strip()}")
    return done.stdout.strip()


def identity(case, **variables):
    return aws(case, "sts", "get-caller-identity", "--query", "Arn", **variables)


def web_identity(case):
    return identity(
        case,
        AWS_ROLE_ARN=case["aws_role"],
        AWS_WEB_IDENTITY_TOKEN_FILE=case["job"],
        AWS_ROLE_SESSION_NAME="job",
    )


def tutorial(case):
    keys = aws(
        case,
        *["sts", "assume-role-with-web-identity", "--role-arn", case["aws_role"]],
        *["--role-session-name", "GitLabRunner-4242-1", "--web-identity-token", token(case)],
        *["--duration-seconds", "3600"],
        *["--query", "Credentials.[AccessKeyId,SecretAccessKey,SessionToken]"],
    )
    names = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"]
    return identity(case, **dict(zip(names, keys.split(), strict=True)))


def container(case):
    # Only the keys come from the exchange. The call goes to AWS itself.
    return identity(
        case,
        AWS_CONTAINER_CREDENTIALS_FULL_URI=f"{case['loopback']}/aws/credentials/{case['credentials']}",
        AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE=case["job"],
        AWS_ENDPOINT_URL_STS=case["aws_sts"],
    )


each("awscli", "aws", web_identity)
each("awscli", "aws, as in GitLab's tutorial", tutorial)
each("awscli", "credentials, on loopback, then AWS", container)
