#!/usr/bin/env bash
# cel-expr-python 0.1.3 (Google's CEL in C++ for Python) needs the package `protobuf`, and its metadata does not say so: pip
# installs it without. The import works. Making an environment then ends the process by a failed check of C++, which no
# `except` catches, so this script only looks at the metadata. With protobuf 7.36.2 beside it, expressions have values.
set -euo pipefail
command -v python3 >/dev/null || {
    echo "skipped: this needs Python"
    exit 0
}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv environment
environment/bin/pip install --quiet --disable-pip-version-check cel-expr-python==0.1.3
found=$(environment/bin/python - <<'PY'
from importlib.metadata import requires
from importlib.util import find_spec

from cel_expr_python import cel

print("requires:", requires("cel-expr-python"))
print("google:", find_spec("google"))
print("imported:", hasattr(cel, "NewEnv"))
PY
)
environment/bin/pip install --quiet --disable-pip-version-check protobuf==7.36.2
value=$(environment/bin/python - <<'PY'
from cel_expr_python import cel

print("value:", cel.NewEnv(variables={"x": cel.Type.INT}).compile("x + 1").eval(data={"x": 1}).plain_value())
PY
)
echo "cel-expr-python 0.1.3"
echo "$found"
echo "$value"
test "$found
$value" = 'requires: None
google: None
imported: True
value: 2'
