package io.github.slicedscore.cli;

import io.github.slicedscore.model.Activation;
import io.github.slicedscore.model.Nice;
import io.github.slicedscore.objective.Objective;
import io.github.slicedscore.optim.LearningRate;
import io.github.slicedscore.train.ModelKind;
import io.github.slicedscore.train.TrainingConfig;
import io.github.slicedscore.train.TrainingConfig.Couplings;
import io.github.slicedscore.train.TrainingConfig.DeepKernels;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What to train and how. */
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class TrainingOptions {
    private static final String NETWORK = "The network";
    private static final String TRAINING = "How it is trained";

    private static final Belonging BASE_BELONGS =
            new Belonging("--base", "--model", List.of(ModelKind.ENERGY.id(), ModelKind.DKEF.id()));
    private static final Belonging KERNELS_BELONG = new Belonging("--kernels", "--model", List.of(ModelKind.DKEF.id()));
    private static final Belonging COUPLINGS_BELONG =
            new Belonging("--couplings", "--model", List.of(ModelKind.NICE.id()));
    private static final Belonging PRIOR_BELONGS = new Belonging("--prior", "--model", List.of(ModelKind.NICE.id()));

    @Heading(NETWORK)
    @Option(
            names = "--model",
            paramLabel = "energy|score|dkef|nice",
            converter = Converters.Kind.class,
            completionCandidates = Converters.Kind.class,
            defaultValue = "energy",
            description = {
                "What the network is (default: ${DEFAULT-VALUE}).",
                "energy: an unnormalised log-density.",
                "score: its gradient alone, cheaper, but without densities.",
                "dkef: an energy of learned kernels, for small tables.",
                "nice: a flow, whose log-density needs no constant and whose samples are exact."
            })
    private ModelKind kind;

    @Heading(NETWORK)
    @Option(
            names = "--hidden",
            paramLabel = "WIDTHS",
            converter = HiddenLayers.Converter.class,
            description = "Widths of the hidden layers, or none (default: 128,128; of dkef 30,30).")
    private @Nullable HiddenLayers hidden;

    @Heading(NETWORK)
    @Option(
            names = "--activation",
            paramLabel = "ACTIVATION",
            converter = Converters.ActivationName.class,
            completionCandidates = Converters.ActivationName.class,
            defaultValue = "softplus",
            description = "softplus, tanh, silu, gelu, sigmoid, sin, elu or relu; not all go with all objectives"
                    + " (default: ${DEFAULT-VALUE}).")
    private Activation activation;

    @Heading(NETWORK)
    @Option(
            names = "--base",
            paramLabel = "S",
            converter = Converters.NotNegative.class,
            description =
                    "Deviation of an energy's Gaussian base in standardised units, of energy also 0 for none; it lets the density"
                            + " fall off far from the data (default: 3; of dkef 2).")
    private @Nullable Double base;

    @Heading(NETWORK)
    @Option(
            names = "--kernels",
            paramLabel = "COUNT:FEATURES:POINTS",
            converter = KernelsOption.class,
            description =
                    "Kernels of dkef, features of each, and inducing points, no more than rows if possible (default: 3:30:200).")
    private @Nullable DeepKernels kernels;

    @Heading(NETWORK)
    @Option(
            names = "--couplings",
            paramLabel = "K",
            converter = Converters.SmallCount.class,
            description = "Couplings of nice (default: 4).")
    private @Nullable Integer couplings;

    @Heading(NETWORK)
    @Option(
            names = "--prior",
            paramLabel = "normal|logistic",
            converter = Converters.PriorName.class,
            completionCandidates = Converters.PriorName.class,
            description = "The distribution that nice maps the data to (default: normal).")
    private Nice.@Nullable Prior prior;

    @Mixin
    private ObjectiveOptions objectives;

    @Heading(NETWORK)
    @Option(
            names = "--residual",
            negatable = true,
            description = "Hidden layers of equal width add their input to their output, for deep networks.")
    private boolean residual;

    @Heading(NETWORK)
    @Option(
            names = "--fourier",
            paramLabel = "COUNT:SCALE",
            converter = FourierOption.Converter.class,
            description =
                    "The first layer also sees so many random waves of its input, of frequencies of so many radians a"
                            + " standard deviation, such as 32:2, for finer detail.")
    private @Nullable FourierOption fourier;

    @Heading(TRAINING)
    @Option(
            names = "--batch",
            paramLabel = "ROWS",
            converter = Converters.SmallCount.class,
            description = "Rows a step (default: 128; of dkef 200).")
    private @Nullable Integer batch;

    @ArgGroup(exclusive = true)
    private @Nullable Length length;

    /** Epochs or steps. */
    static final class Length {
        @Option(
                names = "--epochs",
                paramLabel = "N",
                converter = Converters.SmallCount.class,
                description = "Passes over the training rows (default: " + DEFAULT_EPOCHS + ").")
        private @Nullable Integer epochs;

        @Option(
                names = "--steps",
                paramLabel = "N",
                converter = Converters.Count.class,
                description = "Updates, instead of --epochs.")
        private @Nullable Long steps;
    }

    private static final int DEFAULT_EPOCHS = 100;

    @Heading(TRAINING)
    @Option(
            names = "--lr",
            paramLabel = "RATE",
            converter = Converters.Positive.class,
            description = "Learning rate at its peak; it falls by half a cosine (default: 0.001; of dkef 0.01).")
    private @Nullable Double rate;

    @Heading(TRAINING)
    @Option(
            names = "--warm-up",
            paramLabel = "STEPS",
            converter = Converters.CountOrZero.class,
            defaultValue = "0",
            description = "Steps over which the learning rate rises at the start (default: ${DEFAULT-VALUE}).")
    private int warmUp;

    @Heading(TRAINING)
    @Option(
            names = "--clip",
            paramLabel = "NORM",
            converter = Converters.NotNegative.class,
            description = "Largest norm of the gradient, 0 for no clipping (default: 0; of dkef and nice 100).")
    private @Nullable Double clip;

    @Heading(TRAINING)
    @Option(
            names = "--ema",
            paramLabel = "DECAY",
            converter = Converters.Fraction.class,
            defaultValue = "0",
            description = "Decay of the moving average of the weights that becomes the model, such as 0.999; 0 for none"
                    + " (default: ${DEFAULT-VALUE}).")
    private double average;

    @Option(
            names = "--noise",
            paramLabel = "S",
            converter = Converters.NotNegative.class,
            description =
                    "Deviation of the Gaussian noise on every batch in standardised units, 0 for none (default: 0.05,"
                            + " or 0 where the objective adds noise itself).")
    private @Nullable Double noise;

    @Heading(TRAINING)
    @Option(
            names = "--dequantize",
            negatable = true,
            defaultValue = "true",
            fallbackValue = "true",
            description = "Add uniform noise to columns of rounded values, as wide as the rounding"
                    + " (default: on; score matching on discrete values diverges).")
    private boolean dequantize;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "1",
            description = "Key of all random numbers: the same seed gives the same model bit for bit"
                    + " (default: ${DEFAULT-VALUE}).")
    private long seed;

    @Heading(TRAINING)
    @Option(
            names = "--validation",
            paramLabel = "PART",
            converter = Converters.Fraction.class,
            defaultValue = "0.1",
            description = "Part of the rows that is held out, 0 for none (default: ${DEFAULT-VALUE}).")
    private double validation;

    @Heading(TRAINING)
    @Option(
            names = "--patience",
            paramLabel = "N",
            converter = Converters.CountOrZero.class,
            defaultValue = "0",
            description = "Stop after so many validations without a new best, 0 for never (default: ${DEFAULT-VALUE}).")
    private int patience;

    /** The configuration; refuses what does not go together, before any data is read. */
    TrainingConfig config(List<String> conditions) {
        if (patience > 0 && validation == 0) {
            throw new BadInputException(
                    "--patience needs held-out rows to judge by; give --validation 0.1, or leave --patience out");
        }
        BASE_BELONGS.check(base, kind.id());
        KERNELS_BELONG.check(kernels, kind.id());
        COUPLINGS_BELONG.check(couplings, kind.id());
        PRIOR_BELONGS.check(prior, kind.id());
        Objective objective = objectives.objective(kind);
        TrainingConfig.Builder builder = TrainingConfig.builder()
                .kind(kind)
                .activation(activation)
                .residual(residual)
                .objective(objective)
                .learningRate(new LearningRate(
                        Objects.requireNonNullElse(rate, kind.rate()), LearningRate.Shape.COSINE, warmUp))
                .averageDecay(average)
                .epochs(length == null || length.epochs == null ? DEFAULT_EPOCHS : length.epochs)
                .seed(seed)
                .validationFraction(validation)
                .patience(patience)
                .dequantize(dequantize)
                .conditions(conditions);
        network(builder);
        if (batch != null) {
            builder.batch(batch);
        }
        if (clip != null) {
            builder.clipNorm(clip);
        }
        if (length != null && length.steps != null) {
            builder.steps(length.steps);
        }
        if (noise != null) {
            builder.noise(noise);
        }
        try {
            TrainingConfig config = builder.build();
            // Of two columns, as a flow needs them; of how many there are, the data tell.
            config.architecture(2);
            return config;
        } catch (IllegalArgumentException e) {
            String message = String.valueOf(e.getMessage());
            throw new BadInputException((message.startsWith("the activation") ? "--activation: " : "") + message);
        }
    }

    private void network(TrainingConfig.Builder builder) {
        if (hidden != null) {
            builder.hidden(hidden.widths().toArray(Integer[]::new));
        }
        if (base != null) {
            builder.base(base);
        }
        if (kernels != null) {
            builder.kernels(kernels);
        }
        builder.flow(new Couplings(
                Objects.requireNonNullElse(couplings, Couplings.DEFAULT.count()),
                Objects.requireNonNullElse(prior, Couplings.DEFAULT.prior())));
        if (fourier != null) {
            builder.fourier(fourier.features(seed));
        }
    }
}
