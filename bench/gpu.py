#!/usr/bin/env python3
"""Measures this library's training steps on a GPU beside PyTorch's and JAX's, turn by turn.

    bench/gpu.py --ours build/gpu/bin/slicedscore_timings --json steps.json --report steps.md
    bench/gpu.py --smoke --device cpu                              # all forms, tiny, on a processor: are they right?

For each configuration and precision everyone opens it, side by side, and must prove that loss and gradient of the same batch are
those of double backward in float64, to the precision's rounding. Then, in every round, each does so many steps as take about
--seconds, while the others wait; of all rounds the median counts. Who fails, or takes too long, is listed with the reason, and the
others go on. What is measured so far is written after every configuration, so that a run that is cut short is of use.

--smoke times nothing: it compares all forms with the golden values of Java's tests in float64 and float32, and with each other on
tiny configurations. There and with --device cpu, CUDA graphs are left out, and --ours may be a program of the emulated build.
bench/peers/torch_gpu.py and jax_gpu.py say what the variants are. bench/gpu.sh calls this; Python 3.9 is enough, and the
interpreters that have PyTorch and JAX may be others.
"""
import argparse
import dataclasses
import datetime
import json
import os
import pathlib
import statistics
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

import gpu_report
from process import Failed, Process

CONFIGS = ("G1", "G2", "G3", "B", "E", "F", "A", "C", "D")  # the most telling first
SMOKE = ("A", "E", "F")
PRECISIONS = ("fp32", "tf32", "bf16")
# Of loss and gradient against float64, by the largest number.
TOLERANCES = {"fp32": 2e-4, "tf32": 1e-2, "bf16": 5e-2}
GOLDEN = {"float64": 1e-12, "float32": 1e-5}
GOLDEN_FOLDER = HERE.parent / "java" / "core" / "src" / "test" / "resources" / "golden"
KINDS = ("score", "energy", "energy-vr")  # as in peers/configs.py
REFERENCE = "eager"  # the process that knows float64
OPEN_SECONDS = 150
STEP_SECONDS = 60
CELL_SECONDS = 20.0  # no configuration is begun with less left
MOST_STARTS = 3


@dataclasses.dataclass(eq=False)
class Player:
    """A process and its variants, by what the process calls them."""
    key: str
    command: list
    variants: dict
    golden: bool = True
    process: object = None
    down: bool = False  # and why has been said
    starts: int = 0
    version: str = ""


def players(options):
    where = ["--device", options.device] + (["--smoke"] if options.smoke else [])
    found = []
    if options.ours:
        command = [str(options.ours), "--turns"] + (["--smoke"] if options.smoke else [])
        names = {"auto": "slicedscore", "layered": "slicedscore, layered", "fused": "slicedscore, fused"}
        found.append(Player("ours", command, {kernels: names[kernels] for kernels in options.kernels}, golden=False))
    names = {"eager": "PyTorch, double backward", "jets": "PyTorch, jets compiled", "vjp": "PyTorch, func.vjp compiled",
             "jvp": "PyTorch, func.jvp compiled"}
    for form, name in names.items():
        variants = {"plain": name}
        if options.device == "cuda":
            variants["graph"] = name + ", one CUDA graph"
        found.append(Player(form, [options.torch, str(HERE / "peers" / "torch_gpu.py"), form] + where, variants))
    found.append(Player("jax", [options.jax, str(HERE / "peers" / "jax_gpu.py")] + where,
                        {"step": "JAX, jit", "scan": "JAX, jit, 32 steps a call"}))
    if options.only:
        unknown = set(options.only) - {player.key for player in found}
        if unknown:
            sys.exit(f"gpu.py: nobody is called {', '.join(sorted(unknown))}; there are {', '.join(player.key for player in found)}")
        needed = [] if options.only == ["ours"] else [REFERENCE]
        found = [player for player in found if player.key in options.only + needed]
    return found


