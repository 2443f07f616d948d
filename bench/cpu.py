#!/usr/bin/env python3
"""Measures this library's training on a processor beside PyTorch's and JAX's, in one run, and writes bench/RESULTS.md.

    mvn -q -DskipTests -Plibtorch package                       # without -Plibtorch, libtorch is missing below
    python3 -m venv build/torch && build/torch/bin/pip install numpy torch --extra-index-url https://download.pytorch.org/whl/cpu
    python3 -m venv build/jax && build/jax/bin/pip install jax
    bench/cpu.py --torch build/torch/bin/python --jax build/jax/bin/python

Everyone is a process of its own that waits for its turn: in every round each does so many steps as took it about a second, on
one thread and on two, and of all rounds the median counts. Peers that are not installed, or fail, are listed as missing. A C
compiler makes the library that has MKL take its AVX-512 path on AMD's processors (bench/peers/torch_cpu.py), and torch.compile
needs a C++ compiler. Everything takes about a quarter of an hour on a machine that has nothing else to do;

    bench/cpu.py --configs A,B --rounds 1 --seconds 0.3 --parts steps --dry

is a try that writes nothing. This program needs Python 3.9 and nothing else.
"""
import argparse
import dataclasses
import datetime
import json
import os
import pathlib
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

import cpu_report
from process import Failed, Process

ROOT = pathlib.Path(__file__).resolve().parent.parent
PEERS = ROOT / "bench" / "peers"
RESULTS = ROOT / "bench" / "RESULTS.md"
CONFIGS = "ABCDEF"
PARTS = ("steps", "busy", "scoring", "error")
LONGEST_WARM = 6  # times the least warming up
PEAK_SECONDS = 0.3
# Left alone, a JVM leaves garbage lie until a quarter of the machine's memory is full: the Vector API makes some until its
# methods are compiled.
HEAP = "-Xmx256m"
TARGET = 0.005
SCORED = "B"
SCORED_ROWS = 1_000_000
SINGLE_ROWS = 20_000


@dataclasses.dataclass
class Player:
    """How to start one, on so many threads where it can't change their number."""
    key: str
    name: str
    ours: bool
    command: object
    environment: dict = dataclasses.field(default_factory=dict)
    fixed: bool = False

    def start(self, threads):
        """The process, whose first answer tells what it is."""
        return Process([word.format(threads=threads) for word in self.command], self.environment)


def players(options, folder):
    """All, and why some are missing."""
    jar = str(options.jar)
    main = "io.github.slicedscore.bench."
    found = [
        Player("simd", "slicedscore, SIMD", True,
               [options.java, HEAP, "--add-modules=jdk.incubator.vector", "-cp", jar, main + "OurTurns", "simd"]),
        Player("plain", "slicedscore, plain Java", True, [options.java, HEAP, "-cp", jar, main + "OurTurns", "plain"])]
    missing = {}
    names = {"eager": "PyTorch, double backward", "vjp": "PyTorch, func.vjp compiled", "jets": "PyTorch, jets compiled"}
    if options.torch:
        stub, reason = avx512_stub(folder)
        for form, name in names.items():
            command = [options.torch, str(PEERS / "torch_cpu.py"), form]
            found.append(Player(form, name, False, command))
            if stub:
                found.append(Player(f"{form}-avx512", f"{name}, MKL AVX-512", False, command, {"LD_PRELOAD": stub}))
        if not stub:
            missing["PyTorch, MKL AVX-512"] = reason
    else:
        missing["PyTorch"] = "no interpreter was named with --torch"
    for form, name in (("eager", "libtorch in Java, double backward"), ("jets", "libtorch in Java, jets")):
        found.append(Player(f"libtorch-{form}", name, False, [options.java, "-cp", jar, main + "LibtorchTurns", form]))
    if options.jax:
        found.append(Player("jax", "JAX, jit", False, [options.jax, str(PEERS / "jax_cpu.py"), "{threads}"], fixed=True))
    else:
        missing["JAX"] = "no interpreter was named with --jax"
    if options.only:
        unknown = set(options.only) - {player.key for player in found}
        if unknown:
            sys.exit(f"cpu.py: nobody is called {', '.join(sorted(unknown))}; there are "
                     + ", ".join(player.key for player in found))
        found = [player for player in found if player.key in options.only]
    return found, missing


