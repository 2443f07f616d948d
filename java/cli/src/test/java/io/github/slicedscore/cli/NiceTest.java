package io.github.slicedscore.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.slicedscore.cli.Cli.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A flow from the command line: its samples are exact, and its likelihood is no estimate. */
class NiceTest {
    @TempDir
    static Path folder;

    private static Path data;
    private static Path flow;

    @BeforeAll
    static void train() throws IOException {
        data = Tables.mixture(folder.resolve("data.csv"), 1000);
        flow = folder.resolve("flow.safetensors");
        Outcome outcome = Cli.run(
                "train",
                data,
                "--out",
                flow,
                "--columns",
                "a,\"b, in m\"",
                "--model",
                "nice",
                "--hidden",
                "16",
                "--couplings",
                "3",
                "--objective",
                "mle",
                "--steps",
                "60",
                "--seed",
                "4",
                "--backend",
                "cpu",
                "--quiet");
        assertThat(outcome.code()).as(outcome.err()).isZero();
    }

    @Test
    void samplesAreExactUnlessAskedOtherwise() {
        Outcome exact = Cli.run("sample", flow, "-n", "20", "--seed", "3", "--backend", "cpu");
        assertThat(exact.code()).as(exact.err()).isZero();
        assertThat(exact.err()).isEmpty();
        assertThat(Cli.run("sample", flow, "-n", "20", "--seed", "3", "--method", "exact")
                        .out())
                .isEqualTo(exact.out());
        assertThat(Arrays.stream(exact.column(0)).distinct()).hasSize(20);
        Outcome chains = Cli.run("sample", flow, "-n", "20", "--seed", "3", "--method", "langevin", "--steps", "3");
        assertThat(chains.out()).isNotEqualTo(exact.out());
        Outcome steps = Cli.run("sample", flow, "--steps", "3");
        assertThat(steps.code()).isEqualTo(2);
        assertThat(steps.err()).contains("--steps").contains("exact");
    }

    @Test
    void exactSamplesOfAnEnergyAreRefused() {
        Path energy = folder.resolve("energy.safetensors");
        Outcome trained =
                Cli.run("train", data, "--out", energy, "--columns", "a", "--hidden", "4", "--steps", "2", "--quiet");
        assertThat(trained.code()).as(trained.err()).isZero();
        Outcome refused = Cli.run("sample", energy, "--method", "exact");
        assertThat(refused.code()).isEqualTo(2);
        assertThat(refused.err()).contains("this one is of kind energy");
    }

    @Test
    void evaluateSaysThatTheLikelihoodIsExact() {
        Outcome outcome = Cli.run("evaluate", flow, data, "--rows", "200");
        assertThat(outcome.code()).as(outcome.err()).isZero();
        assertThat(outcome.out()).containsPattern("(?m)^ +exact +-?\\d").doesNotContain("importance sampling");
        Outcome json = Cli.run("evaluate", flow, data, "--rows", "200", "--json");
        assertThat(json.out()).contains("\"normalizers\": []");
    }

    @Test
    void convertSpreadsPixels() throws IOException {
        Path pixels = Files.writeString(folder.resolve("pixels.csv"), "a,b\n0,255\n17,3\n");
        Path rows = folder.resolve("pixels.rows");
        Outcome outcome = Cli.run("convert", pixels, "--logit", "256", "--seed", "2", "--out", rows);
        assertThat(outcome.code()).as(outcome.err()).isZero();
        byte[] first = Files.readAllBytes(rows);
        assertThat(Cli.run("convert", pixels, "--logit", "256", "--seed", "3", "--out", rows, "--force")
                        .code())
                .isZero();
        assertThat(Files.readAllBytes(rows)).isNotEqualTo(first);

        Outcome alone = Cli.run("convert", pixels, "--seed", "2", "--out", rows, "--force");
        assertThat(alone.code()).isEqualTo(2);
        assertThat(alone.err()).contains("--seed is for the noise of --logit");
        Outcome beyond = Cli.run("convert", pixels, "--logit", "255", "--out", folder.resolve("none.rows"));
        assertThat(beyond.code()).isEqualTo(2);
        assertThat(beyond.err()).contains("row 1 has 255.0 in column 'b'");
        assertThat(folder.resolve("none.rows")).doesNotExist();
        assertThat(Cli.run("convert", pixels, "--logit", "1", "--out", rows, "--force")
                        .err())
                .contains("--logit: there are at least two levels");
    }
}
