#!/usr/bin/env python3
"""Asks z3 and cvc5 what `main.rs` asked the analysis, and compares the answers.

    check.py FOLDER [--seconds 5] [--jobs 1] [--solver z3] [--solver cvc5]

Each question is a process of its own, so that a solver that forgets its limit is ended. No answer in time is no
disagreement. Exits with 1 if a solver gives the other answer, or if the two do not know a question.
"""

import argparse
import collections
import concurrent.futures
import pathlib
import subprocess
import sys


def ask_z3(path, seconds):
    import z3

    solver = z3.Solver()
    solver.set("timeout", int(seconds * 1000))
    solver.from_file(str(path))
    return str(solver.check())


def ask_cvc5(path, seconds):
    import cvc5

    solver = cvc5.Solver()
    solver.setOption("tlimit-per", str(int(seconds * 1000)))
    solver.setOption("strings-exp", "true")
    parser = cvc5.InputParser(solver)
    parser.setFileInput(cvc5.InputLanguage.SMT_LIB_2_6, str(path))
    answer = "unknown"
    while not (command := parser.nextCommand()).isNull():
        said = command.invoke(solver, parser.getSymbolManager()).strip()
        if said:
            answer = said
    return answer


ASK = {"z3": ask_z3, "cvc5": ask_cvc5}


def ask(solver, path, seconds):
    """The answer of a solver: `sat`, `unsat`, `timeout`, or what went wrong."""
    command = [sys.executable, __file__, "--one", solver, "--seconds", str(seconds), str(path)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=seconds + 5)
    except subprocess.TimeoutExpired:
        return "timeout"
    said = done.stdout.strip()
    if said in ("sat", "unsat"):
        return said
    if said.startswith("unknown"):
        return "timeout"
    return f"error: {said or done.stderr.strip()[-200:]}"


def expected(path):
    """What the analysis answered: the first word of the file."""
    with path.open(encoding="utf-8") as file:
        return file.readline().removeprefix("; ").split(":")[0]


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("folder", type=pathlib.Path)
    arguments.add_argument("--jobs", type=int, default=1)
    arguments.add_argument("--one", choices=ASK, help=argparse.SUPPRESS)
    arguments.add_argument("--seconds", type=float, default=5)
    arguments.add_argument("--solver", action="append", choices=ASK)
    arguments = arguments.parse_args()
    if arguments.one:
        print(ASK[arguments.one](arguments.folder, arguments.seconds))
        return 0
    paths = sorted(arguments.folder.glob("*.smt2"))
    solvers = arguments.solver or list(ASK)
    counts = {solver: collections.Counter() for solver in solvers}
    decided, wrong = set(), False
    with concurrent.futures.ThreadPoolExecutor(arguments.jobs) as pool:
        questions = [(solver, path) for path in paths for solver in solvers]
        answers = pool.map(lambda question: ask(*question, arguments.seconds), questions)
        for (solver, path), said in zip(questions, answers):
            ours = expected(path)
            if said in ("sat", "unsat"):
                decided.add(path)
                outcome = f"{ours}: agrees" if said == ours else "contradicts"
            else:
                outcome = said.split(":")[0]
            counts[solver][outcome] += 1
            if outcome not in (f"{ours}: agrees", "timeout"):
                print(f"{path}: {ours}, but {solver} says {said}", flush=True)
                wrong = True
    for solver, count in counts.items():
        print(f"{solver}: {', '.join(f'{count[name]} {name}' for name in sorted(count))}")
    print(f"{len(paths)} questions, {len(decided)} decided by one of them at least")
    return 1 if wrong or not paths else 0


if __name__ == "__main__":
    sys.exit(main())
