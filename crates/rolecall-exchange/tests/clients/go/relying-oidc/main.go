// go-oidc as a service that trusts the exchange: discovery, keys and the role token.
package main

import (
	"context"

	"github.com/coreos/go-oidc/v3/oidc"

	"rolecall.example/clients/cases"
)

func main() {
	cases.Each("github.com/coreos/go-oidc/v3", "role token", func(c cases.Case) (string, error) {
		provider, err := oidc.NewProvider(context.Background(), c.URL)
		if err != nil {
			return "", err
		}
		verifier := provider.Verifier(&oidc.Config{ClientID: c.Audience})
		token, err := verifier.Verify(context.Background(), c.Token())
		if err != nil {
			return "", err
		}
		return token.Subject, nil
	})
}
