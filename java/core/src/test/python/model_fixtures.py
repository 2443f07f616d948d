"""Writes model files of the format versions that this release writes, and what they give, into resources/models.

    python model_fixtures.py ../../../../../docs/PYTHON.md slicedscore ../resources/models

They are made once, by a release that writes the version, and never again: later releases have to open them. NAME.safetensors is a
model that the command line trained; NAME.expected.safetensors holds rows, scores and log-densities in double precision, computed
by the module of the documentation. Needs torch, numpy and safetensors.
"""
import pathlib
import re
import subprocess
import sys
import tempfile

import safetensors.torch
import torch

page, command, target = pathlib.Path(sys.argv[1]).read_text(), sys.argv[2], pathlib.Path(sys.argv[3])
block = re.findall(r"```python\n(.*?)```", page, re.DOTALL)[0]
names = {}
exec(block[:block.index("model = Model(")], names)

WAVES = ["--residual", "--fourier", "3:1.5"]
LEVELS = ["--objective", "dsm", "--noise-levels", "4:0.1:8"]
MODELS = {
    "version-1-energy": ["--model", "energy", "--base", "2.5", "--columns", "a,b", "--condition", "c"],
    "version-1-score": ["--model", "score", "--activation", "silu"],
    "version-2-energy": ["--model", "energy", "--columns", "a,b", "--condition", "c", *WAVES, *LEVELS],
    "version-2-score": ["--model", "score", "--activation", "tanh", *WAVES],
}

torch.manual_seed(5)
angles = 2 * torch.pi * torch.rand(300).double()
data = torch.stack([100 + 5 * angles.cos(), -3 + 0.2 * angles.sin(), angles], 1) + 0.1 * torch.randn(300, 3)
target.mkdir(exist_ok=True)
with tempfile.TemporaryDirectory() as folder:
    table = pathlib.Path(folder, "data.csv")
    table.write_text("\n".join(["a,b,c"] + [",".join(map(repr, row)) for row in data.tolist()]) + "\n")
    for name, options in MODELS.items():
        file = pathlib.Path(folder, f"{name}.safetensors")
        subprocess.run([command, "train", table, "--out", file, "--hidden", "4,4", "--steps", "60", "--quiet", *options], check=True)
        (target / file.name).write_bytes(file.read_bytes())
        model = names["Model"](file)
        expected = {"rows": data[:5].contiguous(), "score": model.score(data[:5]).detach().contiguous()}
        if model.energy:
            expected["log_density"] = model.log_density(data[:5]).detach()
        safetensors.torch.save_file(expected, target / f"{name}.expected.safetensors")
