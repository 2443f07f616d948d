package io.github.slicedscore.objective;

import io.github.slicedscore.model.NoiseLevels;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Sliced score matching with variance reduction at several levels of noise by one network, which is told log sigma:
 *
 * <pre>L = mean over rows of   sigma^2 ((mean over slices of v.J v) + |s|^2 / 2)   at (x + sigma e, sigma),      e ~ N(0, I)</pre>
 *
 * <p>Unlike denoising it does not need to know the noise's density, so its variance stays bounded as sigma falls.
 *
 * <h2>References</h2>
 * <ol>
 * <li>Y. Song, S. Ermon. Generative modeling by estimating gradients of the data distribution. NeurIPS 2019, section 4.2 and
 *     appendix on sliced score matching.
 * </ol>
 *
 * @param levels standard deviations of the noise in standardised units
 * @param slices the random directions
 */
public record MultiLevelVarianceReducedScoreMatching(NoiseLevels levels, Slices slices) implements SlicedObjective {
    @Override
    public String id() {
        return "multi-ssm-vr";
    }

    @Override
    public Map<String, String> settings() {
        Map<String, String> settings = new TreeMap<>(slices.settings());
        settings.put("noise_levels", levels.toString());
        return settings;
    }

    @Override
    public boolean addsNoise() {
        return true;
    }

    @Override
    public Optional<NoiseLevels> noiseLevels() {
        return Optional.of(levels);
    }
}
