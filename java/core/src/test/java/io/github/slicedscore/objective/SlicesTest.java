package io.github.slicedscore.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.slicedscore.math.Philox;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SlicesTest {
    /** The scale that makes v.J v an unbiased estimate of tr J; with the unit sphere the diagonal would be 1/D. */
    @ParameterizedTest
    @EnumSource
    void secondMomentIsTheIdentity(Projection projection) {
        int dimension = 6;
        int draws = 60_000;
        Slices slices = new Slices(3, projection);
        Philox philox = new Philox();
        float[] v = new float[dimension];
        double[][] moment = new double[dimension][dimension];
        for (int draw = 0; draw < draws; draw++) {
            slices.draw(philox, 11, draw / 3, draw % 3, 5, v, dimension);
            for (int i = 0; i < dimension; i++) {
                for (int j = 0; j < dimension; j++) {
                    moment[i][j] += (double) v[i] * v[j] / draws;
                }
            }
        }
        // A product of two components varies by 2 at most (a Gaussian's square): 6 standard deviations.
        double tolerance = 6 * Math.sqrt(2.0 / draws);
        for (int i = 0; i < dimension; i++) {
            for (int j = 0; j < dimension; j++) {
                assertThat(moment[i][j]).isCloseTo(i == j ? 1 : 0, within(tolerance));
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"RADEMACHER", "SPHERE"})
    void lengthIsTheRootOfTheDimension(Projection projection) {
        for (int dimension : new int[] {1, 2, 5, 100, 784}) {
            float[] v = new float[dimension];
            new Slices(1, projection).draw(new Philox(), 12, dimension, 0, 0, v, dimension);
            double square = 0;
            for (float component : v) {
                square += (double) component * component;
            }
            assertThat(Math.sqrt(square)).isCloseTo(Math.sqrt(dimension), within(1e-6 * Math.sqrt(dimension)));
        }
    }

    @ParameterizedTest
    @EnumSource
    void everySliceSampleAndStepIsAnother(Projection projection) {
        Slices slices = new Slices(2, projection);
        int dimension = 64;
        float[] v = new float[dimension];
        float[] same = new float[dimension];
        float[] other = new float[dimension];
        slices.draw(new Philox(), 1, 2, 0, 3, v, dimension);
        slices.draw(new Philox(), 1, 2, 0, 3, same, dimension);
        assertThat(same).isEqualTo(v);
        int[][] places = {{2, 1, 3}, {3, 0, 3}, {2, 0, 4}};
        for (int[] place : places) {
            slices.draw(new Philox(), 1, place[0], place[1], place[2], other, dimension);
            assertThat(other).isNotEqualTo(v);
        }
    }

    @Test
    void aCountBelowOneIsRefused() {
        assertThatThrownBy(() -> new Slices(0, Projection.SPHERE)).hasMessageContaining("not 0");
    }

    @Test
    void projectionsAreFoundByName() {
        for (Projection projection : Projection.values()) {
            assertThat(Projection.of(projection.id())).isEqualTo(projection);
        }
        assertThatThrownBy(() -> Projection.of("cube"))
                .hasMessageContainingAll("cube", "rademacher", "gaussian", "sphere");
    }
}
