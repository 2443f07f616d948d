"""Ways to write a training step in PyTorch. Each step draws its slices on the device, too, and takes its batch from the rows
there: drawn on a GPU, where an index that Python counts can't be part of a CUDA graph, and the next ones on a processor."""
import torch
from torch.nn.functional import linear, softplus

from configs import RATE


def network(parameters, x):
    for i, (weight, bias) in enumerate(parameters):
        x = linear(x, weight, bias)
        if i + 1 < len(parameters):
            x = softplus(x)
    return x


def vr(s, jv, v):
    """SSM-VR from the score and J v."""
    return ((v * jv).sum(1) + 0.5 * (s * s).sum(1)).mean()


def ssm(p, q):
    """SSM from v.s and v.J v."""
    return (q + 0.5 * p * p).mean()


def double_backward(energy, parameters, x, v):
    """As everyone writes it: derivatives along v by differentiating with create_graph."""
    x = x.detach().requires_grad_()
    out = network(parameters, x)
    if not energy:
        # v^T J, whose product with v is v.J v as well
        return vr(out, torch.autograd.grad((out * v).sum(), x, create_graph=True)[0], v)
    p = (torch.autograd.grad(out.sum(), x, create_graph=True)[0] * v).sum(1)
    return ssm(p, (torch.autograd.grad(p.sum(), x, create_graph=True)[0] * v).sum(1))


def forward_over(energy, parameters, x, v):
    """torch.func.jvp; for the energy twice."""
    def net(at):
        return network(parameters, at)
    if not energy:
        s, jv = torch.func.jvp(net, (x,), (v,))
        return vr(s, jv, v)
    p, q = torch.func.jvp(lambda at: torch.func.jvp(net, (at,), (v,))[1], (x,), (v,))
    return ssm(p[:, 0], q[:, 0])


def reverse_over(energy, parameters, x, v):
    """torch.func.vjp; for the energy twice."""
    def net(at):
        return network(parameters, at)
    if not energy:
        s, pull = torch.func.vjp(net, x)
        return vr(s, pull(v)[0], v)

    def along(at):
        out, pull = torch.func.vjp(net, at)
        return (pull(torch.ones_like(out))[0] * v).sum(1)
    p, pull = torch.func.vjp(along, x)
    return ssm(p, (pull(torch.ones_like(p))[0] * v).sum(1))


def jets(energy, parameters, x, v):
    """Value and derivatives along v as rows of one matrix, stacked by hand."""
    streams = 3 if energy else 2
    a = torch.cat([x, v] + [torch.zeros_like(x)] * (streams - 2))
    for i, (weight, bias) in enumerate(parameters):
        z = list((a @ weight.T).chunk(streams))
        z[0] = z[0] + bias
        if i + 1 < len(parameters):
            slope = torch.sigmoid(z[0])
            first = slope * z[1]
            second = [slope * (1 - slope) * z[1] * z[1] + slope * z[2]] if energy else []
            z = [softplus(z[0]), first] + second
        a = torch.cat(z)
    if not energy:
        s, jv = a.chunk(2)
        return vr(s, jv, v)
    return ssm(*(stream[:, 0] for stream in a.chunk(3)[1:]))


class Form:
    """A training step with one of these losses: eager, under torch.compile, and if graphed as one CUDA graph."""

    def __init__(self, config, loss, device, compiled=False, graphed=False):
        self.config, self.device = config, device
        self.parameters = [tuple(torch.tensor(t, device=device, requires_grad=not compiled) for t in layer)
                           for layer in config.parameters()]
        self.flat = [t for layer in self.parameters for t in layer]
        self.rows = torch.tensor(config.rows(), device=device)
        cuda = device == "cuda"
        self.adam = torch.optim.Adam(self.flat, lr=RATE, fused=True, capturable=cuda)
        self.next_row = 0
        if compiled:
            # CUDA graphs of its own, unless the whole step becomes one.
            mode = "reduce-overhead" if cuda and not graphed else None
            compiled = torch.compile(
                lambda p, x, v: torch.func.grad_and_value(lambda q: loss(config.energy, q, x, v))(p), mode=mode)
            self.gradient = lambda x, v: [g for layer in compiled(self.parameters, x, v)[0] for g in layer]
        else:
            # An energy's last bias has no part in the loss.
            self.gradient = lambda x, v: torch.autograd.grad(loss(config.energy, self.parameters, x, v), self.flat,
                                                             allow_unused=True, materialize_grads=True)
        self.graph = self.capture() if graphed else None

    def gradients(self, x, v):
        return [g.cpu().numpy() for g in self.gradient(torch.tensor(x, device=self.device), torch.tensor(v, device=self.device))]

    def batch(self):
        if self.device == "cuda":
            return self.rows[torch.randint(len(self.rows), (self.config.batch,), device=self.device)]
        start, self.next_row = self.next_row, (self.next_row + self.config.batch) % len(self.rows)
        return self.rows[start:start + self.config.batch]

    def work(self):
        x = self.batch()
        v = torch.randint_like(x, 2).mul_(2).sub_(1)
        self.adam.zero_grad()
        for parameter, gradient in zip(self.flat, self.gradient(x, v)):
            parameter.grad = gradient
        self.adam.step()

    def capture(self):
        stream = torch.cuda.Stream()
        stream.wait_stream(torch.cuda.current_stream())
        with torch.cuda.stream(stream):
            for _ in range(5):
                self.work()
        torch.cuda.current_stream().wait_stream(stream)
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


def forms(config, device):
    """Name and maker of each way. A maker may fail where this PyTorch can't do it."""
    result = {
        "PyTorch, double backward": lambda: Form(config, double_backward, device),
        "torch.func.jvp, compiled": lambda: Form(config, forward_over, device, compiled=True),
        "torch.func.vjp, compiled": lambda: Form(config, reverse_over, device, compiled=True),
        "PyTorch jets, compiled": lambda: Form(config, jets, device, compiled=True),
    }
    if device == "cuda":
        result["the same, one CUDA graph"] = lambda: Form(config, jets, device, compiled=True, graphed=True)
    return result


def describe(device):
    name = torch.cuda.get_device_name() if device == "cuda" else f"the processor, {torch.get_num_threads()} threads"
    return f"PyTorch {torch.__version__} on {name}"


def use_tf32(on):
    torch.set_float32_matmul_precision("high" if on else "highest")
    torch._dynamo.reset()
