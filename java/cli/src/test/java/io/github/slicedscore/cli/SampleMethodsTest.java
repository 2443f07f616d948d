package io.github.slicedscore.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.slicedscore.cli.Cli.Outcome;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every way to draw samples, and every option of it. */
class SampleMethodsTest {
    /** Which methods take an option. */
    private static final Map<String, Set<String>> TAKERS = Map.of(
            "--steps", Set.of("langevin", "annealed", "sde"),
            "--step", Set.of("langevin", "annealed"),
            "--last-step", Set.of("langevin"),
            "--chains", Set.of("mala", "hmc"),
            "--warm-up", Set.of("mala", "hmc"),
            "--thinning", Set.of("mala", "hmc"),
            "--leapfrogs", Set.of("hmc"),
            "--tolerance", Set.of("ode"),
            "--corrector", Set.of("sde"));

    private static final Map<String, String> VALUES = Map.of(
            "--steps", "30",
            "--step", "0.1",
            "--last-step", "0.01",
            "--chains", "8",
            "--warm-up", "30",
            "--thinning", "3",
            "--leapfrogs", "4",
            "--tolerance", "0.01",
            "--corrector", "2");

    @TempDir
    static Path folder;

    private static Path energy;
    private static Path levels;
    private static Path flow;

    @BeforeAll
    static void trainAModelOfEachKind() throws IOException {
        Path data = Tables.mixture(folder.resolve("data.csv"), 2000);
        energy = folder.resolve("energy.safetensors");
        levels = folder.resolve("levels.safetensors");
        flow = folder.resolve("flow.safetensors");
        train(data, energy);
        train(data, flow, "--model", "nice", "--objective", "mle");
        train(data, levels, "--model", "score", "--objective", "dsm", "--noise-levels", "5:0.1:6");
    }

    private static void train(Path data, Path out, Object... options) {
        List<Object> line = new ArrayList<>(List.of("train", data, "--out", out, "--columns", "a,\"b, in m\""));
        line.addAll(List.of("--hidden", "16", "--steps", "1000", "--lr", "0.01", "--quiet"));
        line.addAll(List.of(options));
        assertThat(Cli.run(line.toArray()).code()).isZero();
    }

    private static Path modelFor(String method) {
        if (method.equals("exact")) {
            return flow;
        }
        return Set.of("annealed", "ode", "sde").contains(method) ? levels : energy;
    }

    private static Outcome sample(Path model, Object... options) {
        List<Object> line = new ArrayList<>(List.of("sample", model, "-n", "40"));
        line.addAll(List.of(options));
        return Cli.run(line.toArray());
    }

    private static String succeeds(Outcome outcome) {
        assertThat(outcome.code()).as(outcome.err()).isZero();
        return outcome.out();
    }

    @ParameterizedTest
    @ValueSource(strings = {"langevin", "mala", "hmc", "annealed", "ode", "sde", "exact"})
    void everyOptionIsUsedOrRefused(String method) {
        String standard = succeeds(sample(modelFor(method), "--method", method));
        assertThat(Outcome.table(standard)).hasDimensions(40, 2);
        assertThat(succeeds(sample(modelFor(method), "--method", method))).isEqualTo(standard);

        VALUES.forEach((option, value) -> {
            Outcome outcome = sample(modelFor(method), "--method", method, option, value);
            if (TAKERS.get(option).contains(method)) {
                assertThat(succeeds(outcome)).as(option).isNotEqualTo(standard);
            } else {
                assertThat(outcome.code()).isEqualTo(2);
                assertThat(outcome.out()).isEmpty();
                assertThat(outcome.err())
                        .contains(option + " goes with --method ", ", not with " + method, "leave one of the two out");
            }
        });
    }

    @Test
    void samplesAreLikeTheData() {
        for (String method : SamplerOptions.NAMES) {
            double[] second = Arrays.stream(Outcome.table(
                            succeeds(Cli.run("sample", modelFor(method), "-n", "500", "--method", method))))
                    .mapToDouble(row -> row[1])
                    .toArray();
            double mean = Arrays.stream(second).average().orElseThrow();
            double deviation = Math.sqrt(Arrays.stream(second)
                    .map(value -> (value - mean) * (value - mean))
                    .average()
                    .orElseThrow());
            // The second column of the data has mean 102 and deviation 16.
            assertThat(mean).as(method).isBetween(95.0, 109.0);
            assertThat(deviation).as(method).isBetween(12.0, 20.0);
        }
    }

    @Test
    void theMethodFollowsFromTheModel() {
        assertThat(succeeds(sample(energy))).isEqualTo(succeeds(sample(energy, "--method", "langevin")));
        assertThat(succeeds(sample(levels))).isEqualTo(succeeds(sample(levels, "--method", "ode")));
        assertThat(succeeds(sample(flow))).isEqualTo(succeeds(sample(flow, "--method", "exact")));
    }

    @Test
    void chainsSayWhatTheyKnow() {
        assertThat(sample(energy, "--method", "hmc").err())
                .containsPattern(
                        "hmc: 64 chains of 8 draws after a warm-up of 500; accepted 0\\.\\d\\d, aimed at 0\\.80, by"
                                + " steps of [0-9.]+; R-hat at most \\d\\.\\d{3}; worth at least \\d+ draws\\R");
        assertThat(sample(energy, "--method", "langevin", "--steps", "20").err())
                .startsWith("warning: samples remember where their chains began");
        assertThat(sample(levels).err()).isEmpty();
    }

    @Test
    void modelsThatAMethodCannotTake() throws IOException {
        assertRefused(sample(energy, "--method", "exact"), "models of kind nice", "of kind energy");
        for (String method : new String[] {"annealed", "ode", "sde"}) {
            assertRefused(sample(energy, "--method", method), "trained without noise levels", "--noise-levels");
        }
        for (String method : new String[] {"mala", "hmc"}) {
            assertRefused(sample(levels, "--method", method), "score network", "--model energy");
        }
    }

    @Test
    void valuesThatAMethodCannotTake() {
        assertRefused(sample(energy, "--method", "hmc", "--warm-up", "3"), "at least 20", "not 3");
        assertRefused(sample(energy, "--method", "gibbs"), "--method", "langevin, mala, hmc, annealed, ode, sde");
        assertRefused(sample(energy, "--step", "0"), "--step", "a positive number");
        assertRefused(sample(levels, "--tolerance", "-1"), "--tolerance", "a positive number");
        assertRefused(sample(levels, "--method", "sde", "--corrector", "-1"), "--corrector", "at least 0");
    }

    private static void assertRefused(Outcome outcome, String... parts) {
        assertThat(outcome.err()).contains(parts).doesNotContain("Exception");
        assertThat(outcome.code()).isEqualTo(2);
        assertThat(outcome.out()).isEmpty();
    }
}
