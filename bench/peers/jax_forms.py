"""A training step in JAX under jit, with jax.jvp. The step draws its batch and its slices on the device, too."""
import os

os.environ.setdefault("XLA_PYTHON_CLIENT_PREALLOCATE", "false")  # PyTorch wants memory as well

import jax
import jax.numpy as jnp
import numpy as np

from configs import RATE


def network(parameters, x):
    for i, (weight, bias) in enumerate(parameters):
        x = x @ weight.T + bias
        if i + 1 < len(parameters):
            x = jax.nn.softplus(x)
    return x


def loss(parameters, energy, x, v):
    def net(at):
        return network(parameters, at)
    if not energy:
        s, jv = jax.jvp(net, (x,), (v,))
        return ((v * jv).sum(1) + 0.5 * (s * s).sum(1)).mean()
    p, q = jax.jvp(lambda at: jax.jvp(net, (at,), (v,))[1], (x,), (v,))
    return (q + 0.5 * p * p).mean()


class Form:
    def __init__(self, config):
        self.config = config
        rows = jnp.asarray(config.rows())
        parameters = [tuple(map(jnp.asarray, layer)) for layer in config.parameters()]
        # The step gives its arguments away, so no two may be one.
        first, second = jax.tree.map(jnp.zeros_like, parameters), jax.tree.map(jnp.zeros_like, parameters)
        self.state = (parameters, first, second, jnp.zeros((), jnp.float32), jax.random.key(1))

        def step(state):
            parameters, first, second, number, key = state
            key, for_rows, for_slices = jax.random.split(key, 3)
            x = rows[jax.random.randint(for_rows, (config.batch,), 0, len(rows))]
            v = jax.random.rademacher(for_slices, x.shape, jnp.float32)
            gradient = jax.grad(loss)(parameters, config.energy, x, v)
            number += 1
            first = jax.tree.map(lambda m, g: 0.9 * m + 0.1 * g, first, gradient)
            second = jax.tree.map(lambda m, g: 0.999 * m + 0.001 * g * g, second, gradient)
            scale, root = 1 / (1 - 0.9**number), 1 / (1 - 0.999**number)
            parameters = jax.tree.map(lambda p, m, s: p - RATE * scale * m / (jnp.sqrt(root * s) + 1e-8), parameters, first, second)
            return parameters, first, second, number, key
        self.compiled = jax.jit(step, donate_argnums=0)

    def gradients(self, x, v):
        gradient = jax.jit(jax.grad(loss), static_argnums=1)(self.state[0], self.config.energy, jnp.asarray(x), jnp.asarray(v))
        return [np.asarray(t) for layer in gradient for t in layer]

    def step(self):
        self.state = self.compiled(self.state)

    def wait(self):
        jax.block_until_ready(self.state)


def describe():
    return f"JAX {jax.__version__} on {jax.devices()[0]}"


def use_tf32(on):
    jax.config.update("jax_default_matmul_precision", "tensorfloat32" if on else "highest")
