package io.github.slicedscore.cli;

import io.github.slicedscore.model.NoiseLevels;
import io.github.slicedscore.objective.DenoisingScoreMatching;
import io.github.slicedscore.objective.ExactScoreMatching;
import io.github.slicedscore.objective.FiniteDifferenceScoreMatching;
import io.github.slicedscore.objective.MaximumLikelihood;
import io.github.slicedscore.objective.MultiLevelDenoisingScoreMatching;
import io.github.slicedscore.objective.MultiLevelVarianceReducedScoreMatching;
import io.github.slicedscore.objective.Objective;
import io.github.slicedscore.objective.Projection;
import io.github.slicedscore.objective.SlicedScoreMatching;
import io.github.slicedscore.objective.Slices;
import io.github.slicedscore.objective.VarianceReducedScoreMatching;
import io.github.slicedscore.train.ModelKind;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What to minimise. */
@Heading("What to minimise")
final class ObjectiveOptions {
    private static final String SSM = "ssm";
    private static final String SSM_VR = "ssm-vr";
    private static final String EXACT = "exact";
    private static final String DSM = "dsm";
    private static final String FD_SSM = "fd-ssm";
    private static final String MULTI_DSM = "multi-dsm";
    private static final String MULTI_SSM_VR = "multi-ssm-vr";
    private static final String MLE = "mle";

    /** What {@code --objective} can be. */
    static final List<String> NAMES = List.of(SSM_VR, SSM, EXACT, DSM, FD_SSM, MULTI_DSM, MULTI_SSM_VR, MLE);

    private static final Slices SLICES = new Slices(1, Projection.RADEMACHER);
    private static final double SIGMA = 0.1;
    private static final double ENERGY_EPSILON = 0.02;
    private static final double SCORE_EPSILON = 0.003;
    private static final NoiseLevels LEVELS = new NoiseLevels(5, 0.05, 12);

    private static final List<String> SLICED = List.of(SSM, SSM_VR, FD_SSM, MULTI_SSM_VR);
    private static final Belonging SLICES_BELONG = new Belonging("--slices", "--objective", SLICED);
    private static final Belonging PROJECTION_BELONGS = new Belonging("--projection", "--objective", SLICED);
    private static final Belonging SIGMA_BELONGS = new Belonging("--sigma", "--objective", List.of(DSM));
    private static final Belonging EPSILON_BELONGS = new Belonging("--epsilon", "--objective", List.of(FD_SSM));
    private static final Belonging LEVELS_BELONG =
            new Belonging("--noise-levels", "--objective", List.of(DSM, SSM_VR, MULTI_DSM, MULTI_SSM_VR));

    @Option(
            names = "--objective",
            paramLabel = "OBJECTIVE",
            converter = Converters.ObjectiveName.class,
            completionCandidates = Converters.ObjectiveName.class,
            description = {
                "What to minimise (default: ssm-vr; of nice mle).",
                "ssm-vr: sliced score matching with variance reduction.",
                "ssm: sliced score matching, plain.",
                "exact: the same with the exact trace, which costs as many slices as there are columns.",
                "dsm: denoising; cheapest, learns the data blurred by --sigma.",
                "fd-ssm: sliced score matching by differences over --epsilon; takes any activation.",
                "multi-dsm, multi-ssm-vr: at all --noise-levels at once, for samples across modes that are far apart.",
                "mle: maximum likelihood; for --model nice."
            })
    private @Nullable String objective;

    @Option(
            names = "--slices",
            paramLabel = "M",
            converter = Converters.SmallCount.class,
            description = "Random directions a row (default: 1); for the sliced objectives.")
    private @Nullable Integer slices;

    @Option(
            names = "--projection",
            paramLabel = "PROJECTION",
            converter = Converters.ProjectionName.class,
            completionCandidates = Converters.ProjectionName.class,
            description = "Their distribution: rademacher, gaussian or sphere (default: rademacher).")
    private @Nullable Projection projection;

    @Option(
            names = "--sigma",
            paramLabel = "S",
            converter = Converters.Positive.class,
            description = "Deviation of the noise of dsm in standardised units (default: " + SIGMA + ").")
    private @Nullable Double sigma;

    @Option(
            names = "--epsilon",
            paramLabel = "E",
            converter = Converters.Positive.class,
            description =
                    "Length of the differences of fd-ssm in standardised units (default, where rounding errs least: energies "
                            + ENERGY_EPSILON + ", scores " + SCORE_EPSILON + ").")
    private @Nullable Double epsilon;

    @Option(
            names = "--noise-levels",
            paramLabel = "LARGEST:SMALLEST:COUNT",
            converter = Converters.Levels.class,
            description = "Deviations of the noise in standardised units, falling geometrically; with dsm and ssm-vr it"
                    + " makes multi-dsm and multi-ssm-vr of them (default of these: 5:0.05:12).")
    private @Nullable NoiseLevels levels;

    /** The objective for a kind of network; refuses options that it does not take. */
    Objective objective(ModelKind kind) {
        String named = name(kind);
        LEVELS_BELONG.check(levels, named);
        if (levels != null && sigma != null) {
            throw new BadInputException(
                    "--sigma is the one level of dsm, --noise-levels those of multi-dsm; leave one of the two out");
        }
        String chosen = levels == null ? named : severalLevels(named);
        SLICES_BELONG.check(slices, chosen);
        PROJECTION_BELONGS.check(projection, chosen);
        SIGMA_BELONGS.check(sigma, chosen);
        EPSILON_BELONGS.check(epsilon, chosen);
        Slices directions = new Slices(
                Objects.requireNonNullElse(slices, SLICES.count()),
                Objects.requireNonNullElse(projection, SLICES.projection()));
        NoiseLevels known = Objects.requireNonNullElse(levels, LEVELS);
        return switch (chosen) {
            case SSM -> new SlicedScoreMatching(directions);
            case SSM_VR -> new VarianceReducedScoreMatching(directions);
            case EXACT -> new ExactScoreMatching();
            case DSM -> new DenoisingScoreMatching(Objects.requireNonNullElse(sigma, SIGMA));
            case FD_SSM ->
                new FiniteDifferenceScoreMatching(
                        directions,
                        Objects.requireNonNullElse(epsilon, kind == ModelKind.SCORE ? SCORE_EPSILON : ENERGY_EPSILON));
            case MULTI_DSM -> new MultiLevelDenoisingScoreMatching(known);
            case MULTI_SSM_VR -> new MultiLevelVarianceReducedScoreMatching(known, directions);
            case MLE -> new MaximumLikelihood();
            default -> throw new IllegalStateException("no objective is called " + chosen);
        };
    }

    private String name(ModelKind kind) {
        if (objective != null) {
            return objective;
        }
        // Noise levels alone name the objective that knows them.
        return levels == null ? kind.objective().id() : SSM_VR;
    }

    private static String severalLevels(String name) {
        return name.startsWith("multi-") ? name : "multi-" + name;
    }
}
