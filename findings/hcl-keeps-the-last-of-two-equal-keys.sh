#!/usr/bin/env bash
# hcl 2.25.0 (the parser of Terraform): an object expression in which a key stands twice has the last value, without an error or
# a warning. Of two equal attributes of a block it says "Attribute redefined". So a second `"StringEquals"` in
# `jsonencode({...})` drops the conditions of the first one, and a reviewer who reads the first is not warned. The Rust library
# hcl-edit 0.10.0 refuses such an object.
set -euo pipefail
command -v go >/dev/null || {
    echo "skipped: this needs Go"
    exit 0
}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
go mod init finding >/dev/null 2>&1
go get github.com/hashicorp/hcl/v2@v2.25.0 >/dev/null 2>&1
cat >main.go <<'GO'
package main

import (
	"fmt"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
)

func main() {
	for _, text := range []string{
		`value = { key = "first", key = "last" }`,
		`value = { key = "first", "key" = "last" }`,
		"value = 1\nvalue = 2",
	} {
		file, problems := hclsyntax.ParseConfig([]byte(text), "main.tf", hcl.InitialPos)
		if len(problems) > 0 {
			fmt.Printf("%q: %s\n", text, problems[0].Summary)
			continue
		}
		value, problems := file.Body.(*hclsyntax.Body).Attributes["value"].Expr.Value(nil)
		fmt.Printf("%q: %s, %d diagnostics\n", text, value.AsValueMap()["key"].AsString(), len(problems))
	}
}
GO
go mod tidy >/dev/null 2>&1
found=$(go run .)
echo "hcl 2.25.0"
echo "$found"
test "$found" = '"value = { key = \"first\", key = \"last\" }": last, 0 diagnostics
"value = { key = \"first\", \"key\" = \"last\" }": last, 0 diagnostics
"value = 1\nvalue = 2": Attribute redefined'
