package io.github.slicedscore.cli;

import io.github.slicedscore.ScoreModel;
import io.github.slicedscore.backend.FlowScorer;
import io.github.slicedscore.sample.AnnealedLangevin;
import io.github.slicedscore.sample.Hamiltonian;
import io.github.slicedscore.sample.InverseFlow;
import io.github.slicedscore.sample.Langevin;
import io.github.slicedscore.sample.Mala;
import io.github.slicedscore.sample.ProbabilityFlow;
import io.github.slicedscore.sample.ReverseSde;
import io.github.slicedscore.sample.Sampler;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How samples are drawn. */
@Heading("How samples are drawn")
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class SamplerOptions {
    private static final String LANGEVIN = "langevin";
    private static final String MALA = "mala";
    private static final String HMC = "hmc";
    private static final String ANNEALED = "annealed";
    private static final String ODE = "ode";
    private static final String SDE = "sde";
    private static final String EXACT = "exact";

    /** What {@code --method} can be. */
    static final List<String> NAMES = List.of(LANGEVIN, MALA, HMC, ANNEALED, ODE, SDE, EXACT);

    private static final String METHOD = "--method";
    private static final Belonging STEPS_BELONG = new Belonging("--steps", METHOD, List.of(LANGEVIN, ANNEALED, SDE));
    private static final Belonging STEP_BELONGS = new Belonging("--step", METHOD, List.of(LANGEVIN, ANNEALED));
    private static final Belonging LAST_STEP_BELONGS = new Belonging("--last-step", METHOD, List.of(LANGEVIN));
    private static final Belonging CHAINS_BELONG = new Belonging("--chains", METHOD, List.of(MALA, HMC));
    private static final Belonging WARM_UP_BELONGS = new Belonging("--warm-up", METHOD, List.of(MALA, HMC));
    private static final Belonging THINNING_BELONGS = new Belonging("--thinning", METHOD, List.of(MALA, HMC));
    private static final Belonging LEAPFROGS_BELONG = new Belonging("--leapfrogs", METHOD, List.of(HMC));
    private static final Belonging TOLERANCE_BELONGS = new Belonging("--tolerance", METHOD, List.of(ODE));
    private static final Belonging CORRECTOR_BELONGS = new Belonging("--corrector", METHOD, List.of(SDE));

    @Option(
            names = METHOD,
            paramLabel = "METHOD",
            converter = Converters.MethodName.class,
            completionCandidates = Converters.MethodName.class,
            description = {
                "How (default: langevin; ode for models with noise levels; exact for nice).",
                "langevin: Langevin dynamics, a chain a sample; biased a little by its steps.",
                "mala, hmc: a few chains without that bias; for energies. hmc moves farther at a time.",
                "annealed: Langevin dynamics from the largest noise level to the smallest.",
                "ode: the probability flow; no steps to choose, and quickest.",
                "sde: the diffusion run backwards, with a corrector.",
                "exact: the inverse of a flow, without chains or bias; for models of kind nice.",
                "annealed, ode and sde are for models that were trained with --noise-levels."
            })
    private @Nullable String method;

    @Option(
            names = "--steps",
            paramLabel = "N",
            converter = Converters.SmallCount.class,
            description = "Steps of langevin (default: 1000), of annealed at each level (100), of sde (500).")
    private @Nullable Integer steps;

    @Option(
            names = "--step",
            paramLabel = "H",
            converter = Converters.Positive.class,
            description =
                    "Length of the first step of langevin, in squared deviations of the data (default: 0.05), or of"
                            + " the steps of annealed, in squared deviations of the noise (0.5).")
    private @Nullable Double step;

    @Option(
            names = "--last-step",
            paramLabel = "H",
            converter = Converters.Positive.class,
            description = "Length of the last step of langevin (default: 0.002).")
    private @Nullable Double lastStep;

    @Option(
            names = "--chains",
            paramLabel = "N",
            converter = Converters.SmallCount.class,
            description = "Chains of mala and hmc (default: 64).")
    private @Nullable Integer chains;

    @Option(
            names = "--warm-up",
            paramLabel = "N",
            converter = Converters.SmallCount.class,
            description = "Transitions in which mala and hmc find their step, at least 20 (default: 500).")
    private @Nullable Integer warmUp;

    @Option(
            names = "--thinning",
            paramLabel = "N",
            converter = Converters.SmallCount.class,
            description = "Transitions from one draw of a chain to the next (default: mala 50, hmc 5).")
    private @Nullable Integer thinning;

    @Option(
            names = "--leapfrogs",
            paramLabel = "N",
            converter = Converters.SmallCount.class,
            description = "Steps of a transition of hmc (default: 10).")
    private @Nullable Integer leapfrogs;

    @Option(
            names = "--tolerance",
            paramLabel = "T",
            converter = Converters.Positive.class,
            description = "Error of a step of ode, relative and absolute (default: 0.00001).")
    private @Nullable Double tolerance;

    @Option(
            names = "--corrector",
            paramLabel = "N",
            converter = Converters.CountOrZero.class,
            description = "Corrector steps of sde after each step, 0 for none (default: 1).")
    private @Nullable Integer corrector;

    /** The method for a model; refuses options that it does not take. */
    String method(ScoreModel model) {
        String chosen = Objects.requireNonNullElse(method, preferred(model));
        STEPS_BELONG.check(steps, chosen);
        STEP_BELONGS.check(step, chosen);
        LAST_STEP_BELONGS.check(lastStep, chosen);
        CHAINS_BELONG.check(chains, chosen);
        WARM_UP_BELONGS.check(warmUp, chosen);
        THINNING_BELONGS.check(thinning, chosen);
        LEAPFROGS_BELONG.check(leapfrogs, chosen);
        TOLERANCE_BELONGS.check(tolerance, chosen);
        CORRECTOR_BELONGS.check(corrector, chosen);
        return chosen;
    }

    /** What errs least for its cost, and has no step that a model's finest detail would decide. */
    private static String preferred(ScoreModel model) {
        if (model.scorer() instanceof FlowScorer) {
            return EXACT;
        }
        return model.noiseLevels().isPresent() ? ODE : LANGEVIN;
    }

    /** The sampler of a method, with the defaults of the library for what was not given. */
    Sampler sampler(String name) {
        return switch (name) {
            case LANGEVIN -> {
                Langevin standard = Langevin.standard();
                yield new Langevin(
                        or(steps, standard.steps()), or(step, standard.firstStep()), or(lastStep, standard.lastStep()));
            }
            case MALA -> {
                Mala standard = Mala.standard();
                yield new Mala(
                        or(chains, standard.chains()),
                        or(warmUp, standard.warmUp()),
                        or(thinning, standard.thinning()));
            }
            case HMC -> {
                Hamiltonian standard = Hamiltonian.standard();
                yield new Hamiltonian(
                        or(chains, standard.chains()),
                        or(warmUp, standard.warmUp()),
                        or(thinning, standard.thinning()),
                        or(leapfrogs, standard.leapfrogs()));
            }
            case ANNEALED -> {
                AnnealedLangevin standard = AnnealedLangevin.standard();
                yield new AnnealedLangevin(
                        or(steps, standard.stepsPerLevel()), or(step, standard.step()), standard.denoise());
            }
            case ODE -> {
                ProbabilityFlow standard = ProbabilityFlow.standard();
                yield new ProbabilityFlow(
                        or(tolerance, standard.relativeTolerance()), or(tolerance, standard.absoluteTolerance()));
            }
            case SDE -> {
                ReverseSde standard = ReverseSde.standard();
                yield new ReverseSde(
                        or(steps, standard.steps()),
                        or(corrector, standard.correctorSteps()),
                        standard.signalToNoise());
            }
            case EXACT -> new InverseFlow();
            default -> throw new IllegalStateException("no method is called " + name);
        };
    }

    private static <T> T or(@Nullable T given, T standard) {
        return Objects.requireNonNullElse(given, standard);
    }
}
