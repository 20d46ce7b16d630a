"""google-auth at the doors `gcp` and `request`."""

import google.auth.identity_pool
import google.auth.transport.requests

from cases import each, token

request = google.auth.transport.requests.Request()
JWT = "urn:ietf:params:oauth:token-type:jwt"


def credentials(case, **changes):
    info = {
        "type": "external_account",
        "audience": case["google_provider"],
        "subject_token_type": JWT,
        "token_url": f"{case['url']}/v1/token",
        "credential_source": {"file": case["job"]},
        **changes,
    }
    # What `google.auth.default()` makes of such a file. That one also asks googleapis.com for the name of the project.
    loaded = google.auth.identity_pool.Credentials.from_info(
        info, scopes=["https://www.googleapis.com/auth/cloud-platform"]
    )
    loaded.refresh(request)
    return loaded.token


def account(case):
    path = f"/v1/projects/-/serviceAccounts/{case['google_account']}:generateAccessToken"
    return credentials(case, service_account_impersonation_url=case["url"] + path)


def role_token(case):
    source = {
        "url": f"{case['url']}/id-token?audience={case['audience']}",
        "headers": {"Authorization": f"Bearer {token(case)}"},
        "format": {"type": "json", "subject_token_field_name": "value"},
    }
    return credentials(case, token_url=case["google_sts"], credential_source=source)


each("google-auth", "gcp", credentials)
each("google-auth", "gcp, service account", account)
each("google-auth", "request, then Google's STS", role_token)
