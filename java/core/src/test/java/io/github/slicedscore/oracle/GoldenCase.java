package io.github.slicedscore.oracle;

import io.github.slicedscore.io.SafeTensors;
import io.github.slicedscore.io.Tensor;
import io.github.slicedscore.model.Activation;
import io.github.slicedscore.model.Architecture;
import io.github.slicedscore.model.EnergyMlp;
import io.github.slicedscore.model.ParameterLayout;
import io.github.slicedscore.model.ScoreMlp;
import io.github.slicedscore.objective.DenoisingScoreMatching;
import io.github.slicedscore.objective.ExactScoreMatching;
import io.github.slicedscore.objective.FiniteDifferenceScoreMatching;
import io.github.slicedscore.objective.Objective;
import io.github.slicedscore.objective.Projection;
import io.github.slicedscore.objective.SlicedObjective;
import io.github.slicedscore.objective.SlicedScoreMatching;
import io.github.slicedscore.objective.Slices;
import io.github.slicedscore.objective.VarianceReducedScoreMatching;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * One case of the golden values: a network, a batch and what PyTorch's automatic differentiation returns for it in double
 * precision. All tensors are F64:
 *
 * <ul>
 * <li>{@code layers.I.weight}, {@code layers.I.bias}; {@code x} [N, D], {@code condition} [N, C], {@code v} [M, N, D];
 *     {@code noise}, {@code sigma} of dsm; {@code eps}, the step of fd_ssm
 * <li>{@code value} [N] of energies, {@code score} [N, D], {@code jvp} [M, N, D], {@code projected} and {@code quadratic}
 *     [M, N], {@code trace} [N]
 * <li>{@code per_sample.O} [N], {@code loss.O} [1] and {@code grad.O.layers.I.weight} or {@code .bias}, for O of ssm,
 *     ssm_vr, exact, dsm, fd_ssm
 * </ul>
 *
 * @param name file name
 * @param architecture the network
 * @param parameters flat, in layout order
 * @param batch inputs and slices
 * @param file all tensors
 */
public record GoldenCase(
        String name, Architecture architecture, double[] parameters, Oracle.Batch batch, SafeTensors file) {
    /** Directory of the test resources, unless {@code -Dgolden.dir} names another. */
    static final String DEFAULT_DIRECTORY = "src/test/resources/golden";

    /**
     * Reads every case.
     *
     * @return the cases by name, at least one
     * @throws AssertionError if the directory holds none
     */
    public static List<GoldenCase> all() {
        Path directory =
                Path.of(System.getProperty("golden.dir", DEFAULT_DIRECTORY)).toAbsolutePath();
        if (!Files.isDirectory(directory)) {
            throw new AssertionError("there is no directory " + directory + "; -Dgolden.dir names the golden cases");
        }
        try (Stream<Path> files = Files.list(directory)) {
            List<GoldenCase> cases = files.filter(file -> file.toString().endsWith(".safetensors"))
                    .sorted()
                    .map(GoldenCase::read)
                    .toList();
            if (cases.isEmpty()) {
                throw new AssertionError(
                        directory + " holds no .safetensors file; -Dgolden.dir names the golden cases");
            }
            return cases;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot list " + directory, e);
        }
    }

    private static GoldenCase read(Path path) {
        SafeTensors file;
        try {
            file = SafeTensors.read(path);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + path, e);
        }
        Architecture architecture = architecture(file);
        double[] x = doubles(file, "x");
        int conditions = architecture.conditions();
        double[] inputs =
                conditions == 0 ? x : interleave(x, architecture.dimension(), doubles(file, "condition"), conditions);
        return new GoldenCase(
                path.getFileName().toString(),
                architecture,
                flat(architecture, file, ""),
                new Oracle.Batch(inputs, doubles(file, "v")),
                file);
    }

    private static Architecture architecture(SafeTensors file) {
        int dimension = Integer.parseInt(file.metadata().get("dim"));
        int conditions = Integer.parseInt(file.metadata().get("condition"));
        List<Integer> hidden = Stream.of(file.metadata().get("hidden").split(","))
                .filter(width -> !width.isEmpty())
                .map(Integer::valueOf)
                .toList();
        Activation activation = Activation.of(file.metadata().get("activation"));
        return switch (file.metadata().get("kind")) {
            case "score" -> new ScoreMlp(dimension, conditions, hidden, activation);
            case "energy" ->
                new EnergyMlp(
                        dimension,
                        conditions,
                        hidden,
                        activation,
                        Double.parseDouble(file.metadata().get("base")));
            default -> throw new AssertionError("a golden case is of kind score or energy");
        };
    }

    private static double[] flat(Architecture architecture, SafeTensors file, String prefix) {
        return ParameterLayout.of(architecture).tensors().stream()
                .flatMapToDouble(tensor -> Arrays.stream(doubles(file, prefix + tensor.name())))
                .toArray();
    }

    private static double[] doubles(SafeTensors file, String name) {
        Tensor tensor = file.tensors().get(name);
        if (tensor == null) {
            throw new AssertionError("the case has no tensor " + name + ", only "
                    + file.tensors().keySet());
        }
        return tensor.doubles();
    }

    /** Rows [x, c] from rows x and rows c. */
    private static double[] interleave(double[] x, int dimension, double[] c, int conditions) {
        int width = dimension + conditions;
        double[] rows = new double[x.length + c.length];
        for (int n = 0; n * dimension < x.length; n++) {
            System.arraycopy(x, n * dimension, rows, n * width, dimension);
            System.arraycopy(c, n * conditions, rows, n * width + dimension, conditions);
        }
        return rows;
    }

    /** The objectives that there are expected values for. */
    public List<Objective> objectives() {
        int count = expected("quadratic").length / expected("trace").length;
        Slices slices = new Slices(count, Projection.of(file.metadata().get("projection")));
        return List.of(
                new SlicedScoreMatching(slices),
                new VarianceReducedScoreMatching(slices),
                new ExactScoreMatching(),
                new DenoisingScoreMatching(expected("sigma")[0]),
                new FiniteDifferenceScoreMatching(slices, expected("eps")[0]));
    }

    /** The random directions of an objective: the case's slices, or its noise, or none. */
    public double[] directions(Objective objective) {
        if (objective instanceof SlicedObjective) {
            return batch.directions();
        }
        return objective.addsNoise() ? expected("noise") : new double[0];
    }

    /**
     * One expected tensor.
     *
     * @param tensor its name
     * @return its values, row-major
     */
    public double[] expected(String tensor) {
        return doubles(file, tensor);
    }

    /**
     * An objective's expected value.
     *
     * @param objective name as in this library, ssm-vr for example
     * @return per-sample losses, mean and gradient
     */
    public Oracle.Result expectedResult(String objective) {
        String golden = objective.replace('-', '_');
        return new Oracle.Result(
                doubles(file, "per_sample." + golden),
                doubles(file, "loss." + golden)[0],
                flat(architecture, file, "grad." + golden + "."));
    }
}
