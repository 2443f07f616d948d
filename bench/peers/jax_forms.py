"""A training step in JAX under jit, with jax.jvp. The step draws its batch and its slices on the device, too.

With bfloat16 factors a product's factors are rounded to bfloat16, summed in single precision, and the result is rounded again;
biases, activations, losses, parameters and Adam stay in single precision."""
import functools
import os
import time

os.environ.setdefault("XLA_PYTHON_CLIENT_PREALLOCATE", "false")  # others want memory as well

import jax
import jax.numpy as jnp
import numpy as np

from configs import RATE

# What XLA multiplies single precision with; with bfloat16 factors there is none left.
MATMUL = {"fp32": "highest", "tf32": "tensorfloat32", "bf16": "default"}


def product(x, weight, factors):
    """x W^T."""
    if factors is None:
        return x @ weight.T
    return (x.astype(factors) @ weight.astype(factors).T).astype(x.dtype)


def network(parameters, x, factors):
    for i, (weight, bias) in enumerate(parameters):
        x = product(x, weight, factors) + bias
        if i + 1 < len(parameters):
            x = jax.nn.softplus(x)
    return x


def loss(parameters, kind, x, v, factors=None):
    def net(at):
        return network(parameters, at, factors)
    if kind != "energy":
        score = net if kind == "score" else jax.grad(lambda at: net(at).sum())
        s, jv = jax.jvp(score, (x,), (v,))
        return ((v * jv).sum(1) + 0.5 * (s * s).sum(1)).mean()
    p, q = jax.jvp(lambda at: jax.jvp(net, (at,), (v,))[1], (x,), (v,))
    return (q + 0.5 * p * p).mean()


def set_precision(precision):
    """fp32, tf32 or bf16, for all programs compiled from now on; returns the factors for forms."""
    jax.config.update("jax_default_matmul_precision", MATMUL[precision])
    return jnp.bfloat16 if precision == "bf16" else None


class Form:
    """A step a call, or with together > 1 so many by lax.scan in one."""

    def __init__(self, config, factors=None, together=1):
        self.config, self.factors = config, factors
        rows = jnp.asarray(config.rows())
        parameters = [tuple(map(jnp.asarray, layer)) for layer in config.parameters()]
        # The step gives its arguments away, so no two may be one.
        first, second = jax.tree.map(jnp.zeros_like, parameters), jax.tree.map(jnp.zeros_like, parameters)
        self.state = (parameters, first, second, jnp.zeros((), jnp.float32), jax.random.key(1))
        # The rows are an argument: as a constant of the program they would be folded into it.
        self.rows = rows
        several = functools.partial(self.scan, together) if together > 1 else self.one
        self.compiled = jax.jit(several, donate_argnums=0)

    def one(self, state, rows):
        parameters, first, second, number, key = state
        key, for_rows, for_slices = jax.random.split(key, 3)
        x = rows[jax.random.randint(for_rows, (self.config.batch,), 0, len(rows))]
        v = jax.random.rademacher(for_slices, x.shape, jnp.float32)
        gradient = jax.grad(loss)(parameters, self.config.kind, x, v, self.factors)
        number += 1
        first = jax.tree.map(lambda m, g: 0.9 * m + 0.1 * g, first, gradient)
        second = jax.tree.map(lambda m, g: 0.999 * m + 0.001 * g * g, second, gradient)
        scale, root = 1 / (1 - 0.9**number), 1 / (1 - 0.999**number)
        parameters = jax.tree.map(lambda p, m, s: p - RATE * scale * m / (jnp.sqrt(root * s) + 1e-8), parameters, first, second)
        return parameters, first, second, number, key

    def scan(self, count, state, rows):
        return jax.lax.scan(lambda carry, _: (self.one(carry, rows), None), state, length=count)[0]

    def loss_and_gradient(self, x, v):
        """Of a batch and slices given as numpy arrays."""
        value, gradient = jax.jit(jax.value_and_grad(loss), static_argnums=(1, 4))(
            self.state[0], self.config.kind, jnp.asarray(x), jnp.asarray(v), self.factors)
        return float(value), [np.asarray(t) for layer in gradient for t in layer]

    def step(self):
        """One call, that is as many steps as are together."""
        self.state = self.compiled(self.state, self.rows)

    def wait(self):
        jax.block_until_ready(self.state)

    def seconds(self, calls):
        """From an idle device to an idle device."""
        self.wait()
        start = time.perf_counter()
        for _ in range(calls):
            self.step()
        self.wait()
        return time.perf_counter() - start

    def is_finite(self):
        return all(bool(jnp.isfinite(t).all()) for layer in self.state[0] for t in layer)


def describe():
    return f"JAX {jax.__version__} on {jax.devices()[0]}"
