package io.github.slicedscore.cli;

import io.github.slicedscore.cli.Panel.Range;
import java.util.ArrayList;
import java.util.List;

/** Round numbers along an axis. */
final class Ticks {
    private Ticks() {}

    /** The largest of 1, 2 and 5 times a power of ten that is not above a length. */
    static double step(double most) {
        double power = Math.pow(10, Math.floor(Math.log10(most)));
        double mantissa = most / power;
        return power * (mantissa >= 5 ? 5 : mantissa >= 2 ? 2 : 1);
    }

    /** The next step: from 1 to 2, to 5, to 10. */
    static double coarser(double step) {
        return step(2.51 * step);
    }

    /** The multiples of a step in a range. */
    static List<Double> of(Range range, double step) {
        List<Double> ticks = new ArrayList<>();
        double first = Math.ceil(range.from() / step);
        double more = Math.floor(range.to() / step) - first;
        for (int i = 0; i <= more; i++) {
            ticks.add((first + i) * step);
        }
        return ticks;
    }

    /** A multiple of a step with as many digits as it takes to tell it from the next. */
    static String label(double value, double step) {
        double clean = Math.abs(value) < step / 2 ? 0 : value;
        return CsvText.fixed(clean, Math.max(0, (int) -Math.floor(Math.log10(step) + 1e-9)));
    }
}
