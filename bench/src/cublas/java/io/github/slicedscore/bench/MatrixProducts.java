package io.github.slicedscore.bench;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The yardstick of the wide layers: cuBLASLt on the three matrix products of a layer, forward, input gradient and weight
 * gradient, over all streams of a batch, in every precision. Prints a table in Markdown.
 *
 * <p>Factors are in memory as cuBLASLt takes them, in bf16 as bf16; results are in single precision. Neither biases nor the
 * element-wise stages are in the times, nor any rounding of factors: it is the least that a step of these layers takes.
 */
public final class MatrixProducts {
    private static final List<String> CONFIGS = List.of("C", "D", "G2", "G3");

    private MatrixProducts() {}

    /**
     * Times the products.
     *
     * @param args names of configurations; none for those with wide layers
     */
    public static void main(String[] args) {
        List<String> names = args.length > 0 ? Arrays.asList(args) : CONFIGS;
        try (CublasLt cublas = new CublasLt()) {
            print(System.out, cublas, names.stream().map(Config::valueOf).toList());
        }
    }

    private static void print(PrintStream out, CublasLt cublas, List<Config> configs) {
        out.println(cublas.description()
                + ". TFLOP/s of the fastest algorithm that its heuristic offers, medians of 5; a config's");
        out.println("last line: us of all products of a training step together.");
        out.println();
        out.println("| configuration | product | rows x columns x depth | fp32 | tf32 | bf16 |");
        out.println("| --- | --- | --- | --- | --- | --- |");
        for (Config config : configs) {
            printConfig(out, cublas, config);
        }
    }

    private static void printConfig(PrintStream out, CublasLt cublas, Config config) {
        double[] sums = new double[CublasLt.Precision.values().length];
        for (Map.Entry<Product, Integer> entry : products(config).entrySet()) {
            Product product = entry.getKey();
            List<String> cells = new ArrayList<>();
            for (CublasLt.Precision precision : CublasLt.Precision.values()) {
                double microseconds = microseconds(cublas, product, precision);
                sums[precision.ordinal()] += entry.getValue() * microseconds;
                cells.add(String.format(Locale.ROOT, "%.1f", product.flops() / microseconds * 1e-6));
            }
            out.println("| " + config + " | " + product.kind().word + " | " + product.shape() + " | "
                    + String.join(" | ", cells) + " |");
        }
        List<String> cells = Arrays.stream(sums)
                .mapToObj(sum -> String.format(Locale.ROOT, "%.1f us", sum))
                .toList();
        out.println("| " + config + " | all of a step | | " + String.join(" | ", cells) + " |");
    }

    /** NaN where the library cannot do it, or does it wrongly: the others are of use all the same. */
    private static double microseconds(CublasLt cublas, Product product, CublasLt.Precision precision) {
        try {
            return cublas.microseconds(product, precision);
        } catch (IllegalStateException e) {
            System.err.println(e.getMessage());
            return Double.NaN;
        }
    }

    /** Of a training step, with how often each comes. The first layer has no input gradient. */
    private static Map<Product, Integer> products(Config config) {
        int rows = config.batch * config.streams();
        int[] widths = config.widths();
        Map<Product, Integer> found = new LinkedHashMap<>();
        for (int layer = 0; layer + 1 < widths.length; layer++) {
            for (Product.Kind kind : Product.Kind.values()) {
                if (layer > 0 || kind != Product.Kind.INPUT_GRADIENT) {
                    found.merge(new Product(kind, rows, widths[layer], widths[layer + 1]), 1, Integer::sum);
                }
            }
        }
        return found;
    }
}
