"""azure-identity and msal against the door `azure`: arguments URL, CA FILE, FILE with the job's token, TENANT, CLIENT."""

import json
import pathlib
import sys

import azure.identity
import azure.core.exceptions
import msal

url, ca, job, tenant, client = sys.argv[1:]
scope = "https://management.azure.com/.default"


def identity(client_id):
    credential = azure.identity.WorkloadIdentityCredential(
        tenant_id=tenant,
        client_id=client_id,
        token_file_path=job,
        authority=url,
        disable_instance_discovery=True,
        connection_verify=ca,
    )
    return credential.get_token(scope).token


def refused(client_id):
    try:
        identity(client_id)
    except azure.core.exceptions.ClientAuthenticationError as error:
        return error.message
    return None


application = msal.ConfidentialClientApplication(
    client,
    authority=f"{url}/{tenant}",
    client_credential={"client_assertion": pathlib.Path(job).read_text},
    instance_discovery=False,
    verify=ca,
)
print(
    json.dumps(
        {
            "identity": identity(client),
            "refused": refused("other"),
            "msal": application.acquire_token_for_client([scope]),
        }
    )
)
