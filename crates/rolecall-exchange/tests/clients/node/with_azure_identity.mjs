// @azure/identity at the door `azure`.

import { WorkloadIdentityCredential } from "@azure/identity";
import { each } from "./cases.mjs";

await each("@azure/identity", "azure", async (one) => {
  const credential = new WorkloadIdentityCredential({
    tenantId: one.azure_tenant,
    clientId: one.azure_client,
    tokenFilePath: one.job,
    authorityHost: one.url,
    disableInstanceDiscovery: true,
    retryOptions: { maxRetries: 0 },
  });
  return (await credential.getToken("https://management.azure.com/.default")).token;
});
