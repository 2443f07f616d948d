#!/usr/bin/env python3
"""Training steps of PyTorch on a GPU in one way to write them; bench/gpu.py drives it.

    torch_gpu.py eager | jvp | vjp | jets [--device cuda|cpu] [--smoke]

eager is double backward, as everyone writes it; jvp, vjp and jets are under torch.compile: grad_and_value of a loss with
torch.func.jvp, with torch.func.vjp, and with value and derivatives along v as rows of one matrix, stacked by hand. Variants:

    plain   eager as it is; compiled with mode="reduce-overhead", whose CUDA graphs hold loss and gradient
    graph   the whole step, Adam and the draws too, captured as one CUDA graph; not on processors

Precisions: fp32, with TF32 off; tf32, as torch.set_float32_matmul_precision("high"); bf16: torch_forms.py. --smoke knows tiny
configurations alone. Commands: gpu_turns.py, and

    reference CONFIG            the figures of open, in float64 by double backward
"""
import argparse
import json

import numpy as np
import torch

import gpu_turns
import torch_forms
import turns
from configs import CONFIGS, SMOKE

LOSSES = {"eager": torch_forms.double_backward, "jvp": torch_forms.forward_over, "vjp": torch_forms.reverse_over,
          "jets": torch_forms.jets}


class Peer:
    def __init__(self, form, device, configs):
        self.loss, self.compiled, self.device, self.configs = LOSSES[form], form != "eager", device, configs
        if device == "cpu":
            torch.set_num_threads(1)  # several processes at once, to be checked
        # Each form that is open and each golden case is a program of its own.
        torch._dynamo.config.recompile_limit = 64

    def make(self, config, variant, precision):
        if variant == "graph" and self.device != "cuda":
            raise ValueError("a CUDA graph needs a GPU")
        factors = torch_forms.set_precision(precision)
        return torch_forms.Form(config, self.loss, self.device, self.compiled, variant == "graph", factors), 1

    def release(self):
        torch._dynamo.reset()
        if self.device == "cuda":
            torch.cuda.empty_cache()

    def reference(self, config):
        parameters = self.tensors(self.configs[config].parameters(), np.float64)
        x, v = (torch.tensor(t, device=self.device, dtype=torch.float64) for t in self.configs[config].first_batch())
        value, gradient = torch_forms.evaluator(torch_forms.double_backward, self.configs[config].kind)(parameters, x, v)
        found = gpu_turns.fingerprint(value.item(), [g.cpu().numpy() for g in gradient])
        del parameters, x, v, value, gradient
        self.release()  # float64 takes much memory, and others want some
        return json.dumps(found)

    def tensors(self, parameters, dtype, differentiable=True):
        return [tuple(torch.tensor(t.astype(dtype), device=self.device, requires_grad=differentiable) for t in layer)
                for layer in parameters]

    def golden(self, folder, dtype, kind):
        torch_forms.set_precision("fp32")

        def evaluator(case):
            parameters = self.tensors(case.parameters, dtype, not self.compiled)
            evaluate = torch_forms.evaluator(self.loss, case.kind, compiled=self.compiled)
            x = torch.tensor(case.x.astype(dtype), device=self.device)

            def at(slices):
                value, gradient = evaluate(parameters, x, torch.tensor(slices.astype(dtype), device=self.device))
                return value.item(), [g.cpu().numpy() for g in gradient]
            return at
        worst = gpu_turns.golden_deviation(evaluator, folder, kind)
        self.release()
        return worst


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("form", choices=list(LOSSES))
    parser.add_argument("--device", choices=["cuda", "cpu"], default="cuda")
    parser.add_argument("--smoke", action="store_true")
    options = parser.parse_args()
    configs = SMOKE if options.smoke else CONFIGS
    peer = Peer(options.form, options.device, configs)
    forms = gpu_turns.Forms(configs, peer.make, peer.release)
    turns.serve(torch_forms.describe(options.device),
                {**forms.commands(), "reference": peer.reference, "golden": peer.golden})


if __name__ == "__main__":
    main()
