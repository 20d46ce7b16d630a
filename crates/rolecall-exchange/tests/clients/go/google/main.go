// Google's libraries for Go at the door `gcp`: the older one, and the one that replaces it.
package main

import (
	"context"
	"encoding/json"
	"maps"

	"cloud.google.com/go/auth/credentials"
	"golang.org/x/oauth2/google"

	"rolecall.example/clients/cases"
)

const scope = "https://www.googleapis.com/auth/cloud-platform"

func main() {
	for module, ask := range map[string]func([]byte) (string, error){"golang.org/x/oauth2": older, "cloud.google.com/go/auth": newer} {
		cases.Each(module, "gcp", func(c cases.Case) (string, error) { return ask(file(c)) })
		cases.Each(module, "gcp, service account", func(c cases.Case) (string, error) { return ask(account(c)) })
		cases.Each(module, "request, then Google's STS", func(c cases.Case) (string, error) { return ask(request(c)) })
	}
}

func older(file []byte) (string, error) {
	loaded, err := google.CredentialsFromJSONWithType(context.Background(), file, google.ExternalAccount, scope)
	if err != nil {
		return "", err
	}
	token, err := loaded.TokenSource.Token()
	if err != nil {
		return "", err
	}
	return token.AccessToken, nil
}

func newer(file []byte) (string, error) {
	options := &credentials.DetectOptions{Scopes: []string{scope}}
	loaded, err := credentials.NewCredentialsFromJSON(credentials.ExternalAccount, file, options)
	if err != nil {
		return "", err
	}
	token, err := loaded.Token(context.Background())
	if err != nil {
		return "", err
	}
	return token.Value, nil
}

// Files to which GOOGLE_APPLICATION_CREDENTIALS points.
func file(c cases.Case) []byte {
	return text(c, map[string]any{})
}

func account(c cases.Case) []byte {
	path := "/v1/projects/-/serviceAccounts/" + c.GoogleAccount + ":generateAccessToken"
	return text(c, map[string]any{"service_account_impersonation_url": c.URL + path})
}

func request(c cases.Case) []byte {
	source := map[string]any{
		"url":     c.URL + "/id-token?audience=" + c.Audience,
		"headers": map[string]string{"Authorization": "Bearer " + c.Token()},
		"format":  map[string]string{"type": "json", "subject_token_field_name": "value"},
	}
	return text(c, map[string]any{"token_url": c.GoogleSTS, "credential_source": source})
}

func text(c cases.Case, changes map[string]any) []byte {
	account := map[string]any{
		"type":               "external_account",
		"audience":           c.GoogleProvider,
		"subject_token_type": "urn:ietf:params:oauth:token-type:jwt",
		"token_url":          c.URL + "/v1/token",
		"credential_source":  map[string]string{"file": c.Job},
	}
	maps.Copy(account, changes)
	text, err := json.Marshal(account)
	if err != nil {
		panic(err)
	}
	return text
}
