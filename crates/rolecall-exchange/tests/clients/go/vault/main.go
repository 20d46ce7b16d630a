// HashiCorp's client of Vault at the door `vault`.
package main

import (
	"context"

	"github.com/hashicorp/vault/api"

	"rolecall.example/clients/cases"
)

func main() {
	cases.Each("github.com/hashicorp/vault/api", "vault", login)
}

func login(c cases.Case) (string, error) {
	config := api.DefaultConfig()
	config.Address = c.URL
	config.MaxRetries = 0
	client, err := api.NewClient(config)
	if err != nil {
		return "", err
	}
	values := map[string]any{"role": c.VaultRole, "jwt": c.Token()}
	answer, err := client.Logical().Write("auth/jwt/login", values)
	if err != nil {
		return "", err
	}
	client.SetToken(answer.Auth.ClientToken)
	secret, err := client.KVv2("secret").Get(context.Background(), c.VaultSecret)
	if err != nil {
		return "", err
	}
	return secret.Data["password"].(string), nil
}
