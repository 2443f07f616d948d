package io.github.slicedscore.eval;

/** Mean of independent values, and the standard error of that mean: sd / sqrt(n), sd with n - 1; NaN for a single value. */
record SampleMean(double mean, double standardError) {
    static SampleMean of(double[] values) {
        double sum = 0;
        for (double value : values) {
            sum += value;
        }
        double mean = sum / values.length;
        double squares = 0;
        for (double value : values) {
            squares += (value - mean) * (value - mean);
        }
        double variance = values.length == 1 ? Double.NaN : squares / (values.length - 1);
        return new SampleMean(mean, Math.sqrt(variance / values.length));
    }
}
