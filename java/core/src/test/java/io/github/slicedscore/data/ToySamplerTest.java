package io.github.slicedscore.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.slicedscore.math.Erf;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Distributions that only draw: the figures that their formulas describe, seen through next to no noise, and how they are filled. */
class ToySamplerTest {
    private static final int ROWS = 20_000;
    private static final double CRITICAL = Statistics.criticalDistance(ROWS);
    private static final double FAINT = 1e-6;

    @Test
    void moonsAreHalfCirclesWithEvenArcs() {
        Dataset moons = new TwoMoons(FAINT).sample(1, ROWS);
        double[] along = new double[ROWS];
        for (int row = 0; row < ROWS; row++) {
            double x = moons.value(row, 0);
            double y = moons.value(row, 1);
            boolean upper = Math.abs(Math.hypot(x, y) - 1) < 10 * FAINT && y > -10 * FAINT;
            double cos = upper ? x : 1 - x;
            double sin = upper ? y : 0.5 - y;
            assertThat(Math.hypot(cos, sin)).isCloseTo(1, within(10 * FAINT));
            assertThat(sin).isGreaterThan(-10 * FAINT);
            along[row] = Math.atan2(Math.max(sin, 0), cos) / Math.PI + (upper ? 0 : 1);
        }
        // The lower moon's points where the circles cross count as the upper's: two in 10 / FAINT.
        assertThat(Statistics.distance(along, value -> value / 2)).isLessThan(CRITICAL);
    }

    @Test
    void darkSquaresOfTheBoardAreEvenlyFilled() {
        Dataset board = new Checkerboard(6, 0.5).sample(1, ROWS);
        double[] columns = board.column(0);
        double[] rows = board.column(1);
        for (int row = 0; row < ROWS; row++) {
            int i = (int) Math.floor(columns[row] / 0.5) + 3;
            int j = (int) Math.floor(rows[row] / 0.5) + 3;
            assertThat((i + j) % 2).isZero();
        }
        assertThat(Statistics.distance(columns, x -> (x + 1.5) / 3)).isLessThan(CRITICAL);
        assertThat(Statistics.distance(rows, x -> (x + 1.5) / 3)).isLessThan(CRITICAL);
        // 18 dark squares: chi^2 with 17 degrees of freedom is below 53.1 with a chance of 1 - 1e-5
        int[] counts = new int[36];
        for (int row = 0; row < ROWS; row++) {
            counts[6 * ((int) Math.floor(columns[row] / 0.5) + 3) + (int) Math.floor(rows[row] / 0.5) + 3]++;
        }
        double chi = 0;
        for (int square = 0; square < 36; square++) {
            if ((square / 6 + square % 6) % 2 == 0) {
                chi += Math.pow(counts[square] - ROWS / 18.0, 2) / (ROWS / 18.0);
            }
        }
        assertThat(chi).isLessThan(53.1);
    }

    @Test
    void theRollIsASpiral() {
        Dataset roll = new SwissRoll(FAINT).sample(1, ROWS);
        double[] along = new double[ROWS];
        for (int row = 0; row < ROWS; row++) {
            double x = roll.value(row, 0);
            double y = roll.value(row, 1);
            double t = 5 * Math.hypot(x, y);
            assertThat(x).isCloseTo(t * Math.cos(t) / 5, within(100 * FAINT));
            assertThat(y).isCloseTo(t * Math.sin(t) / 5, within(100 * FAINT));
            along[row] = t;
        }
        assertThat(Statistics.distance(along, t -> (t - 1.5 * Math.PI) / (3 * Math.PI)))
                .isLessThan(CRITICAL);
    }

