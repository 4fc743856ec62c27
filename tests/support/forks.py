"""A command of Python in a fork of the tests' process, which has imported the package already.

A new interpreter takes a second of processor time to import it. The fork is a process like any
other: it has its own sessions, can be interrupted and killed, and ``Popen`` waits for it. It may
not start processes by ``multiprocessing``, whose resource tracker is the tests' own.
"""

from __future__ import annotations

import gc
import logging
import os
import runpy
import signal
import subprocess
import sys
import traceback
from collections.abc import Mapping
from typing import Any, NoReturn

_OTHER_FILES = 3
"""The first one after standard input, output and error."""
_MODULES = ("mlb_perf", "alembic", "tests.")


def is_forkable(command: tuple[str, ...]) -> bool:
    """Whether this interpreter is to run code, or a module of the package or of its tests."""
    program, kind, what, *_ = (*command, "", "", "")
    if program != sys.executable:
        return False
    return kind == "-c" or (kind == "-m" and what.startswith(_MODULES))


def fork(
    command: tuple[str, ...], *, env: Mapping[str, str] | None = None, **options: Any
) -> subprocess.Popen[str]:
    """Start ``python -m MODULE WORDS...`` or ``python -c CODE WORDS...``."""

    def run() -> NoReturn:
        _begin(os.environ.copy() if env is None else env)
        os._exit(_status(command))

    # Popen forks, arranges files and folder, and calls this in place of executing the command.
    return subprocess.Popen(command, text=True, preexec_fn=run, **options)


def _begin(environment: Mapping[str, str]) -> None:
    """Be a new process as far as a command can see: files, signals, environment, logs."""
    gc.freeze()  # an object of the test may hold a session, which is the test's to close
    os.closerange(_OTHER_FILES, os.sysconf("SC_OPEN_MAX"))  # Popen waits for one of these
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGPIPE, signal.SIG_IGN)
    sys.stdin = open(0, closefd=False)  # noqa: SIM115
    sys.stdout = open(1, "w", closefd=False)  # noqa: SIM115
    sys.stderr = open(2, "w", closefd=False, errors="backslashreplace", buffering=1)  # noqa: SIM115
    os.environ.clear()
    os.environ.update(environment)
    for logger in (logging.root, *logging.root.manager.loggerDict.values()):
        if isinstance(logger, logging.Logger):
            logger.handlers.clear()
            logger.setLevel(logging.WARNING if logger is logging.root else logging.NOTSET)


def _status(command: tuple[str, ...]) -> int:
    """Run the command; the exit status that the interpreter would have."""
    try:
        _run(command)
        code: object = None
    except SystemExit as error:
        code = error.code
    except KeyboardInterrupt:
        _die_of_interrupt()
    except BaseException:
        traceback.print_exc()
        code = 1
    sys.stdout.flush()
    if isinstance(code, str):
        sys.stderr.write(f"{code}\n")
    return code if isinstance(code, int) else int(code is not None)


def _run(command: tuple[str, ...]) -> None:
    _, kind, what, *words = command
    if kind == "-m":
        sys.argv = [what, *words]
        runpy.run_module(what, run_name="__main__", alter_sys=True)
    else:
        assert kind == "-c", command
        sys.argv = [kind, *words]
        exec(what, {"__name__": "__main__"})  # noqa: S102


def _die_of_interrupt() -> NoReturn:
    sys.stdout.flush()
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    os.kill(os.getpid(), signal.SIGINT)
    raise AssertionError("survived an interrupt")
