"""A peer that works when it is told to and waits in between, so that bench/cpu.py and gpu.py can measure several processes
in turn.

The protocol is that of Java's Turns: a command is a line on the standard input, a word and its arguments; the answer is a line
on the standard output that begins with "=", or with "!" and what went wrong. The first line tells what this process is.
"""
import sys
import time


def serve(description, commands):
    """Obeys until the input ends. Commands: word -> function of the arguments, which returns the answer."""
    say(f"= {description}")
    for line in sys.stdin:
        word, *arguments = line.split()
        try:
            say(f"= {commands[word](*arguments)}")
        except Exception as e:  # whatever a peer's compiler throws: the driver reports it and goes on with the others
            say(f"! {type(e).__name__}: {' '.join(str(e).split())[:300]}")


def say(line):
    print(line, flush=True)


class Steps:
    """The command `run CONFIG THREADS STEPS`: seconds that so many steps took, after a few that are not timed."""

    def __init__(self, form):
        """form: from a configuration's name and a number of threads to something with step() and wait()."""
        self.form = form
        self.open = None
        self.what = None

    def __call__(self, config, threads, steps):
        if self.what != (config, threads):
            self.open, self.what = self.form(config, int(threads)), (config, threads)
        self.seconds(max(2, int(steps) // 20))
        return self.seconds(int(steps))

    def seconds(self, steps):
        start = time.perf_counter()
        for _ in range(steps):
            self.open.step()
        self.open.wait()
        return time.perf_counter() - start
