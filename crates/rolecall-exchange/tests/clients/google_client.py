"""google-auth against the door `gcp`: arguments URL, FILE with the job's token, PROVIDER, EMAIL; JSON as output."""

import json
import sys

import google.auth.exceptions
import google.auth.identity_pool
import google.auth.transport.requests

url, job, provider, email = sys.argv[1:]
request = google.auth.transport.requests.Request()


def credentials(audience, account=None):
    info = {
        "type": "external_account",
        "audience": audience,
        "subject_token_type": "urn:ietf:params:oauth:token-type:jwt",
        "token_url": f"{url}/v1/token",
        "credential_source": {"file": job},
    }
    if account:
        path = f"/v1/projects/-/serviceAccounts/{account}:generateAccessToken"
        info["service_account_impersonation_url"] = url + path
    # What `google.auth.default()` makes of such a file. That one also asks googleapis.com for the name of the project.
    loaded = google.auth.identity_pool.Credentials.from_info(
        info, scopes=["https://www.googleapis.com/auth/cloud-platform"]
    )
    loaded.refresh(request)
    return loaded.token


def refused(audience, account):
    try:
        credentials(audience, account)
    except google.auth.exceptions.GoogleAuthError as error:
        return str(error)
    return None


print(
    json.dumps(
        {
            "federated": credentials(provider),
            "impersonated": credentials(provider, email),
            "refused": refused(provider, "other@acme.iam.gserviceaccount.com"),
        }
    )
)
