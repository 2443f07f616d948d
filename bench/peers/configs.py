"""The networks and batches that every figure of this project is measured on; Java's twin is bench's Config.

All with softplus and one Rademacher slice; SSM-VR but for kind "energy", which has plain SSM; Adam without clipping.
"""
import dataclasses

import numpy as np

RATE = 1e-3

# Score networks by SSM-VR; energies by SSM, and by SSM-VR.
KINDS = ("score", "energy", "energy-vr")


@dataclasses.dataclass(frozen=True)
class Config:
    name: str
    kind: str
    dimension: int
    width: int
    depth: int
    batch: int

    def widths(self):
        return [self.dimension] + [self.width] * self.depth + [self.dimension if self.kind == "score" else 1]

    def parameters(self):
        """[(W, b)] as numpy arrays, W [out][in]; the same in every run."""
        random = np.random.default_rng(1)
        return [(random.standard_normal((outputs, inputs), np.float32) / np.float32(inputs**0.5), np.zeros(outputs, np.float32))
                for inputs, outputs in zip(self.widths(), self.widths()[1:])]

    def rows(self):
        """Standard normal rows, four batches of them."""
        return np.random.default_rng(2).standard_normal((4 * self.batch, self.dimension), np.float32)

    def first_batch(self):
        """A batch and slices on which all forms must agree."""
        random = np.random.default_rng(3)
        x = random.standard_normal((self.batch, self.dimension), np.float32)
        return x, random.choice(np.array([-1, 1], np.float32), x.shape)


CONFIGS = {c.name: c for c in (
    Config("A", "score", 2, 128, 2, 128), Config("B", "score", 16, 256, 2, 512), Config("C", "score", 100, 512, 3, 1024),
    Config("D", "score", 784, 1024, 2, 256), Config("E", "energy", 16, 128, 2, 256), Config("F", "energy-vr", 16, 128, 2, 256),
    Config("G1", "score", 2, 128, 3, 1024), Config("G2", "score", 64, 512, 3, 4096), Config("G3", "score", 784, 2048, 4, 8192))}

# The same kinds, small enough to see in seconds that a program works.
SMOKE = {c.name: c for c in (Config("A", "score", 2, 9, 2, 5), Config("E", "energy", 3, 8, 2, 7), Config("F", "energy-vr", 3, 8, 2, 7))}
