"""Authlib at the door `token`."""

from authlib.integrations.requests_client import OAuth2Session

from cases import each, token


def ask(case):
    session = OAuth2Session(client_id="job", token_endpoint_auth_method="none")
    answer = session.fetch_token(
        f"{case['url']}/token",
        grant_type="urn:ietf:params:oauth:grant-type:token-exchange",
        subject_token=token(case),
        subject_token_type="urn:ietf:params:oauth:token-type:jwt",
        audience=case["audience"],
    )
    return answer["access_token"]


each("Authlib", "token", ask)
