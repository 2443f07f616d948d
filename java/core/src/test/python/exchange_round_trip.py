"""Takes networks from PyTorch to slicedscore and back, and models to PyTorch and ONNX, and says how much scores differ.

    python exchange_round_trip.py ../../../../../docs/PYTHON.md slicedscore

needs torch, numpy, safetensors, onnx and onnxruntime, and the command line. Differences are the largest of a model's rows, by the
largest score or log-density of these. The module that reads model files is the first Python example of the documentation. Fails
where a difference is beyond what single precision explains.
"""
import json
import pathlib
import re
import subprocess
import sys
import tempfile

import numpy as np
import onnx
import onnxruntime
import safetensors
import safetensors.torch
import torch

ROWS = 300
PAGE, COMMAND = pathlib.Path(sys.argv[1]).read_text(), sys.argv[2]


def blocks():
    return re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)


def definitions(block, end):
    """What an example defines, without the lines in which it uses that."""
    names = {}
    exec(block[:block.index(end)], names)
    return names


Model = definitions(blocks()[0], "model = Model(")["Model"]
LAYERS = definitions(blocks()[1], "with safe_open")["LAYERS"]


def slicedscore(*arguments):
    done = subprocess.run([COMMAND, *map(str, arguments)], capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"{arguments}: {done.stderr}")
    return done.stdout


def write_csv(file, names, rows):
    file.write_text("\n".join([",".join(names)] + [",".join(map(repr, row)) for row in rows.tolist()]) + "\n")


def scored(model, data, energy):
    """Log-densities, or none, and scores of the command line."""
    table = np.loadtxt(slicedscore("score", model, data, "--vectors").splitlines(), delimiter=",", skiprows=1, ndmin=2)
    return (table[:, 0] if energy else None), table[:, 2 if energy else 0:]


def difference(actual, expected):
    expected = np.asarray(expected.detach() if torch.is_tensor(expected) else expected)
    actual = np.asarray(actual.detach() if torch.is_tensor(actual) else actual)
    return float(abs(actual - expected).max() / abs(expected).max())


class Report:
    def __init__(self):
        self.lines = {}
        self.failed = False

    def note(self, what, value, most):
        self.lines[what] = max(self.lines.get(what, 0), value)
        self.failed |= not value <= most

    def print(self):
        for what, value in self.lines.items():
            print(f"{value:8.1e}  {what}")


def sequential(widths, activation):
    layers = []
    for inputs, outputs in zip(widths, widths[1:]):
        layers += [torch.nn.Linear(inputs, outputs), LAYERS[activation]()]
    return torch.nn.Sequential(*layers[:-1])


def torch_score(net, energy, base, mean, deviation, rows, dimension):
    x = rows.clone().requires_grad_()
    y = (x - mean) / deviation
    if not energy:
        return None, net(y) / deviation[:dimension]
    f = net(y)[:, 0] - (y[:, :dimension] ** 2).sum(1) / (2 * base**2) - deviation[:dimension].log().sum()
    return f, torch.autograd.grad(f.sum(), x)[0][:, :dimension]


