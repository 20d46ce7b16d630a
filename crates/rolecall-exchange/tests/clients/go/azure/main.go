// azidentity at the door `azure`.
package main

import (
	"context"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/cloud"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
	"github.com/Azure/azure-sdk-for-go/sdk/azidentity"

	"rolecall.example/clients/cases"
)

func main() {
	cases.Each("github.com/Azure/azure-sdk-for-go/sdk/azidentity", "azure", assertion)
}

func assertion(c cases.Case) (string, error) {
	credential, err := azidentity.NewWorkloadIdentityCredential(&azidentity.WorkloadIdentityCredentialOptions{
		ClientOptions: azcore.ClientOptions{
			Cloud: cloud.Configuration{ActiveDirectoryAuthorityHost: c.URL},
			Retry: policy.RetryOptions{MaxRetries: -1},
		},
		TenantID:                 c.AzureTenant,
		ClientID:                 c.AzureClient,
		TokenFilePath:            c.Job,
		DisableInstanceDiscovery: true,
	})
	if err != nil {
		return "", err
	}
	options := policy.TokenRequestOptions{Scopes: []string{"https://management.azure.com/.default"}}
	token, err := credential.GetToken(context.Background(), options)
	return token.Token, err
}
