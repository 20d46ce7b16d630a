#!/usr/bin/env bash
# git 2.39.5: `origin/main` resolves to a tag of that name, before the remote's branch.
#
# A script that compares with `origin/main` looks safe in a clone that only reads branches. But gitrevisions(7) tries
# refs/tags/NAME before refs/remotes/NAME. A user who may push a tag called `origin/main` may not be allowed to push to the
# branch. git prints a warning to standard error, and the exit code is 0.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1
export GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a@example.com GIT_COMMITTER_NAME=a GIT_COMMITTER_EMAIL=a@example.com
git --version
git init -q --initial-branch=main .
git commit -q --allow-empty -m branch
git update-ref refs/remotes/origin/main HEAD
git commit -q --allow-empty -m tag
git tag origin/main HEAD
meaning=$(git log -1 --format=%s origin/main 2>warning)
echo "origin/main is the commit of the $meaning; git warns: $(cat warning)"
[ "$meaning" = tag ] && grep -q "is ambiguous" warning
