"""PyJWT as a service that trusts the exchange: its keys, and the role token."""

import jwt

from cases import each, token


def ask(case):
    keys = jwt.PyJWKClient(f"{case['url']}/jwks")
    key = keys.get_signing_key_from_jwt(token(case))
    claims = jwt.decode(
        token(case), key, algorithms=["RS256"], audience=case["audience"], issuer=case["url"]
    )
    return claims["sub"]


each("PyJWT", "role token", ask)
