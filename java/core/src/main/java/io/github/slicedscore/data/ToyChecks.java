package io.github.slicedscore.data;

/** What toy distributions ask of their parameters. */
final class ToyChecks {
    private ToyChecks() {}

    /** Throws unless a number is positive and finite. */
    static void requirePositive(String what, double value) {
        if (!(value > 0 && value < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException(what + " is a positive number, not " + value);
        }
    }

    /** The square of a standard deviation of noise to be added; throws unless that is 0 or positive and finite. */
    static double noiseVariance(double sigma) {
        if (!(sigma >= 0 && sigma < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("the noise's sigma is 0 or a positive number, not " + sigma);
        }
        return sigma * sigma;
    }
}
