"""Ways to write a training step in PyTorch. Each step draws its slices on the device, too, and takes its batch from the rows
there: drawn on a GPU, where an index that Python counts can't be part of a CUDA graph, and the next ones on a processor.

With bfloat16 factors a product is what torch.autocast makes of it: factors and bias are rounded to bfloat16, summed in single
precision, and the result is rounded again. Activations, losses, parameters and Adam stay in single precision."""
import time

import torch
from torch.nn.functional import linear, softplus

from configs import RATE


def affine(x, weight, bias, factors):
    """x W^T + b."""
    if factors is None:
        return linear(x, weight, bias)
    return linear(x.to(factors), weight.to(factors), bias.to(factors)).to(x.dtype)


def network(parameters, x, factors):
    for i, (weight, bias) in enumerate(parameters):
        x = affine(x, weight, bias, factors)
        if i + 1 < len(parameters):
            x = softplus(x)
    return x


def vr(s, jv, v):
    """SSM-VR from the score and J v."""
    return ((v * jv).sum(1) + 0.5 * (s * s).sum(1)).mean()


def ssm(p, q):
    """SSM from v.s and v.J v."""
    return (q + 0.5 * p * p).mean()


def double_backward(kind, parameters, x, v, factors=None):
    """As everyone writes it: derivatives along v by differentiating with create_graph."""
    x = x.detach().requires_grad_()
    out = network(parameters, x, factors)
    if kind == "score":
        # v^T J, whose product with v is v.J v as well
        return vr(out, torch.autograd.grad((out * v).sum(), x, create_graph=True)[0], v)
    s = torch.autograd.grad(out.sum(), x, create_graph=True)[0]
    p = (s * v).sum(1)
    hv = torch.autograd.grad(p.sum(), x, create_graph=True)[0]
    return vr(s, hv, v) if kind == "energy-vr" else ssm(p, (hv * v).sum(1))


def score(kind, parameters, factors):
    """As a function of x; an energy's by torch.func.vjp."""
    def net(at):
        return network(parameters, at, factors)

    def gradient(at):
        out, pull = torch.func.vjp(net, at)
        return pull(torch.ones_like(out))[0]
    return net if kind == "score" else gradient


def forward_over(kind, parameters, x, v, factors=None):
    """torch.func.jvp of the score; for an energy's SSM of f, twice."""
    if kind != "energy":
        s, jv = torch.func.jvp(score(kind, parameters, factors), (x,), (v,))
        return vr(s, jv, v)

    def net(at):
        return network(parameters, at, factors)
    p, q = torch.func.jvp(lambda at: torch.func.jvp(net, (at,), (v,))[1], (x,), (v,))
    return ssm(p[:, 0], q[:, 0])


def reverse_over(kind, parameters, x, v, factors=None):
    """torch.func.vjp of the score; for an energy twice."""
    if kind != "energy":
        s, pull = torch.func.vjp(score(kind, parameters, factors), x)
        return vr(s, pull(v)[0], v)
    p, pull = torch.func.vjp(lambda at: (score(kind, parameters, factors)(at) * v).sum(1), x)
    return ssm(p, (pull(torch.ones_like(p))[0] * v).sum(1))


def jets(kind, parameters, x, v, factors=None):
    """Value and derivatives along v as rows of one matrix, stacked by hand. For an energy's SSM-VR the second derivative is that
    along x + t v + t^2 s / 2 with s held fixed, v.H v + s.grad f, which has the gradients of both terms."""
    streams = 2 if kind == "score" else 3
    s = torch.zeros_like(x) if kind == "energy" else score(kind, parameters, factors)(x).detach() if kind == "energy-vr" else None
    a = torch.cat([x, v] if s is None else [x, v, s])
    for i, (weight, bias) in enumerate(parameters):
        product = a @ weight.T if factors is None else (a.to(factors) @ weight.to(factors).T).to(a.dtype)
        z = list(product.chunk(streams))
        z[0] = z[0] + bias
        if i + 1 < len(parameters):
            slope = torch.sigmoid(z[0])
            first = slope * z[1]
            second = [] if s is None else [slope * (1 - slope) * z[1] * z[1] + slope * z[2]]
            z = [softplus(z[0]), first] + second
        a = torch.cat(z)
    if kind == "score":
        return vr(*a.chunk(2), v)
    p, q = (stream[:, 0] for stream in a.chunk(3)[1:])
    return ssm(p, q) if kind == "energy" else (q - 0.5 * (s * s).sum(1)).mean()


