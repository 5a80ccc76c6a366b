"""What a rule is: a cited threshold and the words for a value beyond it; one JSON file each in ``analysis/rules``."""

from __future__ import annotations

import json
from dataclasses import dataclass, fields
from functools import cache
from importlib.resources import files
from typing import Any

from insole.errors import AnalysisError
from insole.report import Severity

EVIDENCE = frozenset({"strong", "moderate", "weak", "judgement"})
COMPARISONS = frozenset({"above", "below", "size_above"})
APPLIES_TO = frozenset({"any", "in_shoe", "platform"})
SIDES = frozenset({"left", "right", "both"})
BANNED = frozenset({"caused by", "causes", "diagnos", "suffer", " ill ", "abnormal", "patholog"})
"""Words that say more than an association."""


@dataclass(frozen=True)
class Rule:
    """A cited threshold.

    Attributes
    ----------
    code
        Name of the file without ``.json``; the code of its findings.
    severity
        Of its findings.
    title
        What is beyond the threshold, in a few words.
    value, sides, regions
        The values it looks at; ``both`` is a value of both feet; without regions the whole foot.
    comparison
        ``above``, ``below``, or ``size_above`` for a signed value whose direction does not matter.
    threshold
        In the value's unit; a ratio where ``relative_to`` is given.
    least_steps
        Steps or strides that must be behind the value (of each side, where ``symmetry_of`` is given).
    text
        What the finding is associated with, and what to consider.
    source
        Citation of the threshold, or that it is our judgement.
    evidence
        How strong: ``strong``, ``moderate``, ``weak``, ``judgement``.
    applies_to
        ``any``, ``in_shoe`` or ``platform``.
    margin
        How unsure the value is taken to be, in its unit, where that cannot be worked out (our
        judgement). Without it such a value is not judged.
    symmetry_of
        The value of each side of which ``value`` is Robinson's index; its uncertainty follows from theirs.
    both_sides
        Speaks only if the values of both feet are beyond.
    relative_to
        Regions: the number judged is the value over the mean of the others of these.
    """

    code: str
    severity: Severity
    title: str
    value: str
    sides: tuple[str, ...]
    comparison: str
    threshold: float
    least_steps: int
    text: str
    source: str
    evidence: str
    applies_to: str
    regions: tuple[str, ...] = ()
    margin: float | None = None
    symmetry_of: str | None = None
    both_sides: bool = False
    relative_to: tuple[str, ...] = ()

    def beyond(self, number: float) -> float:
        """How far a number lies beyond the threshold; below zero if it does not."""
        if self.comparison == "below":
            return self.threshold - number
        return (abs(number) if self.comparison == "size_above" else number) - self.threshold


@cache
def load_rules() -> tuple[Rule, ...]:
    """Every rule of ``analysis/rules``, by code.

    Raises
    ------
    AnalysisError
        If a file is not a rule; it names the file and what is wrong.
    """
    folder = files("analysis") / "rules"
    found = sorted((p for p in folder.iterdir() if p.name.endswith(".json")), key=lambda p: p.name)
    return tuple(rule_from_json(p.name.removesuffix(".json"), p.read_text("utf-8")) for p in found)


def rule_from_json(code: str, text: str) -> Rule:
    """Read one rule.

    Parameters
    ----------
    code
        Name of its file without ``.json``.
    text
        JSON object with the keys of ``Rule``, ``code`` too.

    Raises
    ------
    AnalysisError
        If it is no JSON object, a key is unknown or missing, or a key does not hold what it should.
    """
    try:
        data = json.loads(text)
    except json.JSONDecodeError as e:
        raise _wrong(code, f"it is not JSON: {e}") from e
    if not isinstance(data, dict):
        raise _wrong(code, "it must be a JSON object")
    _check_keys(code, data)
    _check(code, data)
    lists = {k: tuple(data[k]) for k in ("sides", "regions", "relative_to") if k in data}
    return Rule(**{**data, **lists, "severity": Severity(data["severity"])})


def _check_keys(code: str, data: dict[str, Any]) -> None:
    known = {f.name for f in fields(Rule)}
    needed = known - {"regions", "margin", "symmetry_of", "both_sides", "relative_to"}
    if unknown := sorted(data.keys() - known):
        raise _wrong(code, f"unknown keys {', '.join(unknown)}; known: {', '.join(sorted(known))}")
    if missing := sorted(needed - data.keys()):
        raise _wrong(code, f"no {', '.join(missing)}")


def _check(code: str, data: dict[str, Any]) -> None:
    choices = {
        "severity": frozenset(Severity),
        "comparison": COMPARISONS,
        "evidence": EVIDENCE,
        "applies_to": APPLIES_TO,
    }
    for name, allowed in choices.items():
        if data[name] not in allowed:
            raise _wrong(code, f"{name} is {data[name]!r}; it must be one of {', '.join(sorted(allowed))}")
    if not isinstance(data.get("both_sides", False), bool):
        raise _wrong(code, "both_sides must be true or false")
    for name in ("title", "value", "text", "source"):
        if not isinstance(data[name], str) or not data[name].strip():
            raise _wrong(code, f"{name} must be a sentence or a name, not empty")
    if data["code"] != code:
        raise _wrong(code, f"its code is {data['code']!r}; it must be the name of the file")
    _check_numbers(code, data)
    _check_lists(code, data)
    _check_words(code, data)


def _check_numbers(code: str, data: dict[str, Any]) -> None:
    for name in ("threshold", "margin", "least_steps"):
        number = data.get(name, 0)
        if isinstance(number, bool) or not isinstance(number, int | float) or not 0 <= number < float("inf"):
            raise _wrong(code, f"{name} is {number!r}; it must be a number, zero or more")


def _check_lists(code: str, data: dict[str, Any]) -> None:
    for name in ("sides", "regions", "relative_to"):
        items = data.get(name, [])
        if not isinstance(items, list) or not all(isinstance(i, str) for i in items):
            raise _wrong(code, f"{name} must be a list of names")
    if not data["sides"] or not set(data["sides"]) <= SIDES:
        raise _wrong(code, f"sides are {data['sides']}; they must be of {', '.join(sorted(SIDES))}")


def _check_words(code: str, data: dict[str, Any]) -> None:
    if "consider" not in data["text"].lower():
        raise _wrong(code, "the text must say what to consider")
    if bad := [w for w in BANNED if w in f"{data['title']} {data['text']}".lower()]:
        raise _wrong(code, f"{bad[0].strip()!r} says more than an association")
    if data["evidence"] == "judgement" and "our judgement" not in data["source"].lower():
        raise _wrong(code, "the source must say that the threshold is our judgement")


def _wrong(code: str, what: str) -> AnalysisError:
    return AnalysisError(f"the rule {code}.json cannot be used: {what}")
