// Package cases reads the cases of a test, and prints the outcome of each as a line of JSON.
package cases

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"reflect"
	"runtime/debug"
	"strings"
)

// Case says which server a client asks, with which token of a job, and for which role.
type Case struct {
	Case           string `json:"case"`
	URL            string `json:"url"`
	Job            string `json:"job"`
	Audience       string `json:"audience"`
	AWSRole        string `json:"aws_role"`
	Credentials    string `json:"credentials"`
	GoogleProvider string `json:"google_provider"`
	GoogleAccount  string `json:"google_account"`
	GoogleSTS      string `json:"google_sts"`
	AzureTenant    string `json:"azure_tenant"`
	AzureClient    string `json:"azure_client"`
	VaultRole      string `json:"vault_role"`
	VaultSecret    string `json:"vault_secret"`
}

// Token returns the job's token, which is in a file.
func (c Case) Token() string {
	text, err := os.ReadFile(c.Job)
	if err != nil {
		panic(err)
	}
	return string(text)
}

// Each asks with each case, and prints what the client got or how it failed.
func Each(module, way string, ask func(Case) (string, error)) {
	text, err := os.ReadFile(os.Getenv("CASES"))
	if err != nil {
		panic(err)
	}
	var cases []Case
	if err := json.Unmarshal(text, &cases); err != nil {
		panic(err)
	}
	for _, one := range cases {
		got, err := ask(one)
		answer := Answer(module, way, got, err)
		answer["case"] = one.Case
		Say(answer)
	}
}

// Answer describes what a client got, or its error.
func Answer(module, way, got string, err error) map[string]string {
	answer := map[string]string{"client": module + " " + version(module), "way": way}
	if err == nil {
		answer["got"] = got
		return answer
	}
	answer["error"] = name(err)
	answer["message"] = err.Error()
	return answer
}

// The outermost type that says more than that it is an error.
func name(err error) string {
	for ; err != nil; err = errors.Unwrap(err) {
		kind := strings.TrimPrefix(reflect.TypeOf(err).String(), "*")
		if !strings.HasPrefix(kind, "errors.") && !strings.HasPrefix(kind, "fmt.") {
			return kind
		}
	}
	return "error"
}

// Say prints a line.
func Say(answer map[string]string) {
	text, err := json.Marshal(answer)
	if err != nil {
		panic(err)
	}
	fmt.Println(string(text))
}

func version(module string) string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		panic("the program has no list of its modules")
	}
	for _, one := range info.Deps {
		if one.Path == module {
			return strings.TrimPrefix(one.Version, "v")
		}
	}
	panic("no module " + module)
}
