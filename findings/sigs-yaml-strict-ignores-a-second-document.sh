#!/usr/bin/env bash
# sigs.k8s.io/yaml 1.6.0 (Go): `UnmarshalStrict` reads the first document of a text, and ignores a second one without an
# error. "Strict" is about unknown and repeated members only. Names of members are compared without regard to case.
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

type settings struct {
	Subject string `json:"subject"`
}

func show(what, text string) {
	var read settings
	err := yaml.UnmarshalStrict([]byte(text), &read)
	fmt.Printf("%s: subject %q, error %v\n", what, read.Subject, err != nil)
}

func main() {
	show("two documents", "subject: first\n---\nsubject: second\n")
	show("capital letters", "SUBJECT: first\n")
	show("an unknown member", "subject: first\nother: second\n")
}
GO
found=$(go run .)
echo "$found"
test "$found" = 'two documents: subject "first", error false
capital letters: subject "first", error false
an unknown member: subject "first", error true'
