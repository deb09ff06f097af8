"""Tests of build.py, loaded by its path; no network, and no environment is made for real."""

import ast
import importlib.util
import io
import os
import re
import sys
import threading
import tomllib
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parent.parent


def load_build() -> ModuleType:
    spec = importlib.util.spec_from_file_location("octavo_bootstrap", ROOT / "build.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


build = load_build()


class Machine:
    """Stands in for pip and venv: notes the commands, makes the files that they would make."""

    def __init__(self, root: Path, fail_at: str | None = None) -> None:
        self.root = root
        self.fail_at = fail_at
        self.done: list[str] = []

    def run(self, command: list[str], doing: str) -> None:
        self.done.append("venv" if "venv" in command else Path(command[-1]).name)
        if doing == self.fail_at:
            raise build.SetupError(doing, "a hint")
        if "venv" in command:
            environment = build.Environment(self.root)
            environment.python.parent.mkdir(parents=True, exist_ok=True)
            environment.python.touch()
            version = f"python{sys.version_info[0]}.{sys.version_info[1]}"
            (environment.folder / "lib" / version / "site-packages").mkdir(
                parents=True, exist_ok=True
            )


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A project folder with a space and Vietnamese and Chinese letters in its name."""
    folder = tmp_path / "dự án 書"
    folder.mkdir()
    (folder / "requirements.lock").write_text("a==1\n")
    (folder / "requirements-dev.lock").write_text("a==1\nb==1\n")
    return folder


@pytest.fixture
def machine(root: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    stand_in = Machine(root)
    monkeypatch.setattr(build, "run", stand_in.run)
    monkeypatch.setattr(build, "ensure_libraries", lambda: None)
    return stand_in


class TestEnvironment:
    def test_is_made_once(self, root: Path, machine: Machine) -> None:
        build.Environment(root).ensure("runtime")
        build.Environment(root).ensure("runtime")
        assert machine.done == ["venv", "requirements.lock"]

    def test_finds_the_root_by_a_relative_path(self, root: Path, machine: Machine) -> None:
        build.Environment(root).ensure("runtime")
        (path_file,) = root.glob(".venv/lib/*/site-packages/octavo.pth")
        line = path_file.read_text("ascii")
        assert (path_file.parent / line).resolve() == root

    def test_gets_the_test_tools_added_and_keeps_them(self, root: Path, machine: Machine) -> None:
        environment = build.Environment(root)
        environment.ensure("runtime")
        environment.ensure("dev")
        environment.ensure("runtime")
        environment.ensure("dev")
        assert machine.done == ["venv", "requirements.lock", "requirements-dev.lock"]

    @pytest.mark.parametrize("doing", ["making .venv", "installing packages"])
    @pytest.mark.parametrize("before", ["", "runtime"])
    def test_half_made_is_not_believed(
        self, root: Path, machine: Machine, doing: str, before: str
    ) -> None:
        environment = build.Environment(root)
        if before:
            environment.ensure(before)
            (root / "requirements.lock").write_text("a==2\n")
        machine.fail_at = doing
        with pytest.raises(build.SetupError):
            environment.ensure("runtime")
        assert not environment.ready("runtime")
        machine.fail_at = None
        machine.done.clear()
        environment.ensure("runtime")
        assert machine.done == ["venv", "requirements.lock"]
        assert environment.ready("runtime")

    def test_is_not_whole_when_adding_the_test_tools_failed(
        self, root: Path, machine: Machine
    ) -> None:
        environment = build.Environment(root)
        environment.ensure("runtime")
        machine.fail_at = "installing packages"
        with pytest.raises(build.SetupError):
            environment.ensure("dev")
        assert not environment.ready("runtime")

    @pytest.mark.parametrize("lock", ["requirements.lock", "requirements-dev.lock"])
    def test_is_stale_when_a_lock_changed(self, root: Path, machine: Machine, lock: str) -> None:
        environment = build.Environment(root)
        environment.ensure("dev")
        assert environment.ready("runtime")
        (root / lock).write_text("a==2\n")
        assert not environment.ready("runtime")
        assert not environment.ready("dev")

    def test_is_stale_under_another_python(
        self, root: Path, machine: Machine, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        environment = build.Environment(root)
        environment.ensure("runtime")
        monkeypatch.setattr(sys.implementation, "cache_tag", "cpython-399")
        assert not environment.ready("runtime")

    def test_is_stale_when_moved(self, root: Path, machine: Machine) -> None:
        build.Environment(root).ensure("runtime")
        moved = root.rename(root.with_name("moved"))
        assert not build.Environment(moved).ready("runtime")

    def test_is_stale_without_its_python(self, root: Path, machine: Machine) -> None:
        environment = build.Environment(root)
        environment.ensure("runtime")
        environment.python.unlink()
        environment.python.symlink_to(root / "gone")
        assert not environment.ready("runtime")

    @pytest.mark.parametrize("stamp", [b"", b"46e6", "→".encode()])
    def test_damaged_stamp_is_not_believed(
        self, root: Path, machine: Machine, stamp: bytes
    ) -> None:
        environment = build.Environment(root)
        environment.ensure("runtime")
        environment.stamp.write_bytes(stamp)
        assert not environment.ready("runtime")

    @pytest.mark.skipif(sys.platform == "win32", reason="no lock on Windows")
    def test_waits_for_another_and_takes_what_that_made(
        self, root: Path, machine: Machine, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        waits = threading.Event()
        monkeypatch.setattr(build, "say", lambda line: waits.set())
        environment = build.Environment(root)
        waiting = threading.Thread(target=environment.ensure, args=["runtime"])
        with environment.locked():
            waiting.start()
            assert waits.wait(timeout=5)
            machine.run(["venv"], "making .venv")
            environment.stamp.write_text(environment.key("runtime"))
        waiting.join(timeout=5)
        assert not waiting.is_alive()
        assert machine.done == ["venv"]


class TestLibraries:
    def test_missing_ones_are_named(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(
            build, "LIBRARIES", {"C": "libc.so.6 c", "Nowhere": "libnowhere.so.9 nowhere"}
        )
        assert build.missing_libraries() == ["Nowhere"]

    def test_names_are_those_that_weasyprint_tries(self) -> None:
        spec = importlib.util.find_spec("weasyprint")
        assert spec
        assert spec.origin
        source = Path(spec.origin).with_name("text").joinpath("ffi.py").read_text("utf-8")
        loaded = re.findall(r"_dlopen\(\s*ffi,([^)]*)\)", source)
        required = [names for names in loaded if "allow_fail" not in names or "-subset" in names]
        assert len(required) == len(build.LIBRARIES)
        for names in build.LIBRARIES.values():
            assert any(set(names.split()) <= set(re.findall("'([^']*)'", r)) for r in required)

    def test_hint_when_they_cannot_be_installed(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(build, "missing_libraries", lambda: ["Pango", "HarfBuzz"])
        monkeypatch.setattr(build, "administrator", lambda: None)
        with pytest.raises(build.SetupError, match="Pango, HarfBuzz") as caught:
            build.ensure_libraries()
        for system in ("Debian", "Fedora", "macOS", "Windows"):
            assert system in caught.value.hint

    def test_are_installed_on_debian(self, monkeypatch: pytest.MonkeyPatch) -> None:
        commands: list[str] = []

        def run(command: list[str], doing: str) -> None:
            commands.append(doing)
            if doing == "apt-get update":
                raise build.SetupError("one source is dead", "")

        answers = iter([["Pango"], []])
        monkeypatch.setattr(build, "missing_libraries", lambda: next(answers))
        monkeypatch.setattr(build, "administrator", list)
        monkeypatch.setattr(build.shutil, "which", lambda name: name)
        monkeypatch.setattr(build, "run", run)
        build.ensure_libraries()
        assert commands == ["apt-get update", "apt-get install"]


class TestRun:
    def test_is_silent(self, capfd: pytest.CaptureFixture[str]) -> None:
        build.run([sys.executable, "-c", "print('noise')"], "trying")
        assert capfd.readouterr() == ("", "")

    @pytest.mark.parametrize("words", build.KNOWN_FAILURES)
    def test_known_failures_get_a_hint(self, words: str) -> None:
        message, hint = build.KNOWN_FAILURES[words]
        with pytest.raises(build.SetupError) as caught:
            build.run([sys.executable, "-c", f"raise SystemExit('ERROR: {words} …')"], "trying")
        assert str(caught.value) == f"trying: {message}"
        assert caught.value.hint == hint

    def test_unknown_failures_show_the_last_lines(self) -> None:
        with pytest.raises(build.SetupError, match="trying failed") as caught:
            build.run([sys.executable, "-c", "raise SystemExit('never seen')"], "trying")
        assert "never seen" in caught.value.hint


class TestMain:
    @pytest.mark.parametrize("version", [(3, 6, 15), (3, 10, 13), (2, 7, 18)])
    def test_old_python_is_told_in_one_line(self, version: tuple[int, ...]) -> None:
        found = ".".join(map(str, version))
        expected = f"Octavo needs Python 3.11 or newer; this is Python {found}."
        assert build.python_problem(version) == expected

    @pytest.mark.parametrize("version", [(3, 11, 0), (3, 13, 1), (4, 0, 0)])
    def test_new_python_is_no_problem(self, version: tuple[int, ...]) -> None:
        assert build.python_problem(version) is None

    def test_parses_on_python_3_6(self) -> None:
        ast.parse((ROOT / "build.py").read_text("utf-8"), feature_version=(3, 6))

    @pytest.mark.parametrize(
        ("arguments", "tools", "command"),
        [
            ([], "runtime", ["octavo"]),
            (["pdf", "a b"], "runtime", ["octavo", "pdf", "a b"]),
            (["test", "-k", "x"], "dev", ["pytest", "-k", "x"]),
        ],
    )
    def test_hands_over(
        self,
        arguments: list[str],
        tools: str,
        command: list[str],
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        asked: list[str] = []
        became: list[list[str]] = []

        def become(command: list[str]) -> int:
            became.append(command)
            return 7

        monkeypatch.chdir(ROOT)
        monkeypatch.setattr(build.Environment, "ensure", lambda self, tools: asked.append(tools))
        monkeypatch.setattr(build, "become", become)
        assert build.main(arguments) == 7
        assert asked == [tools]
        assert became == [[os.fspath(build.Environment(ROOT).python), "-P", "-m", *command]]

    @pytest.mark.parametrize(
        ("error", "status", "lines"),
        [
            (build.SetupError("no pip", "get it"), 1, "build.py: no pip.\n  Hint: get it\n"),
            (KeyboardInterrupt(), 130, "Interrupted.\n"),
            (
                OSError(28, "No space left on device", "f"),
                1,
                "build.py: No space left on device: f.\n  Hint: make room\n",
            ),
            (
                PermissionError(13, "Permission denied", "f"),
                1,
                "build.py: Permission denied: f.\n"
                "  Hint: the project's folder must be complete and writable\n",
            ),
        ],
    )
    def test_failures_are_told_without_a_traceback(
        self,
        error: BaseException,
        status: int,
        lines: str,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        def ensure(self: object, tools: str) -> None:
            raise error

        told = io.StringIO()
        monkeypatch.setattr(build.Environment, "ensure", ensure)
        monkeypatch.setattr(sys, "stderr", told)
        assert build.main([]) == status
        assert told.getvalue() == lines


def test_environment_variables_are_cleaned() -> None:
    given = {
        "PATH": "p",
        "PYTHONHOME": "x",
        "PYTHONPATH": "x",
        "PIP_TARGET": "x",
        "PIP_USER": "1",
        "PIP_CONSTRAINT": "x",
        "PIP_INDEX_URL": "kept",
        "PIP_NO_INDEX": "1",
        "PYTHONUTF8": "1",
    }
    assert build.clean_environment(given) == {
        "PATH": "p",
        "PIP_USER": "0",
        "PIP_INDEX_URL": "kept",
        "PIP_NO_INDEX": "1",
        "PYTHONUTF8": "1",
        "OCTAVO_PROG": "build.py",
        "OCTAVO_BOOK": str(build.ROOT),
    }


def pins(name: str) -> dict[str, str]:
    text = (ROOT / name).read_text("utf-8")
    return dict(re.findall(r"^([a-z0-9-]+)==([^ ]+) ", text, re.MULTILINE))


def test_locks_agree_with_each_other_and_with_pyproject() -> None:
    runtime, dev = pins("requirements.lock"), pins("requirements-dev.lock")
    assert runtime.items() <= dev.items()
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    for wanted, locked in (
        (project["dependencies"], runtime),
        (project["optional-dependencies"]["dev"], dev),
    ):
        for requirement in wanted:
            name = re.match(r"[A-Za-z0-9_-]+", requirement)
            assert name
            assert name[0].lower().replace("_", "-") in locked


def test_locks_name_no_place() -> None:
    for lock in ("requirements.lock", "requirements-dev.lock"):
        text = (ROOT / lock).read_text("utf-8")
        assert "://" not in text
        assert not re.search(r"^--", text, re.MULTILINE)
