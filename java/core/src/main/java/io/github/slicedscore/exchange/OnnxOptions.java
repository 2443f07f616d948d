package io.github.slicedscore.exchange;

/**
 * How a model is written as an ONNX graph.
 *
 * @param output what the graph gives
 * @param opset version of ONNX's operators, {@value #OLDEST_OPSET} to {@value #NEWEST_OPSET}; the graph is the same in all
 */
public record OnnxOptions(Output output, int opset) {
    /** The oldest version of the operators that has them in the form that the graphs use. */
    public static final int OLDEST_OPSET = 13;

    /** The newest version with which graphs were tried. */
    public static final int NEWEST_OPSET = 21;

    /** All that the model knows, in version 17, which runtimes of 2022 and later read. */
    public static final OnnxOptions DEFAULT = new OnnxOptions(Output.ALL, 17);

    /** What a graph gives. */
    public enum Output {
        /** The score, and of an energy the log-density, too. */
        ALL,
        /** The score alone. */
        SCORE,
        /** The log-density alone, which spares the reverse pass; of energies only. */
        LOG_DENSITY
    }

    /** Checks the version. */
    public OnnxOptions {
        if (opset < OLDEST_OPSET || opset > NEWEST_OPSET) {
            throw new IllegalArgumentException("graphs are written for versions " + OLDEST_OPSET + " to " + NEWEST_OPSET
                    + " of ONNX's operators, not " + opset);
        }
    }

    /** IR version of the first release of ONNX that had these operators. */
    int irVersion() {
        return opset < 15 ? 7 : opset < 19 ? 8 : opset < 21 ? 9 : 10;
    }
}