def evaluator(loss, kind, factors=None, compiled=False, mode=None):
    """From parameters [(W, b)], x and v to the loss and its gradient as a list."""
    if compiled:
        function = torch.compile(
            lambda p, x, v: torch.func.grad_and_value(lambda q: loss(kind, q, x, v, factors))(p), mode=mode, dynamic=False)

        def evaluate(parameters, x, v):
            if mode == "reduce-overhead":
                torch.compiler.cudagraph_mark_step_begin()
            gradient, value = function(parameters, x, v)
            return value, [g for layer in gradient for g in layer]
    else:
        def evaluate(parameters, x, v):
            value = loss(kind, parameters, x, v, factors)
            # An energy's last bias has no part in the loss.
            return value, torch.autograd.grad(value, [t for layer in parameters for t in layer], allow_unused=True,
                                              materialize_grads=True)
    return evaluate


class Form:
    """A training step with one of these losses: eager, under torch.compile, and if graphed as one CUDA graph."""

    def __init__(self, config, loss, device, compiled=False, graphed=False, factors=None):
        self.config, self.device = config, device
        self.parameters = [tuple(torch.tensor(t, device=device, requires_grad=not compiled) for t in layer)
                           for layer in config.parameters()]
        self.flat = [t for layer in self.parameters for t in layer]
        self.rows = torch.tensor(config.rows(), device=device)
        cuda = device == "cuda"
        # CUDA graphs of its own, unless the whole step becomes one.
        mode = "reduce-overhead" if compiled and cuda and not graphed else None
        if mode:
            for t in self.flat:
                torch._dynamo.mark_static_address(t)  # or each step would copy the parameters to where the graph reads them
        self.evaluate = evaluator(loss, config.kind, factors, compiled, mode)
        self.adam = self.quickest_adam() if cuda else self.new_adam(fused=True)
        self.next_row = 0
        self.graph = self.capture() if graphed else None

    def new_adam(self, **kind):
        return torch.optim.Adam(self.flat, lr=RATE, capturable=self.device == "cuda", **kind)

    def quickest_adam(self):
        """Fused or foreach; with gradients of zero, which leave the parameters as they are."""
        def seconds(kind):
            adam = self.new_adam(**kind)
            for t in self.flat:
                t.grad = torch.zeros_like(t)
            for steps in (3, 20):
                self.wait()
                start = time.perf_counter()
                for _ in range(steps):
                    adam.step()
                self.wait()
            return time.perf_counter() - start
        return self.new_adam(**min({"fused": True}, {"foreach": True}, key=seconds))

    def loss_and_gradient(self, x, v):
        """Of a batch and slices given as numpy arrays."""
        value, gradient = self.evaluate(self.parameters, *(torch.tensor(t, device=self.device) for t in (x, v)))
        return value.item(), [g.detach().cpu().numpy() for g in gradient]

    def batch(self):
        if self.device == "cuda":
            return self.rows[torch.randint(len(self.rows), (self.config.batch,), device=self.device)]
        start, self.next_row = self.next_row, (self.next_row + self.config.batch) % len(self.rows)
        return self.rows[start:start + self.config.batch]

    def work(self):
        x = self.batch()
        v = torch.randint_like(x, 2).mul_(2).sub_(1)
        self.adam.zero_grad()
        for parameter, gradient in zip(self.flat, self.evaluate(self.parameters, x, v)[1]):
            parameter.grad = gradient
        self.adam.step()

    def capture(self):
        stream = torch.cuda.Stream()
        stream.wait_stream(torch.cuda.current_stream())
        with torch.cuda.stream(stream):
            for _ in range(5):
                self.work()
        torch.cuda.current_stream().wait_stream(stream)
        self.adam.zero_grad()  # the gradients of the graph are its own
        graph = torch.cuda.CUDAGraph()
        with torch.cuda.graph(graph):
            self.work()
        return graph

    def step(self):
        if self.graph is None:
            self.work()
        else:
            self.graph.replay()

    def wait(self):
        if self.device == "cuda":
            torch.cuda.synchronize()

    def seconds(self, steps):
        """Of so many steps from an idle device to an idle device; on a GPU by its events."""
        if self.device != "cuda":
            start = time.perf_counter()
            for _ in range(steps):
                self.step()
            return time.perf_counter() - start
        begin, end = (torch.cuda.Event(enable_timing=True) for _ in range(2))
        self.wait()
        begin.record()
        for _ in range(steps):
            self.step()
        end.record()
        end.synchronize()
        return begin.elapsed_time(end) / 1e3

    def is_finite(self):
        return all(t.isfinite().all().item() for t in self.flat)


def describe(device):
    name = torch.cuda.get_device_name() if device == "cuda" else f"the processor, {torch.get_num_threads()} threads"
    return f"PyTorch {torch.__version__} on {name}"


def set_precision(precision):
    """fp32, tf32 or bf16, for all forms; returns the factors for new ones."""
    torch.set_float32_matmul_precision("high" if precision == "tf32" else "highest")
    return torch.bfloat16 if precision == "bf16" else None