def avx512_stub(folder):
    """The library that has MKL take an AMD processor for Intel's, or why there is none."""
    facts = cpu_facts()
    if facts["vendor_id"] != "AuthenticAMD" or "avx512f" not in facts["flags"].split():
        return None, "MKL chooses by itself on this processor"
    compiler = shutil.which("cc")
    if compiler is None:
        return None, "there is no C compiler"
    library = folder / "libmkl_avx512.so"
    subprocess.run([compiler, "-shared", "-fPIC", "-o", library, "-x", "c", "-"], check=True,
                   input=b"int mkl_serv_intel_cpu_true(void) { return 1; }\n")
    return str(library), None


def cpu_facts():
    facts = {"vendor_id": platform.machine(), "cpu family": "?", "model": "?", "model name": platform.machine(), "flags": ""}
    for line in reversed(pathlib.Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()):
        name, colon, value = line.partition(":")
        if colon:
            facts[name.strip()] = value.strip()
    return facts


class Turns:
    """All players of one configuration, each in as many processes as it needs."""

    def __init__(self, run, config):
        self.run, self.config = run, config
        self.processes = {}
        self.counts = {}
        for player in run.players:
            for threads in run.options.threads if player.fixed else [0]:
                self.processes[player.key, threads] = player.start(threads)
        # Only now, as they start side by side.
        for player in run.players:
            for process in [process for (key, _), process in self.processes.items() if key == player.key]:
                self.attempt(player, lambda: self.greet(player, process))

    def greet(self, player, process):
        self.run.result["versions"][player.name] = process.answer()

    def attempt(self, player, work):
        """Work that may fail, after which the player is out."""
        try:
            return work()
        except Failed as e:
            reason = str(e)
            if "LibtorchTurns" in reason:
                reason = "benchmarks.jar was built without -Plibtorch"
            self.run.miss(player.name, self.config, reason)
            for key in [key for key in self.processes if key[0] == player.key]:
                self.processes.pop(key).close()
            return None

    def at_work(self, threads):
        """Players that still take part, with their process."""
        found = []
        for player in self.run.players:
            key = (player.key, threads if player.fixed else 0)
            if key in self.processes:
                found.append((player, self.processes[key]))
        return found

    def rate(self, process, threads, count):
        """Steps a second; what the others did meanwhile is remembered."""
        others = [other for other in self.processes.values() if other is not process]
        settle(others)
        before = sum(other.processor_seconds() for other in others)
        start = time.monotonic()
        seconds = float(process.ask("run", self.config, threads, count))
        waited = (sum(other.processor_seconds() for other in others) - before) / (time.monotonic() - start)
        self.run.result["idle"] = max(self.run.result["idle"], waited)
        return count / seconds

    def calibrate(self, player, process, threads):
        """Steps that take about the seconds of a turn, found while warming up: until the rate has stopped growing."""
        seconds, warm = self.run.options.seconds, self.run.options.warm
        count, spent, best, rate = 2, 0.0, 0.0, 0.0
        while spent < warm or rate > 1.05 * best and spent < LONGEST_WARM * warm:
            best = max(best, rate)
            rate = self.rate(process, threads, count)
            spent += count / rate
            count = max(2, min(4 * count, round(rate * seconds / 2)))
        self.counts[player.key, threads] = max(2, round(rate * seconds))

    def turn(self, player, process, threads):
        return self.rate(process, threads, self.counts[player.key, threads])

    def close(self):
        for process in self.processes.values():
            process.close()


def settle(processes):
    """Waits until they are idle: after its turn a JVM compiles for a while, and threads of OpenMP spin. Three seconds at most."""
    for _ in range(30):
        before = sum(process.processor_seconds() for process in processes)
        time.sleep(0.1)
        if sum(process.processor_seconds() for process in processes) - before <= 0.01:
            return


