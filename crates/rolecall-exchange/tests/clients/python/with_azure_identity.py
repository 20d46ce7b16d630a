"""azure-identity at the door `azure`."""

import azure.identity

from cases import each


def ask(case):
    credential = azure.identity.WorkloadIdentityCredential(
        tenant_id=case["azure_tenant"],
        client_id=case["azure_client"],
        token_file_path=case["job"],
        authority=case["url"],
        disable_instance_discovery=True,
        retry_total=0,
    )
    return credential.get_token("https://management.azure.com/.default").token


each("azure-identity", "azure", ask)
