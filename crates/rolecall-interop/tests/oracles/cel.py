"""Evaluates expressions as Google's CEL in C++ does, for the tests of rolecall-interop.

A line of the input is a JSON object with "document" (an expression) and "tokens" (objects of variables). A line of the output
is a JSON object with "refused" (the error of the expression) or "values" (for each token a list with the value, which is
empty for an error).
"""

import json
import sys

from cel_expr_python import cel

MAP = "type_name: map\n  params:\n  - type_name: string\n  - type_name: dyn"
CONFIG = "name: google\nextensions:\n- name: strings\nvariables:\n" + "".join(
    f"- name: {name}\n  {MAP}\n" for name in ("assertion", "attribute", "google")
)
ENVIRONMENT = cel.NewEnv(config=cel.NewEnvConfigFromYaml(CONFIG))


def value(expression, variables):
    """Returns a list with the value, or an empty one for an error."""
    result = expression.eval(data=variables)
    return [] if result.type() == cel.Type.ERROR else [result.plain_value()]


def answer(asked):
    """Returns the values of a question."""
    try:
        expression = ENVIRONMENT.compile(asked["document"])
    except RuntimeError as error:
        return {"refused": str(error)}
    return {"values": [value(expression, variables) for variables in asked["tokens"]]}


for line in sys.stdin:
    print(json.dumps(answer(json.loads(line))))
