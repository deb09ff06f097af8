"""What workers have begun before it is asked for is not begun again."""

import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from octavo.store import Store
from octavo.typeset import tasks
from octavo.typeset.facts import Furniture, FurnitureJob, Job, Laid
from octavo.typeset.memory import Memory
from octavo.typeset.workers import Crew

JOBS = [FurnitureJob(name, {"id": name}, (), (), "", "en", ()) for name in ("salt", "silk")]


class Shop:
    """Counts the furniture that is set; a section's first piece may fail."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, fails: str = "") -> None:
        self.set: list[str] = []
        self._fails = fails
        monkeypatch.setattr(tasks, "lay_out", self.lay_out)
        monkeypatch.setattr(tasks, "set_furniture", self.set_furniture)

    def lay_out(self, job: Job) -> Laid:
        time.sleep(0.2)
        raise RuntimeError("never laid out")

    def set_furniture(self, job: FurnitureJob) -> Furniture:
        self.set.append(job.section)
        if job.section == self._fails and self.set.count(job.section) == 1:
            raise RuntimeError("once")
        return Furniture(job.section, b"", (), (), ())


def memory(folder: Path, crew: Crew) -> Memory:
    return Memory(Store(folder), crew, (), lambda section, pages: None)


def lay_something_out(kept: Memory) -> None:
    with pytest.raises(Exception, match="tea"):
        kept.lay_out([Job("tea", "", (), 1, 1, 1, "en")])


def test_furniture_is_set_while_sections_are_laid_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop = Shop(monkeypatch)
    with Crew(lambda: ThreadPoolExecutor(2), 2) as crew:
        kept = memory(tmp_path, crew)
        kept.begin_furniture(JOBS)
        lay_something_out(kept)
        assert sorted(shop.set) == ["salt", "silk"]
        assert sorted(kept.set_furniture(JOBS)) == ["salt", "silk"]
        assert sorted(shop.set) == ["salt", "silk"]


def test_what_failed_before_it_was_asked_for_is_tried_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop = Shop(monkeypatch, fails="silk")
    with Crew(lambda: ThreadPoolExecutor(1), 1) as crew:
        kept = memory(tmp_path, crew)
        kept.begin_furniture(JOBS)
        lay_something_out(kept)
        assert sorted(kept.set_furniture(JOBS)) == ["salt", "silk"]
        assert sorted(shop.set) == ["salt", "silk", "silk"]


def test_nothing_is_begun_twice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shop = Shop(monkeypatch)
    with Crew(lambda: ThreadPoolExecutor(1), 1) as crew:
        kept = memory(tmp_path, crew)
        kept.begin_furniture(JOBS)
        assert sorted(kept.set_furniture(JOBS)) == ["salt", "silk"]
        lay_something_out(kept)
        assert sorted(shop.set) == ["salt", "silk"]
