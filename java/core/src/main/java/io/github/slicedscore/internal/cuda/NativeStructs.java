package io.github.slicedscore.internal.cuda;

import io.github.slicedscore.backend.NotSupportedException;
import io.github.slicedscore.backend.Precision;
import io.github.slicedscore.backend.TrainingSpec;
import io.github.slicedscore.data.TrainingRows;
import io.github.slicedscore.model.Activation;
import io.github.slicedscore.model.Architecture;
import io.github.slicedscore.model.EnergyMlp;
import io.github.slicedscore.model.Mlp;
import io.github.slicedscore.model.MlpOptions;
import io.github.slicedscore.objective.DenoisingScoreMatching;
import io.github.slicedscore.objective.ExactScoreMatching;
import io.github.slicedscore.objective.Objective;
import io.github.slicedscore.objective.Projection;
import io.github.slicedscore.objective.SlicedObjective;
import io.github.slicedscore.objective.SlicedScoreMatching;
import io.github.slicedscore.objective.VarianceReducedScoreMatching;
import io.github.slicedscore.optim.Adam;
import io.github.slicedscore.optim.AdamW;
import io.github.slicedscore.optim.Optimizer;
import java.util.ArrayList;
import java.util.List;

/** The library's values as structs of the native interface; what the device's kernels do not know is refused by name. */
final class NativeStructs {
    private NativeStructs() {}

    static CudaLibrary.Network network(Architecture architecture) {
        Mlp mlp = mlp(architecture);
        int[] widths = mlp.widths();
        if (widths.length > CudaLibrary.SS_MAX_LAYERS + 1) {
            throw new NotSupportedException("the device's kernels take networks of at most "
                    + (CudaLibrary.SS_MAX_LAYERS - 1) + " hidden layers, not " + (widths.length - 2)
                    + "; use fewer, or the backend cpu");
        }
        requireKnown(mlp.options());
        CudaLibrary.Network network = new CudaLibrary.Network();
        if (mlp instanceof EnergyMlp energy) {
            network.kind(CudaLibrary.SS_ENERGY);
            network.base_precision(energy.basePrecision());
        } else {
            network.kind(CudaLibrary.SS_SCORE);
        }
        network.dimension(architecture.dimension());
        network.conditions(architecture.conditions());
        network.layers(widths.length - 1);
        network.activation(code(architecture.activation()));
        for (int layer = 0; layer < widths.length; layer++) {
            network.widths(layer, widths[layer]);
        }
        return network;
    }

    /** The perceptron that a network is; others are refused. */
    static Mlp mlp(Architecture architecture) {
        if (architecture instanceof Mlp mlp) {
            return mlp;
        }
        throw unknown("network", architecture);
    }

    private static void requireKnown(MlpOptions options) {
        List<String> unknown = new ArrayList<>();
        if (options.residual()) {
            unknown.add("residual layers");
        }
        if (options.fourier().isPresent()) {
            unknown.add("Fourier features");
        }
        if (options.noiseLevels().isPresent()) {
            unknown.add("noise levels");
        }
        if (!unknown.isEmpty()) {
            throw new NotSupportedException("the device's kernels do not know networks with "
                    + String.join(", ", unknown) + "; use the backend cpu");
        }
    }

    /**
     * An objective to be evaluated at samples and slices of the caller's. The exact trace takes no slices, and denoising takes
     * its noise in their place.
     */
    static CudaLibrary.Training objective(CudaDevice device, Objective objective) {
        CudaLibrary.Training training = new CudaLibrary.Training();
        if (objective instanceof SlicedScoreMatching) {
            training.objective(CudaLibrary.SS_SSM);
        } else if (objective instanceof VarianceReducedScoreMatching) {
            training.objective(CudaLibrary.SS_SSM_VR);
        } else if (objective instanceof ExactScoreMatching) {
            training.objective(CudaLibrary.SS_EXACT);
        } else if (objective instanceof DenoisingScoreMatching dsm) {
            training.objective(CudaLibrary.SS_DSM);
            training.sigma(dsm.sigma());
        } else {
            throw unknown("objective", objective.id());
        }
        if (objective instanceof SlicedObjective sliced) {
            training.slices(sliced.slices().count());
            training.projection(code(sliced.slices().projection()));
        }
        training.precision(code(device.precision));
        training.kernels(code(device.choice));
        return training;
    }

    static CudaLibrary.Training training(CudaDevice device, TrainingSpec spec, TrainingRows rows, int residence) {
        CudaLibrary.Training training = objective(device, spec.objective());
        Optimizer optimizer = spec.optimizer();
        if (!(optimizer instanceof Adam || optimizer instanceof AdamW)) {
            throw unknown("optimizer", optimizer);
        }
        training.batch(spec.batch());
        training.seed(spec.seed());
        training.beta1(optimizer.beta1());
        training.beta2(optimizer.beta2());
        training.epsilon(optimizer.epsilon());
        training.weight_decay(optimizer.weightDecay());
        // No gradient is longer than an infinite norm.
        training.clip_norm(Double.isInfinite(spec.clipNorm()) ? 0 : spec.clipNorm());
        training.average_decay(spec.averageDecay());
        training.noise(rows.augmentation().noise());
        training.residence(residence);
        return training;
    }

    private static NotSupportedException unknown(String kind, Object value) {
        return new NotSupportedException(
                "the device's kernels do not know the " + kind + " " + value + "; use the backend cpu");
    }

    /** SS_FP32 to SS_BF16. */
    static int code(Precision precision) {
        return switch (precision) {
            case FP32 -> CudaLibrary.SS_FP32;
            case TF32 -> CudaLibrary.SS_TF32;
            case BF16 -> CudaLibrary.SS_BF16;
        };
    }

    /** SS_KERNELS_AUTO to SS_KERNELS_FUSED. */
    static int code(KernelChoice choice) {
        return switch (choice) {
            case AUTO -> CudaLibrary.SS_KERNELS_AUTO;
            case LAYERED -> CudaLibrary.SS_KERNELS_LAYERED;
            case FUSED -> CudaLibrary.SS_KERNELS_FUSED;
        };
    }

    /** SS_SOFTPLUS to SS_RELU. */
    static int code(Activation activation) {
        return switch (activation) {
            case SOFTPLUS -> 0;
            case TANH -> 1;
            case SILU -> 2;
            case GELU -> 3;
            case SIGMOID -> 4;
            case SIN -> 5;
            case ELU -> 6;
            case RELU -> 7;
        };
    }

    /** SS_RADEMACHER to SS_SPHERE. */
    static int code(Projection projection) {
        return switch (projection) {
            case RADEMACHER -> 0;
            case GAUSSIAN -> 1;
            case SPHERE -> 2;
        };
    }
}
