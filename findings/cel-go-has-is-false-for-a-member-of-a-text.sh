#!/usr/bin/env bash
# cel-go 0.32.0: `has(e.f)` is false if `e` is a text, a number, a boolean or null, so that `!has(e.f)` is true. The
# specification of CEL says that it is an error (google/cel-spec `doc/langdef.md`, "Field Selection"), as `e.f` is one, and as
# `has(e.f)` is for a list. The option `cel.EnableErrorOnBadPresenceTest(true)` makes it one. Without it, a condition that
# admits tokens without a member also admits those in which the object is a text.
set -euo pipefail
command -v go >/dev/null || {
    echo "skipped: this needs Go"
    exit 0
}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
go mod init finding >/dev/null 2>&1
go get cel.dev/cel-go@v0.32.0 >/dev/null 2>&1
cat >main.go <<'GO'
package main

import (
	"fmt"

	"cel.dev/cel-go/cel"
)

func main() {
	claims := cel.Variable("claims", cel.MapType(cel.StringType, cel.DynType))
	token := map[string]any{"claims": map[string]any{"text": "a", "list": []any{"a"}}}
	expressions := []string{"has(claims.text.member)", "!has(claims.text.member)", "claims.text.member", "has(claims.list.member)"}
	for _, strict := range []bool{false, true} {
		env, err := cel.NewEnv(claims, cel.EnableErrorOnBadPresenceTest(strict))
		if err != nil {
			panic(err)
		}
		for _, expression := range expressions {
			tree, issues := env.Compile(expression)
			if issues.Err() != nil {
				panic(issues.Err())
			}
			program, err := env.Program(tree)
			if err != nil {
				panic(err)
			}
			value, _, err := program.Eval(token)
			if err != nil {
				fmt.Printf("option %v: %s: error\n", strict, expression)
			} else {
				fmt.Printf("option %v: %s: %v\n", strict, expression, value)
			}
		}
	}
}
GO
go mod tidy >/dev/null 2>&1
found=$(go run .)
echo "cel-go 0.32.0"
echo "$found"
test "$found" = 'option false: has(claims.text.member): false
option false: !has(claims.text.member): true
option false: claims.text.member: error
option false: has(claims.list.member): error
option true: has(claims.text.member): error
option true: !has(claims.text.member): error
option true: claims.text.member: error
option true: has(claims.list.member): error'
