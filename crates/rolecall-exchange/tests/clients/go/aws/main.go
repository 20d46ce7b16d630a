// The AWS SDK for Go v2 at the doors `aws` and `credentials`, as its default configuration finds them.
package main

import (
	"context"
	"errors"
	"os"

	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/smithy-go"

	"rolecall.example/clients/cases"
)

const module = "github.com/aws/aws-sdk-go-v2"

func main() {
	os.Setenv("AWS_REGION", "eu-central-1")
	cases.Each(module, "aws", webIdentity)
	os.Unsetenv("AWS_ROLE_ARN")
	os.Unsetenv("AWS_WEB_IDENTITY_TOKEN_FILE")
	cases.Each(module, "credentials", container)
}

func webIdentity(c cases.Case) (string, error) {
	os.Setenv("AWS_ENDPOINT_URL_STS", c.URL)
	os.Setenv("AWS_ROLE_ARN", c.AWSRole)
	os.Setenv("AWS_WEB_IDENTITY_TOKEN_FILE", c.Job)
	os.Setenv("AWS_ROLE_SESSION_NAME", "go")
	loaded, err := config.LoadDefaultConfig(context.Background())
	if err != nil {
		return "", err
	}
	identity, err := sts.NewFromConfig(loaded).GetCallerIdentity(context.Background(), nil)
	if err != nil {
		return "", innermost(err)
	}
	return *identity.Arn, nil
}

func container(c cases.Case) (string, error) {
	os.Setenv("AWS_CONTAINER_CREDENTIALS_FULL_URI", c.URL+"/aws/credentials/"+c.Credentials)
	os.Setenv("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", c.Job)
	loaded, err := config.LoadDefaultConfig(context.Background())
	if err != nil {
		return "", err
	}
	keys, err := loaded.Credentials.Retrieve(context.Background())
	if err != nil {
		return "", innermost(err)
	}
	return keys.AccessKeyID, nil
}

// The error of the service, by which programs tell one from another.
func innermost(err error) error {
	var service smithy.APIError
	if errors.As(err, &service) {
		if inner, ok := service.(error); ok {
			return inner
		}
	}
	return err
}
