"""The report's part on intents."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np

from zhiban.evaluating.figures import Figure, auroc, calibration_error, macro_f1, mean, short
from zhiban.evaluating.report import Section, Table
from zhiban.evaluating.result import Result, System, inside, outside
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

NAME = "intents"
_KEPT = 0.95
_TEXT = (
    "The classifier of config.yml, learned anew from the examples and asked as in a turn whose vector came with it. "
    "Baselines give the intent of the nearest example. ECE over ten bins of equally many texts. Intervals of 95 % by "
    "bootstrap over the texts."
)


def figures(results: Sequence[Result]) -> dict[str, Figure]:
    """Every figure of intents by the name it has in the report; of out-of-scope texts only if there are some."""
    within, beyond = inside(results), outside(results)
    found = {
        "accuracy": first_right(results),
        "macro-F1": macro_f1([min(one.right) for one in within], [one.guessed for one in within]),
    }
    if beyond:
        known, strange = ([one.familiarity for one in those] for those in (within, beyond))
        least = float(np.quantile(known, 1 - _KEPT, method="lower"))
        found["out of scope, AUROC"] = auroc(known, strange)
        found["out of scope, caught while 95 % are kept"] = mean([float(one < least) for one in strange])
    return found


def section(ours: System, baselines: Sequence[System], command: str, show_texts: bool) -> Section:
    """Tables and plots; texts are shown only if the reader may see them."""
    within = inside(ours.results)
    tables = [_systems(ours, baselines), gains("accuracy", ours, baselines)]
    tables += group_tables(within, {"accuracy": first_right, "macro-F1": lambda those: figures(those)["macro-F1"]})
    calibration, reliability = calibration_tables(NAME, within)
    risks, curves = risk_plot(NAME, [System(one.name, inside(one.results)) for one in (ours, *baselines)])
    tables += [calibration, risks, _by_intent(within), confused(within, "intent")]
    tables += [wrong_texts(within, "intent")] if show_texts else []
    plots = [*group_plot(within, NAME, "Accuracy"), *reliability, *curves]
    return Section("Intents", _TEXT, [table for table in tables if table.rows], plots, command)


def _systems(ours: System, baselines: Sequence[System]) -> Table:
    found = {system.name: figures(system.results) for system in (ours, *baselines)}
    names = list(found[ours.name])
    errors = {one.name: _error(one.results) for one in (ours, *baselines) if one.probabilities}
    rows = [[name, *(str(of[one]) for one in names), errors.get(name, "-")] for name, of in found.items()]
    return Table(["system", *names, "ECE"], rows)


def _error(results: Sequence[Result]) -> str:
    within = inside(results)
    return str(calibration_error([one.sure for one in within], [one.first for one in within]))


def _by_intent(results: Sequence[Result]) -> Table:
    wanted = Counter(min(one.right) for one in results)
    given = Counter(one.guessed for one in results)
    hits = Counter(one.guessed for one in results if one.first)
    rows = []
    for name in sorted(wanted.keys() | given.keys()):
        precision = hits[name] / given[name] if given[name] else float("nan")
        recall = mean([float(one.first) for one in results if name in one.right])
        f1 = 2 * hits[name] / (wanted[name] + given[name])
        rows.append([name, str(wanted[name]), short(precision), str(recall), short(f1)])
    return Table(["intent", "texts", "precision", "recall", "F1"], rows, "Each intent")
