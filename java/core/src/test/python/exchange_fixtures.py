"""Writes the files of resources/exchange: networks of PyTorch with their scores, and a graph of the package onnx.

    python exchange_fixtures.py ../resources/exchange

needs torch, numpy, safetensors, onnx and onnxruntime. Every NAME.safetensors is what safetensors.torch.save_file writes of a
state dict; NAME.expected.safetensors holds rows in the units of the data, mean and deviation that they are standardised by, and
the scores and log-densities of the network, by autograd in double precision. Its metadata say what the network is.
"""
import pathlib
import sys

import numpy as np
import onnx
import onnxruntime
import safetensors.numpy
import safetensors.torch
import torch
from onnx import TensorProto, helper

ROWS = 6


class Sin(torch.nn.Module):
    def forward(self, z):
        return torch.sin(z)


ACTIVATIONS = {
    "softplus": torch.nn.Softplus, "tanh": torch.nn.Tanh, "silu": torch.nn.SiLU, "gelu": torch.nn.GELU,
    "sigmoid": torch.nn.Sigmoid, "sin": Sin, "elu": torch.nn.ELU, "relu": torch.nn.ReLU,
}


def sequential(widths, activation):
    layers = []
    for inputs, outputs in zip(widths, widths[1:]):
        layers += [torch.nn.Linear(inputs, outputs), ACTIVATIONS[activation]()]
    return torch.nn.Sequential(*layers[:-1])


class Named(torch.nn.Module):
    """A network whose layers have names of their own."""

    def __init__(self):
        super().__init__()
        self.fc1, self.fc2, self.out = torch.nn.Linear(2, 4), torch.nn.Linear(4, 4), torch.nn.Linear(4, 2)

    def forward(self, y):
        return self.out(torch.tanh(self.fc2(torch.tanh(self.fc1(y)))))


def log_density_and_score(net, kind, base, mean, deviation, rows, dimension):
    """In the units of the data; the log-density of a score network is none."""
    x = rows.clone().requires_grad_()
    y = (x - mean) / deviation
    if kind == "score":
        return None, (net(y) / deviation[:dimension]).detach()
    f = net(y)[:, 0] - deviation[:dimension].log().sum()
    if base:
        f = f - (y[:, :dimension] ** 2).sum(1) / (2 * base * base)
    score, = torch.autograd.grad(f.sum(), x)
    return f.detach(), score[:, :dimension]


def write(folder, name, net, kind, activation, dimension, conditions=0, base=0.0, dtype=torch.float32):
    width = dimension + conditions
    net = net.to(dtype)
    safetensors.torch.save_file(net.state_dict(), folder / f"{name}.safetensors")
    mean = torch.linspace(-40, 3, width, dtype=torch.float64)
    deviation = torch.logspace(-1, 1, width, dtype=torch.float64)
    rows = mean + deviation * torch.randn(ROWS, width).double()
    # Double precision rounds to single in slicedscore.
    net = net.float().double() if dtype == torch.float64 else net.double()
    f, score = log_density_and_score(net, kind, base, mean, deviation, rows, dimension)
    tensors = {"rows": rows, "mean": mean, "deviation": deviation, "score": score}
    if f is not None:
        tensors["log_density"] = f
    metadata = {"kind": kind, "activation": activation, "dimension": str(dimension), "conditions": str(conditions),
                "base": str(base)}
    safetensors.torch.save_file({key: value.contiguous() for key, value in tensors.items()},
                                folder / f"{name}.expected.safetensors", metadata)


def networks(folder):
    for i, activation in enumerate(ACTIVATIONS):
        if i % 2:
            write(folder, f"score-{activation}", sequential([3, 5, 4, 3], activation), "score", activation, 3)
        else:
            write(folder, f"energy-{activation}", sequential([3, 5, 4, 1], activation), "energy", activation, 2, 1, 2.5)
    write(folder, "energy-deep", sequential([2] + [4] * 6 + [1], "silu"), "energy", "silu", 2)
    write(folder, "energy-affine", torch.nn.Linear(3, 1), "energy", "softplus", 3, base=1.5)
    write(folder, "score-named", Named(), "score", "tanh", 2)
    for dtype in (torch.float16, torch.bfloat16, torch.float64):
        name = str(dtype).removeprefix("torch.")
        write(folder, f"score-{name}", sequential([2, 4, 2], "softplus"), "score", "softplus", 2, dtype=dtype)


