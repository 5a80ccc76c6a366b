from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from insole.registry import discover


@dataclass(frozen=True)
class PartBase:
    name: str


def package(where: Path, name: str, modules: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> str:
    """A package on disk, importable for one test; each test takes its own name because imports are cached."""
    folder = where / name
    folder.mkdir()
    (folder / "__init__.py").touch()
    for module, text in modules.items():
        (folder / f"{module}.py").write_text(text)
    monkeypatch.syspath_prepend(str(where))
    return name


PART = "from tests.insole.test_registry import PartBase\nPART = PartBase({name!r})\n"


def test_each_module_offers_one_part(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    modules = {
        "second": PART.format(name="a"),
        "first": PART.format(name="b"),
        "helper": "X = 1\n",
        "_private": "raise RuntimeError('a private module is not a part')\n",
    }
    found = discover(package(tmp_path, "parts_good", modules, monkeypatch), "PART", PartBase)
    assert list(found) == ["a", "b"]
    assert found["a"] is sys.modules["parts_good.second"].PART
    with pytest.raises(TypeError):
        found["c"] = PartBase("c")  # type: ignore[index]


def test_an_empty_package_has_no_parts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert not discover(package(tmp_path, "parts_none", {}, monkeypatch), "PART", PartBase)


def test_two_parts_with_one_name_are_a_defect(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    modules = {"one": PART.format(name="same"), "two": PART.format(name="same")}
    with pytest.raises(TypeError, match="two parts of parts_twice are called 'same'"):
        discover(package(tmp_path, "parts_twice", modules, monkeypatch), "PART", PartBase)


def test_a_part_of_another_kind_is_a_defect(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    modules = {"one": PART.format(name="odd")}
    with pytest.raises(TypeError, match="'odd' is not a Path"):
        discover(package(tmp_path, "parts_kind", modules, monkeypatch), "PART", Path)
