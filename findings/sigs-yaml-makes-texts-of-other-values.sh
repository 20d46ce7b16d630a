#!/usr/bin/env bash
# sigs.k8s.io/yaml 1.6.0 (Go): a field of type string takes a value that YAML 1.1 reads as a boolean or a number, and gets
# the text of that value, not the one that is written: `yes` becomes "true", `0123` (octal) "83", `1.10` "1.1". There is no
# error, in strict mode either. The same field in an embedded struct refuses such a value.
set -euo pipefail
command -v go >/dev/null || {
    echo "skipped: this needs Go"
    exit 0
}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
go mod init finding >/dev/null 2>&1
go get sigs.k8s.io/yaml@v1.6.0 >/dev/null 2>&1
cat >main.go <<'GO'
package main

import (
	"fmt"

	"sigs.k8s.io/yaml"
)

type Plain struct {
	Branch string `json:"branch"`
}

type embedded struct {
	Plain `json:",inline"`
}

func main() {
	for _, written := range []string{"yes", "0123", "1.10", "'1.10'"} {
		text := []byte("branch: " + written + "\n")
		var one Plain
		first := yaml.UnmarshalStrict(text, &one)
		var other embedded
		second := yaml.UnmarshalStrict(text, &other)
		fmt.Printf("%s: %q, error %v; embedded: error %v\n", written, one.Branch, first != nil, second != nil)
	}
}
GO
found=$(go run .)
echo "$found"
test "$found" = 'yes: "true", error false; embedded: error true
0123: "83", error false; embedded: error true
1.10: "1.1", error false; embedded: error true
'"'1.10'"': "1.10", error false; embedded: error false'
