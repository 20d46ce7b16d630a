"""The cases of a test, which are in the file CASES, and the outcome of each as a line of JSON."""

import json
import os
import pathlib
from importlib.metadata import version

CASES = json.loads(pathlib.Path(os.environ["CASES"]).read_text())


def token(case):
    """Returns the job's token, which is in a file."""
    return pathlib.Path(case["job"]).read_text()


def each(package, way, ask):
    """Asks with each case, and prints what the client got or how it failed."""
    for case in CASES:
        try:
            answer = {"got": ask(case)}
        except Exception as error:  # whatever a client raises is what its users see
            answer = {"error": type(error).__name__, "message": str(error)}
        client = f"{package} {version(package)}"
        print(json.dumps({"client": client, "way": way, "case": case["case"], **answer}))
