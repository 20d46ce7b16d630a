#!/usr/bin/env bash
# git 2.39.5: a folder of tracked files with HEAD, objects and refs is used as a bare repository, before the `.git` above it.
#
# `git -C FOLDER …` in a checkout then reads the configuration and the references among the tracked files. The setting
# safe.bareRepository=explicit prevents this, but is not the default (git-config(1)).
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1
git --version
git init -q .
mkdir -p policies/objects policies/refs
touch policies/objects/keep policies/refs/keep
echo 'ref: refs/heads/other' >policies/HEAD
printf '[core]\n\tbare = true\n[user]\n\tname = from a tracked file\n' >policies/config
git add policies
echo "tracked: $(git ls-files | tr '\n' ' ')"
found=$(git -C policies rev-parse --absolute-git-dir)
name=$(git -C policies config user.name)
echo "in policies, git uses ${found#"$folder"/} and its configuration: user.name is '$name'"
[ "$found" = "$(realpath policies)" ] && [ "$name" = "from a tracked file" ]
explicit=$(git -C policies -c safe.bareRepository=explicit rev-parse --absolute-git-dir 2>&1 || true)
echo "with safe.bareRepository=explicit: $explicit"
[[ "$explicit" == *"cannot use bare repository"* ]]
