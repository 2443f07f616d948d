"""What bench/cpu.py measured, as a section of RESULTS.md."""
import statistics

BEST = "best peer"


def section(result):
    head = result["machine"]
    parts = [f"## {head['name']}: beside PyTorch and JAX", described(result)]
    if result["rates"]:
        parts += [ratios(result), everyone(result), memory(result)]
    if any(result["busy"].values()):
        parts.append(busy(result))
    if result["scoring"]:
        parts.append(scoring(result))
    if result["error"]:
        parts.append(errors(result))
    return "\n\n".join(parts) + "\n"


def replace(path, machine, text):
    """Puts the section in the place of this machine's last one, or at the end."""
    begin, end = f"<!-- cpu.py: {machine} -->\n", "<!-- cpu.py: end -->\n"
    old = path.read_text(encoding="utf-8")
    before, found, rest = old.partition(begin)
    after = rest.partition(end)[2] if found else ""
    if not found:
        before = before.rstrip("\n") + "\n\n"
    path.write_text(before + begin + text + end + after, encoding="utf-8")


def table(head, rows):
    lines = [head, ["---"] * len(head)] + rows
    return "\n".join("| " + " | ".join(map(str, line)) + " |" for line in lines)


def number(x, digits=3):
    """Three digits that count, without exponents."""
    if x is None:
        return "-"
    text = f"{x:.{digits}g}"
    return f"{float(text):.0f}" if "e" in text or abs(x) >= 10**digits else text


def described(result):
    spread = [max(rates) / min(rates) for _, _, _, rates in cells(result)]
    lines = [
        f"`bench/cpu.py`; {result['date']}; commit {result['commit']}; {result['machine']['system']}; {result['jdk']}.",
        f"{result['rounds']} rounds of turns of {result['seconds']:g} s, medians."
        + (f" A turn's rate differs between rounds by a factor of {statistics.median(spread):.2f} in the middle and"
           f" {max(spread):.2f} at most. Processes that waited for their turn took at most {100 * result['idle']:.1f} % of a core."
           if spread else "")]
    lines.append("")
    by_version = {}
    for name, version in result["versions"].items():
        by_version.setdefault(version, []).append(name)
    lines += [f"- {version}: {'; '.join(names)}" for version, names in by_version.items()]
    lines += [f"- Missing: {name} ({reason})" for name, reason in result["missing"].items()]
    return "\n".join(lines)


def cells(result):
    """Every player, configuration and number of threads with its rates."""
    for key, by_config in result["rates"].items():
        for config, by_threads in by_config.items():
            for threads, rates in by_threads.items():
                if rates:
                    yield key, config, threads, rates


def median(result, key, config, threads):
    rates = result["rates"].get(key, {}).get(config, {}).get(str(threads))
    return statistics.median(rates) if rates else None


def configs(result):
    return sorted({config for _, config, _, _ in cells(result)})


def at_best(result, key, config, threads):
    """The rate on as many threads or fewer, as one may choose for what does not gain from more."""
    rates = [median(result, key, config, fewer) for fewer in result["threads"] if fewer <= threads]
    return max((rate for rate in rates if rate is not None), default=None)


def best_peer(result, config, threads, rate=median):
    """Key and rate of the fastest that is not ours."""
    rates = {key: rate(result, key, config, threads) for key in result["names"] if key not in result["ours"]}
    rates = {key: found for key, found in rates.items() if found is not None}
    return max(rates.items(), key=lambda item: item[1]) if rates else (None, None)


def ratio(a, b):
    return None if a is None or b is None else a / b


def peak(result, threads):
    found = result["peaks"].get(str(threads))
    return statistics.median(found) if found else None


def ratios(result):
    rows = []
    for threads in result["threads"]:
        for config in configs(result):
            simd, plain, eager = (median(result, key, config, threads) for key in ("simd", "plain", "eager"))
            key, best = best_peer(result, config, threads)
            _, at_theirs = best_peer(result, config, threads, at_best)
            simd_best, eager_best = (at_best(result, key, config, threads) for key in ("simd", "eager"))
            one = min(result["threads"])
            gain = ratio(simd, median(result, "simd", config, one))
            of_gain = ratio(gain, ratio(peak(result, threads), peak(result, one)))
            done = None if simd is None else simd * GIGAFLOP[config]
            share = ratio(done, peak(result, threads))
            rows.append([
                config, threads, number(simd), number(done), "-" if share is None else f"{100 * share:.0f} %",
                f"{number(ratio(simd, best), 3)} ({number(ratio(simd_best, at_theirs), 3)})", f"{result['names'][key]}: {number(best)}" if key else "-",
                f"{number(ratio(simd, eager))} ({number(ratio(simd_best, eager_best))})", number(plain), number(ratio(plain, eager)),
                "-" if threads == one else f"{number(gain)} ({number(of_gain, 2)})"])
    peaks = ", ".join(f"{number(peak(result, threads))} GFLOP/s on {threads}" for threads in result["threads"])
    return ("### Training steps\n\n"
            "Times: how many times as many steps a second as the fastest of all peers, and as PyTorch with double backward; in brackets\n"
            "with everyone, us too, on the number of threads up to that one that suits him best. Of the\n"
            "peak: GFLOP/s of the step's matrix products against a loop of fused multiply-adds on registers in the same rounds\n"
            f"({peaks}; medians). The gain is that of SIMD over one thread, with its part of the loop's own gain.\n\n"
            + table(["configuration", "threads", "SIMD steps/s", "GFLOP/s", "of the peak", "times the best peer", "best peer, steps/s",
                     "times eager", "plain steps/s", "times eager", "gain (of the peak's)"], rows))


