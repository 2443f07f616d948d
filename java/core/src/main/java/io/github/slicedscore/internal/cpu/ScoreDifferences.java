package io.github.slicedscore.internal.cpu;

/**
 * FD-SSM of a score network.
 *
 * <pre>
 * L = mean_m (v.(s+ - s-) / (2 eps) + p^2 / 2),      p = v.(s+ + s-) / 2
 * dL/ds+ = v (p / 2 + 1 / (2 eps)) / M               dL/ds- = v (p / 2 - 1 / (2 eps)) / M
 * </pre>
 */
final class ScoreDifferences extends Differences {
    ScoreDifferences(Network network, int slices, double epsilon, int samples) {
        super(network, slices, epsilon, samples, 2 * slices);
    }

    @Override
    double loss(int round, int sample) {
        double loss = 0;
        for (int m = 0; m < slices; m++) {
            int plus = plus(sample, m);
            float[] v = direction(sample, m);
            double ahead = dot(v, jets.output()[plus]);
            double behind = dot(v, jets.output()[plus + 1]);
            double p = (ahead + behind) / 2;
            loss += (ahead - behind) / (2 * epsilon) + p * p / 2;
            for (int i = 0; i < dimension; i++) {
                jets.outputAdjoint()[plus][i] = (float) (v[i] * (p / 2 + 1 / (2 * epsilon)) / slices);
                jets.outputAdjoint()[plus + 1][i] = (float) (v[i] * (p / 2 - 1 / (2 * epsilon)) / slices);
            }
        }
        return loss / slices;
    }
}