def reference_graph(folder):
    """Every operator that exported graphs use, built by the package onnx and computed by ONNX Runtime."""
    generator = np.random.default_rng(5)
    constants = {
        "weight": generator.normal(size=(3, 4)).astype(np.float32), "bias": generator.normal(size=3).astype(np.float32),
        "matrix": generator.normal(size=(3, 2)).astype(np.float32), "one_row": generator.normal(size=(1, 3)).astype(np.float32),
        "mean": generator.normal(size=4), "zero": np.float32(0), "from": np.array([1]), "to": np.array([3]),
        "axis": np.array([1]),
    }
    nodes = [
        helper.make_node("Cast", ["rows"], ["wide"], to=TensorProto.DOUBLE),
        helper.make_node("Sub", ["wide", "mean"], ["centred"]),
        helper.make_node("Div", ["wide", "mean"], ["divided"]),
        helper.make_node("Add", ["wide", "mean"], ["added"]),
        helper.make_node("Mul", ["wide", "mean"], ["multiplied"]),
        helper.make_node("Cast", ["centred"], ["y"], to=TensorProto.FLOAT),
        helper.make_node("Gemm", ["y", "weight", "bias"], ["z"], transB=1),
        helper.make_node("Gemm", ["y", "weight"], ["z_unbiased"], transB=1),
        helper.make_node("MatMul", ["z", "matrix"], ["product"]),
        *[helper.make_node(operator, ["z"], [operator.lower()])
          for operator in ("Softplus", "Sigmoid", "Tanh", "Erf", "Exp", "Sin", "Cos", "Elu", "Relu")],
        helper.make_node("Log", ["softplus"], ["log"]),
        helper.make_node("Sqrt", ["softplus"], ["sqrt"]),
        helper.make_node("Min", ["z", "zero"], ["min"]),
        helper.make_node("Greater", ["z", "zero"], ["is_greater"]),
        helper.make_node("Cast", ["is_greater"], ["greater"], to=TensorProto.FLOAT),
        helper.make_node("Concat", ["z", "y"], ["concat"], axis=1),
        helper.make_node("Slice", ["concat", "from", "to", "axis"], ["slice"]),
        helper.make_node("ReduceSum", ["z", "axis"], ["sum"], keepdims=1),
        helper.make_node("Squeeze", ["sum", "axis"], ["squeeze"]),
        helper.make_node("Unsqueeze", ["squeeze", "axis"], ["unsqueeze"]),
        helper.make_node("Shape", ["z"], ["shape"]),
        helper.make_node("Expand", ["one_row", "shape"], ["expand"]),
    ]
    computed = [node.output[0] for node in nodes]
    shown = [name for name in computed if name not in ("is_greater", "shape")]
    wide = ("wide", "centred", "divided", "added", "multiplied")
    graph = helper.make_graph(
        nodes, "reference", [helper.make_tensor_value_info("rows", TensorProto.FLOAT, ["N", 4])],
        [helper.make_tensor_value_info(name, TensorProto.DOUBLE if name in wide else TensorProto.FLOAT,
                                       ["N"] if name == "squeeze" else ["N", f"{name}.columns"]) for name in shown],
        [onnx.numpy_helper.from_array(np.asarray(value), name) for name, value in constants.items()])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.checker.check_model(model, full_check=True)
    (folder / "reference.onnx").write_bytes(model.SerializeToString(deterministic=True))
    rows = generator.normal(size=(ROWS, 4)).astype(np.float32)
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    values = dict(zip(shown, session.run(shown, {"rows": rows})))
    safetensors.numpy.save_file({"rows": rows, **{f"output.{name}": value for name, value in values.items()}},
                                folder / "reference.expected.safetensors")


if __name__ == "__main__":
    target = pathlib.Path(sys.argv[1])
    target.mkdir(exist_ok=True)
    torch.manual_seed(11)
    networks(target)
    reference_graph(target)
