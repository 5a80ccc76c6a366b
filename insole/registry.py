"""Find the parts of one kind: each is a module of its kind's package, holding one named object.

``discover("ingest.files", "FORMAT", Format)`` imports every module of the package that
does not begin with an underscore and gathers its ``FORMAT``. So a new device, format,
metric or figure is one new file, and nothing else is edited.
"""

from __future__ import annotations

import pkgutil
from functools import cache
from importlib import import_module
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeVar, cast

if TYPE_CHECKING:
    from collections.abc import Mapping

T = TypeVar("T")


def discover(package: str, attribute: str, kind: type[T]) -> Mapping[str, T]:
    """Gather ``attribute`` from every module of ``package``, keyed by its ``name``.

    Parameters
    ----------
    package
        Dotted name of the package whose modules are the parts.
    attribute
        The constant that a module uses to offer its part. Modules without it are helpers.
    kind
        The type every part must have; it has a ``name: str``.

    Returns
    -------
    Mapping of name to part, read-only, sorted by name.

    Raises
    ------
    TypeError
        If a part is not of the kind, or two parts share a name. This is a defect of the
        code, not of the input.
    """
    found = _gather(package, attribute)
    for name, part in found.items():
        if not isinstance(part, kind):
            raise TypeError(f"{package}: {attribute} called {name!r} is not a {kind.__name__}")
    return cast("Mapping[str, T]", found)


@cache
def _gather(package: str, attribute: str) -> Mapping[str, object]:
    found: dict[str, object] = {}
    for info in pkgutil.iter_modules(import_module(package).__path__):
        if info.name.startswith("_"):
            continue
        part = getattr(import_module(f"{package}.{info.name}"), attribute, None)
        if part is None:
            continue
        name = str(part.name)
        if name in found:
            raise TypeError(f"two parts of {package} are called {name!r}")
        found[name] = part
    return MappingProxyType(dict(sorted(found.items())))
