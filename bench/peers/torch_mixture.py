"""PyTorch's way to the demo's relative Fisher error: Java's TimeToError with double backward and its files."""
import json
import math
import pathlib
import time

import numpy as np
import torch
from torch.nn.functional import linear, silu


def network(parameters, x):
    for weight, bias in parameters[:-1]:
        x = silu(linear(x, weight, bias))
    return linear(x, *parameters[-1])


def score(parameters, base, x, graph):
    """s(x), of an energy by differentiating with create_graph."""
    if base == 0:
        return network(parameters, x)
    density = network(parameters, x).sum() - 0.5 / base**2 * (x * x).sum()
    return torch.autograd.grad(density, x, create_graph=graph)[0]


def loss(parameters, base, x, v):
    """SSM-VR."""
    x = x.detach().requires_grad_()
    s = score(parameters, base, x, True)
    jv = torch.autograd.grad((s * v).sum(), x, create_graph=True)[0]
    return ((v * jv).sum(1) + 0.5 * (s * s).sum(1)).mean()


def tensors(file, widths):
    """[(W, b)] from the flat file."""
    flat = torch.from_numpy(np.fromfile(file, np.float32))
    result, at = [], 0
    for inputs, outputs in zip(widths, widths[1:]):
        weight = flat[at:at + inputs * outputs].view(outputs, inputs).clone().requires_grad_()
        at += inputs * outputs
        result.append((weight, flat[at:at + outputs].clone().requires_grad_()))
        at += outputs
    return result


def error(kind, threads, target, seed, folder):
    """Seconds, steps and error; evaluations and the reading of files are not timed."""
    folder = pathlib.Path(folder)
    torch.set_num_threads(int(threads))
    torch.manual_seed(int(seed))
    settings = json.loads((folder / "settings.json").read_text(encoding="utf-8"))
    deviations = torch.tensor(settings["deviations"], dtype=torch.float32)
    chosen = settings[kind]
    dimension = chosen["widths"][0]
    rows, fresh, truth = (torch.from_numpy(np.fromfile(folder / name, np.float32)).view(-1, dimension)
                          for name in ("rows.f32", "fresh.f32", "scores.f32"))
    parameters = tensors(folder / f"start-{kind}-{seed}.f32", chosen["widths"])
    batch, base, steps = chosen["batch"], chosen["base"], chosen["steps"]

    def fisher_error(averages):
        x = fresh.clone().requires_grad_()
        found = score(list(zip(averages[::2], averages[1::2])), base, x, False).detach() / deviations
        return float(((found - truth) ** 2).sum() / (truth**2).sum())

    start = time.perf_counter()
    flat = [t for layer in parameters for t in layer]
    averages = [t.detach().clone() for t in flat]
    adam = torch.optim.Adam(flat, lr=chosen["rate"], fused=True)
    seconds, found, step = 0.0, math.inf, 0
    while found > float(target) and step < steps:
        for _ in range(chosen["interval"]):
            at = step * batch % (len(rows) - batch + 1)
            x = rows[at:at + batch]
            v = torch.randint_like(x, 2).mul_(2).sub_(1)
            adam.zero_grad()
            loss(parameters, base, x, v).backward()
            adam.param_groups[0]["lr"] = 0.5 * chosen["rate"] * (1 + math.cos(math.pi * step / steps))
            adam.step()
            with torch.no_grad():
                torch._foreach_lerp_(averages, flat, 1 - chosen["decay"])
            step += 1
        seconds += time.perf_counter() - start
        found = fisher_error(averages)
        start = time.perf_counter()
    return f"{seconds} {step} {found}"
