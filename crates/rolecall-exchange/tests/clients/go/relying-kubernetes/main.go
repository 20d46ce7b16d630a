// The OIDC authenticator of the Kubernetes API server, which trusts the exchange.
package main

import (
	"context"
	"errors"
	"time"

	"k8s.io/apiserver/pkg/apis/apiserver"
	"k8s.io/apiserver/plugin/pkg/authenticator/token/oidc"

	"rolecall.example/clients/cases"
)

func main() {
	cases.Each("k8s.io/apiserver", "role token", authenticate)
}

func authenticate(c cases.Case) (string, error) {
	life, end := context.WithTimeout(context.Background(), time.Minute)
	defer end()
	noPrefix := ""
	authenticator, err := oidc.New(life, oidc.Options{
		JWTAuthenticator: apiserver.JWTAuthenticator{
			Issuer: apiserver.Issuer{URL: c.URL, Audiences: []string{c.Audience}},
			ClaimMappings: apiserver.ClaimMappings{
				Username: apiserver.PrefixedClaimOrExpression{Claim: "sub", Prefix: &noPrefix},
			},
		},
	})
	if err != nil {
		return "", err
	}
	// It reads the documents of the issuer in the background.
	for authenticator.HealthCheck() != nil {
		if life.Err() != nil {
			return "", authenticator.HealthCheck()
		}
		time.Sleep(10 * time.Millisecond)
	}
	answer, ok, err := authenticator.AuthenticateToken(life, c.Token())
	if err != nil {
		return "", err
	}
	if !ok {
		return "", errors.New("the token is of another issuer")
	}
	return answer.User.GetName(), nil
}
