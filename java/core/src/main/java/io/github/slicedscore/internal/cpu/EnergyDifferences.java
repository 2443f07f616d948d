package io.github.slicedscore.internal.cpu;

/**
 * FD-SSM of an energy.
 *
 * <pre>
 * L = mean_m ((f+ - 2 f + f-) / eps^2 + p^2 / 2),      p = (f+ - f-) / (2 eps)
 * dL/df+ = (1 / eps^2 + p / (2 eps)) / M               dL/df- = (1 / eps^2 - p / (2 eps)) / M      dL/df = -2 / eps^2
 * </pre>
 */
final class EnergyDifferences extends Differences {
    EnergyDifferences(Network network, int slices, double epsilon, int samples) {
        super(network, slices, epsilon, samples, 2 * slices + 1);
    }

    @Override
    double loss(int round, int sample) {
        int middle = plus(sample, slices);
        double curvature = 1 / (epsilon * epsilon);
        double f = jets.output()[middle][0];
        double loss = 0;
        for (int m = 0; m < slices; m++) {
            int plus = plus(sample, m);
            double ahead = jets.output()[plus][0];
            double behind = jets.output()[plus + 1][0];
            double p = (ahead - behind) / (2 * epsilon);
            loss += curvature * (ahead - 2 * f + behind) + p * p / 2;
            jets.outputAdjoint()[plus][0] = (float) ((curvature + p / (2 * epsilon)) / slices);
            jets.outputAdjoint()[plus + 1][0] = (float) ((curvature - p / (2 * epsilon)) / slices);
        }
        jets.outputAdjoint()[middle][0] = (float) (-2 * curvature);
        return loss / slices;
    }
}
