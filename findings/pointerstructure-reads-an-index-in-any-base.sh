#!/usr/bin/env bash
# github.com/mitchellh/pointerstructure 1.2.1 (Go; it reads the JSON pointers in `bound_claims` of Vault's JWT auth method):
# an index of an array may be written in another base, with a sign, or as nothing. `/p/010` is element 8, `/p/` element 0.
# RFC 6901 section 4 allows only decimal digits without leading zeros.
set -euo pipefail
command -v go >/dev/null || {
    echo "skipped: this needs Go"
    exit 0
}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
go mod init finding >/dev/null 2>&1
go get github.com/mitchellh/pointerstructure@v1.2.1 >/dev/null 2>&1
cat >main.go <<'GO'
package main

import (
	"fmt"

	"github.com/mitchellh/pointerstructure"
)

func main() {
	elements := []interface{}{}
	for number := 0; number < 20; number++ {
		elements = append(elements, number)
	}
	document := map[string]interface{}{"p": elements}
	for _, pointer := range []string{"/p/10", "/p/010", "/p/0x10", "/p/+1", "/p/"} {
		element, err := pointerstructure.Get(document, pointer)
		fmt.Printf("%s: element %v, error %v\n", pointer, element, err != nil)
	}
}
GO
found=$(go run .)
echo "$found"
test "$found" = '/p/10: element 10, error false
/p/010: element 8, error false
/p/0x10: element 16, error false
/p/+1: element 1, error false
/p/: element 0, error false'
