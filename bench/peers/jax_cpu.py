#!/usr/bin/env python3
"""A training step of JAX under jit on the processor; bench/cpu.py drives it.

    jax_cpu.py THREADS

On standard input: run CONFIG THREADS STEPS, answered with seconds. JAX has as many threads as the process has processors when
it starts, which it gives itself no more of than the argument says.
"""
import os
import sys

import turns

if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:int(sys.argv[1])])
    os.environ["JAX_PLATFORMS"] = "cpu"

    import jax_forms  # only now, as importing it starts the threads
    from configs import CONFIGS

    def form(config, threads):
        if threads != int(sys.argv[1]):
            raise ValueError(f"this process was started for {sys.argv[1]} threads, not {threads}")
        return jax_forms.Form(CONFIGS[config])

    turns.serve(jax_forms.describe(), {"run": turns.Steps(form)})
