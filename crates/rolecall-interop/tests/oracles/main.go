// Decides documents and tokens as octo-sts, Vault, cel-go, HCL and sigs.k8s.io/yaml do, for the tests of rolecall-interop.
//
// A line of the input is a JSON object with "kind" (cel, hcl, octo-sts, vault or yaml), "document" (a text) and "tokens" (claims; for
// cel objects of variables). A line of the output is a JSON object with "refused" (the error of the document) or "verdicts" (one boolean for
// each token), for cel "values" (for each token a list with the value, which is empty for an error), for hcl the same with one list, and for yaml "json".
package main

import (
	"bufio"
	"encoding/json"
	"os"
)

type question struct {
	Kind     string            `json:"kind"`
	Document string            `json:"document"`
	Tokens   []json.RawMessage `json:"tokens"`
}

type answer struct {
	Refused  string              `json:"refused,omitempty"`
	JSON     string              `json:"json,omitempty"`
	Verdicts []bool              `json:"verdicts,omitempty"`
	Values   [][]json.RawMessage `json:"values,omitempty"`
}

func main() {
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 16<<20)
	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	kinds := map[string]func(question) (answer, error){
		"cel":      evaluate,
		"hcl":      evaluateHCL,
		"octo-sts": octoSTS,
		"vault":    vault,
		"yaml":     yamlToJSON,
	}
	for lines.Scan() {
		var asked question
		if err := json.Unmarshal(lines.Bytes(), &asked); err != nil {
			panic(err)
		}
		given, err := kinds[asked.Kind](asked)
		if err != nil {
			given = answer{Refused: err.Error()}
		}
		line, err := json.Marshal(given)
		if err != nil {
			panic(err)
		}
		out.Write(append(line, '\n'))
	}
	if err := lines.Err(); err != nil {
		panic(err)
	}
}
