package io.github.slicedscore.internal.cpu;

import io.github.slicedscore.backend.NotSupportedException;
import io.github.slicedscore.backend.OutOfHeapException;
import io.github.slicedscore.model.Architecture;
import io.github.slicedscore.model.DeepKernelEnergy;
import io.github.slicedscore.model.Mlp;
import io.github.slicedscore.model.Nice;
import io.github.slicedscore.model.ParameterLayout;
import io.github.slicedscore.objective.ExactScoreMatching;
import io.github.slicedscore.objective.Objective;
import io.github.slicedscore.objective.SlicedFisherDivergence;
import io.github.slicedscore.objective.SlicedObjective;
import java.util.Arrays;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/** The least memory that the processor's kernels take for a training, to refuse what does not fit with figures. */
final class CpuMemory {
    /** Numbers a parameter: itself, its gradient, its moments and its average. */
    private static final int ARRAYS = 5;

    /** Of a small perceptron, whose samples go through few buffers, block by block, those of one sample count. */
    private static final int SMALL = 1 << 20;

    /** Most rows at once, and most numbers of their streams, where the caller leaves that open. */
    private static final int ROWS = 256;

    private static final long STREAMED = 1 << 24;

    private CpuMemory() {}

    /**
     * Opens what evaluates an objective.
     *
     * @param architecture the network
     * @param objective what is evaluated
     * @param batch rows at once
     * @param open what allocates
     * @throws OutOfHeapException if the heap cannot hold it
     * @throws IllegalArgumentException if no array can
     */
    static <T> T open(Architecture architecture, Objective objective, int batch, Supplier<T> open) {
        return open(architecture, objective, batch, 0, open);
    }

    /** As {@link #open}, with the systems of a deep kernel energy. */
    static <T> T openTraining(Architecture architecture, Objective objective, int batch, Supplier<T> open) {
        int equations = architecture instanceof DeepKernelEnergy energy ? energy.inducing() : 0;
        return open(architecture, objective, batch, equations, open);
    }

    private static <T> T open(
            Architecture architecture, Objective objective, int batch, int equations, Supplier<T> open) {
        long streams = streams(objective, architecture);
        int parameters = ParameterLayout.of(architecture).size();
        int samples = parameters > SMALL || architecture instanceof DeepKernelEnergy ? batch : 1;
        long units = units(architecture);
        double bytes = (double) Float.BYTES * ARRAYS * parameters
                + (double) Float.BYTES * samples * streams * units
                + (double) Double.BYTES * batch
                + systems(equations);
        String what = "a batch of %d rows, each of %d streams through %d units, with a network of %d parameters"
                        .formatted(batch, streams, units, parameters)
                + (equations > 0 ? " and systems of " + equations + " equations" : "");
        String smaller = smaller(architecture);
        String mend = streams > 3
                ? "take a smaller batch, " + smaller
                        + " or fewer slices ('ssm-vr' with one slice, where the objective is exact)"
                : "take a smaller batch or " + smaller;
        OutOfHeapException.require(what, bytes, mend);
        try {
            return open.get();
        } catch (OutOfMemoryError e) {
            throw OutOfHeapException.of(what, bytes, mend, e);
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException(
                    what + ", makes arrays of more than 2^31 numbers, which Java does not have; " + mend, e);
        }
    }

    /**
     * Bytes of the systems that a training of a deep kernel energy holds at once: the step's, and at the end that of the held-out
     * rows, with the equations of the training rows.
     */
    private static double systems(int equations) {
        return 2 * CoefficientSystem.bytes(equations) + CoefficientSystem.Equations.bytes(equations);
    }

    /** What makes the network smaller. */
    private static String smaller(Architecture architecture) {
        if (architecture instanceof DeepKernelEnergy) {
            return "fewer kernels or inducing points";
        }
        return architecture instanceof Nice ? "fewer couplings, of narrower layers," : "narrower layers";
    }

    /** How many rows of any number to take at once, so that memory does not grow with the network's and the objective's size. */
    static int rows(Architecture architecture, Objective objective) {
        if (ParameterLayout.of(architecture).size() <= SMALL) {
            return ROWS;
        }
        long fit = STREAMED / (streams(objective, architecture) * units(architecture));
        return (int)
                Math.max(BatchGradient.SAMPLES, Math.min(ROWS, fit / BatchGradient.SAMPLES * BatchGradient.SAMPLES));
    }

    /** How many numbers a row is on its way through the network. */
    private static long units(Architecture architecture) {
        if (architecture instanceof Mlp mlp) {
            return sum(mlp.widths());
        } else if (architecture instanceof DeepKernelEnergy energy) {
            return energy.kernels() * (sum(energy.widths()) + energy.inducing());
        } else if (architecture instanceof Nice nice) {
            return IntStream.range(0, nice.couplings())
                    .mapToLong(coupling -> sum(nice.widths(coupling)))
                    .sum();
        }
        throw new NotSupportedException("the processor's kernels do not know the network " + architecture);
    }

    private static long sum(int[] widths) {
        return Arrays.stream(widths).asLongStream().sum();
    }

    /** The least number of rows that a sample is in the network's matrices. */
    private static long streams(Objective objective, Architecture architecture) {
        if (objective instanceof SlicedObjective sliced && !(objective instanceof SlicedFisherDivergence)) {
            return 1L + sliced.slices().count();
        }
        return objective instanceof ExactScoreMatching
                ? Exact.shape(architecture.dimension(), false).streams()
                : 1;
    }
}
