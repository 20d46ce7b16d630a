"""Asks an exchange for a role token, and verifies it, with clients of Python. Prints a JSON object for each client.

The variables URL, JOB and AUDIENCE say where, with which token of a job, and for which audience.
"""

import json
import os
from importlib.metadata import version

import jwt
from authlib.integrations.requests_client import OAuth2Session

os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "1"  # http on loopback
URL, JOB, AUDIENCE = (os.environ[name] for name in ("URL", "JOB", "AUDIENCE"))


def authlib():
    session = OAuth2Session(client_id="job", token_endpoint_auth_method="none")
    session.trust_env = False
    token = session.fetch_token(
        f"{URL}/token",
        grant_type="urn:ietf:params:oauth:grant-type:token-exchange",
        subject_token=JOB,
        subject_token_type="urn:ietf:params:oauth:token-type:jwt",
        audience=AUDIENCE,
    )
    return token["access_token"]


def verified(token):
    """Returns the subject, as PyJWT reads it with the published keys."""
    keys = jwt.PyJWKClient(f"{URL}/jwks")
    key = keys.get_signing_key_from_jwt(token)
    claims = jwt.decode(token, key, algorithms=["RS256", "ES256"], audience=AUDIENCE, issuer=URL)
    return claims["sub"]


def report(client, ask):
    try:
        answer = {"subject": verified(ask())}
    except Exception as error:  # whatever a client raises is what its users see
        answer = {"error": f"{type(error).__name__}: {error}"}
    print(json.dumps({"client": f"{client} {version(client)}", **answer}))


report("Authlib", authlib)
