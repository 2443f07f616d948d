#!/usr/bin/env python3
"""Training steps of PyTorch and, where it is installed, JAX on this project's configurations: a table of microseconds.

    compare.py [--config A,B] [--device cuda|cpu] [--repeats N] [--ours TABLE] [--commit TEXT] [--check]

First the gradients of all forms are compared, which must agree to 1e-4 of their largest element. Then repeats are
interleaved, each of as many steps as take about 0.2 s, timed from an idle device to an idle device, and medians taken; the
second line of a configuration is with TF32 products, on GPUs. --check only compares. --ours names the table that
slicedscore_timings printed on the same machine: then every time is followed by its ratio to ours, FP32 to FP32.
"""
import argparse
import statistics
import sys
import time

import numpy as np
import torch

import torch_forms
from configs import CONFIGS

try:
    import jax_forms
except ImportError:
    jax_forms = None

TOLERANCE = 1e-4
SECONDS = 0.2


def makers(config, device):
    result = torch_forms.forms(config, device)
    if jax_forms is not None:
        result["JAX, jit"] = lambda: jax_forms.Form(config)
    return result


def use_tf32(on):
    torch_forms.use_tf32(on)
    if jax_forms is not None:
        jax_forms.use_tf32(on)


def working(config, device, use):
    """What use makes of each form that works here, by name; what went wrong with the others goes to stderr."""
    found = {}
    for name, maker in makers(config, device).items():
        try:
            found[name] = use(maker())
        except Exception as e:  # whatever the peers' compilers throw: one that fails must not hide the others
            print(f"{config.name}: '{name}' does not work here: {type(e).__name__}: {str(e)[:200]}", file=sys.stderr)
    return found


def require_agreement(config, device):
    """All gradients are those of double backward, to rounding."""
    random = np.random.default_rng(3)
    x = random.standard_normal((config.batch, config.dimension), np.float32)
    v = random.choice(np.array([-1, 1], np.float32), x.shape)
    gradients = working(config, device, lambda form: form.gradients(x, v))
    reference = gradients.pop("PyTorch, double backward")
    largest = max(np.abs(g).max() for g in reference)
    for name, found in gradients.items():
        deviation = np.max([np.abs(g - r).max() for g, r in zip(found, reference)]) / largest  # NaN, where there is one
        print(f"{config.name}: the gradient of '{name}' differs by {deviation:.1e} of its largest element", file=sys.stderr)
        if not deviation <= TOLERANCE:
            sys.exit(f"{config.name}: that is more than {TOLERANCE}: nothing is timed")


def warmed(form):
    microseconds(form, 5)
    return form


def microseconds(form, steps):
    form.wait()
    start = time.perf_counter()
    for _ in range(steps):
        form.step()
    form.wait()
    return 1e6 * (time.perf_counter() - start) / steps


def measure(forms, repeats):
    counts = {}
    for name, form in forms.items():
        counts[name] = max(2, min(2000, int(SECONDS * 1e6 / microseconds(form, 5))))
        microseconds(form, counts[name])
    times = {name: [] for name in forms}
    for _ in range(repeats):
        for name, form in forms.items():
            times[name].append(microseconds(form, counts[name]))
    return {name: statistics.median(found) for name, found in times.items()}


def read_ours(path):
    """Microseconds a step by configuration."""
    ours = {}
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            cells = [cell.strip() for cell in line.split("|")]
            if len(cells) > 5 and cells[1] in CONFIGS:
                ours[cells[1]] = float(cells[5])
    return ours


def cell(name, times, own):
    if name not in times:
        return "-"
    return f"{times[name]:.1f}" + (f" ({times[name] / own:.2f} x)" if own else "")


def main():
    cuda = torch.cuda.is_available()
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--device", choices=["cuda", "cpu"], default="cuda" if cuda else "cpu")
    parser.add_argument("--config", help="default: all on a GPU, A,B,C,D,E on a processor")
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--ours")
    parser.add_argument("--commit", default="unknown")
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args()
    names = (options.config or ("A,B,C,D,E" if options.device == "cpu" else ",".join(CONFIGS))).split(",")
    unknown = [name for name in names if name not in CONFIGS]
    if unknown:
        parser.error(f"no configuration is called {', '.join(unknown)}; choose some of {', '.join(CONFIGS)}")
    ours = read_ours(options.ours) if options.ours else {}

    use_tf32(False)
    for name in names:
        require_agreement(CONFIGS[name], options.device)
    if options.check:
        return

    print("Microseconds a training step" + (", and how many times ours" if ours else "") + f"; {torch_forms.describe(options.device)}"
          + ("" if jax_forms is None else f"; {jax_forms.describe()}") + f"; commit {options.commit}.\n")
    columns = list(makers(CONFIGS[names[0]], options.device))
    print("| configuration | TF32 | " + ("ours, FP32 | " if ours else "") + " | ".join(columns) + " |")
    print("| --- " * (len(columns) + 2 + bool(ours)) + "|")
    for name in names:
        for tf32 in [False, True] if options.device == "cuda" else [False]:
            use_tf32(tf32)
            times = measure(working(CONFIGS[name], options.device, warmed), options.repeats)
            own = ours.get(name, 0) if not tf32 else 0
            print(f"| {name} | {'on' if tf32 else 'off'} | " + (f"{own or '-'} | " if ours else "")
                  + " | ".join(cell(column, times, own) for column in columns) + " |", flush=True)


if __name__ == "__main__":
    main()
