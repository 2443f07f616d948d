package io.github.slicedscore.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.slicedscore.math.Philox;
import io.github.slicedscore.math.RandomStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** R-hat and effective sample size of chains whose answers are known. */
class SplitChainsTest {
    private static double[] normals(int count, int seed) {
        double[] normals = new double[count];
        Philox philox = new Philox();
        for (int i = 0; i < count; i++) {
            if ((i & 3) == 0) {
                philox.draw(seed, i >> 2, 0, RandomStream.SAMPLER, 0, 0);
            }
            normals[i] = philox.normal(i & 3);
        }
        return normals;
    }

    /** Stationary chains x_t = rho x_{t-1} + sqrt(1 - rho^2) xi_t, shifted by their number times the shift. */
    private static SplitChains autoregressive(double rho, double shift, int draws, int chains, int seed) {
        double[] values = normals(draws * chains, seed);
        for (int t = 1; t < draws; t++) {
            for (int chain = 0; chain < chains; chain++) {
                int i = t * chains + chain;
                values[i] = rho * values[i - chains] + Math.sqrt(1 - rho * rho) * values[i];
            }
        }
        for (int i = 0; i < values.length; i++) {
            values[i] += shift * (i % chains);
        }
        return SplitChains.of(new Trace(values, draws, chains, 1), 0);
    }

    /**
     * ESS/N = (1 - rho)/(1 + rho). The error of an estimate that sums k lags is about sqrt(4 k/N) of it (Sokal 1989, equation
     * 3.19); correlations are within the noise after some k = 3 / -log |rho| + 2 lags. Four of these errors.
     */
    @ParameterizedTest
    @ValueSource(doubles = {-0.3, 0, 0.5, 0.9})
    void effectiveSizeOfAutoregressiveChainsIsTheKnownOne(double rho) {
        int draws = 20_000;
        SplitChains chains = autoregressive(rho, 0, draws, 4, 1);
        double states = 4.0 * draws;
        double known = states * (1 - rho) / (1 + rho);
        double lags = (rho == 0 ? 0 : 3 / -Math.log(Math.abs(rho))) + 2;
        double error = Math.sqrt(4 * lags / states);
        assertThat(chains.effectiveSize().orElseThrow() / known).isCloseTo(1, within(4 * error));
        assertThat(chains.rHat().orElseThrow()).isCloseTo(1, within(0.005));
    }

    /**
     * Two chains of unit variance whose means are d apart: four halves with means 0, 0, d, d, so B/n = d^2/3 and
     * R-hat = sqrt(1 + d^2/3).
     */
    @Test
    void chainsApartHaveALargeRHat() {
        SplitChains chains = autoregressive(0, 1, 20_000, 2, 2);
        assertThat(chains.rHat().orElseThrow()).isCloseTo(Math.sqrt(1 + 1 / 3.0), within(0.01));
        // rho_t = 1 - W/V = 1/4 at every lag: of n draws a half 4 n/(1 + 2 (n - 1)/4) remain.
        assertThat(chains.effectiveSize().orElseThrow()).isCloseTo(8, within(0.5));
    }

    /** One chain that drifts: its halves are uniform on [0, 1/2] and [1/2, 1], W = 1/48, B/n = 1/8. */
    @Test
    void aChainThatDriftsDisagreesWithItself() {
        int draws = 10_000;
        double[] values = new double[draws];
        for (int t = 0; t < draws; t++) {
            values[t] = (t + 0.5) / draws;
        }
        double rHat = SplitChains.of(new Trace(values, draws, 1, 1), 0).rHat().orElseThrow();
        assertThat(rHat).isCloseTo(Math.sqrt(1 + 48 / 8.0), within(1e-3));
    }

    /**
     * By hand: 9 draws of one chain, the first left out, halves (1, 3, 2, 6) and (4, 4, 8, 4). Means 3 and 5, variances 14/3 and
     * 4, so W = 13/3; B/n = 2; V = 3/4 W + 2 = 5.25. Autocovariances at lag 1 are (-2 * 0 + 0 * -1 - 1 * 3)/4 = -3/4 and
     * (1 - 3 - 3)/4 = -5/4, mean -1: rho_1 = 1 - (13/3 + 1)/5.25 < 0, rho_0 + rho_1 = 1 - 1/63; at lags 2 and 3 they are
     * (2 + 0)/4 and (-3 + 1)/4, mean 0, and -6/4 and 1/4, mean -5/8: 2 - (2 * 13/3 + 5/8)/5.25 = 29/126.
     */
    @Test
    void nineDrawsByHand() {
        double[] values = {100, 1, 3, 2, 6, 4, 4, 8, 4};
        SplitChains chains = SplitChains.of(new Trace(values, 9, 1, 1), 0);
        assertThat(chains.rHat().orElseThrow()).isCloseTo(Math.sqrt(5.25 / (13.0 / 3)), within(1e-14));
        double pairs = (1 - 1 / 63.0) + 29 / 126.0;
        assertThat(chains.effectiveSize().orElseThrow()).isCloseTo(8 / (2 * pairs - 1), within(1e-12));
    }

    /**
     * Fractions computed apart from this code: V/W = 445/291, and pairs of correlations 6683/5340, 29/60 and 1287/1780, of
     * which the last is lowered to 29/60 because the sequence must not rise.
     */
    @Test
    void pairsOfCorrelationsDoNotRise() {
        double[] values = {4, 3, 1, 4, 3, 5, 1, 2, 4, 1, 1, 2};
        SplitChains chains = SplitChains.of(new Trace(values, 12, 1, 1), 0);
        assertThat(chains.rHat().orElseThrow()).isCloseTo(Math.sqrt(445 / 291.0), within(1e-14));
        assertThat(chains.effectiveSize().orElseThrow()).isCloseTo(6408 / 1835.0, within(1e-12));
    }

    @Test
    void chainsThatStandStillHaveNeither() {
        SplitChains chains = SplitChains.of(new Trace(new double[] {1, 2, 1, 2, 1, 2, 1, 2}, 4, 2, 1), 0);
        assertThat(chains.rHat()).isEmpty();
        assertThat(chains.effectiveSize()).isEmpty();
    }
}
