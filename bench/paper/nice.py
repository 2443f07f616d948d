#!/usr/bin/env python3
"""Measures a training step of the paper's NICE beside PyTorch's, on a processor: seconds a step, and their ratio.

    mvn -q -DskipTests package
    bench/paper/nice.py --torch build/torch/bin/python

Each is a process of its own that waits for its turn; of all rounds the median counts.
"""
import argparse
import pathlib
import statistics
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "bench"))

from process import Process

VECTOR = "--add-modules=jdk.incubator.vector"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--torch", required=True, help="a Python with torch")
    parser.add_argument("--java", default="java")
    parser.add_argument("--class-path", default=str(ROOT / "bench" / "target" / "benchmarks.jar"))
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--steps", type=int, default=3)
    parser.add_argument("--threads", default="1,2")
    options = parser.parse_args()
    ours = Process([options.java, VECTOR, "-Xmx2g", "-cp", options.class_path,
                    "io.github.slicedscore.bench.NiceTurns", "simd"], {})
    peer = Process([options.torch, str(ROOT / "bench" / "paper" / "nice_torch.py")], {})
    print(ours.answer())
    print(peer.answer())
    # The JVM compiles what is slow by then.
    ours.ask("run", "ssm-vr", 1, 2)
    for objective in ("mle", "ssm-vr"):
        for threads in options.threads.split(","):
            seconds = {ours: [], peer: []}
            for _ in range(options.rounds):
                for player, found in seconds.items():
                    found.append(float(player.ask("run", objective, threads, options.steps)) / options.steps)
            mine, theirs = statistics.median(seconds[ours]), statistics.median(seconds[peer])
            print(f"{objective:7} {threads} threads: ours {mine:.3f} s, PyTorch {theirs:.3f} s, ratio {theirs / mine:.2f}",
                  flush=True)
    ours.close()
    peer.close()


if __name__ == "__main__":
    main()
