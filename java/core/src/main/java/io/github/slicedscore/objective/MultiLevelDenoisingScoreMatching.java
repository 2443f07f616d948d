package io.github.slicedscore.objective;

import io.github.slicedscore.model.Architecture;
import io.github.slicedscore.model.NoiseLevels;
import java.util.Map;
import java.util.Optional;

/**
 * Denoising score matching at several levels of noise by one network, which is told log sigma:
 *
 * <pre>L = mean over rows of   sigma^2 |s(x + sigma e, sigma) + e / sigma|^2 / 2,      e ~ N(0, I)</pre>
 *
 * <p>The level is drawn for each row, all with the same chance; the weight sigma^2 gives each the same share of the loss.
 *
 * <h2>References</h2>
 * <ol>
 * <li>Y. Song, S. Ermon. Generative modeling by estimating gradients of the data distribution. NeurIPS 2019, equations 5 and 6.
 * </ol>
 *
 * @param levels standard deviations of the noise in standardised units
 */
public record MultiLevelDenoisingScoreMatching(NoiseLevels levels) implements Objective {
    @Override
    public String id() {
        return "multi-dsm";
    }

    @Override
    public Map<String, String> settings() {
        return Map.of("noise_levels", levels.toString());
    }

    @Override
    public boolean addsNoise() {
        return true;
    }

    @Override
    public Optional<NoiseLevels> noiseLevels() {
        return Optional.of(levels);
    }

    @Override
    public void requireSupports(Architecture architecture) {
        KinkRule.ofScore(this, architecture);
        KinkRule.levels(this, architecture);
    }
}