class Run:
    """Everything that is measured, into one dictionary that the report is made of."""

    def __init__(self, options, folder):
        self.options = options
        self.folder = folder
        self.players, self.missing = players(options, folder)
        self.peak = Process([options.java, "--add-modules=jdk.incubator.vector", "-cp", str(options.jar),
                             "io.github.slicedscore.bench.OurTurns", "plain"], {})
        self.jdk = self.peak.answer().partition("; ")[2]
        self.peak.ask("peak", max(options.threads), 2)  # until it is compiled
        self.result = {
            "machine": machine(), "jdk": self.jdk, "commit": options.commit or commit(),
            "date": datetime.date.today().isoformat(), "heap": HEAP, "rounds": options.rounds, "seconds": options.seconds,
            "threads": options.threads, "names": {player.key: player.name for player in self.players},
            "ours": [player.key for player in self.players if player.ours], "versions": {}, "missing": self.missing,
            "idle": 0.0, "rates": {}, "peaks": {}, "memory": {}, "busy": {}, "scoring": {}, "error": {}, "target": TARGET}

    def save(self):
        if self.options.json:
            self.options.json.write_text(json.dumps(self.result, indent=1) + "\n", encoding="utf-8")

    def miss(self, name, where, reason):
        if name not in self.missing:
            self.missing[name] = f"{where}: {reason}"
            say(f"missing: {name}: {where}: {reason}")

    def measure_peak(self, threads):
        rate = float(self.peak.ask("peak", threads, PEAK_SECONDS))
        self.result["peaks"].setdefault(str(threads), []).append(rate)

    def steps(self, config):
        say(f"{config}: starting and warming up")
        turns = Turns(self, config)
        try:
            for threads in self.options.threads:
                for player, process in turns.at_work(threads):
                    turns.attempt(player, lambda: turns.calibrate(player, process, threads))
            for number in range(self.options.rounds):
                for threads in self.options.threads:
                    self.measure_peak(threads)
                    for player, process in turns.at_work(threads):
                        rate = turns.attempt(player, lambda: turns.turn(player, process, threads))
                        if rate is not None:
                            self.rates(config, player.key, threads).append(rate)
                say(f"{config}: round {number + 1} of {self.options.rounds}")
            for threads in self.options.threads:
                for player, process in turns.at_work(threads):
                    highest = self.result["memory"].setdefault(player.key, {})
                    highest[config] = max(highest.get(config, 0), process.peak_memory())
            if "busy" in self.options.parts:
                self.busy(config, turns)
        finally:
            turns.close()

    def rates(self, config, key, threads):
        return self.result["rates"].setdefault(key, {}).setdefault(config, {}).setdefault(str(threads), [])

    def busy(self, config, turns):
        """On all threads, beside a process that never rests: parts of the quiet rate."""
        threads = max(self.options.threads)
        for player, process in turns.at_work(threads):
            if not player.ours and player.key not in ("eager", "jets"):
                continue
            quiet = statistics.median(self.rates(config, player.key, threads))
            other = subprocess.Popen([sys.executable, "-c", "while True: pass"])
            try:
                parts = [turns.attempt(player, lambda: turns.turn(player, process, threads)) for _ in range(self.options.rounds)]
            finally:
                other.kill()
                other.wait()
            self.result["busy"].setdefault(player.key, {})[config] = [part / quiet for part in parts if part is not None]
        say(f"{config}: beside a busy process")

    def scoring(self):
        for player in (player for player in self.players if player.ours):
            process = player.start(0)
            found = {"rows": {}}
            try:
                process.answer()
                for threads in self.options.threads:
                    seconds = [float(process.ask("score", SCORED, threads, SCORED_ROWS)) for _ in range(self.options.rounds)]
                    found["rows"][str(threads)] = SCORED_ROWS / statistics.median(seconds)
                found["memory"] = process.peak_memory()
                found["row"] = list(map(float, process.ask("row", SCORED, SINGLE_ROWS).split()))
                self.result["scoring"][player.key] = found
            except Failed as e:
                self.miss(player.name, "scoring", e)
            finally:
                process.close()
            say(f"{player.name}: a million rows, and one")

    def error(self):
        """Each time in a fresh process, as training is not repeated in one."""
        threads = max(self.options.threads)
        seeds = list(range(1, self.options.rounds + 1))
        self.peak.ask("mixture", self.folder, *seeds)
        for seed in seeds:
            for player in (player for player in self.players if player.ours or player.key == "eager"):
                for kind in ("score", "energy"):
                    process = player.start(0)
                    try:
                        process.answer()
                        words = [] if player.ours else [self.folder]
                        found = process.ask("error", kind, threads, TARGET, seed, *words).split()
                        self.result["error"].setdefault(kind, {}).setdefault(player.key, []).append(list(map(float, found)))
                    except Failed as e:
                        self.miss(player.name, "time to an error", e)
                    finally:
                        process.close()
            say(f"time to an error, seed {seed}")


