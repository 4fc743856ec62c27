"""A fork of the tests' process is a process: what goes in, what comes out, how it ends."""

from __future__ import annotations

import json
import signal
import sys

import pytest

from tests.support.processes import complete, environment, mlb_perf, start

SHOWN = """
import json, logging, os, signal, sys
logging.warning("logged")
is_interruptible = signal.getsignal(signal.SIGINT) is signal.default_int_handler
print(json.dumps([sys.argv, os.environ["GIVEN"], os.getcwd(), sys.stdin.read(),
    os.listdir("/dev/fd"), is_interruptible]))
"""


def test_it_has_its_own_words_environment_folder_files_and_logs(tmp_path: object) -> None:
    done = complete(
        (sys.executable, "-c", SHOWN, "a", "b"), env=environment(GIVEN="here"), cwd=tmp_path
    )
    words, given, folder, said, files, is_interruptible = json.loads(done.stdout)
    assert (words, given, folder, said) == (["-c", "a", "b"], "here", str(tmp_path), "")
    assert len(files) == 4, "the three, and the folder that is listed"
    assert is_interruptible
    assert done.stderr == "WARNING:root:logged\n"


@pytest.mark.parametrize(
    ("code", "status", "errors"),
    [
        ("pass", 0, ""),
        ("import sys; sys.exit()", 0, ""),
        ("import sys; sys.exit(7)", 7, ""),
        ("import sys; sys.exit('a sentence')", 1, "a sentence\n"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGINT)", -signal.SIGINT, ""),
        ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", -signal.SIGKILL, ""),
    ],
)
def test_it_ends_as_an_interpreter_does(code: str, status: int, errors: str) -> None:
    forked = complete((sys.executable, "-c", code))
    assert (forked.returncode, forked.stderr) == (status, errors)


def test_an_error_is_a_traceback() -> None:
    process = start((sys.executable, "-c", "1 / 0"))
    _, errors = process.communicate()
    assert process.returncode == 1
    assert errors.endswith("ZeroDivisionError: division by zero\n")


@pytest.mark.parametrize("words", [("--version",), ("no-such-command",), ("--help",)])
def test_the_command_line_answers_as_in_a_new_interpreter(words: tuple[str, ...]) -> None:
    forked, new = (
        complete(mlb_perf(*words), new_interpreter=is_new, env=environment(COLUMNS="100"))
        for is_new in (False, True)
    )
    assert (forked.returncode, forked.stdout, forked.stderr) == (
        new.returncode,
        new.stdout,
        new.stderr,
    )
