// OpenBao's client at the door `vault`: with a login, and with the login in the request, as GitLab Runner does both.
package main

import (
	"context"

	"github.com/openbao/openbao/api/v2"

	"rolecall.example/clients/cases"
)

const module = "github.com/openbao/openbao/api/v2"

func main() {
	cases.Each(module, "vault", func(c cases.Case) (string, error) {
		client, err := client(c)
		if err != nil {
			return "", err
		}
		values := map[string]any{"role": c.VaultRole, "jwt": c.Token()}
		answer, err := client.Logical().Write("auth/jwt/login", values)
		if err != nil {
			return "", err
		}
		client.SetToken(answer.Auth.ClientToken)
		return read(client, c)
	})
	cases.Each(module, "vault, inline", func(c cases.Case) (string, error) {
		client, err := client(c)
		if err != nil {
			return "", err
		}
		values := map[string]any{"role": c.VaultRole, "jwt": c.Token()}
		inline, err := client.WithInlineAuth("auth/jwt/login", values)
		if err != nil {
			return "", err
		}
		return read(inline, c)
	})
}

func client(c cases.Case) (*api.Client, error) {
	config := api.DefaultConfig()
	config.Address = c.URL
	config.MaxRetries = 0
	return api.NewClient(config)
}

func read(client *api.Client, c cases.Case) (string, error) {
	secret, err := client.KVv2("secret").Get(context.Background(), c.VaultSecret)
	if err != nil {
		return "", err
	}
	return secret.Data["password"].(string), nil
}