def machine():
    facts = cpu_facts()
    flags = facts["flags"].split()
    simd = next((name for flag, name in (("avx512f", "AVX-512"), ("avx2", "AVX2")) if flag in flags), platform.machine())
    cores = len(os.sched_getaffinity(0))
    return {"id": f"{facts['vendor_id']} {facts['cpu family']}-{facts['model']}, {cores} cores",
            "name": f"{facts['model name']} (family {facts['cpu family']}, model {facts['model']}), {cores} cores, {simd}",
            "system": f"{platform.system()} {platform.release()}"}


def commit():
    found = subprocess.run(["git", "describe", "--always", "--dirty", "--exclude=*"], cwd=ROOT, stdout=subprocess.PIPE,
                           stderr=subprocess.DEVNULL, check=False)
    return found.stdout.decode().strip() or "unknown"


def say(words):
    print(f"[{time.monotonic() - STARTED:5.0f} s] {words}", file=sys.stderr, flush=True)


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter,
                                     allow_abbrev=False)

    def names(text):
        return text.split(",")

    def program(text):
        found = shutil.which(text)
        if found is None:
            raise argparse.ArgumentTypeError(f"there is no program {text}")
        return os.path.abspath(found)  # not resolved: the link to Python is what makes a virtual environment

    cores = len(os.sched_getaffinity(0))
    parser.add_argument("--torch", type=program, help="a Python that has PyTorch")
    parser.add_argument("--jax", type=program, help="a Python that has JAX")
    parser.add_argument("--java", type=program, default="java", help="default: the one on the path")
    parser.add_argument("--jar", type=pathlib.Path, default=ROOT / "bench" / "target" / "benchmarks.jar")
    parser.add_argument("--configs", type=names, default=list(CONFIGS), help="default: A,B,C,D,E,F")
    parser.add_argument("--threads", type=lambda text: list(map(int, text.split(","))), default=[1, 2] if cores > 1 else [1],
                        help="default: 1,2")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=0.8, help="of a turn; default: 0.8")
    parser.add_argument("--warm", type=float, default=1.0, help="least seconds of warming up; default: 1")
    parser.add_argument("--parts", type=names, default=list(PARTS), help="default: " + ",".join(PARTS)
                        + ": training steps, the same beside a busy process (with steps only), scoring, time to a Fisher error")
    parser.add_argument("--only", type=names, help="players: simd,plain,eager,vjp,jets,eager-avx512,...,jax,libtorch-jets")
    parser.add_argument("--commit", help="what is measured, where git can't tell")
    parser.add_argument("--json", type=pathlib.Path, help="also writes all that was measured so far, as JSON")
    parser.add_argument("--dry", action="store_true", help="print the section, but leave bench/RESULTS.md alone")
    options = parser.parse_args()
    for given, known in ((options.configs, CONFIGS), (options.parts, PARTS)):
        if set(given) - set(known):
            parser.error(f"unknown: {', '.join(sorted(set(given) - set(known)))}; choose some of {', '.join(known)}")
    if options.rounds < 1 or min(options.threads) < 1:
        parser.error("one round and one thread at least")
    if max(options.threads) > cores:
        print(f"cpu.py: warning: {max(options.threads)} threads share {cores} cores", file=sys.stderr)
    if not options.jar.exists():
        parser.error(f"there is no {options.jar}; mvn -q -DskipTests -Plibtorch package makes it")
    return options


def main():
    options = arguments()
    with tempfile.TemporaryDirectory() as folder:
        run = Run(options, pathlib.Path(folder))
        if "steps" in options.parts:
            for config in options.configs:
                run.steps(config)
                run.save()
        if "scoring" in options.parts:
            run.scoring()
            run.save()
        if "error" in options.parts:
            run.error()
            run.save()
        run.peak.close()
    section = cpu_report.section(run.result)
    print(section)
    if not options.dry:
        cpu_report.replace(RESULTS, run.result["machine"]["id"], section)
        say(f"written into {RESULTS}")


STARTED = time.monotonic()

if __name__ == "__main__":
    main()
