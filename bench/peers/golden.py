"""The golden values of Java's tests, as far as they fit the peers' forms: softplus, neither conditions nor a base."""
import dataclasses
import json
import pathlib

import numpy as np


@dataclasses.dataclass(frozen=True)
class Case:
    kind: str
    parameters: list  # [(W, b)]
    x: np.ndarray
    slices: np.ndarray  # [M][N][D]
    loss: float  # the mean over slices, as SSM and SSM-VR are linear in a slice's loss
    gradient: list  # by W0, b0, W1, ...


def read(file):
    """Metadata and float64 arrays by name."""
    data = file.read_bytes()
    start = 8 + int.from_bytes(data[:8], "little")
    header = json.loads(data[8:start])
    metadata = header.pop("__metadata__")
    return metadata, {name: np.frombuffer(data[start + t["data_offsets"][0]:start + t["data_offsets"][1]], "<f8").reshape(t["shape"])
                      for name, t in header.items()}


def cases(folder, kind):
    """Of one of configs.KINDS."""
    found = []
    for file in sorted(pathlib.Path(folder).glob("*.safetensors")):
        metadata, t = read(file)
        if metadata["activation"] != "softplus" or int(metadata["condition"]) or float(metadata["base"]):
            continue
        if metadata["kind"] != kind.removesuffix("-vr"):
            continue
        objective = "ssm" if kind == "energy" else "ssm_vr"
        layers = range(sum(name.startswith("layers.") and name.endswith(".weight") for name in t))
        names = [[f"layers.{i}.{part}" for part in ("weight", "bias")] for i in layers]
        found.append(Case(kind, [tuple(t[name] for name in pair) for pair in names], t["x"], t["v"],
                          float(t["loss." + objective][0]), [t[f"grad.{objective}.{name}"] for pair in names for name in pair]))
    if not found:
        raise ValueError(f"there are no golden values of a {kind} in {folder}")
    return found


def deviation(case, losses, gradients):
    """The largest of a form's losses and gradients of a case, one of each slice, by the largest expected number."""
    loss = abs(np.mean(losses) - case.loss) / max(1.0, abs(case.loss))
    largest = max(np.abs(g).max() for g in case.gradient)
    means = [np.mean(parts, axis=0) for parts in zip(*gradients)]
    return float(max([loss] + [np.abs(found - g).max() / largest for found, g in zip(means, case.gradient)]))
