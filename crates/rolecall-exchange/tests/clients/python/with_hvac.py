"""hvac at the door `vault`."""

import hvac

from cases import each, token


def ask(case):
    client = hvac.Client(url=case["url"])
    client.auth.jwt.jwt_login(role=case["vault_role"], jwt=token(case))
    read = client.secrets.kv.v2.read_secret_version
    return read(path=case["vault_secret"], raise_on_deleted_version=True)["data"]["data"]["password"]


each("hvac", "vault", ask)
