// Vault's JWT backend as a service that trusts the exchange: an exact subject is all that its role says.
package main

import (
	"context"
	"os"
	"time"

	"github.com/hashicorp/go-hclog"
	jwtauth "github.com/hashicorp/vault-plugin-auth-jwt"
	"github.com/hashicorp/vault/sdk/logical"

	"rolecall.example/clients/cases"
)

func main() {
	cases.Each("github.com/hashicorp/vault-plugin-auth-jwt", "role token", login)
}

func login(c cases.Case) (string, error) {
	ca, err := os.ReadFile(os.Getenv("SSL_CERT_FILE"))
	if err != nil {
		return "", err
	}
	storage := &logical.InmemStorage{}
	backend, err := jwtauth.Factory(context.Background(), &logical.BackendConfig{
		Logger:      hclog.NewNullLogger(),
		System:      &logical.StaticSystemView{DefaultLeaseTTLVal: time.Hour, MaxLeaseTTLVal: time.Hour},
		StorageView: storage,
	})
	if err != nil {
		return "", err
	}
	write := func(operation logical.Operation, path string, data map[string]any) (*logical.Response, error) {
		answer, err := backend.HandleRequest(context.Background(), &logical.Request{
			Operation:  operation,
			Path:       path,
			Storage:    storage,
			Data:       data,
			Connection: &logical.Connection{},
		})
		if err == nil && answer.IsError() {
			err = answer.Error()
		}
		return answer, err
	}
	config := map[string]any{"oidc_discovery_url": c.URL, "oidc_discovery_ca_pem": string(ca)}
	if _, err := write(logical.UpdateOperation, "config", config); err != nil {
		return "", err
	}
	role := map[string]any{
		"role_type":       "jwt",
		"bound_audiences": c.Audience,
		"bound_subject":   "role:deploy",
		"user_claim":      "sub",
		"policies":        "deploy",
	}
	if _, err := write(logical.CreateOperation, "role/deploy", role); err != nil {
		return "", err
	}
	answer, err := write(logical.UpdateOperation, "login", map[string]any{"role": "deploy", "jwt": c.Token()})
	if err != nil {
		return "", err
	}
	return answer.Auth.Alias.Name, nil
}