# Of a step's matrix products, 12, 18 or 22 N P: RESULTS.md's first table.
GIGAFLOP = {
    "A": 12e-9 * 128 * (2 * 128 + 128 * 128 + 128 * 2), "B": 12e-9 * 512 * (16 * 256 + 256 * 256 + 256 * 16),
    "C": 12e-9 * 1024 * (100 * 512 + 2 * 512 * 512 + 512 * 100), "D": 12e-9 * 256 * (784 * 1024 + 1024 * 1024 + 1024 * 784),
    "E": 18e-9 * 256 * (16 * 128 + 128 * 128 + 128), "F": 22e-9 * 256 * (16 * 128 + 128 * 128 + 128)}


def everyone(result):
    head = ["steps/s"] + [f"{config}, {threads}" for threads in result["threads"] for config in configs(result)]
    rows = [[name] + [number(median(result, key, config, threads)) for threads in result["threads"] for config in configs(result)]
            for key, name in result["names"].items() if key in result["rates"]]
    return "Everyone, by configuration and threads:\n\n" + table(head, rows)


def memory(result):
    found = result["memory"]
    rows = []
    for key, name in result["names"].items():
        if key in found:
            rows.append([name] + [number(found[key].get(config)) for config in configs(result)])
    for key, name in (("eager", "PyTorch eager"), (BEST, "the fastest peer")):
        row = []
        for config in configs(result):
            other = best_peer(result, config, max(result["threads"]))[0] if key == BEST else key
            row.append(number(ratio(found.get(other, {}).get(config), found.get("simd", {}).get(config))))
        rows.append([f"{name} / SIMD"] + row)
    return ("### Memory\n\nMiB of the resident set at its highest, of a process that did nothing but a configuration's steps; its\n"
            f"language's own share is in it. Ours ran with `{result['heap']}`, as a JVM takes what it may before it collects garbage.\n\n" + table(["MiB"] + configs(result), rows))


def busy(result):
    rows = []
    for key, by_config in result["busy"].items():
        cells_ = [f"{100 * statistics.median(parts):.0f} % ({100 * min(parts):.0f} %)" if parts else "-"
                  for parts in (by_config.get(config, []) for config in configs(result))]
        rows.append([result["names"][key]] + cells_)
    return (f"### Beside a busy process\n\nSteps a second on {max(result['threads'])} threads, as a part of the quiet rate, while another"
            " process takes all it gets of a core:\nmedian, and the least in brackets.\n\n"
            + table(["part of the quiet rate"] + configs(result), rows))


def scoring(result):
    rows = []
    for key, found in result["scoring"].items():
        for threads, rate in found["rows"].items():
            done = 2e-9 * (16 * 256 + 256 * 256 + 256 * 16) * rate
            step = ratio(median(result, key, "B", threads), 1 / GIGAFLOP["B"])
            rows.append([result["names"][key], threads, number(rate, 4), number(done),
                         "-" if step is None else f"{100 * done / step:.0f} %", number(found["memory"]),
                         f"{found['row'][0]:.1f}", f"{found['row'][1]:.1f}"])
    return ("### Scoring\n\nA million rows of 16 numbers through B's network in one call, and single rows; the step's rate is that of B on"
            " as many threads.\n\n"
            + table(["kernels", "threads", "rows/s", "GFLOP/s", "of the step's", "peak MiB", "one row, median us", "99 %, us"], rows))


def errors(result):
    rows = []
    for kind, by_key in result["error"].items():
        eager = by_key.get("eager")
        for key, found in by_key.items():
            seconds = statistics.median(row[0] for row in found)
            reached = sum(row[2] <= result["target"] for row in found)
            times = ratio(statistics.median(row[0] for row in eager), seconds) if eager else None
            rows.append([kind, result["names"][key], number(seconds), number(statistics.median(row[1] for row in found), 5),
                         f"{reached} of {len(found)}", number(times)])
    return (f"### Time to a relative Fisher error of {result['target']:g}\n\nThe demo's mixture, networks and settings, in a fresh process"
            " from the opening of the training on, evaluations (every 50\nsteps, of the averaged network on 20,000 fresh points) left"
            f" out; {max(result['threads'])} threads; medians of the seeds. Peers start from the same parameters.\n\n"
            + table(["network", "by", "seconds", "steps", "reached", "eager takes, times"], rows))