def from_torch(folder, report, activation, energy, conditions):
    """PyTorch, slicedscore, PyTorch."""
    dimension, base = 3, 2.5
    names = [f"x{i}" for i in range(dimension)]
    given = [f"c{i}" for i in range(conditions)]
    width = dimension + conditions
    net = sequential([width, 48, 32, 1 if energy else dimension], activation)
    mean, deviation = 50 * torch.randn(width).double(), torch.randn(width).double().exp()
    rows = mean + deviation * torch.randn(ROWS, width).double()
    write_csv(folder / "rows.csv", names + given, rows)
    safetensors.torch.save_file(net.state_dict(), folder / "net.safetensors")
    numbers = {"--mean": mean, "--deviation": deviation}
    options = [f"{name}={','.join(map(repr, values.tolist()))}" for name, values in numbers.items()]
    if energy:
        options += ["--base", base]
    if given:
        options += ["--condition", ",".join(given)]
    slicedscore("import", folder / "net.safetensors", "--kind", "energy" if energy else "score", "--activation", activation,
                "--columns", ",".join(names), *options, "--out", folder / "m.safetensors", "--force")
    f, s = torch_score(net.double(), energy, base, mean, deviation, rows, dimension)
    ours_f, ours_s = scored(folder / "m.safetensors", folder / "rows.csv", energy)
    report.note("scores, PyTorch to slicedscore", difference(ours_s, s), 1e-6)
    if energy:
        report.note("log-densities, PyTorch to slicedscore", difference(ours_f, f), 1e-6)

    slicedscore("export", folder / "m.safetensors", "--format", "torch", "--out", folder / "back.safetensors", "--force")
    with safetensors.safe_open(folder / "back.safetensors", "pt") as file:
        meta, state = file.metadata(), {name: file.get_tensor(name) for name in file.keys()}
    back = sequential([width, 48, 32, 1 if energy else dimension], activation)
    back.load_state_dict(state)
    back_mean, back_deviation = (torch.tensor(json.loads(meta[key]), dtype=torch.float64) for key in ("mean", "deviation"))
    _, back_s = torch_score(back.double(), meta["kind"] == "energy", float(meta.get("base", 0)), back_mean, back_deviation, rows,
                            int(meta["dimension"]))
    report.note("scores, PyTorch to slicedscore to PyTorch", difference(back_s, s), 0)


def to_python(folder, report, *options):
    """A trained model, in PyTorch by its file, and as a graph at three levels of noise."""
    file = folder / "trained.safetensors"
    slicedscore("train", folder / "data.csv", "--out", file, "--hidden", "24,24", "--steps", 60, "--quiet", "--force", *options)
    model = Model(file)
    rows = torch.tensor(np.loadtxt(folder / "data.csv", delimiter=",", skiprows=1)[:ROWS].astype(np.float32)).double()
    f, s = scored(file, folder / "data.csv", model.energy)
    report.note("scores, model file in PyTorch", difference(s[:ROWS], model.score(rows)), 3e-6)
    if model.energy:
        report.note("log-densities, model file in PyTorch", difference(f[:ROWS], model.log_density(rows)), 3e-6)

    slicedscore("export", file, "--format", "onnx", "--out", folder / "m.onnx", "--force")
    onnx.checker.check_model(onnx.load(folder / "m.onnx"), full_check=True)
    session = onnxruntime.InferenceSession(folder / "m.onnx", providers=["CPUExecutionProvider"])
    for sigma in (model.smallest, 0.7, 4.0) if model.smallest else (0,):
        inputs = {"rows": rows.numpy().astype(np.float32)}
        if sigma:
            inputs["sigma"] = np.full(ROWS, sigma, np.float32)
            sigma = float(np.float32(sigma))
        outputs = dict(zip([output.name for output in session.get_outputs()], session.run(None, inputs)))
        report.note("scores, ONNX Runtime to PyTorch", difference(outputs["score"], model.score(rows, sigma)), 1e-5)
        if model.energy:
            report.note("log-densities, ONNX Runtime to PyTorch",
                        difference(outputs["log_density"], model.log_density(rows, sigma)), 1e-5)


def main():
    torch.manual_seed(3)
    report = Report()
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        for i, activation in enumerate(LAYERS):
            from_torch(folder, report, activation, energy=True, conditions=i % 2)
            from_torch(folder, report, activation, energy=False, conditions=1 - i % 2)
        angles = 2 * torch.pi * torch.rand(1000).double()
        data = torch.stack([100 + 5 * angles.cos(), -3 + 0.2 * angles.sin(), angles], 1) + 0.1 * torch.randn(1000, 3)
        write_csv(folder / "data.csv", ["a", "b", "c"], data.float().double())
        levels = ["--objective", "dsm", "--noise-levels", "4:0.1:8"]
        for kind in ("energy", "score"):
            to_python(folder, report, "--model", kind)
            to_python(folder, report, "--model", kind, "--residual", "--fourier", "6:1.5", "--activation", "silu")
            to_python(folder, report, "--model", kind, "--columns", "a,b", "--condition", "c", *levels)
            to_python(folder, report, "--model", kind, "--residual", "--fourier", "6:1.5", *levels)
    report.print()
    sys.exit(report.failed)


if __name__ == "__main__":
    main()
