"""What torch_gpu.py and jax_gpu.py have in common: forms of one configuration and precision that are open side by side and take
steps when bench/gpu.py tells them to.

    golden FOLDER DTYPE KIND        largest deviation from golden values of one of configs.KINDS: golden.py
    open CONFIG VARIANT PRECISION   loss and norms of the gradient of the first batch, and the loss after some steps, as JSON
    steps VARIANT COUNT             microseconds of a step
    close                           forgets all that is open

A variant proves what it computes before it is timed: open answers with figures of the same batch for everyone, which training on
other batches must improve.
"""
import gc
import json

import numpy as np

import golden

FIRST_STEPS = 16


class Forms:
    """By configuration and precision, as products of all forms of a process have the same."""

    def __init__(self, configs, make, release=lambda: None):
        """make: from a configuration, a variant and a precision to a form and the steps that one call of it does."""
        self.configs, self.make, self.release = configs, make, release
        self.opened, self.what = {}, None

    def commands(self):
        return {"open": self.open, "steps": self.steps, "close": self.close}

    def open(self, config, variant, precision):
        if self.opened and self.what != (config, precision):
            raise ValueError(f"{self.what} is open: close it first")
        form, together = self.make(self.configs[config], variant, precision)
        batch = self.configs[config].first_batch()
        answer = fingerprint(*form.loss_and_gradient(*batch))
        form.seconds(max(1, FIRST_STEPS // together))
        answer["after"] = form.loss_and_gradient(*batch)[0]
        self.opened[variant], self.what = (form, together), (config, precision)
        return json.dumps(answer)

    def steps(self, variant, count):
        form, together = self.opened[variant]
        calls = max(1, round(int(count) / together))
        seconds = form.seconds(calls)
        if not form.is_finite():
            raise ArithmeticError("training diverged: a time of it says nothing")
        return 1e6 * seconds / (calls * together)

    def close(self):
        self.opened, self.what = {}, None
        gc.collect()
        self.release()
        return "closed"


def fingerprint(loss, gradient):
    norms = [float(np.linalg.norm(g.astype(np.float64))) for g in gradient]
    return {"loss": loss, "norms": norms}


def golden_deviation(evaluator, folder, kind):
    """Of evaluator(case), which gives a function from slices to loss and gradient as arrays."""
    worst = 0.0
    for case in golden.cases(folder, kind):
        evaluate = evaluator(case)
        worst = max(worst, golden.deviation(case, *zip(*map(evaluate, case.slices))))
    return worst
