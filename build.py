"""Start Octavo from a fresh checkout: ``python3 build.py [ARGUMENTS]``.

Makes the environment ``.venv`` beside this file when it is missing, half made or not what the lock
files say, sees to the shared libraries that WeasyPrint loads, and then becomes
``python -m octavo ARGUMENTS``. ``python3 build.py test [PYTEST ARGUMENTS]`` runs the tests.

Standard library only. Nothing here is newer than Python 3.6 (hence the quoted annotations), so
that an old Python reaches the line saying what is needed instead of a syntax error.
"""

import contextlib
import ctypes
import ctypes.util
import errno
import hashlib
import os
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Iterator
from pathlib import Path

if sys.platform != "win32":
    import fcntl

ROOT = Path(__file__).resolve().parent
NEEDED_PYTHON = (3, 11)
LOCKS = {"runtime": "requirements.lock", "dev": "requirements-dev.lock"}

# Verbs that are no commands of Octavo's, and the modules that they run, from the root.
MODULES = {"test": "pytest", "bench": "benchmarks"}

HELP = """\
build.py test [PYTEST ARGUMENTS]   run the tests; sets up the development tools first
build.py bench [ARGUMENTS]         measure builds of large books, beside other tools; --help
build.py [ARGUMENTS]               everything else is Octavo's own:
"""

# What WeasyPrint 70 loads (weasyprint/text/ffi.py), by the names it tries: Linux, macOS, Windows,
# any. It can do without HarfBuzz-Subset, but then warns and writes other bytes: required here.
LIBRARIES = {
    "GObject": "libgobject-2.0.so.0 libgobject-2.0.0.dylib libgobject-2.0-0 gobject-2.0",
    "Pango": "libpango-1.0.so.0 libpango-1.0.dylib libpango-1.0-0 pango-1.0",
    "PangoFT2": "libpangoft2-1.0.so.0 libpangoft2-1.0.dylib libpangoft2-1.0-0 pangoft2-1.0",
    "HarfBuzz": "libharfbuzz.so.0 libharfbuzz.0.dylib libharfbuzz-0 harfbuzz",
    "HarfBuzz-Subset": "libharfbuzz-subset.so.0 libharfbuzz-subset.0.dylib "
    "libharfbuzz-subset-0 harfbuzz-subset",
    "Fontconfig": "libfontconfig.so.1 libfontconfig.1.dylib libfontconfig-1 fontconfig",
}
DEBIAN_PACKAGES = ["libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0"]
LIBRARIES_HINT = (
    f"Debian, Ubuntu: apt-get install {' '.join(DEBIAN_PACKAGES)}; Fedora: dnf install pango "
    "harfbuzz; macOS: brew install pango; Windows: pacman -S mingw-w64-ucrt-x86_64-pango in MSYS2"
)
DLL_FOLDERS = r"C:\msys64\ucrt64\bin;C:\msys64\mingw64\bin;C:\Program Files\GTK3-Runtime Win64\bin"

# Variables that would make the environment's Python another one than the lock files describe.
DISTURBING = set(
    "PYTHONHOME PYTHONPATH PYTHONPLATLIBDIR PYTHONUSERBASE PYTHONOPTIMIZE PYTHONEXECUTABLE "
    "__PYVENV_LAUNCHER__".split()
)
# Of pip's variables only those stay that say how to reach the packages; PIP_TARGET, PIP_USER,
# PIP_CONSTRAINT and the like would install other things, or elsewhere.
PIP_KEPT = {
    "PIP_" + name
    for name in (
        "INDEX_URL EXTRA_INDEX_URL NO_INDEX FIND_LINKS TRUSTED_HOST CERT CLIENT_CERT PROXY "
        "TIMEOUT DEFAULT_TIMEOUT RETRIES CACHE_DIR NO_CACHE_DIR CONFIG_FILE KEYRING_PROVIDER"
    ).split()
}

# Words in the output of a failed command → what is wrong, what to do about it.
KNOWN_FAILURES = {
    "No space left on device": ("the disk is full", "make room, then try again"),
    "ensurepip is not": ("this Python has no venv", "Debian: apt-get install python3-venv"),
    "No module named venv": ("this Python has no venv", "use a complete Python, with venv and pip"),
    "DO NOT MATCH THE HASHES": ("a package is not the one in the lock file", "pip cache purge"),
    "Failed to fetch": ("apt-get finds no packages", "check the network"),
    "No matching distribution": ("pip finds no packages", "check the network, pip config"),
}


