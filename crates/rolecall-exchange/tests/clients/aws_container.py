"""Asks the door `credentials` with boto3, which takes it for the one of its container."""

import json

import boto3
from botocore.exceptions import BotoCoreError

session = boto3.Session()
try:
    credentials = session.get_credentials()
    keys = credentials.get_frozen_credentials()
    print(
        json.dumps(
            {
                "access_key_id": keys.access_key,
                "secret": keys.secret_key,
                "token": keys.token,
                "method": credentials.method,
                # All other calls go to AWS itself.
                "sts": session.client("sts").meta.endpoint_url,
            }
        )
    )
except BotoCoreError as error:
    print(json.dumps({"error": str(error)}))
