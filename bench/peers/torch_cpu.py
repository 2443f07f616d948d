#!/usr/bin/env python3
"""A training step of PyTorch on the processor, in one of its forms; bench/cpu.py drives it.

    torch_cpu.py eager | vjp | jets

eager is double backward, as everyone writes it; vjp and jets are under torch.compile: grad_and_value of a loss with
torch.func.vjp, and value and derivatives along v as rows of one matrix, stacked by hand. On standard input:

    run CONFIG THREADS STEPS                seconds
    error KIND THREADS TARGET SEED FOLDER   seconds, steps and error: torch_mixture.py

MKL, which multiplies PyTorch's matrices, takes its AVX2 path on AMD's processors although they have AVX-512. A library that is
loaded before it and says that the processor is Intel's changes that:

    echo 'int mkl_serv_intel_cpu_true(void) { return 1; }' | cc -shared -fPIC -o libmkl_avx512.so -x c -
    LD_PRELOAD=$PWD/libmkl_avx512.so torch_cpu.py eager
"""
import sys

import torch

import torch_forms
import torch_mixture
import turns
from configs import CONFIGS

FORMS = {"eager": (torch_forms.double_backward, False), "vjp": (torch_forms.reverse_over, True), "jets": (torch_forms.jets, True)}


class Opener:
    """One form for all numbers of threads, as PyTorch's can be changed."""

    def __init__(self, name):
        self.loss, self.compiled = FORMS[name]
        self.made = {}

    def __call__(self, config, threads):
        torch.set_num_threads(threads)
        if config not in self.made:
            self.made[config] = torch_forms.Form(CONFIGS[config], self.loss, "cpu", compiled=self.compiled)
        return self.made[config]


def main():
    if len(sys.argv) != 2 or sys.argv[1] not in FORMS:
        sys.exit(__doc__)
    torch.set_num_interop_threads(1)
    turns.serve(f"PyTorch {torch.__version__}, {torch.backends.cpu.get_cpu_capability()}",
                {"run": turns.Steps(Opener(sys.argv[1])), "error": torch_mixture.error})


if __name__ == "__main__":
    main()
