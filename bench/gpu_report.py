"""What bench/gpu.py measured, as tables in Markdown."""
import statistics

from cpu_report import number, ratio, table

OURS = "ours-auto"
EAGER = "eager-plain"


def section(result):
    parts = [described(result)]
    if result["steps"]:
        parts += [ratios(result), everyone(result)]
    if result["missing"]:
        parts.append(missing(result))
    return "\n\n".join(parts) + "\n"


def described(result):
    spreads = [spread(times) for cell in result["steps"] for times in cell["times"].values()]
    lines = [f"`bench/gpu.py`; {result['date']}; commit {result['commit']}. {result['rounds']} rounds of turns of {result['seconds']:g} s, medians."
             + (f" A turn's time differs between rounds by {100 * statistics.median(spreads):.1f} % in the middle and"
                f" {100 * max(spreads):.0f} % at most." if spreads else ""), ""]
    by_version = {}
    for key, version in result["versions"].items():
        by_version.setdefault(version, []).append(key)
    lines += [f"- {version}: {', '.join(keys)}" for version, keys in by_version.items()]
    if result["left_out"]:
        lines.append(f"- No time was left for {', '.join(result['left_out'])}.")
    return "\n".join(lines)


def spread(times):
    return (max(times) - min(times)) / statistics.median(times)


def medians(cell):
    return {key: statistics.median(times) for key, times in cell["times"].items()}


def ratios(result):
    rows = []
    for cell in result["steps"]:
        times = medians(cell)
        ours = times.get(OURS)
        peers = {key: time for key, time in times.items() if not key.startswith("ours-")}
        best = min(peers, key=peers.get, default=None)
        how = result["ours"].get(f"{cell['config']} {cell['precision']} auto", {})
        rows.append([
            cell["config"], cell["precision"], number(ours), ", ".join(how.values()) or "-",
            "-" if ours is None else number(GIGAFLOP[cell["config"]] / ours * 1e3),
            number(ratio(peers.get(best), ours)), f"{result['names'][best]}: {number(peers[best])}" if best else "-",
            number(ratio(peers.get(EAGER), ours)), number(peers.get(EAGER))])
    return ("#### Ratios\n\nHow many times as long the fastest of all peers takes for a step, and PyTorch with double backward, in the same"
            " precision. TFLOP/s count\na step's matrix products.\n\n"
            + table(["configuration", "precision", "ours, us/step", "by", "TFLOP/s", "times the best peer", "best peer, us/step",
                     "times eager", "eager, us/step"], rows))


def weights(dimension, width, depth, outputs):
    return dimension * width + (depth - 1) * width * width + width * outputs


# Of a step's matrix products, 12, 18 or 22 N P: RESULTS.md's first table.
GIGAFLOP = {
    "A": 12e-9 * 128 * weights(2, 128, 2, 2), "B": 12e-9 * 512 * weights(16, 256, 2, 16),
    "C": 12e-9 * 1024 * weights(100, 512, 3, 100), "D": 12e-9 * 256 * weights(784, 1024, 2, 784),
    "E": 18e-9 * 256 * weights(16, 128, 2, 1), "F": 22e-9 * 256 * weights(16, 128, 2, 1), "G1": 12e-9 * 1024 * weights(2, 128, 3, 2),
    "G2": 12e-9 * 4096 * weights(64, 512, 3, 64), "G3": 12e-9 * 8192 * weights(784, 2048, 4, 784)}


def everyone(result):
    parts = ["#### Everyone\n\nMicroseconds a step:"]
    for precision in dict.fromkeys(cell["precision"] for cell in result["steps"]):
        cells = [cell for cell in result["steps"] if cell["precision"] == precision]
        rows = [[name] + [number(medians(cell).get(key)) for cell in cells] for key, name in result["names"].items()
                if any(key in cell["times"] for cell in cells)]
        parts.append(table([precision] + [cell["config"] for cell in cells], rows))
    return "\n\n".join(parts)


def missing(result):
    by_reason = {}
    for name, where, reason in result["missing"]:
        by_reason.setdefault((name, reason), []).append(where)
    return "Missing:\n\n" + "\n".join(f"- {name}: {', '.join(where)}: {reason}" for (name, reason), where in by_reason.items())
