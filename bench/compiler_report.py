#!/usr/bin/env python3
"""Writes bench/COMPILER.md: registers, spills, stack and memory of every kernel on every architecture, by nvcc's assembler.

    bench/compiler_report.py                      # all architectures of the release preset; needs nvcc, CMake, Ninja, no GPU
    bench/compiler_report.py --architectures 90-real --dry
    bench/compiler_report.py --log build.log      # of a build with -Xptxas=-v, in the place of compiling

Compiles each file of kernels/ as the release preset does, to nowhere, with -Xptxas=-v. The exit code is 1 if a kernel spills. What
a kernel takes of dynamic shared memory is decided on the host when it is launched: where the build has slicedscore_plan, or
--plan names it, its table comes behind. This program needs Python 3.9 and nothing else.
"""
import argparse
import collections
import concurrent.futures
import dataclasses
import json
import pathlib
import re
import shlex
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
REPORT = ROOT / "bench" / "COMPILER.md"
sys.path.insert(0, str(ROOT / "bench"))

from cpu_report import table

COMPILING = re.compile(r"Compiling entry function '([^']+)' for '([^']+)'")
PROPERTIES = re.compile(r"Function properties for (\S+)")
STACK = re.compile(r"(\d+) bytes stack frame, (\d+) bytes spill stores, (\d+) bytes spill loads")
USED = re.compile(r"Used (\d+) registers")
SHARED = re.compile(r"(\d+)(?:\+\d+)? bytes smem")
CONSTANT = re.compile(r"(\d+) bytes cmem\[0\]")


@dataclasses.dataclass
class Usage:
    """Of a kernel on an architecture; bytes."""
    registers: int = 0
    spilled: int = 0
    stack: int = 0
    shared: int = 0
    constant: int = 0  # CUDA 13's assembler does not tell


def read(log):
    """(mangled name, architecture) -> Usage."""
    found, entry, function = {}, None, None
    for line in log.splitlines():
        if match := COMPILING.search(line):
            entry = match.groups()
            found[entry] = Usage()
        elif match := PROPERTIES.search(line):
            function = match[1]
        elif entry is None:
            continue
        elif (match := STACK.search(line)) and function == entry[0]:
            found[entry].stack, stores, loads = map(int, match.groups())
            found[entry].spilled = stores + loads
        elif match := USED.search(line):
            usage = found[entry]
            usage.registers = int(match[1])
            usage.shared = int(match[1]) if (match := SHARED.search(line)) else 0
            usage.constant = int(match[1]) if (match := CONSTANT.search(line)) else 0
    return found


