package io.github.slicedscore.train;

import io.github.slicedscore.model.Activation;
import io.github.slicedscore.model.Architecture;
import io.github.slicedscore.model.DeepKernelEnergy;
import io.github.slicedscore.model.EnergyMlp;
import io.github.slicedscore.model.FourierFeatures;
import io.github.slicedscore.model.MlpOptions;
import io.github.slicedscore.model.Nice;
import io.github.slicedscore.model.ScoreMlp;
import io.github.slicedscore.objective.Objective;
import io.github.slicedscore.optim.Adam;
import io.github.slicedscore.optim.LearningRate;
import io.github.slicedscore.optim.Optimizer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * All that decides a training besides the data: a value. Build one with {@link #builder()}.
 *
 * @param kind what kind of network
 * @param hidden widths of the hidden layers; may be empty
 * @param activation nonlinearity between layers
 * @param residual whether hidden layers of equal width add their input to their output
 * @param fourier waves of the input that the first layer sees beside it
 * @param base standard deviation of an energy's Gaussian base in standardised units, 0 for none; ignored by networks of other
 *     kinds than energy and dkef
 * @param kernels sizes of a deep kernel energy; ignored by other kinds
 * @param flow sizes of a NICE flow; ignored by other kinds
 * @param objective what to minimise
 * @param optimizer how to update
 * @param learningRate the rate over the run
 * @param clipNorm largest norm of the gradient, 0 for no clipping
 * @param averageDecay decay of the moving average of the parameters, which becomes the model; 0 for none
 * @param batch rows a step; cut to the number of training rows
 * @param epochs passes over the training rows, where steps is 0
 * @param steps number of updates, or 0 to follow from epochs
 * @param seed key of all random numbers
 * @param validationFraction part of the rows held out, in [0, 1)
 * @param validationInterval steps between validations, or 0 for once an epoch but not more often than every 200 steps
 * @param patience validations without a new best after which training stops, 0 for never
 * @param dequantize whether columns of rounded values get uniform noise of their rounding's size
 * @param noise standard deviation of the Gaussian noise on every batch, in standardised units, 0 for none; what an objective
 *     adds comes on top
 * @param conditions names of the columns that are given, not modelled
 */
public record TrainingConfig(
        ModelKind kind,
        List<Integer> hidden,
        Activation activation,
        boolean residual,
        Optional<FourierFeatures> fourier,
        double base,
        DeepKernels kernels,
        Couplings flow,
        Objective objective,
        Optimizer optimizer,
        LearningRate learningRate,
        double clipNorm,
        double averageDecay,
        int batch,
        int epochs,
        long steps,
        long seed,
        double validationFraction,
        long validationInterval,
        int patience,
        boolean dequantize,
        double noise,
        List<String> conditions) {

    /** Noise that keeps objectives of the bare data from diverging where values repeat. */
    private static final double DEFAULT_NOISE = 0.05;

    /** Beyond, nothing of the data is left. */
    private static final double MOST_NOISE = 1e6;

    /**
     * Sizes of a {@link DeepKernelEnergy}.
     *
     * @param features F, features of each kernel
     * @param count R, number of kernels
     * @param inducing L, number of inducing points; those beyond the number of training rows start at normal random points
     */
    public record DeepKernels(int features, int count, int inducing) {
        /** The sizes of Wenliang et al. 2019. */
        public static final DeepKernels DEFAULT = new DeepKernels(30, 3, 200);
    }

    /**
     * Sizes of a {@link Nice} flow.
     *
     * @param count K, number of couplings
     * @param prior the distribution that the data are mapped to
     */
    public record Couplings(int count, Nice.Prior prior) {
        /** The sizes of Dinh et al. 2015. */
        public static final Couplings DEFAULT = new Couplings(4, Nice.Prior.NORMAL);
    }

    /** Checks the ranges. */
    public TrainingConfig {
        hidden = List.copyOf(hidden);
        conditions = List.copyOf(conditions);
        if (batch < 1) {
            throw new IllegalArgumentException("a batch has at least one row, not " + batch);
        }
        if (steps < 0 || (steps == 0 && epochs < 1)) {
            throw new IllegalArgumentException(
                    "training takes at least one step or one epoch, not " + steps + " steps and " + epochs + " epochs");
        }
        if (!(validationFraction >= 0 && validationFraction < 1)) {
            throw new IllegalArgumentException("the validation fraction is in [0, 1), not " + validationFraction);
        }
        if (validationInterval < 0) {
            throw new IllegalArgumentException("the validation interval is not negative: " + validationInterval);
        }
        if (patience < 0) {
            throw new IllegalArgumentException("the patience is positive, or 0 for none, not " + patience);
        }
        requireNoise(noise);
        if (!kind.isPerceptron()) {
            requirePlain(kind, residual, fourier, conditions, objective);
        }
        requireHalves(kind, batch);
        if (!(clipNorm >= 0)) {
            throw new IllegalArgumentException("the clipping norm is positive, or 0 for none, not " + clipNorm);
        }
        if (!(averageDecay >= 0 && averageDecay < 1)) {
            throw new IllegalArgumentException("the decay of the moving average is in [0, 1), not " + averageDecay);
        }
    }

    private static void requirePlain(
            ModelKind kind,
            boolean residual,
            Optional<FourierFeatures> fourier,
            List<String> conditions,
            Objective objective) {
        String unknown = "";
        if (residual) {
            unknown = "residual layers";
        } else if (fourier.isPresent()) {
            unknown = "Fourier features";
        } else if (!conditions.isEmpty()) {
            unknown = "condition columns";
        } else if (objective.noiseLevels().isPresent()) {
            unknown = "noise levels";
        }
        if (!unknown.isEmpty()) {
            throw new IllegalArgumentException("networks of the kind " + kind.id() + " know no " + unknown
                    + "; leave them out, or train an energy");
        }
    }

    /** Throws if rows of a batch cannot be parted in those that coefficients are solved for on, and those of the loss. */
    static void requireHalves(ModelKind kind, int batch) {
        if (kind == ModelKind.DKEF && batch < 2) {
            throw new IllegalArgumentException(
                    "half of a deep kernel energy's batch is for the coefficients, half for the loss,"
                            + " so it has at least two rows, not " + batch);
        }
    }

    private static void requireNoise(double noise) {
        if (!(noise >= 0 && noise <= MOST_NOISE)) {
            throw new IllegalArgumentException(
                    "the noise's standard deviation, in those of the data, is 0 to " + MOST_NOISE + ", not " + noise);
        }
    }

    /**
     * The network for data of some columns.
     *
     * @param dimension number of modelled columns
     * @return the architecture
     * @throws IllegalArgumentException if the objective refuses it
     */
    public Architecture architecture(int dimension) {
        MlpOptions options = new MlpOptions(residual, fourier, objective.noiseLevels());
        int given = conditions.size() + (objective.noiseLevels().isPresent() ? 1 : 0);
        Architecture architecture =
                switch (kind) {
                    case ENERGY -> new EnergyMlp(dimension, given, hidden, activation, base, options);
                    case SCORE -> new ScoreMlp(dimension, given, hidden, activation, options);
                    case DKEF ->
                        new DeepKernelEnergy(
                                dimension,
                                hidden,
                                activation,
                                kernels.features(),
                                kernels.count(),
                                kernels.inducing(),
                                base);
                    case NICE -> new Nice(dimension, hidden, activation, flow.count(), flow.prior());
                };
        objective.requireSupports(architecture);
        return architecture;
    }

    /**
     * The settings as text, in a fixed order: for provenance, and for checkpoints, which only resume under the same.
     *
     * @return name to value
     */
    public Map<String, String> settings() {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("model", kind.id());
        settings.put("hidden", hidden.toString());
        settings.put("activation", activation.id());
        // Empty, not "false": checkpoints from before there was the option have none.
        settings.put("residual", residual ? "true" : "");
        settings.put("fourier", fourier.map(FourierFeatures::toString).orElse(""));
        settings.put("base", Double.toString(kind.hasBase() ? base : 0));
        // Empty for other kinds, as above.
        settings.put("kernels", kind == ModelKind.DKEF ? kernels.toString() : "");
        settings.put("couplings", kind == ModelKind.NICE ? flow.toString() : "");
        settings.put("objective", objective.id());
        settings.putAll(objective.settings());
        settings.put("optimizer", optimizer.toString());
        settings.put("learning_rate", learningRate.toString());
        settings.put("clip_norm", Double.toString(clipNorm));
        settings.put("average_decay", Double.toString(averageDecay));
        settings.put("batch", Integer.toString(batch));
        settings.put("epochs", steps == 0 ? Integer.toString(epochs) : "");
        settings.put("steps", steps == 0 ? "" : Long.toString(steps));
        settings.put("seed", Long.toString(seed));
        settings.put("validation_fraction", Double.toString(validationFraction));
        settings.put("validation_interval", Long.toString(validationInterval));
        settings.put("patience", Integer.toString(patience));
        settings.put("dequantize", Boolean.toString(dequantize));
        settings.put("noise", Double.toString(noise));
        settings.put("conditions", conditions.toString());
        return settings;
    }

    /**
     * A builder with the defaults: an energy of two hidden layers of 128 softplus units, SSM-VR with one Rademacher slice,
     * Adam; for other kinds what {@link ModelKind} calls usual.
     *
     * @return a new builder
     */
    public static Builder builder() {
        return new Builder();
    }

    /** Collects the settings of a {@link TrainingConfig}; every method returns the builder. */
    public static final class Builder {
        private ModelKind kind = ModelKind.ENERGY;
        private @Nullable List<Integer> hidden;
        private Activation activation = Activation.SOFTPLUS;
        private boolean residual;
        private Optional<FourierFeatures> fourier = Optional.empty();
        private double base = Double.NaN;
        private DeepKernels kernels = DeepKernels.DEFAULT;
        private Couplings flow = Couplings.DEFAULT;
        private @Nullable Objective objective;
        private Optimizer optimizer = new Adam();
        private @Nullable LearningRate learningRate;
        private double clipNorm = Double.NaN;
        private double averageDecay;
        private int batch;
        private int epochs = 100;
        private long steps;
        private long seed = 1;
        private double validationFraction = 0.1;
        private long validationInterval;
        private int patience;
        private boolean dequantize = true;
        private double noise = Double.NaN;
        private List<String> conditions = List.of();

        private Builder() {}

        /**
         * Sets the kind of network.
         *
         * @param value any kind
         * @return this
         */
        public Builder kind(ModelKind value) {
            kind = value;
            return this;
        }

        /**
         * Sets the hidden layers.
         *
         * @param widths first to last; none for an affine network
         * @return this
         */
        public Builder hidden(Integer... widths) {
            hidden = List.of(widths);
            return this;
        }

        /**
         * Sets the nonlinearity.
         *
         * @param value any activation that the objective allows
         * @return this
         */
        public Builder activation(Activation value) {
            activation = value;
            return this;
        }

        /**
         * Sets residual layers.
         *
         * @param value whether hidden layers of equal width add their input to their output
         * @return this
         */
        public Builder residual(boolean value) {
            residual = value;
            return this;
        }

        /**
         * Sets waves of the input.
         *
         * @param value what the first layer sees beside the input
         * @return this
         */
        public Builder fourier(FourierFeatures value) {
            fourier = Optional.of(value);
            return this;
        }

        /**
         * Sets the Gaussian base of an energy.
         *
         * @param value standard deviation in standardised units, 0 for none
         * @return this
         */
        public Builder base(double value) {
            base = value;
            return this;
        }

        /**
         * Sets the sizes of a deep kernel energy.
         *
         * @param value features, kernels and inducing points
         * @return this
         */
        public Builder kernels(DeepKernels value) {
            kernels = value;
            return this;
        }

        /**
         * Sets the sizes of a NICE flow.
         *
         * @param value couplings and prior
         * @return this
         */
        public Builder flow(Couplings value) {
            flow = value;
            return this;
        }

        /**
         * Sets what to minimise.
         *
         * @param value an objective
         * @return this
         */
        public Builder objective(Objective value) {
            objective = value;
            return this;
        }

        /**
         * Sets the update rule.
         *
         * @param value an optimizer
         * @return this
         */
        public Builder optimizer(Optimizer value) {
            optimizer = value;
            return this;
        }

        /**
         * Sets the learning rate.
         *
         * @param value rate over the run
         * @return this
         */
        public Builder learningRate(LearningRate value) {
            learningRate = value;
            return this;
        }

        /**
         * Sets gradient clipping.
         *
         * @param value largest norm, 0 for none
         * @return this
         */
        public Builder clipNorm(double value) {
            clipNorm = value;
            return this;
        }

        /**
         * Sets the moving average of the parameters.
         *
         * @param value decay, 0 for none
         * @return this
         */
        public Builder averageDecay(double value) {
            averageDecay = value;
            return this;
        }

        /**
         * Sets the batch.
         *
         * @param value rows a step
         * @return this
         */
        public Builder batch(int value) {
            if (value < 1) {
                throw new IllegalArgumentException("a batch has at least one row, not " + value);
            }
            batch = value;
            return this;
        }

        /**
         * Sets the length in passes over the data.
         *
         * @param value number of epochs
         * @return this
         */
        public Builder epochs(int value) {
            epochs = value;
            steps = 0;
            return this;
        }

        /**
         * Sets the length in updates.
         *
         * @param value number of steps
         * @return this
         */
        public Builder steps(long value) {
            steps = value;
            return this;
        }

        /**
         * Sets the seed.
         *
         * @param value key of all random numbers
         * @return this
         */
        public Builder seed(long value) {
            seed = value;
            return this;
        }

        /**
         * Sets how much is held out.
         *
         * @param value part of the rows, 0 for none
         * @return this
         */
        public Builder validationFraction(double value) {
            validationFraction = value;
            return this;
        }

        /**
         * Sets how often to validate.
         *
         * @param value steps between validations, 0 for the default
         * @return this
         */
        public Builder validationInterval(long value) {
            validationInterval = value;
            return this;
        }

        /**
         * Sets early stopping.
         *
         * @param value validations without a new best, 0 for no early stopping
         * @return this
         */
        public Builder patience(int value) {
            patience = value;
            return this;
        }

        /**
         * Sets dequantisation.
         *
         * @param value whether columns of rounded values get uniform noise
         * @return this
         */
        public Builder dequantize(boolean value) {
            dequantize = value;
            return this;
        }

        /**
         * Sets the noise on every batch; unset, it is 0.05, or 0 for objectives that add noise of their own.
         *
         * @param value standard deviation in standardised units, 0 for none
         * @return this
         */
        public Builder noise(double value) {
            requireNoise(value);
            noise = value;
            return this;
        }

        /**
         * Sets the condition columns.
         *
         * @param names columns that are given, not modelled
         * @return this
         */
        public Builder conditions(List<String> names) {
            conditions = names;
            return this;
        }

        /**
         * Makes the value.
         *
         * @return the configuration
         * @throws IllegalArgumentException naming the setting that is out of range
         */
        public TrainingConfig build() {
            Objective minimised = objective == null ? kind.objective() : objective;
            return new TrainingConfig(
                    kind,
                    hidden == null ? kind.hidden() : hidden,
                    activation,
                    residual,
                    fourier,
                    Double.isNaN(base) ? kind.base() : base,
                    kernels,
                    flow,
                    minimised,
                    optimizer,
                    learningRate == null ? new LearningRate(kind.rate(), LearningRate.Shape.COSINE, 0) : learningRate,
                    Double.isNaN(clipNorm) ? kind.clipNorm() : clipNorm,
                    averageDecay,
                    batch == 0 ? kind.batch() : batch,
                    epochs,
                    steps,
                    seed,
                    validationFraction,
                    validationInterval,
                    patience,
                    dequantize,
                    Double.isNaN(noise) ? (minimised.addsNoise() ? 0 : DEFAULT_NOISE) : noise,
                    conditions);
        }
    }
}
