"""msal at the door `azure`. It returns its errors."""

import msal

from cases import each, token


class Returned(Exception):
    """An error that msal has returned, and not raised."""


def ask(case):
    application = msal.ConfidentialClientApplication(
        case["azure_client"],
        authority=f"{case['url']}/{case['azure_tenant']}",
        client_credential={"client_assertion": lambda: token(case)},
        instance_discovery=False,
    )
    answer = application.acquire_token_for_client(["https://management.azure.com/.default"])
    if "access_token" not in answer:
        raise Returned(f"{answer['error']}: {answer['error_description']}")
    return answer["access_token"]


each("msal", "azure", ask)
