"""The report's part on retrieval."""

from __future__ import annotations

from collections.abc import Sequence

from zhiban.evaluating.figures import NOTHING, Figure, auroc, calibration_error, mean
from zhiban.evaluating.nearest import as_many_answered
from zhiban.evaluating.report import Section, Table
from zhiban.evaluating.result import ANSWERED, OFFERED, Result, System, inside, outside
from zhiban.evaluating.tables import (
    calibration_tables,
    confused,
    first_right,
    gains,
    group_plot,
    group_tables,
    risk_plot,
    wrong_texts,
)

NAME = "retrieval"
_TEXT = (
    "R@1: the right article is first, R@5: among five. Answered: without a choice. Precision: of the answers in scope, "
    "those with the right article. Out of scope, answered: texts that no article answers and that got an answer. "
    "AUROC: the confidence of the best article, in scope against out of scope. Intervals of 95 % by bootstrap over the "
    "questions.\n\nBaselines have no threshold of their own: each answers as many questions in scope as Zhiban does, "
    "those it is surest of."
)


def figures(results: Sequence[Result]) -> dict[str, Figure]:
    """Every figure of retrieval by the name it has in the report."""
    within, beyond = inside(results), outside(results)
    answers = [one for one in within if one.outcome == ANSWERED]
    return {
        "R@1": first_right(results),
        "R@5": mean([float(one.rank is not None) for one in within]),
        "MRR": mean([1 / one.rank if one.rank else 0.0 for one in within]),
        "answered": mean([float(one.outcome == ANSWERED) for one in within]),
        "precision": mean([float(one.first) for one in answers]),
        "out of scope, answered": mean([float(one.outcome == ANSWERED) for one in beyond]),
        "AUROC": auroc([one.sure for one in within], [one.sure for one in beyond]),
    }


def section(ours: System, baselines: Sequence[System], command: str, show_texts: bool) -> Section:
    """Tables and plots; texts are shown only if the reader may see them."""
    results = ours.results
    comparable = [as_many_answered(one, ours) for one in baselines]
    tables = [_systems(ours, comparable), gains("R@1", ours, baselines), _shares(results)]
    tables += group_tables(
        results,
        {
            "R@1": first_right,
            "answered": lambda those: figures(those)["answered"],
            "precision": lambda those: figures(those)["precision"],
            "out of scope, answered": lambda those: figures(those)["out of scope, answered"],
        },
    )
    calibration, reliability = calibration_tables(NAME, results)
    risks, curves = risk_plot(NAME, [ours, *baselines])
    tables += [calibration, risks, confused(results, "article")]
    tables += [wrong_texts(results, "article")] if show_texts else []
    plots = [*group_plot(results, NAME, "R@1"), *reliability, *curves]
    return Section("Retrieval", _TEXT, [table for table in tables if table.rows], plots, command)


def _systems(ours: System, baselines: Sequence[System]) -> Table:
    found = {system.name: figures(system.results) for system in (ours, *baselines)}
    names = list(found[ours.name])
    return Table(["system", *names], [[system, *(str(of[name]) for name in names)] for system, of in found.items()])


def _shares(results: Sequence[Result]) -> Table:
    within, beyond = inside(results), outside(results)
    choices = [one for one in within if one.outcome == OFFERED]
    error = calibration_error([one.sure for one in results], [one.first for one in results]) if results else NOTHING
    rows = [
        ["questions in scope / out of scope", f"{len(within)} / {len(beyond)}"],
        ["in scope: got a choice", str(mean([float(one.outcome == OFFERED) for one in within]))],
        [
            "... of which offers the right article among three",
            str(mean([float((one.rank or 9) <= 3) for one in choices])),
        ],
        ["out of scope: got a choice", str(mean([float(one.outcome == OFFERED) for one in beyond]))],
        ["ECE, all questions", str(error)],
    ]
    return Table(["more of Zhiban", ""], rows)