def compile_all(options):
    """What the assembler says of each file, and the compiler's version."""
    with tempfile.TemporaryDirectory() as folder:
        configure = ["cmake", "--preset", "release", "-B", folder, "-DCMAKE_EXPORT_COMPILE_COMMANDS=ON"]
        if options.architectures:
            configure.append(f"-DCMAKE_CUDA_ARCHITECTURES={options.architectures}")
        done = subprocess.run(configure, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
        if done.returncode != 0:
            sys.exit(f"compiler_report.py: CMake failed:\n{done.stdout}")
        version = re.search(r"CUDA ([\d.]+)", done.stdout)[1]
        commands = [command for command in json.loads((pathlib.Path(folder) / "compile_commands.json").read_text(encoding="utf-8"))
                    if pathlib.Path(command["file"]).parent == ROOT / "kernels" and command["file"].endswith(".cu")]
        with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
            return "\n".join(pool.map(compile_one, commands)), version


def compile_one(command):
    words = shlex.split(command["command"])
    words = [word for word in words if word != "-Werror=all-warnings"]  # a spill is to be seen here
    words[words.index("-o") + 1] = "/dev/null"
    if "-MF" in words:
        words[words.index("-MF") + 1] = "/dev/null"
    done = subprocess.run(words + ["-Xptxas=-v"], cwd=command["directory"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          text=True, check=False)
    if done.returncode != 0:
        sys.exit(f"compiler_report.py: {command['file']} does not compile:\n{done.stdout[-3000:]}")
    return done.stdout


def enumerators():
    """Names of the values of enum classes in kernels/, by the enum's name."""
    found = {}
    for file in sorted((ROOT / "kernels").iterdir()):
        for name, body in re.findall(r"enum class (\w+)[^{;]*\{([^}]*)\}", file.read_text(encoding="utf-8")):
            names, value = {}, 0
            for item in re.sub(r"//.*", "", body).split(","):
                word, _, number = item.partition("=")
                if word.strip():
                    value = int(number, 0) if number else value
                    names[value] = word.strip()
                    value += 1
            found[name] = names
    return found


def readable(mangled):
    """By mangled name: without namespaces, arguments and return type, and with the names of enum values."""
    done = subprocess.run(["c++filt"], input="\n".join(mangled), stdout=subprocess.PIPE, text=True, check=True)
    enums = enumerators()
    result = {}
    for name, text in zip(mangled, done.stdout.splitlines()):
        text = re.sub(r"\(anonymous namespace\)::|_GLOBAL__N__\w+::|\b(?:slicedscore|std)::", "", text)
        text = re.sub(r"\((\w+)\)(\d+)", lambda m: enums.get(m[1], {}).get(int(m[2]), m[0]), text)
        text = re.sub(r"\(bool\)([01])", lambda m: ("false", "true")[int(m[1])], text)
        text = re.sub(r"\((?:int|unsigned int|unsigned)\)(\d+)u?", r"\1", text)
        result[name] = text[:arguments_of(text)].removeprefix("void ").strip()
    return result


def arguments_of(text):
    """Where the parenthesis before a function's arguments is: the first outside of angle brackets."""
    depth = 0
    for at, letter in enumerate(text):
        depth += (letter == "<") - (letter == ">")
        if letter == "(" and depth == 0:
            return at
    return len(text)


def commit():
    done = subprocess.run(["git", "describe", "--always", "--dirty", "--exclude=*"], cwd=ROOT, stdout=subprocess.PIPE,
                          stderr=subprocess.DEVNULL, text=True, check=False)
    return done.stdout.strip() or "unknown"


def cell(usage):
    if usage is None:
        return "-"
    return (str(usage.registers) + (f", stack {usage.stack}" if usage.stack else "")
            + (f", **spills {usage.spilled}**" if usage.spilled else ""))


def span(values):
    return str(min(values)) if min(values) == max(values) else f"{min(values)} to {max(values)}"


def by_kernel(found):
    """Readable name -> {architecture: Usage}. Copies of a template in several files have the same name and are one row."""
    names = readable(sorted({mangled for mangled, _ in found}))
    kernels = collections.defaultdict(dict)
    for (mangled, architecture), usage in found.items():
        known = kernels[names[mangled]].get(architecture)
        if known is None or usage.registers > known.registers:
            kernels[names[mangled]][architecture] = usage
    return kernels


def report(found, origin, plan):
    kernels = by_kernel(found)
    architectures = sorted({architecture for _, architecture in found}, key=lambda name: int(re.search(r"\d+", name)[0]))
    told = any(usage.constant for usage in found.values())
    rows = [[f"`{name}`", span([u.shared for u in usages.values()])] + ([span([u.constant for u in usages.values()])] if told else [])
            + [cell(usages.get(architecture)) for architecture in architectures] for name, usages in sorted(kernels.items())]
    spilling = sum(usage.spilled > 0 for usage in found.values())
    parts = ["# What the compiler makes of the kernels",
             f"`bench/compiler_report.py`; {origin}; commit {commit()}; kernels: {len(kernels)}; spills: "
             + (f"**in {spilling} cases**" if spilling else "none") + ".",
             "Registers a thread on each architecture, with bytes of stack and spilled bytes where there are any; bytes of static shared\n"
             "memory a block" + (", and of the constant bank that holds the arguments" if told else "") + ". Nothing here was measured on a GPU.",
             table(["kernel", "static shared"] + (["constant"] if told else []) + architectures, rows)]
    if plan:
        parts.append("## Dynamic shared memory\n\n" + plan.strip())
    return "\n\n".join(parts) + "\n", spilling


def plan_of(options):
    """The table of slicedscore_plan, or nothing where it is not built."""
    programs = [options.plan] if options.plan else [ROOT / "build" / preset / "bin" / "slicedscore_plan"
                                                    for preset in ("release", "gpu", "emulated")]
    for program in programs:
        if program.exists():
            return subprocess.run([str(program)], stdout=subprocess.PIPE, text=True, check=True).stdout
    if options.plan:
        sys.exit(f"compiler_report.py: there is no {options.plan}")
    return ""


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter, allow_abbrev=False)
    parser.add_argument("--architectures", help="as CMAKE_CUDA_ARCHITECTURES; default: those of the release preset")
    parser.add_argument("--log", type=pathlib.Path, help="a build's output, with -Xptxas=-v")
    parser.add_argument("--plan", type=pathlib.Path, help="a program that prints a table of dynamic shared memory")
    parser.add_argument("--jobs", type=int, default=2, help="files at a time; default: 2")
    parser.add_argument("--dry", action="store_true", help="print the report, but leave bench/COMPILER.md alone")
    return parser.parse_args()


def main():
    options = arguments()
    if options.log:
        log, origin = options.log.read_text(encoding="utf-8"), options.log.name
    else:
        log, version = compile_all(options)
        origin = f"nvcc {version}"
    found = read(log)
    if not found:
        sys.exit("compiler_report.py: there is no kernel in it; was -Xptxas=-v given?")
    text, spilling = report(found, origin, plan_of(options))
    if options.dry:
        print(text)
    else:
        REPORT.write_text(text, encoding="utf-8")
        print(f"written into {REPORT}")
    if spilling:
        print(f"compiler_report.py: registers are spilled in {spilling} cases", file=sys.stderr)
    return 1 if spilling else 0


if __name__ == "__main__":
    sys.exit(main())
