package io.github.slicedscore.internal.cpu;

import io.github.slicedscore.objective.CustomObjective;
import io.github.slicedscore.objective.ProjectedJet;
import java.util.concurrent.ConcurrentLinkedDeque;

/** An objective of the caller's on a score network: s and J v_m are its output streams, and take their seeds as they are. */
final class ScoreCustom extends ObjectivePass {
    private final CustomObjective.Loss loss;
    private final int slices;
    private final ConcurrentLinkedDeque<ProjectedJet> idle = new ConcurrentLinkedDeque<>();

    ScoreCustom(Network network, CustomObjective.Loss loss, int slices, int samples) {
        super(network, new JetShape(slices, 0), samples, 1);
        this.loss = loss;
        this.slices = slices;
    }

    @Override
    float[] direction(int sample, int k) {
        return jets.input[row(sample) + 1 + k];
    }

    @Override
    double loss(int round, int sample) {
        ProjectedJet jet = idle.pollFirst();
        if (jet == null) {
            jet = new ProjectedJet(network.inputs, dimension, slices);
        }
        int row = row(sample);
        System.arraycopy(input(sample), 0, jet.input, 0, network.inputs);
        System.arraycopy(jets.output()[row], 0, jet.score, 0, dimension);
        for (int m = 0; m < slices; m++) {
            System.arraycopy(direction(sample, m), 0, jet.slices[m], 0, dimension);
            System.arraycopy(jets.output()[row + 1 + m], 0, jet.products[m], 0, dimension);
        }
        jet.project();
        double value = loss.evaluate(jet);
        jet.collect();
        System.arraycopy(jet.scoreSeed, 0, jets.outputAdjoint()[row], 0, dimension);
        for (int m = 0; m < slices; m++) {
            System.arraycopy(jet.productSeeds[m], 0, jets.outputAdjoint()[row + 1 + m], 0, dimension);
        }
        idle.addFirst(jet);
        return value;
    }
}
