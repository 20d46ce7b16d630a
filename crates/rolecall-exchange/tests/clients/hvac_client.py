"""hvac against the door `vault`: arguments URL, FILE with the job's token, ROLE, PATH; JSON as output."""

import json
import pathlib
import sys

import hvac
import hvac.exceptions

url, job, role, path = sys.argv[1:]
jwt = pathlib.Path(job).read_text()


def error(call, *arguments, **named):
    try:
        call(*arguments, **named)
    except hvac.exceptions.VaultError as refused:
        return type(refused).__name__
    return None


client = hvac.Client(url=url)
client.auth.jwt.jwt_login(role=role, jwt=jwt)
read = client.secrets.kv.v2.read_secret_version
answer = {
    "secret": read(path=path, raise_on_deleted_version=True)["data"]["data"],
    "authenticated": client.is_authenticated(),
    "ttl": client.auth.token.lookup_self()["data"]["ttl"],
    "renewed": client.auth.token.renew_self()["auth"]["lease_duration"],
    "missing": error(read, path=f"{path}-none", raise_on_deleted_version=True),
    "forbidden": error(read, path="other", raise_on_deleted_version=True),
    "write": error(client.secrets.kv.v2.create_or_update_secret, path=path, secret={"a": "b"}),
    "login": error(hvac.Client(url=url).auth.jwt.jwt_login, role="unknown", jwt=jwt),
}
client.auth.token.revoke_self()
answer["revoked"] = error(read, path=path, raise_on_deleted_version=True)
print(json.dumps(answer))