class Run:
    """Everything that is measured, into one dictionary that the report is made of."""

    def __init__(self, options):
        self.options = options
        self.players = players(options)
        self.started = time.monotonic()
        self.wrong = 0
        self.longest = CELL_SECONDS  # of the last configuration
        self.result = {
            "commit": options.commit, "date": datetime.date.today().isoformat(), "rounds": options.rounds,
            "seconds": options.seconds, "names": {}, "versions": {}, "ours": {}, "steps": [], "missing": [], "left_out": []}
        if options.resume and options.json.exists():
            self.result = json.loads(options.json.read_text(encoding="utf-8"))
            self.result["left_out"] = []
        for player in self.players:
            for variant, name in player.variants.items():
                self.result["names"][f"{player.key}-{variant}"] = name

    def say(self, words):
        print(f"[{time.monotonic() - self.started:5.0f} s] {words}", file=sys.stderr, flush=True)

    def left(self):
        return self.options.budget - (time.monotonic() - self.started)

    def miss(self, name, where, reason):
        self.result["missing"].append([name, where, str(reason)])
        self.say(f"{where}: {name}: {reason}")

    # ---- Processes

    def start(self):
        """All that do not run, side by side."""
        fresh = [player for player in self.players
                 if player.starts < MOST_STARTS and (player.process is None or not player.process.is_alive())]
        # Compilers of torch.compile; all processes compile at once.
        threads = max(1, (os.cpu_count() or 1) // max(1, len(self.players)))
        for player in fresh:
            player.starts += 1
            try:
                player.process = Process(player.command, {"TORCHINDUCTOR_COMPILE_THREADS": str(threads)})
                player.down = False
            except OSError as e:
                player.process, player.starts = None, MOST_STARTS
                self.miss(player.key, "start", e)
        for player in fresh:
            self.attempt(player, player.key, "start", lambda: self.greet(player))

    def greet(self, player):
        player.version = self.wait(player, OPEN_SECONDS)
        self.result["versions"][player.key] = player.version

    def wait(self, player, seconds):
        return player.process.answer(max(1.0, min(seconds, self.left())))

    def ask(self, player, seconds, *words):
        player.process.tell(*words)
        return self.wait(player, seconds)

    def at_work(self):
        return [player for player in self.players if player.process is not None and player.process.is_alive()]

    def attempt(self, player, name, where, work):
        """What the work gives, or None where it fails."""
        if player.process is None or player.down:
            return None
        try:
            return work()
        except Failed as e:
            player.down = not player.process.is_alive()
            self.miss(name, where, e)
            return None

    # ---- Configurations

    def cells(self):
        """All configurations in all precisions."""
        known = {(cell["config"], cell["precision"]) for cell in self.result["steps"]}
        cells = [(config, precision) for precision in self.options.precisions for config in self.options.configs
                 if (config, precision) not in known]
        if self.options.by_config:
            cells.sort(key=lambda cell: self.options.configs.index(cell[0]))
        for config, precision in cells:
            if self.left() < self.longest:
                self.result["left_out"].append(f"{config} {precision}")
                continue
            fresh = any(player.starts == 0 for player in self.players)
            begin = time.monotonic()
            self.cell(config, precision)
            if not fresh:  # what begins with imports takes longer
                self.longest = max(CELL_SECONDS, time.monotonic() - begin)
            self.save()
        if self.result["left_out"]:
            self.say(f"no time was left for {', '.join(self.result['left_out'])}")
        for player in self.at_work():
            player.process.close()
        self.save()

    def cell(self, config, precision):
        self.start()
        reference = self.reference(config)
        opened = self.open_all(config, precision, reference)
        counts = {}
        for player, variant in opened:
            counts[player.key, variant] = self.attempt(player, self.name(player, variant), f"{config} {precision}",
                                                       lambda: self.calibrate(player, variant))
        turns = [(player, variant) for player, variant in opened if counts[player.key, variant]]
        times = {f"{player.key}-{variant}": [] for player, variant in turns}
        for number in range(self.options.rounds):
            for player, variant in turns[number % max(1, len(turns)):] + turns[:number % max(1, len(turns))]:
                found = self.attempt(player, self.name(player, variant), f"{config} {precision}",
                                     lambda: self.steps(player, variant, counts[player.key, variant]))
                if found is not None:
                    times[f"{player.key}-{variant}"].append(found)
        for player in self.at_work():
            self.attempt(player, player.key, f"{config} {precision}", lambda: player.process.ask("close"))
        times = {key: found for key, found in times.items() if found}
        self.result["steps"].append({"config": config, "precision": precision, "times": times})
        self.say(f"{config} {precision}: " + ("works, not timed" if self.options.smoke else
                                              ", ".join(f"{key} {statistics.median(found):.1f}" for key, found in times.items())))

    def name(self, player, variant):
        return player.variants[variant]

    def reference(self, config):
        """Loss and norms in float64, or None."""
        player = next((player for player in self.players if player.key == REFERENCE), None)
        if player is None:
            return None
        text = self.attempt(player, "the reference", config, lambda: self.ask(player, OPEN_SECONDS, "reference", config))
        return text and json.loads(text)

    def open_all(self, config, precision, reference):
        """(player, variant) of all that opened and agree with the reference."""
        good = []
        waiting = [(player, variant) for player in self.players for variant in player.variants]
        while waiting:
            # Of each process that is there the next variant, side by side; or one alone.
            keys = {player.key: player for player in self.at_work()}
            now = list({player.key: (player, variant) for player, variant in reversed(waiting)}.values())[::-1]
            now = now[:1] if self.options.apart else now
            waiting = [pair for pair in waiting if pair not in now]
            now = [(player, variant) for player, variant in now if player.key in keys
                   and self.attempt(player, self.name(player, variant), f"{config} {precision}",
                                    lambda: player.process.tell("open", config, variant, precision) or True)]
            for player, variant in now:
                text = self.attempt(player, self.name(player, variant), f"{config} {precision}",
                                    lambda: self.wait(player, OPEN_SECONDS))
                if text is not None and self.agrees(player, variant, config, precision, json.loads(text), reference):
                    good.append((player, variant))
        return sorted(good, key=lambda pair: self.players.index(pair[0]))

    def agrees(self, player, variant, config, precision, found, reference):
        where, name = f"{config} {precision}", self.name(player, variant)
        if player.key == "ours":  # its batches are its own; the tests have compared it with golden values
            self.result["ours"][f"{where} {variant}"] = found
            return True
        if reference is None:
            self.miss(name, where, "there is no reference to compare it with")
            return False
        largest = max(reference["norms"])
        apart = [abs(found["loss"] - reference["loss"]) / abs(reference["loss"])]
        apart += [abs(norm - expected) / largest for norm, expected in zip(found["norms"], reference["norms"])]
        worst = max(apart, key=lambda x: x if x == x else float("inf"))  # NaN, where there is one
        if not worst <= TOLERANCES[precision]:
            self.wrong += 1
            self.miss(name, where, f"loss or gradient is off by {worst:.1e}, more than {TOLERANCES[precision]:g}: not timed")
            return False
        if not found["after"] < found["loss"]:
            self.wrong += 1
            self.miss(name, where, f"training took the loss from {found['loss']:g} to {found['after']:g}: not timed")
            return False
        self.say(f"{where}: {name}: loss and gradient agree to {worst:.1e}")
        return True

    def steps(self, player, variant, count):
        return float(self.ask(player, STEP_SECONDS, "steps", variant, count))

    def calibrate(self, player, variant):
        """Steps that take about the seconds of a turn."""
        if self.options.smoke:
            self.steps(player, variant, 3)
            return 3
        microseconds, count, wanted = 0.0, 4, 1e6 * self.options.seconds
        while microseconds < wanted / 3 and count < 1 << 16:
            microseconds = count * self.steps(player, variant, count)
            if microseconds < wanted / 3:
                count = max(2 * count, min(16 * count, round(count * wanted / (2 * microseconds))))
        return max(2, round(count * wanted / microseconds))

    # ---- The check

    def check(self):
        """All forms against the golden values, on this device."""
        self.start()
        for dtype, tolerance in GOLDEN.items():
            for kind in KINDS:
                self.start()
                told = [player for player in self.at_work() if player.golden]
                for player in told:
                    player.process.tell("golden", GOLDEN_FOLDER, dtype, kind)
                for player in told:
                    text = self.attempt(player, player.key, f"golden values, {kind}, {dtype}", lambda: self.wait(player, 600))
                    if text is None:
                        continue
                    self.say(f"{player.key}: {kind}, {dtype}: golden values to {float(text):.1e}")
                    if not float(text) <= tolerance:
                        self.wrong += 1
                        self.miss(player.key, f"golden values, {kind}, {dtype}", f"off by {text}, more than {tolerance:g}")

    def save(self):
        if self.options.json:
            self.options.json.write_text(json.dumps(self.result, indent=1) + "\n", encoding="utf-8")
        if self.options.report and not self.options.smoke:
            self.options.report.write_text(gpu_report.section(self.result), encoding="utf-8")


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter,
                                     allow_abbrev=False)

    def names(text):
        return text.split(",")

    parser.add_argument("--ours", type=pathlib.Path, help="slicedscore_timings; without it, peers alone")
    parser.add_argument("--kernels", type=names, default=["auto"], help="of ours: auto,layered,fused; default: auto")
    parser.add_argument("--torch", default=sys.executable, help="a Python that has PyTorch; default: this one")
    parser.add_argument("--jax", default=sys.executable, help="a Python that has JAX; default: this one")
    parser.add_argument("--device", choices=["cuda", "cpu"], default="cuda")
    parser.add_argument("--configs", type=names, help="default: " + ",".join(CONFIGS))
    parser.add_argument("--precisions", type=names, default=list(PRECISIONS), help="default: " + ",".join(PRECISIONS))
    parser.add_argument("--by-config", action="store_true", help="all precisions of a configuration before the next one's")
    parser.add_argument("--only", type=names, help="processes: ours,eager,jvp,vjp,jets,jax; peers take eager with them, the reference")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=0.15, help="of a turn; default: 0.15")
    parser.add_argument("--apart", action="store_true",
                        help="open one after the other, as XLA times its candidates; takes longer")
    parser.add_argument("--budget", type=float, default=3600, help="seconds after which nothing new is begun; default: 3600")
    parser.add_argument("--commit", default="unknown")
    parser.add_argument("--json", type=pathlib.Path, help="what was measured")
    parser.add_argument("--resume", action="store_true", help="add to what the file of --json has, and measure nothing twice")
    parser.add_argument("--report", type=pathlib.Path, help="tables in Markdown")
    parser.add_argument("--smoke", action="store_true")
    options = parser.parse_args()
    known = SMOKE if options.smoke else CONFIGS
    options.configs = options.configs or list(known)
    for given, all_ in ((options.configs, known), (options.precisions, PRECISIONS), (options.kernels, ("auto", "layered", "fused"))):
        if set(given) - set(all_):
            parser.error(f"unknown: {', '.join(sorted(set(given) - set(all_)))}; choose some of {', '.join(all_)}")
    if options.ours:
        options.ours = options.ours.resolve()
        if not options.ours.exists():
            parser.error(f"there is no {options.ours}")
    if options.resume and not options.json:
        parser.error("--resume needs --json")
    if options.smoke:
        options.rounds = 1
    return options


def main():
    run = Run(arguments())
    if run.options.smoke:
        run.check()
    run.cells()
    if run.options.smoke:
        print("gpu.py: " + (f"{run.wrong} of them are WRONG" if run.wrong else "all that work are right"))
    elif not run.options.report:
        print(gpu_report.section(run.result))
    return 1 if run.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
