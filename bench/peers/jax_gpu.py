#!/usr/bin/env python3
"""Training steps of JAX under jit on a GPU; bench/gpu.py drives it.

    jax_gpu.py [--device cuda|cpu] [--smoke]

Variants: step, a call a step; scan, 32 steps in one call by lax.scan. Precisions: fp32, with products in single precision;
tf32, jax.default_matmul_precision("tensorfloat32"); bf16: jax_forms.py. --smoke knows tiny configurations alone. Commands:
gpu_turns.py.
"""
import argparse
import os

import gpu_turns
import turns
from configs import CONFIGS, SMOKE

TOGETHER = 32


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--device", choices=["cuda", "cpu"], default="cuda")
    parser.add_argument("--smoke", action="store_true")
    options = parser.parse_args()
    os.environ["JAX_PLATFORMS"] = options.device

    import jax  # only now, as importing it opens the device
    import jax.numpy as jnp
    import numpy as np

    import jax_forms

    def make(config, variant, precision):
        together = {"step": 1, "scan": TOGETHER}[variant]
        return jax_forms.Form(config, jax_forms.set_precision(precision), together), together

    def golden(folder, dtype, kind):
        jax_forms.set_precision("fp32")

        def evaluator(case):
            parameters = [tuple(jnp.asarray(t, dtype) for t in layer) for layer in case.parameters]
            evaluate = jax.jit(jax.value_and_grad(jax_forms.loss), static_argnums=1)

            def at(slices):
                value, gradient = evaluate(parameters, case.kind, jnp.asarray(case.x, dtype), jnp.asarray(slices, dtype))
                return float(value), [np.asarray(g) for layer in gradient for g in layer]
            return at
        # For single precision, too: jnp.asarray gives the numbers their own.
        with jax.enable_x64(True):
            return gpu_turns.golden_deviation(evaluator, folder, kind)

    forms = gpu_turns.Forms(SMOKE if options.smoke else CONFIGS, make, jax.clear_caches)
    turns.serve(jax_forms.describe(), {**forms.commands(), "golden": golden})


if __name__ == "__main__":
    main()