    /** With so short an arm no point comes near the centre, where the noise would turn it at will. */
    @Test
    void thePinwheelsArmsBendAsTheyGoOut() {
        Dataset wheel = new Pinwheel(5, 0.15, FAINT, 0.25).sample(1, ROWS);
        double[] out = new double[ROWS];
        double[] arms = new double[ROWS];
        for (int row = 0; row < ROWS; row++) {
            double u = Math.hypot(wheel.value(row, 0), wheel.value(row, 1)) / 2;
            double angle = Math.atan2(wheel.value(row, 1), wheel.value(row, 0));
            double arm = (angle - 0.25 * Math.exp(u)) / (2 * Math.PI / 5);
            assertThat(arm).isCloseTo(Math.rint(arm), within(1000 * FAINT));
            out[row] = (u - 1) / 0.15;
            arms[row] = Math.floorMod((int) Math.rint(arm), 5);
        }
        assertThat(Statistics.distance(out, z -> 0.5 * (1 + Erf.erf(z / Math.sqrt(2)))))
                .isLessThan(CRITICAL);
        for (int k = 0; k < 5; k++) {
            int arm = k;
            double share = Arrays.stream(arms).filter(a -> a == arm).count() / (double) ROWS;
            assertThat(share).isCloseTo(0.2, within(5 * Math.sqrt(0.2 * 0.8 / ROWS)));
        }
    }

    /** Noise is normal, of its deviation, and independent from column to column. */
    @Test
    void noiseHasItsSize() {
        assertNoise(new TwoMoons(FAINT), new TwoMoons(0.3), 0.3);
        assertNoise(new SwissRoll(FAINT), new SwissRoll(0.3), 0.3);
    }

    /** The same rows with and without noise. */
    private static void assertNoise(ToySampler sharp, ToySampler blurred, double deviation) {
        Dataset without = sharp.sample(1, ROWS);
        Dataset with = blurred.sample(1, ROWS);
        double[][] noise = {with.column(0), with.column(1)};
        for (int column = 0; column < 2; column++) {
            for (int row = 0; row < ROWS; row++) {
                noise[column][row] = (noise[column][row] - without.value(row, column)) / deviation;
            }
            assertThat(Statistics.distance(noise[column], z -> 0.5 * (1 + Erf.erf(z / Math.sqrt(2)))))
                    .isLessThan(CRITICAL);
        }
        double product = 0;
        for (int row = 0; row < ROWS; row++) {
            product += noise[0][row] * noise[1][row] / ROWS;
        }
        assertThat(product).isCloseTo(0, within(5 / Math.sqrt(ROWS)));
    }

    @ParameterizedTest
    @MethodSource("io.github.slicedscore.data.ToySamplers#names")
    void everyNameFindsItsDistribution(String name) {
        ToySampler sampler = ToySamplers.of(name);
        assertThat(sampler.id()).isEqualTo(name);
        Dataset sample = sampler.sample(3, 100);
        assertThat(sample.columns()).hasSize(sampler.dimension());
        assertThat(sampler.sample(3, 100).hash()).isEqualTo(sample.hash());
        assertThat(sampler.sample(4, 100).hash()).isNotEqualTo(sample.hash());
    }

    @Test
    void namesAreListedWhereNoneFits() {
        assertThat(ToySamplers.names())
                .containsExactly(
                        "gaussian",
                        "mixture",
                        "banana",
                        "ring",
                        "student-t",
                        "two-moons",
                        "checkerboard",
                        "swiss-roll",
                        "pinwheel");
        assertThatThrownBy(() -> ToySamplers.of("moons"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("'moons'", "two-moons, checkerboard");
    }

    @Test
    void parametersOutOfRangeAreRefused() {
        assertThatThrownBy(() -> new TwoMoons(0)).hasMessageContaining("0.0");
        assertThatThrownBy(() -> new SwissRoll(-1)).hasMessageContaining("-1.0");
        assertThatThrownBy(() -> new Checkerboard(3, 1)).hasMessageContaining("not 3");
        assertThatThrownBy(() -> new Checkerboard(0, 1)).hasMessageContaining("not 0");
        assertThatThrownBy(() -> new Checkerboard(4, Double.NaN)).hasMessageContaining("NaN");
        assertThatThrownBy(() -> new Pinwheel(0, 1, 1, 1)).hasMessageContaining("not 0");
        assertThatThrownBy(() -> new Pinwheel(5, 0, 1, 1)).hasMessageContaining("radial");
        assertThatThrownBy(() -> new Pinwheel(5, 1, -1, 1)).hasMessageContaining("tangential");
        assertThatThrownBy(() -> new Pinwheel(5, 1, 1, Double.POSITIVE_INFINITY))
                .hasMessageContaining("bend");
    }
}
