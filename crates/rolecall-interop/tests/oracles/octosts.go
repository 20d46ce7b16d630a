package main

import (
	"context"
	"encoding/base64"

	"github.com/coreos/go-oidc/v3/oidc"
	"github.com/octo-sts/app/pkg/octosts"
	"sigs.k8s.io/yaml"
)

// claims is a set of keys that takes every token as signed.
type claims []byte

func (payload claims) VerifySignature(context.Context, string) ([]byte, error) { return payload, nil }

// octoSTS decides with a server whose domain is octo-sts.dev.
func octoSTS(asked question) (answer, error) {
	// The policies of organisations have another type.
	var members map[string]any
	if err := yaml.Unmarshal([]byte(asked.Document), &members); err != nil {
		return answer{}, err
	}
	var organisation octosts.OrgTrustPolicy
	policy := &organisation.TrustPolicy
	var target any = policy
	if _, ok := members["repositories"]; ok {
		target = &organisation
	}
	if err := yaml.UnmarshalStrict([]byte(asked.Document), target); err != nil {
		return answer{}, err
	}
	if err := policy.Compile(); err != nil {
		return answer{}, err
	}
	given := answer{}
	for _, payload := range asked.Tokens {
		given.Verdicts = append(given.Verdicts, octoSTSAllows(policy, payload))
	}
	return given, nil
}

func octoSTSAllows(policy *octosts.TrustPolicy, payload []byte) bool {
	config := oidc.Config{SkipClientIDCheck: true, SkipExpiryCheck: true, SkipIssuerCheck: true}
	encode := base64.RawURLEncoding.EncodeToString
	raw := encode([]byte(`{"alg":"RS256"}`)) + "." + encode(payload) + "." + encode([]byte("signature"))
	token, err := oidc.NewVerifier("", claims(payload), &config).Verify(context.Background(), raw)
	if err != nil {
		return false
	}
	_, err = policy.CheckToken(token, "octo-sts.dev")
	return err == nil
}

func yamlToJSON(asked question) (answer, error) {
	converted, err := yaml.YAMLToJSONStrict([]byte(asked.Document))
	return answer{JSON: string(converted)}, err
}
