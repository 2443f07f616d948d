#!/usr/bin/env python3
"""A training step of NICE in PyTorch, as Song et al. 2019 take it for images; bench/paper/nice.py drives it.

784 columns, 4 additive couplings with four hidden layers of 1000 softplus units, a standard normal prior, batches of 128, Adam;
eager, the derivatives in x by double backward. On standard input:

    run OBJECTIVE THREADS STEPS      seconds, after a step that is not timed; mle or ssm-vr
"""
import math
import pathlib
import sys
import time

import torch
from torch import nn

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "peers"))
import turns

DIMENSION, HIDDEN, COUPLINGS, BATCH, ROWS, RATE = 784, 1000, 4, 128, 2048, 1e-4


class Nice(nn.Module):
    """log p(x) by couplings that move the halves in turn, a diagonal scaling, and the normal prior."""

    def __init__(self):
        super().__init__()
        half = DIMENSION // 2
        widths = [half] + [HIDDEN] * 4 + [half]
        self.couplings = nn.ModuleList()
        for _ in range(COUPLINGS):
            layers = []
            for i in range(len(widths) - 1):
                layers += [nn.Linear(widths[i], widths[i + 1]), nn.Softplus()]
            self.couplings.append(nn.Sequential(*layers[:-1]))
        self.log_scale = nn.Parameter(torch.zeros(DIMENSION))

    def forward(self, x):
        moved, seen = x[:, ::2], x[:, 1::2]
        for m in self.couplings:
            moved, seen = seen, moved + m(seen)
        h = torch.cat([moved, seen], 1) * self.log_scale.exp()
        return -0.5 * (h * h).sum(1) + (self.log_scale.sum() - DIMENSION / 2 * math.log(2 * math.pi))


def likelihood(model, x):
    return -model(x).mean()


def varied(model, x):
    """SSM-VR: v.H v by differentiating v.grad f."""
    x = x.detach().requires_grad_()
    v = torch.empty_like(x).bernoulli_(0.5).mul_(2).sub_(1)
    score = torch.autograd.grad(model(x).sum(), x, create_graph=True)[0]
    product = torch.autograd.grad((score * v).sum(), x, create_graph=True)[0]
    return ((product * v).sum(1) + 0.5 * (score * score).sum(1)).mean()


LOSSES = {"mle": likelihood, "ssm-vr": varied}


def run(objective, threads, steps):
    torch.set_num_threads(int(threads))
    torch.manual_seed(1)
    model = Nice()
    rows = torch.randn(ROWS, DIMENSION)
    adam = torch.optim.Adam(model.parameters(), RATE)

    def step(k):
        at = k * BATCH % ROWS
        adam.zero_grad()
        LOSSES[objective](model, rows[at:at + BATCH]).backward()
        adam.step()

    step(0)
    start = time.perf_counter()
    for k in range(int(steps)):
        step(k + 1)
    return time.perf_counter() - start


if __name__ == "__main__":
    torch.set_num_interop_threads(1)
    turns.serve(f"PyTorch {torch.__version__}, {torch.backends.cpu.get_cpu_capability()}", {"run": run})