class SetupError(Exception):
    """An expected failure of setting up: a message saying what is wrong, a hint what to do."""

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.hint = hint


def say(line: str) -> None:
    """Print a line on standard error; standard output belongs to Octavo."""
    print(line, file=sys.stderr, flush=True)


def python_problem(version: "tuple[int, ...]") -> "str | None":
    """Return the line that says why a Python of this version will not do; None if it will."""
    if version >= NEEDED_PYTHON:
        return None
    needed, found = (".".join(map(str, v)) for v in (NEEDED_PYTHON, version))
    return f"Octavo needs Python {needed} or newer; this is Python {found}."


def clean_environment(variables: "dict[str, str]") -> "dict[str, str]":
    """Return the variables without those that would disturb the environment's Python or pip."""
    kept = {
        name: value
        for name, value in variables.items()
        if name not in DISTURBING and (not name.startswith("PIP_") or name in PIP_KEPT)
    }
    # PIP_USER=0 overrules a `user = true` in pip's configuration.
    return {**kept, "PIP_USER": "0", "OCTAVO_PROG": "build.py", "OCTAVO_BOOK": os.fspath(ROOT)}


def run(command: "list[str]", doing: str) -> None:
    """Run a command silently; raise SetupError with a hint or its last lines when it fails.

    ``close_fds=False`` hands the lock on, so that it is held until pip ends even if we are killed.
    """
    done = subprocess.run(
        command,
        env=clean_environment(dict(os.environ)),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        close_fds=False,
        check=False,
    )
    if done.returncode:
        output = done.stdout.decode("utf-8", "replace")
        if shutil.disk_usage(ROOT).free < 1 << 20:  # venv says no more than that it failed
            output += "No space left on device"
        for words, (message, hint) in KNOWN_FAILURES.items():
            if words in output:
                raise SetupError(f"{doing}: {message}", hint)
        raise SetupError(f"{doing} failed", "it said\n" + "\n".join(output.splitlines()[-12:]))


def can_load(name: str) -> bool:
    """Say whether the dynamic linker finds a shared library, by the means that WeasyPrint uses."""
    with contextlib.suppress(OSError):
        ctypes.CDLL(name)
        return True
    return ctypes.util.find_library(name) is not None


def missing_libraries() -> "list[str]":
    """Return the names of the shared libraries that WeasyPrint needs and that are not found."""
    if sys.platform == "win32":
        for folder in os.environ.get("WEASYPRINT_DLL_DIRECTORIES", DLL_FOLDERS).split(";"):
            with contextlib.suppress(OSError):
                os.add_dll_directory(folder)
    return [title for title, names in LIBRARIES.items() if not any(map(can_load, names.split()))]


def administrator() -> "list[str] | None":
    """Return what makes a command run as root when put before it; None if nothing does."""
    if sys.platform == "win32":
        return None
    if os.geteuid() == 0:
        return []
    sudo = ["sudo", "-n"]
    if shutil.which("sudo") and not subprocess.call([*sudo, "true"], stderr=subprocess.DEVNULL):
        return sudo
    return None


