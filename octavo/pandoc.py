"""The one door to pandoc: BibLaTeX in, CSL data out; citations in, formatted citations out.

pandoc comes with its binary from PyPI (``pypandoc_binary``); it is run as a process that is given
JSON and gives JSON, and may touch no file but those named to it.
"""

# ruff: noqa: PLC0415 - pypandoc takes a while to load, and what pandoc says is remembered

import json
import subprocess
import tempfile
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

API_VERSION = (1, 23, 1)
"""The version of pandoc's JSON tree that is written here (pandoc-types)."""


class PandocError(Exception):
    """pandoc failed; the message is its own, on one line."""


def version() -> str:
    """Give pandoc's version."""
    import pypandoc

    return str(pypandoc.get_pandoc_version())


def csl_data(biblatex: str) -> list[dict[str, Any]]:
    """Turn BibLaTeX entries into CSL-JSON items."""
    items: list[dict[str, Any]] = json.loads(_csl_json(biblatex))
    return items


@lru_cache(maxsize=1)
def _csl_json(biblatex: str) -> bytes:
    return _run(["-f", "biblatex", "-t", "csljson"], biblatex)


def cite(
    blocks: list[dict[str, Any]],
    works: Iterable[Mapping[str, Any]],
    style: Path,
    language: str,
    uncited: Iterable[str],
) -> list[dict[str, Any]]:
    """Format the citations in ``blocks`` (pandoc's JSON) and add the bibliography.

    The bibliography has the works with the keys ``uncited`` beside those that are cited.
    Positions (first, subsequent, ibid.) start afresh at each heading of the class
    ``reset-citation-positions``.  Raises ``PandocError`` when the style cannot be used.
    """
    meta: dict[str, Any] = {
        "lang": {"t": "MetaString", "c": language},
        "link-citations": {"t": "MetaBool", "c": True},
    }
    if listed := [_listed(key) for key in uncited]:
        meta["nocite"] = {"t": "MetaInlines", "c": [{"t": "Cite", "c": [listed, []]}]}
    document = {"pandoc-api-version": list(API_VERSION), "meta": meta, "blocks": blocks}
    given = json.dumps(document, ensure_ascii=False)
    items = json.dumps(list(works), ensure_ascii=False)
    result: list[dict[str, Any]] = json.loads(_cite(given, items, style))["blocks"]
    return result


def _listed(key: str) -> dict[str, Any]:
    """Give a citation that only puts its work into the bibliography."""
    return {
        "citationId": key,
        "citationPrefix": [],
        "citationSuffix": [],
        "citationMode": {"t": "NormalCitation"},
        "citationNoteNum": 0,
        "citationHash": 0,
    }


def _cite(given: str, items: str, style: Path) -> bytes:
    with tempfile.TemporaryDirectory(prefix="octavo-") as folder:
        data = Path(folder) / "works.json"
        data.write_text(items, encoding="utf-8")
        arguments = ["-f", "json", "-t", "json", "--citeproc"]
        arguments += [f"--bibliography={data}", f"--csl={style}"]
        return _run(arguments, given)


def _run(arguments: list[str], text: str) -> bytes:
    import pypandoc

    command = [pypandoc.get_pandoc_path(), *arguments]
    done = subprocess.run(command, input=text.encode(), capture_output=True, check=False)
    if done.returncode:
        said = " ".join(done.stderr.decode("utf-8", "replace").split())
        raise PandocError(said or f"pandoc ended with status {done.returncode}")
    return done.stdout
