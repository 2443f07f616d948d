package io.github.slicedscore.eval;

/** Sums of numbers known by their logarithms. */
final class LogSum {
    private LogSum() {}

    /** log of the sum of exp(terms), relative to the largest term; minus infinity if all of them are. */
    static double of(double[] terms) {
        double largest = Double.NEGATIVE_INFINITY;
        for (double term : terms) {
            largest = Math.max(largest, term);
        }
        if (largest == Double.NEGATIVE_INFINITY) {
            return largest;
        }
        double sum = 0;
        for (double term : terms) {
            sum += Math.exp(term - largest);
        }
        return largest + Math.log(sum);
    }
}