def ensure_libraries() -> None:
    """See that WeasyPrint's shared libraries are there, with apt-get if that can be.

    Raises SetupError, naming those that are missing, when they cannot be had.
    """
    missing = missing_libraries()
    root = administrator() if missing and shutil.which("apt-get") else None
    if root is not None:
        say(f"Installing {', '.join(missing)} with apt-get (once) …")
        apt = [*root, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-q", "-y"]
        with contextlib.suppress(SetupError):  # one dead source need not hinder the others
            run([*apt, "update"], "apt-get update")
        run([*apt, "install", "--no-install-recommends", *DEBIAN_PACKAGES], "apt-get install")
        missing = missing_libraries()
    if missing:
        raise SetupError(f"shared libraries are missing: {', '.join(missing)}", LIBRARIES_HINT)


class Environment:
    """The folder ``.venv`` in a root folder, made of what the root's lock files say."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.folder = root / ".venv"
        self.stamp = self.folder / "octavo-stamp"
        inner = "Scripts/python.exe" if sys.platform == "win32" else "bin/python"
        self.python = self.folder / inner

    def key(self, tools: str) -> str:
        """Return the digest of all that the environment with "runtime" or "dev" is made of."""
        digest = hashlib.sha256()
        for lock in LOCKS.values():
            digest.update((self.root / lock).read_bytes())
        # The folder counts, as installed scripts name it in their first line.
        for part in (tools, str(sys.implementation.cache_tag), os.fspath(self.folder)):
            digest.update(b"\0" + os.fsencode(part))
        return digest.hexdigest()

    def ready(self, tools: str) -> bool:
        """Say whether the environment is whole and holds these tools ("dev" holds "runtime")."""
        try:
            stamp = self.stamp.read_bytes().decode("ascii", "replace")
        except OSError:
            return False
        return stamp in {self.key(tools), self.key("dev")} and self.python.exists()

    def ensure(self, tools: str) -> None:
        """Make the environment if it is not ready; one process at a time.

        The stamp goes first and comes back last, so that what a kill leaves is never believed.
        """
        key = self.key(tools)
        if self.ready(tools):
            return
        with self.locked():
            if self.ready(tools):
                return
            ensure_libraries()
            whole = self.ready("runtime")
            say(f"{'Adding the test tools to' if whole else 'Setting up'} .venv (once) …")
            with contextlib.suppress(FileNotFoundError, NotADirectoryError):
                self.stamp.unlink()
            if not whole:
                self.create()
            pip = [os.fspath(self.python), "-m", "pip", "install", "-qq", "--no-input"]
            exactly = ["--no-deps", "--require-hashes", "-r", os.fspath(self.root / LOCKS[tools])]
            run([*pip, "--disable-pip-version-check", *exactly], "installing packages")
            unfinished = self.stamp.with_suffix(".new")
            unfinished.write_text(key, "ascii")
            unfinished.replace(self.stamp)

    @contextlib.contextmanager
    def locked(self) -> "Iterator[None]":
        """Hold the lock ``.venv.lock``, waiting for whoever has it; no lock on Windows."""
        with (self.root / ".venv.lock").open("w") as lock:
            if sys.platform != "win32":
                os.set_inheritable(lock.fileno(), True)
                try:
                    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except BlockingIOError:
                    say("Waiting for another build.py that sets up .venv …")
                    fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def create(self) -> None:
        """Make an empty environment that finds the root's modules from any working directory."""
        # The base interpreter, as this one may be the environment's own, about to be cleared.
        python = getattr(sys, "_base_executable", None) or sys.executable
        run([python, "-m", "venv", "--clear", os.fspath(self.folder)], "making .venv")
        packages = Path(sysconfig.get_path("purelib", "venv", {"base": os.fspath(self.folder)}))
        # A relative path is ASCII whatever the root is called.
        (packages / "octavo.pth").write_text(os.path.relpath(self.root, packages), "ascii")


def become(command: "list[str]") -> int:
    """Replace this process by a command (on Windows: run it and return its exit status)."""
    variables = clean_environment(dict(os.environ))
    sys.stdout.flush()
    if sys.platform != "win32":
        os.execve(command[0], command, variables)
    return subprocess.call(command, env=variables)


def main(arguments: "list[str]") -> int:
    """Set up what is needed and run Octavo, or the tests; return the exit status."""
    problem = python_problem(sys.version_info[:3])
    if problem:
        say(problem)
        return 1
    environment = Environment(ROOT)
    verb = arguments[0] if arguments else ""
    try:
        environment.ensure("dev" if verb == "test" else "runtime")
        # -P: what lies in the working directory is not taken for a module.
        python = [os.fspath(environment.python), "-P", "-m"]
        if verb in MODULES:
            os.chdir(ROOT)
            return become([*python, MODULES[verb], *arguments[1:]])
        if verb == "doctor":
            ensure_libraries()
        if verb in {"-h", "--help"}:
            print(HELP)
        return become([*python, "octavo", *arguments])
    except KeyboardInterrupt:
        say("Interrupted.")
        return 130
    except SetupError as error:
        say(f"build.py: {error}.\n  Hint: {error.hint}")
    except OSError as error:
        full = error.errno == errno.ENOSPC
        hint = "make room" if full else "the project's folder must be complete and writable"
        say(f"build.py: {error.strerror}: {error.filename}.\n  Hint: {hint}")
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
