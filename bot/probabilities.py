"""Scores as probabilities: of ten messages with probability .8, eight are right."""

from dataclasses import dataclass

import numpy as np

_START = (3.5, 2.5)
_LEAST = 1e-12


@dataclass(frozen=True)
class Calibration:
    """Probability in proportion to softplus(e^`sharpness` times score) to the power `power`.

    Scores of kernel ridge regression are estimates of a probability already, but may be below 0 and are too even; a
    plain softmax of them is much too sure at the top and much too doubtful at the bottom.
    """

    power: float = _START[0]
    sharpness: float = _START[1]

    def probabilities(self, scores: "np.ndarray") -> "np.ndarray":
        """Rows that add up to one."""
        logs = self.power * np.log(np.logaddexp(0.0, scores * np.exp(self.sharpness)) + _LEAST)
        logs -= logs.max(axis=1, keepdims=True)
        shares = np.exp(logs)
        return np.asarray(shares / shares.sum(axis=1, keepdims=True))


def calibrated(scores: "np.ndarray", right: "np.ndarray") -> Calibration:
    """The calibration under which the right intents of left-out examples are likeliest (least log loss)."""
    from scipy.optimize import minimize

    rows = np.arange(len(right))
    scores = scores.astype(np.float64)

    def loss(parameters: "np.ndarray") -> float:
        power, sharpness = np.clip(parameters, (0.2, -2.0), (20.0, 6.0))
        likely = Calibration(power, sharpness).probabilities(scores)[rows, right]
        return float(-np.log(np.maximum(likely, 1e-9)).mean())

    found = minimize(loss, _START, method="Nelder-Mead", options={"maxiter": 120, "xatol": 0.01, "fatol": 1e-4}).x
    return Calibration(float(np.clip(found[0], 0.2, 20.0)), float(np.clip(found[1], -2.0, 6.0)))
